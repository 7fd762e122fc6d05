"""Makes a drawing smaller, so that it fits below what is before it. Its words stay legible.

On the low pages of a landscape look, a chart that does not fit would leave most of a page empty if no text follows it.
"""

import re
from collections.abc import Iterator
from math import inf
from typing import Any

from weasyprint.css.properties import Dimension

# The sizes that are tried, as parts of the full size, and the least size of words, 7 points, in CSS pixels.
_PARTS = (0.9, 0.8, 0.7, 0.6)
_LEAST_TEXT = 7 * 96 / 72
_FONT_SIZE = re.compile(r"([\d.]+)(?:px)?")


def try_smaller(figure: Any, width: float) -> Iterator[None]:
    """Makes the only drawing of `figure` smaller at each step. After the last step it has its size again.

    `width` is that of the text, in CSS pixels.
    """
    drawings = list(_find_drawings(figure))
    size = _measure(drawings[0].element) if len(drawings) == 1 else None
    if size is None:
        return
    drawing, style, (units_wide, units_high, least_text) = drawings[0], drawings[0].style, size
    widest = min(width, _get_limit(style["max_width"]))
    height = min(widest * units_high / units_wide, _get_limit(style["max_height"]))
    for part in _PARTS:
        if least_text * part * height / units_high < _LEAST_TEXT:
            break
        drawing.style = style.copy()
        drawing.style["max_height"] = Dimension(part * height, "px")
        yield
    drawing.style = style


def _find_drawings(box: Any) -> Iterator[Any]:
    if hasattr(box, "replacement"):
        yield box
    for child in getattr(box, "children", ()):
        yield from _find_drawings(child)


def _measure(element: Any) -> tuple[float, float, float] | None:
    """Returns the width and the height of a drawing and the size of its smallest words, in its own units."""
    try:
        width, height = float(element.get("width", "")), float(element.get("height", ""))
    except ValueError:
        return None
    sizes = [_FONT_SIZE.fullmatch(each.get("font-size", "")) for each in element.iter()]
    return width, height, min((float(found[1]) for found in sizes if found), default=inf)


def _get_limit(length: Any) -> float:
    """Returns the value of `max-width` or `max-height` in CSS pixels; a share of the text's width does not limit it."""
    return float(length.value) if getattr(length, "unit", "") == "px" else inf
