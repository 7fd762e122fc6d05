"""Draws the pages of a PDF as pictures, so that the browser keeps its scroll position when the PDF is rebuilt."""

import io

PIXELS = 1100  # the width of a page


def measure_pages(data: bytes) -> tuple[tuple[int, int], ...]:
    """Returns the width and height in pixels of each drawn page."""
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        sizes = [document.get_page_size(number) for number in range(len(document))]
    return tuple((PIXELS, round(PIXELS * height / width)) for width, height in sizes)


def draw_page(data: bytes, number: int) -> bytes:
    """Draws one page, counted from 0, as PNG."""
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        page = document[number]
        drawn = page.render(scale=PIXELS / page.get_size()[0]).to_pil()
    buffer = io.BytesIO()
    drawn.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()
