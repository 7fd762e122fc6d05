"""What the bytes of an artifact say, wherever in them it stands: the reverse of writing, for proofs alone."""

from brief.inspection.extract.formats import extract_parts
from brief.inspection.extract.part import Part

__all__ = ["Part", "extract_parts"]
