"""Turns a brief into a variant: one locale's text, numbers, labels and citations, in reading order."""

from brief.resolve.localise.variants import localise, localise_gated

__all__ = ["localise", "localise_gated"]
