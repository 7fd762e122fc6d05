"""Makes a drawing smaller, so that it fits below what is before it. Its text stays legible.

On the low pages of a landscape look, a chart that does not fit would leave most of a page empty if no text follows it.
"""

import re
from collections.abc import Iterator
from math import inf
from typing import Any

from weasyprint.css.properties import Dimension

# The sizes that are tried, as factors of the full size, and the smallest font size, 7 points, in CSS pixels.
_FACTORS = (0.9, 0.8, 0.7, 0.6)
_MIN_FONT_SIZE = 7 * 96 / 72
_FONT_SIZE = re.compile(r"([\d.]+)(?:px)?")


def try_smaller(figure: Any, width: float) -> Iterator[None]:
    """Makes the drawing of `figure` smaller at each step of the iteration; after the last step, restores its size.
    Yields nothing if there is not exactly one drawing.

    `width` is that of the text, in CSS pixels.
    """
    drawings = list(_find_drawings(figure))
    size = _measure(drawings[0].element) if len(drawings) == 1 else None
    if size is None:
        return
    drawing, style, (units_wide, units_high, smallest_text) = drawings[0], drawings[0].style, size
    widest = min(width, _get_limit(style["max_width"]))
    height = min(widest * units_high / units_wide, _get_limit(style["max_height"]))
    for factor in _FACTORS:
        if smallest_text * factor * height / units_high < _MIN_FONT_SIZE:
            break
        drawing.style = style.copy()
        drawing.style["max_height"] = Dimension(factor * height, "px")
        yield
    drawing.style = style


def _find_drawings(box: Any) -> Iterator[Any]:
    if hasattr(box, "replacement"):
        yield box
    for child in getattr(box, "children", ()):
        yield from _find_drawings(child)


def _measure(element: Any) -> tuple[float, float, float] | None:
    """Returns the width and the height of a drawing and its smallest font size, in its own units; None if it has no
    size.
    """
    try:
        width, height = float(element.get("width", "")), float(element.get("height", ""))
    except ValueError:
        return None
    sizes = [_FONT_SIZE.fullmatch(child.get("font-size", "")) for child in element.iter()]
    return width, height, min((float(match[1]) for match in sizes if match), default=inf)


def _get_limit(length: Any) -> float:
    """Returns the value of `max-width` or `max-height` in CSS pixels; a share of the text's width does not limit it."""
    return float(length.value) if getattr(length, "unit", "") == "px" else inf
