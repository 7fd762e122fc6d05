"""Reads, checks and converts the pictures that authors supply."""
