"""Extracts every string from the bytes of an artifact; used only for inspection."""

from brief.inspection.extract.formats import extract_parts
from brief.inspection.extract.part import Part

__all__ = ["Part", "extract_parts"]
