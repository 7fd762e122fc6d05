"""Compares the words of an artifact with those of the variant that it was written from."""
