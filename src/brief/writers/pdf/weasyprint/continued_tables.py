"""Repeats the label of a table or timeline, with "(continued)", above what of it is on a further page.

The template prints the line between the caption and the table or timeline, as an element of the class `continued`. The engine has no
elements that are only on further pages.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from weasyprint.layout import block as layout

from brief.writers.pdf.weasyprint.floating import resume
from brief.writers.pdf.weasyprint.section_children import list_classes

CONTINUED = "continued"


def label_continued_tables() -> None:
    """Replaces the engine's function that lays out the children of a box, once for the whole process."""
    if not hasattr(layout.block_container_layout, "labels_continued"):
        labelling: Any = _wrap_layout(layout.block_container_layout)
        labelling.labels_continued = True
        layout.block_container_layout = labelling


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

        def lay_out(start: Any) -> Any:
            # The engine moves the box and adds to the list.
            box.position_x, box.position_y = place
            margins = None if adjoining_margins is None else list(adjoining_margins)
            return original(
                context, box, bottom_space, start, page_is_empty, absolute_boxes, fixed_boxes, margins, *rest, **options
            )

        label = _take_label(box)
        if label is None or skip_stack is None:
            return lay_out(skip_stack)
        ((at, inside),) = skip_stack.items()
        if inside is None:
            return lay_out(skip_stack)
        children = box.children
        box.children = [*children[:at], label, *children[at:]]
        with resume(children[at], inside):
            made, resume_at, *others = lay_out({at: None})
        box.children = children
        goes_on = next(iter(resume_at.items())) if resume_at else None
        if made is None or (goes_on is not None and (goes_on[0] <= at or goes_on == (at + 1, None))):
            # There is no room for a row below the label.
            if made is not None:
                layout.remove_placeholders(context, [made], absolute_boxes, fixed_boxes)
            return lay_out(skip_stack)
        for child in made.children:
            child.index = max(child.index - 1, at)
        return made, goes_on and {goes_on[0] - 1: goes_on[1]}, *others

    return block_container_layout


def _take_label(box: Any) -> Any:
    """Returns the line that is on further pages only, and takes it out of the children of a `<figure>`."""
    if box.element_tag != "figure":
        return None
    if not hasattr(box, "continued_label"):
        labels = [child for child in box.children if CONTINUED in list_classes(child)]
        box.continued_label = labels[0] if labels else None
        box.children = [child for child in box.children if child not in labels]
    return box.continued_label
