"""Edits content files in place: changes exactly the characters concerned."""
