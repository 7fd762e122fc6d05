"""Reads numbers in words, and finds figures in words that need a claim."""
