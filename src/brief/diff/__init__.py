"""Compares two revisions of a brief: records, texts, quantities and variants."""
