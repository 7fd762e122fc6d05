"""Draws the pages of a PDF as pictures, so that the browser keeps its scroll position when the PDF is rebuilt."""

import io

from brief.reading.pictures.pdf_pages import draw_page, open_pdf

PAGE_WIDTH = 1100  # pixels


def measure_pages(data: bytes) -> tuple[tuple[int, int], ...]:
    """Returns the width and height in pixels of each drawn page."""
    with open_pdf(data) as document:
        sizes = [document.get_page_size(number) for number in range(len(document))]
    return tuple((PAGE_WIDTH, round(PAGE_WIDTH * height / width)) for width, height in sizes)


def encode_page(data: bytes, number: int) -> bytes:
    """Draws one page, counted from 0, as PNG."""
    buffer = io.BytesIO()
    with open_pdf(data) as document:
        page = document[number]
        draw_page(page, PAGE_WIDTH / page.get_size()[0]).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()
