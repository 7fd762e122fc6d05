"""Comparing two revisions of a brief: records, texts, quantities, and which variants read differently."""
