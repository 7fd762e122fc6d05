"""Keeps the openings of themes whole: heading, summary and key takeaways, or at least the box of the takeaways.

The engine's own way to avoid breaks has no limit: it would leave half of a page empty before a long opening.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from weasyprint.layout import block as layout

# As a share of the page's height: less than a third of its text.
_MOST_EMPTY = 0.29
_NOTHING_FITS: tuple[Any, ...] = (None, None, {"break": "any", "page": None}, [], False)


def keep_openings_whole() -> None:
    """Wraps the engine's function that lays out the children of a box."""
    if not hasattr(layout.block_container_layout, "keeps_openings"):
        layout.block_container_layout = _wrap_layout(layout.block_container_layout)
        layout.block_container_layout.keeps_openings = True


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
        *rest: Any,
        **options: Any,
    ) -> Any:
        top = box.position_y
        laid_out = original(
            context, box, bottom_space, skip_stack, page_is_empty, absolute_boxes, fixed_boxes, *rest, **options
        )
        made, resume_at, *_, lines_left = laid_out
        is_divided = made is not None and resume_at is not None and skip_stack is None
        if not is_divided or page_is_empty or context.in_column or not _is_kept(box):
            return laid_out
        if context.page_bottom - top > _MOST_EMPTY * context.page_bottom:
            return laid_out
        layout.remove_placeholders(context, [made], absolute_boxes, fixed_boxes)
        return *_NOTHING_FITS, lines_left

    return block_container_layout


def _is_kept(box: Any) -> bool:
    if box.element is None or box.element_tag not in {"header", "div"}:
        return False
    return box.element_tag == "header" or "takeaways" in box.element.get("class", "").split()
