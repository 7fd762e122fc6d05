"""Inspects the bytes of artifacts for content that is withheld from their audience."""
