"""Editing content files in place: what is replaced, where it is written, and nothing else."""
