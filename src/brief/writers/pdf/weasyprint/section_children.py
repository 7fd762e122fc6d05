"""Finds, among the children of a theme's box, figures and the text that can be moved before them, and the orders in
which they can be laid out.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from weasyprint.css.properties import Dimension
from weasyprint.layout import block as layout

_FLOATING = frozenset(("chart", "picture", "table", "timeline"))
# Elements that text is not moved across.
_FIXED = _FLOATING | {"page-break"}
_HEADINGS = frozenset(("h3", "h4", "h5", "h6"))
# How many consecutive figures are moved together.
_MAX_FIGURES = 3


def turn(box: Any, page: str, margin: float) -> Any:
    """Returns a copy of a box of text for the landscape pages with the name `page`. Its right margin is wider by
    `margin`, in CSS pixels.
    """
    turned = box.copy()
    turned.upright = box
    turned.style = box.style.copy()
    right_margin = turned.style["margin_right"]
    turned.style["margin_right"] = Dimension(
        (right_margin.value if right_margin != "auto" and right_margin.unit == "px" else 0) + margin, "px"
    )
    turned.page_values = lambda: (page, page)
    return turned


def count_rows(box: Any) -> int:
    """Counts the rows of a table, with those of its head, or the events of a timeline."""
    if box.element_tag in ("tr", "li"):
        return 1
    return sum(count_rows(child) for child in getattr(box, "children", ()))


def get_upright(box: Any) -> Any:
    """Returns the box of which `turn` made this copy, or the box itself."""
    return getattr(box, "upright", box)


def is_turned(section: Any, child: Any) -> bool:
    """Returns whether a child is on other pages than its section, which are landscape pages."""
    return bool(child.page_values()[1] != section.style["page"])


def find_figure(box: Any, laid_out: Any) -> int | None:
    """Returns the index of the figure with which the next page begins; None if it begins with something else.
    `laid_out` is what the engine returned.
    """
    new_box, resume_at = laid_out[:2]
    if new_box is None or resume_at is None:
        return None
    ((index, inside),) = resume_at.items()
    return index if inside is None and _FLOATING & list_classes(box.children[index]) else None


def find_figures_end(box: Any, index: int) -> int:
    """Returns the end of the children that are moved behind the text: the figure at `index`, and the figures that
    follow it, with their headings.
    """
    children = box.children
    on_turned_page = is_turned(box, children[index])
    end = index + 1
    while on_turned_page and end < len(children) and is_turned(box, children[end]):
        if not _FLOATING & list_classes(children[end]):
            # This text belongs between two of these tables, so no text after it may be moved before the first.
            return len(children)
        end += 1
    for _ in range(_MAX_FIGURES - 1):
        after = end
        while after < len(children) and children[after].element_tag in _HEADINGS:
            after += 1
        if after == len(children) or not _FLOATING & list_classes(children[after]):
            break
        end = after + 1
    return end


def list_orders_below(box: Any, index: int) -> Iterator[tuple[Sequence[Any], int, bool]]:
    """Yields what can be set below a table on a landscape page, in the order in which it is to be tried: the children
    in a possible order, the end of those to be set there, and whether the last of these may continue on the next page.

    Text after a figure that does not fit is set before the figure.
    """
    children = box.children
    start = index
    while start < len(children) and children[start].element_tag in _HEADINGS:
        start += 1
    if start < len(children) and _FLOATING & list_classes(children[start]):
        if not is_turned(box, children[start]):
            yield children, start + 1, False
        index, start = start, find_figures_end(box, start)
        if index == start or children[index - 1].element_tag in _HEADINGS:
            return
        end = find_text_end(children, start)
        if end is not None:
            yield (
                [*children[:index], *children[start:end], *children[index:start], *children[end:]],
                index + end - start,
                True,
            )
        return
    end = find_text_end(children, index)
    if end is not None:
        yield children, end, True


def find_text_end(children: Sequence[Any], start: int) -> int | None:
    """Returns the end of the shortest text from `start` that can be moved as a whole: headings stay with their
    paragraphs. None if a figure or a page break comes first.
    """
    for index, child in enumerate(children[start:], start):
        if _FIXED & list_classes(child):
            return None
        if child.element_tag not in _HEADINGS and not _stays_with_next(children, index):
            return index + 1
    return None


def _stays_with_next(children: Sequence[Any], index: int) -> bool:
    return index + 1 < len(children) and bool(
        layout.block_level_page_break(children[index], children[index + 1]) == "avoid"
    )


def list_classes(box: Any) -> frozenset[str]:
    """Returns the classes of a box and, if it interrupts columns, of its children."""
    if box.element is None:
        return frozenset()
    classes = frozenset(box.element.get("class", "").split())
    if "across" in classes:
        return classes.union(*(list_classes(child) for child in box.children))
    return classes
