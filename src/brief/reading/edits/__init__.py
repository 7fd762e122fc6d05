"""Edits content files, and changes no other characters than those of the edited texts."""
