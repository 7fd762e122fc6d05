"""Reads Markdown and Word documents, and writes their content as texts and blocks of themes."""
