"""Finds among the children of a theme's box figures, what text can be moved before them, and in which order they can be laid
out.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from weasyprint.css.properties import Dimension
from weasyprint.layout import block as layout

_FLOATING = frozenset(("chart", "picture", "table", "timeline"))
# Elements that text is not moved across.
_FIXED = _FLOATING | {"page-break"}
_HEADINGS = frozenset(("h3", "h4", "h5", "h6"))
# Figures that follow each other and are moved together.
_MOST_FIGURES = 3


def turn(box: Any, page: str, margin: float) -> Any:
    """Returns a copy of a box of text for a landscape page, whose right margin is wider by `margin`."""
    made = box.copy()
    made.upright = box
    made.style = box.style.copy()
    own = made.style["margin_right"]
    made.style["margin_right"] = Dimension((own.value if own != "auto" and own.unit == "px" else 0) + margin, "px")
    made.page_values = lambda: (page, page)
    return made


def count_rows(box: Any) -> int:
    """Counts the rows of a table, with those of its head, or the events of a timeline."""
    if box.element_tag in ("tr", "li"):
        return 1
    return sum(count_rows(child) for child in getattr(box, "children", ()))


def get_upright(box: Any) -> Any:
    return getattr(box, "upright", box)


def is_turned(section: Any, child: Any) -> bool:
    return bool(child.page_values()[1] != section.style["page"])


def find_figure(box: Any, laid_out: Any) -> int | None:
    """Returns the index of the figure with which the next page begins."""
    made, resume_at = laid_out[:2]
    if made is None or resume_at is None:
        return None
    ((at, inside),) = resume_at.items()
    return at if inside is None and _FLOATING & list_classes(box.children[at]) else None


def find_figures_end(box: Any, at: int) -> int:
    """Returns the end of what is moved behind the text: the figure and those that follow it, with their headings."""
    children = box.children
    on_turned_page = is_turned(box, children[at])
    end = at + 1
    while on_turned_page and end < len(children) and is_turned(box, children[end]):
        if not _FLOATING & list_classes(children[end]):
            # Text that belongs between two of these tables, so that no table is moved before it.
            return len(children)
        end += 1
    for _ in range(_MOST_FIGURES - 1):
        after = end
        while after < len(children) and children[after].element_tag in _HEADINGS:
            after += 1
        if after == len(children) or not _FLOATING & list_classes(children[after]):
            break
        end = after + 1
    return end


def list_orders_below(box: Any, at: int) -> Iterator[tuple[Sequence[Any], int, bool]]:
    """Yields the orders of children to be tried below a table on a landscape page, with the end of what is set there.

    The last of these may break if it is text. Text after a figure that does not fit is set before it.
    """
    children = box.children
    start = at
    while start < len(children) and children[start].element_tag in _HEADINGS:
        start += 1
    if start < len(children) and _FLOATING & list_classes(children[start]):
        if not is_turned(box, children[start]):
            yield children, start + 1, False
        at, start = start, find_figures_end(box, start)
        if at == start or children[at - 1].element_tag in _HEADINGS:
            return
        end = find_text_end(children, start)
        if end is not None:
            yield [*children[:at], *children[start:end], *children[at:start], *children[end:]], at + end - start, True
        return
    end = find_text_end(children, at)
    if end is not None:
        yield children, end, True


def find_text_end(children: Sequence[Any], start: int) -> int | None:
    """Returns the end of the least text from `start` that can be moved as a whole: headings stay with their paragraphs."""
    for at, child in enumerate(children[start:], start):
        if _FIXED & list_classes(child):
            return None
        if child.element_tag not in _HEADINGS and not _stays_with_next(children, at):
            return at + 1
    return None


def _stays_with_next(children: Sequence[Any], at: int) -> bool:
    return at + 1 < len(children) and bool(layout.block_level_page_break(children[at], children[at + 1]) == "avoid")


def list_classes(box: Any) -> frozenset[str]:
    """Returns the classes of a box, or of what is in a box that interrupts columns."""
    if box.element is None:
        return frozenset()
    classes = frozenset(box.element.get("class", "").split())
    if "across" in classes:
        return classes.union(*(list_classes(child) for child in box.children))
    return classes
