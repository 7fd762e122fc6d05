"""Repeats the label of a table or timeline, with "(continued)", above what of it is on a further page.

The template prints the line between the caption and the table or timeline, as an element of the class `continued`. The engine has no
elements that are only on further pages.
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
    ((at, inside),) = skip_stack.items() if skip_stack else ((0, None),)
    if label is None or inside is None:
        return container.lay_out(skip_stack)
    children = box.children
    box.children = [*children[:at], label, *children[at:]]
    with resume(children[at], inside):
        made, resume_at, *others = container.lay_out({at: None})
    box.children = children
    goes_on = next(iter(resume_at.items())) if resume_at else None
    if made is None or (goes_on is not None and (goes_on[0] <= at or goes_on == (at + 1, None))):
        # There is no room for a row below the label.
        if made is not None:
            container.discard([made])
        return container.lay_out(skip_stack)
    for child in made.children:
        child.index = max(child.index - 1, at)
    return made, goes_on and {goes_on[0] - 1: goes_on[1]}, *others


def _take_label(box: Any) -> Any:
    """Returns the line that is on further pages only, and takes it out of the children of a `<figure>`."""
    if box.element_tag != "figure":
        return None
    if not hasattr(box, "continued_label"):
        labels = [child for child in box.children if CONTINUED in list_classes(child)]
        box.continued_label = labels[0] if labels else None
        box.children = [child for child in box.children if child not in labels]
    return box.continued_label
