"""Figures: computed, rounded, and written as each language writes them."""
