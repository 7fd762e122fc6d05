"""Composing messages: letters, headers, MIME entities and style sheets written into tags."""
