"""Reads documents of other programs, Markdown and Word, and writes what they say as texts and blocks of themes."""
