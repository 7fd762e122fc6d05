"""Leaves out of a PDF the text that its style sheet makes unreadable: without opacity or colour, or outside the page.

Otherwise such text would be in the file but not visible on a page: it could be searched and copied, but not read. After
it is left out, the inspection reports that it is missing.
"""

from typing import Any

from weasyprint.formatting_structure import boxes

# In CSS pixels. Smaller letters cannot be read.
_MIN_FONT_SIZE = 1.0


def leave_out_unreadable(document: Any) -> None:
    """Hides each unreadable text of a document, which must have been laid out but not yet drawn."""
    for page in document.pages:
        box = page._page_box
        _walk(box, box.margin_width(), box.margin_height(), is_transparent=False)


def _walk(box: Any, width: float, height: float, *, is_transparent: bool) -> None:
    # The engine keeps absolutely positioned boxes inside another object.
    box = getattr(box, "_box", box)
    is_transparent = is_transparent or box.style["opacity"] == 0
    if isinstance(box, boxes.TextBox):
        is_outside = not (-box.width < box.position_x < width and -box.height < box.position_y < height)
        if (
            is_transparent
            or is_outside
            or box.style["font_size"] < _MIN_FONT_SIZE
            or _has_no_colour(box.style["color"])
        ):
            box.style = box.style.copy()
            box.style["visibility"] = "hidden"
    elif isinstance(box, boxes.ParentBox):
        for child in box.children:
            _walk(child, width, height, is_transparent=is_transparent)


def _has_no_colour(colour: Any) -> bool:
    return getattr(colour, "alpha", 1) == 0
