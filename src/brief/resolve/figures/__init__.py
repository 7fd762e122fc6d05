"""Figures: computed, rounded, and written as each language writes them."""

from brief.resolve.figures.babel_data import separate_locales

separate_locales()
