"""Reads pages as their styles arrange and print them."""
