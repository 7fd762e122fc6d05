"""What the bytes of an artifact say, wherever in them it stands: the reverse of writing, for proofs alone."""

from brief.press.contents.formats import parts
from brief.press.contents.part import Part

__all__ = ["Part", "parts"]
