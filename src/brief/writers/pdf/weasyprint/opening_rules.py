"""Leaves out the rule above the heading of a theme and above a main exhibit where they open a page.

There the running head has a rule of its own, and two rules would be a few millimetres apart.
"""

from typing import Any

from brief.writers.pdf.weasyprint.container_layout import ContainerLayout, wrap_container_layout
from brief.writers.pdf.weasyprint.section_children import list_classes


def leave_out_opening_rules() -> None:
    """Replaces the engine's function that lays out the children of a box."""
    wrap_container_layout(_lay_out)


def _lay_out(container: ContainerLayout) -> Any:
    box = container.box
    opens_page = container.page_is_empty and container.skip_stack is None and not container.context.in_column
    if opens_page and box.border_top_width and _is_opening(box):
        # The engine computes both again from the style whenever it lays the box out.
        box.border_top_width = box.padding_top = 0
    return container.lay_out(container.skip_stack)


def _is_opening(box: Any) -> bool:
    return box.element_tag == "h2" or (box.element_tag == "figure" and "hero" in list_classes(box))
