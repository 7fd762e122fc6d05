"""Checks of the figures that placeholders print, and of the words around them."""
