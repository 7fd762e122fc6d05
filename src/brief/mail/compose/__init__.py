"""Composes messages: letters, headers, MIME entities and inlined style sheets."""
