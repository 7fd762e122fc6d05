"""Opens PDF files with PDFium and draws their pages."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfDocument, PdfPage

# PDFium is not safe to use in two threads (pypdfium2, "Thread incompatibility").
_LOCK = Lock()


@contextmanager
def open_pdf(data: bytes) -> Iterator["PdfDocument"]:
    """Opens a PDF. Only one can be open at a time; other threads wait, and the same thread would wait forever.

    Raises:
        pypdfium2.PdfiumError: the file is damaged or protected by a password.
    """
    import pypdfium2

    with _LOCK, closing(pypdfium2.PdfDocument(data)) as document:
        yield document


def draw_page(page: "PdfPage", scale: float) -> "Image":
    """Draws a page in RGB with `scale` pixels per point (1/72 inch), without form fields."""
    picture: Image = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    return picture
