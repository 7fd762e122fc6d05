"""Reads content files into values with source locations, and reports every problem found on the way."""
