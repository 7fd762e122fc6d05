"""Draws the pages of a PDF as small pictures and reads their texts, both with PDFium."""

import io
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from threading import Lock

import pypdfium2
from PIL import Image

_POINTS_PER_INCH = 72
# Sixteen levels of each colour: letters and colours remain distinguishable, and the file is half as large.
_LEVELS = [round(level / 17) * 17 for level in range(256)] * 3
# PDFium is not safe to use in two threads (pypdfium2, "Thread incompatibility").
_LOCK = Lock()


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page: its lines of text in drawing order, and its picture as PNG if one was requested."""

    lines: tuple[str, ...]
    picture: bytes | None = None


def read_pages(data: bytes, resolution: int | None) -> tuple[DrawnPage, ...]:
    """Reads every page, with a picture at `resolution` dots per inch unless that is None."""
    with _LOCK, closing(pypdfium2.PdfDocument(data)) as document:
        return tuple(_read_pages(document, resolution))


def _read_pages(document: pypdfium2.PdfDocument, resolution: int | None) -> Iterator[DrawnPage]:
    for page in document:
        with closing(page), closing(page.get_textpage()) as text:
            lines = tuple(line.rstrip() for line in text.get_text_range().splitlines())
            if resolution is None:
                yield DrawnPage(lines)
                continue
            drawn = page.render(scale=resolution / _POINTS_PER_INCH, may_draw_forms=False)
            yield DrawnPage(lines, encode_picture(drawn.to_pil().convert("RGB")))


def encode_picture(picture: Image.Image) -> bytes:
    """Encodes a picture as a small PNG; the same pixels give the same bytes."""
    stream = io.BytesIO()
    picture.point(_LEVELS).quantize(256, dither=Image.Dither.NONE).save(stream, "PNG", optimize=True)
    return stream.getvalue()
