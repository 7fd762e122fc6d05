"""Fills the space that a chart, picture or table leaves on a page, because it does not fit there, with the text after it.

The engine does not float figures. Here, blocks of text after such a figure are laid out before it. In the tags, `structure.py`
moves the figure back, so that a screen reader reads it where its author put it.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from weasyprint.layout import block as layout

_FLOATING = frozenset(("chart", "picture", "table"))
# Elements that text is not moved across.
_FIXED = _FLOATING | {"timeline", "page-break"}
_HEADINGS = frozenset(("h3", "h4", "h5", "h6"))
# As a share of the page's height. A smaller gap is left, so that the figure stays where its text mentions it.
_MIN_GAP = 0.15


def let_figures_float() -> None:
    """Wraps the engine's function that lays out the children of a box."""
    if not hasattr(layout.block_container_layout, "__wrapped__"):
        layout.block_container_layout = _wrap_layout(layout.block_container_layout)


def _wrap_layout(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def block_container_layout(
        context: Any,
        box: Any,
        bottom_space: float,
        skip_stack: Any,
        page_is_empty: bool,
        absolute_boxes: list[Any],
        fixed_boxes: list[Any],
        adjoining_margins: list[float] | None,
        *rest: Any,
        **options: Any,
    ) -> Any:
        place = box.position_x, box.position_y

        def lay_out() -> Any:
            # The engine moves the box and adds to the list.
            box.position_x, box.position_y = place
            margins = None if adjoining_margins is None else list(adjoining_margins)
            return original(
                context, box, bottom_space, skip_stack, page_is_empty, absolute_boxes, fixed_boxes, margins,
                *rest, **options,
            )  # fmt: skip

        if box.element_tag != "section" or context.in_column:
            return lay_out()
        laid_out = lay_out()
        while (at := _find_figure(box, laid_out)) is not None and _is_gap_below(context, laid_out[0], bottom_space):
            before = box.children
            start = _find_figures_end(box, at)
            end = _find_text_end(before, start)
            if end is None:
                break
            layout.remove_placeholders(context, [laid_out[0]], absolute_boxes, fixed_boxes)
            box.children = [*before[:at], *before[start:end], *before[at:start], *before[end:]]
            turned = before[at].style["page"] != box.style["page"]
            laid_out = lay_out()
            # The page now ends before the moved text: it does not fit either. What follows a page break must fit whole.
            if laid_out[1] == {at: None} or (turned and at in (laid_out[1] or ())):
                layout.remove_placeholders(context, [laid_out[0]], absolute_boxes, fixed_boxes)
                box.children = before
                return lay_out()
        return laid_out

    return block_container_layout


def _find_figure(box: Any, laid_out: Any) -> int | None:
    """Returns the index of the figure with which the next page begins."""
    made, resume_at = laid_out[:2]
    if made is None or resume_at is None:
        return None
    ((at, inside),) = resume_at.items()
    return at if inside is None and _FLOATING & _list_classes(box.children[at]) else None


def _find_figures_end(box: Any, at: int) -> int:
    """Returns the end of what is moved behind the text: the figure, or tables on landscape pages that follow each other."""
    children, page = box.children, box.children[at].style["page"]
    end = at + 1
    while page != box.style["page"] and end < len(children) and children[end].style["page"] == page:
        if not _FLOATING & _list_classes(children[end]):
            # Text that belongs between two of these tables, so that no table is moved before it.
            return len(children)
        end += 1
    return end


def _is_gap_below(context: Any, made: Any, bottom_space: float) -> bool:
    last = made.children[-1]
    height: float = context.page_bottom - bottom_space - last.position_y - last.margin_height()
    return bool(height > _MIN_GAP * context.page_bottom)


def _find_text_end(children: Sequence[Any], start: int) -> int | None:
    """Returns the end of the least text from `start` that can be moved as a whole: headings stay with their paragraphs."""
    for at, child in enumerate(children[start:], start):
        if _FIXED & _list_classes(child):
            return None
        if child.element_tag not in _HEADINGS and not _stays_with_next(children, at):
            return at + 1
    return None


def _stays_with_next(children: Sequence[Any], at: int) -> bool:
    return at + 1 < len(children) and bool(layout.block_level_page_break(children[at], children[at + 1]) == "avoid")


def _list_classes(box: Any) -> frozenset[str]:
    return frozenset(box.element.get("class", "").split()) if box.element is not None else frozenset()
