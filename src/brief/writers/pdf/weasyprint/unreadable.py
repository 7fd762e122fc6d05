"""Leaves out of a PDF the text that its style sheet makes unreadable: without opacity or colour, in the colour behind it,
outside the page, or cut off by a box that hides what it has no room for.

Otherwise such text would be in the file but not visible on a page: it could be searched and copied, but not read. After
it is left out, the inspection reports that it is missing.
"""

from typing import Any, NamedTuple

from weasyprint.formatting_structure import boxes

# In CSS pixels. Smaller letters cannot be read.
_MIN_FONT_SIZE = 1.0


# Red, green and blue, each from 0 to 1.
_Colour = tuple[float, float, float]
_WHITE: _Colour = (1.0, 1.0, 1.0)
# Colours that differ less in every part look the same.
_NEAR = 0.04


class _Area(NamedTuple):
    """A part of a page, in CSS pixels from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    def intersect(self, box: Any) -> "_Area":
        """Returns what is both in the area and within the borders of a box."""
        left, top = box.padding_box_x(), box.padding_box_y()
        return _Area(
            max(self.left, left),
            max(self.top, top),
            min(self.right, left + box.padding_width()),
            min(self.bottom, top + box.padding_height()),
        )


def leave_out_unreadable(document: Any) -> None:
    """Hides each unreadable text of a document, which must have been laid out but not yet drawn."""
    for page in document.pages:
        box = page._page_box
        page_area = _Area(0, 0, box.margin_width(), box.margin_height())
        _walk(box, page_area, None, is_transparent=False, behind=_WHITE)


def _walk(box: Any, page: _Area, shown: _Area | None, *, is_transparent: bool, behind: _Colour | None) -> None:
    """Hides the unreadable texts within a box.

    `shown` is the part of the `page` that the boxes around it show; None if none of them hides anything. `behind` is the
    colour behind the box; None if it is not known.
    """
    # The engine keeps absolutely positioned boxes inside another object.
    is_moved = hasattr(box, "_box") or box.style["position"] != "static"
    box = getattr(box, "_box", box)
    is_transparent = is_transparent or box.style["opacity"] == 0
    if isinstance(box, boxes.TextBox):
        is_outside = not (-box.width < box.position_x < page.right and -box.height < box.position_y < page.bottom)
        if (
            is_transparent
            or is_outside
            or (shown is not None and _is_cut_off(box, shown))
            or box.style["font_size"] < _MIN_FONT_SIZE
            or _has_no_colour(box.style["color"])
            or _look_alike(_read_colour(box.style["color"]), behind)
        ):
            box.style = box.style.copy()
            box.style["visibility"] = "hidden"
    elif isinstance(box, boxes.ParentBox):
        # What is moved may be in front of a picture, or behind the words beside it.
        is_layered = is_moved or any(hasattr(child, "_box") for child in box.children) or _has_column_colours(box)
        behind = _find_colour_behind(box, None if is_layered else behind)
        # An inline box hides nothing (CSS 2, 11.1.1), and the overflow of a page is that of the root element.
        if box.style["overflow"] != "visible" and not isinstance(box, boxes.LineBox | boxes.InlineBox | boxes.PageBox):
            shown = (shown or page).intersect(box)
        for child in box.children:
            # What is absolutely positioned is shown as far as the box that it is positioned in.
            is_free = hasattr(child, "_box") and box.style["position"] == "static"
            _walk(child, page, None if is_free else shown, is_transparent=is_transparent, behind=behind)


def _is_cut_off(text: Any, shown: _Area) -> bool:
    """Returns whether a text is more than half a letter beyond an area at a side, or half of its line above or below."""
    margin, middle = text.style["font_size"] / 2, text.position_y + text.height / 2
    return (
        text.position_x < shown.left - margin
        or text.position_x + text.width > shown.right + margin
        or not shown.top <= middle <= shown.bottom
    )


def _find_colour_behind(box: Any, behind: _Colour | None) -> _Colour | None:
    """Returns the colour behind the children of a box, given the one behind the box itself."""
    if any(kind != "none" for kind, *_ in box.style["background_image"]):
        return None
    colour = box.style["background_color"]
    if _has_no_colour(colour):
        return behind
    return _read_colour(colour)


def _has_column_colours(box: Any) -> bool:
    """Returns whether columns of a table, which are not around its cells, have a background."""
    columns = (each for group in getattr(box, "column_groups", ()) for each in (group, *group.children))
    return any(not _has_no_colour(column.style["background_color"]) for column in columns)


def _read_colour(colour: Any) -> _Colour | None:
    """Returns an opaque colour; None for another."""
    if getattr(colour, "alpha", 0) != 1:
        return None
    red, green, blue = colour.to("srgb").coordinates
    return (red, green, blue)


def _look_alike(first: _Colour | None, second: _Colour | None) -> bool:
    return (
        first is not None and second is not None and all(abs(a - b) < _NEAR for a, b in zip(first, second, strict=True))
    )


def _has_no_colour(colour: Any) -> bool:
    return getattr(colour, "alpha", 1) == 0
