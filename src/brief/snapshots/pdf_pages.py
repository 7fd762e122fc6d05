"""Draws the pages of a PDF as small pictures and reads their texts, both with PDFium."""

import io
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from PIL import Image

from brief.model.record import dataclass
from brief.reading.pictures.pdf_pages import draw_page, open_pdf

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_POINTS_PER_INCH = 72
# Sixteen levels of each colour channel: letters and colours remain distinguishable, and the file is half as large.
_LEVELS = [round(level / 17) * 17 for level in range(256)] * 3


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page: its lines of text in drawing order, and its picture as PNG if one was requested."""

    lines: tuple[str, ...]
    picture: bytes | None = None


def read_pages(data: bytes, resolution: int | None) -> tuple[DrawnPage, ...]:
    """Reads the text of every page, and draws it at `resolution` dots per inch unless that is None."""
    with open_pdf(data) as document:
        return tuple(_read_pages(document, resolution))


def _read_pages(document: "PdfDocument", resolution: int | None) -> Iterator[DrawnPage]:
    for page in document:
        with closing(page), closing(page.get_textpage()) as text:
            lines = tuple(line.rstrip() for line in text.get_text_range().splitlines())
            if resolution is None:
                yield DrawnPage(lines)
                continue
            yield DrawnPage(lines, encode_picture(draw_page(page, resolution / _POINTS_PER_INCH)))


def encode_picture(picture: Image.Image) -> bytes:
    """Encodes a picture as a small PNG; the same pixels give the same bytes."""
    stream = io.BytesIO()
    picture.point(_LEVELS).quantize(256, dither=Image.Dither.NONE).save(stream, "PNG", optimize=True)
    return stream.getvalue()
