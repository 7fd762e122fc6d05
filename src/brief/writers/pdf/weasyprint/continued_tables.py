"""Repeats the label of a table or timeline, with "(continued)", above its part on each further page.

The template prints this line between the caption and the table or timeline, as an element of the class `continued`. The
engine has no elements that are only on further pages.
"""

from typing import Any

from brief.writers.pdf.weasyprint.container_layout import ContainerLayout, resume, wrap_container_layout
from brief.writers.pdf.weasyprint.section_children import list_classes

CONTINUED = "continued"


def label_continued_tables() -> None:
    """Replaces the engine's function that lays out the children of a box."""
    wrap_container_layout(_lay_out)


def _lay_out(container: ContainerLayout) -> Any:
    box, skip_stack = container.box, container.skip_stack
    label = _take_label(box)
    ((index, inside),) = skip_stack.items() if skip_stack else ((0, None),)
    if label is None or inside is None:
        return container.lay_out(skip_stack)
    children = box.children
    box.children = [*children[:index], label, *children[index:]]
    with resume(children[index], inside):
        new_box, resume_at, *others = container.lay_out({index: None})
    box.children = children
    next_start = next(iter(resume_at.items())) if resume_at else None
    if new_box is None or (next_start is not None and (next_start[0] <= index or next_start == (index + 1, None))):
        # There is no room for a row below the label.
        if new_box is not None:
            container.discard([new_box])
        return container.lay_out(skip_stack)
    for child in new_box.children:
        child.index = max(child.index - 1, index)
    return new_box, next_start and {next_start[0] - 1: next_start[1]}, *others


def _take_label(box: Any) -> Any:
    """Returns the line for further pages of a `<figure>`, or None. Removes it from the children of the box."""
    if box.element_tag != "figure":
        return None
    if not hasattr(box, "continued_label"):
        labels = [child for child in box.children if CONTINUED in list_classes(child)]
        box.continued_label = labels[0] if labels else None
        box.children = [child for child in box.children if child not in labels]
    return box.continued_label
