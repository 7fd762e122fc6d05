"""Opens font files, to measure text and to look for glyphs."""

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uharfbuzz as harfbuzz  # type: ignore[import-untyped,unused-ignore]


@lru_cache(maxsize=256)
def open_font(file: str, index: int) -> "harfbuzz.Font":
    """Opens one face of a font file; its tables are read when they are needed."""
    import uharfbuzz as harfbuzz

    return harfbuzz.Font(harfbuzz.Face(harfbuzz.Blob.from_file_path(file), index))
