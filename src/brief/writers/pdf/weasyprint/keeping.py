"""Keeps together what is read together, if that leaves less than a third of a page empty.

The opening of a theme (heading, summary and key takeaways; if they are too long, the takeaways alone) is kept with the
first line of the text after it, and a callout with the list after it. The engine's own way to avoid breaks has no
limit: it would leave half of a page empty before a long opening.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import wraps
from math import inf
from typing import Any

from weasyprint.css.properties import Dimension
from weasyprint.formatting_structure.boxes import BlockLevelBox, TableCellBox
from weasyprint.layout import block as layout

from brief.writers.pdf.weasyprint.container_layout import ContainerLayout, wrap_container_layout
from brief.writers.pdf.weasyprint.section_children import list_classes

# A share of the page's height including its upper margin, which is less than a third of the text area.
_MAX_EMPTY = 0.29
# An opening that is a little too high for its page is set with so much of the space within it, and is raised by so many
# CSS pixels (4 mm) into the space above it.
_TIGHTENED, _RAISED = 0.6, 4 / 25.4 * 96
_SPACES = ("margin_top", "margin_bottom", "padding_top", "padding_bottom")
_AVOIDED = frozenset(("avoid", "avoid-page"))
_LISTS = frozenset(("ul", "ol"))
_HEADINGS = frozenset(("h3", "h4", "h5", "h6"))
_TEXTS = _LISTS | _HEADINGS | {"p"}


def keep_together() -> None:
    """Replaces the engine's function that lays out the children of a box."""
    wrap_container_layout(_lay_out)


def keep_floats_whole() -> None:
    """Replaces the engine's function that lays out what floats beside text with one that respects `break-inside: avoid`
    where the page has other content: what floats then begins the next page.
    """
    lay_out_beside, lay_out_float = layout._out_of_flow_layout, layout.float_layout
    movable: list[Any] = []

    @wraps(lay_out_float)
    def float_layout(context: Any, box: Any, *arguments: Any, **options: Any) -> Any:
        new_box, resume_at = lay_out_float(context, box, *arguments, **options)
        if resume_at is not None and box in movable:
            # The engine moves what is too high for the page.
            new_box.height = inf
        return new_box, resume_at

    @wraps(lay_out_beside)
    def out_of_flow_layout(
        context: Any, box: Any, index: int, child: Any, new_children: Any, page_is_empty: bool, *arguments: Any
    ) -> Any:
        begins_page = page_is_empty and not new_children
        is_kept = child.is_floated() and child.style["break_inside"] in _AVOIDED
        if not is_kept or begins_page or box.is_monolithic():
            return lay_out_beside(context, box, index, child, new_children, page_is_empty, *arguments)
        movable.append(child)
        try:
            return lay_out_beside(context, box, index, child, new_children, page_is_empty, *arguments)
        finally:
            movable.pop()

    layout.float_layout, layout._out_of_flow_layout = float_layout, out_of_flow_layout


def _lay_out(container: ContainerLayout) -> Any:
    box, context = container.box, container.context
    laid_out = container.lay_out(container.skip_stack)
    new_box, resume_at, *others = laid_out
    if new_box is None or resume_at is None or context.in_column:
        return laid_out
    is_alone = _is_kept(box) or _is_opening_alone(box, resume_at)
    can_move = not container.page_is_empty and container.skip_stack is None
    if is_alone and can_move and _leaves_little_empty(context, container.top):
        container.discard([new_box])
        # What the engine returns if no part of a box fits.
        return None, None, {"break": "any", "page": None}, [], False, others[-1]
    if box.element_tag == "header" and can_move:
        return _lay_out_tightly(container, laid_out)
    if box.element_tag == "section":
        start = _find_callout(box, new_box.children, resume_at)
        if start and _leaves_little_empty(context, new_box.children[start].position_y):
            container.discard(new_box.children[start:])
            return new_box.copy_with_children(new_box.children[:start]), {new_box.children[start].index: None}, *others
    return laid_out


def _lay_out_tightly(container: ContainerLayout, laid_out: Any) -> Any:
    """Lays out the opening of a theme with less space around its parts and above it, if it then is on one page."""
    loosen = tighten(_list_spaced(container.box))
    container.discard([laid_out[0]])
    container.raise_top(_RAISED)
    tight = container.lay_out(None)
    if tight[0] is not None and tight[1] is None:
        return tight
    if tight[0] is not None:
        container.discard([tight[0]])
    loosen()
    container.raise_top(-_RAISED)
    return container.lay_out(container.skip_stack)


def tighten(boxes: Iterable[Any]) -> Callable[[], None]:
    """Sets boxes with less space within and above and below them; returns a function that undoes it."""
    styles = [(box, box.style) for box in boxes]
    for box, style in styles:
        box.style = style.copy()
        for name in _SPACES:
            space = style[name]
            if getattr(space, "unit", "") == "px":
                box.style[name] = Dimension(_TIGHTENED * space.value, "px")

    def loosen() -> None:
        for box, style in styles:
            box.style = style

    return loosen


def list_cells(box: Any) -> Iterator[Any]:
    """Yields the blocks and the cells of tables inside a box."""
    for child in getattr(box, "children", ()):
        if isinstance(child, BlockLevelBox | TableCellBox):
            yield child
        yield from list_cells(child)


def _list_spaced(box: Any) -> Iterator[Any]:
    """Yields the blocks inside a box."""
    for child in getattr(box, "children", ()):
        if isinstance(child, BlockLevelBox):
            yield child
            yield from _list_spaced(child)


def _leaves_little_empty(context: Any, top: float) -> bool:
    return bool(context.page_bottom - top <= _MAX_EMPTY * context.page_bottom)


def _is_kept(box: Any) -> bool:
    return box.element_tag == "header" or (box.element_tag == "div" and "takeaways" in list_classes(box))


def _is_opening_alone(box: Any, resume_at: Any) -> bool:
    """Returns whether the next page begins with the text that follows the heading, summary and takeaways of a theme."""
    ((index, inside),) = resume_at.items()
    if box.element_tag != "section" or inside is not None or index != 1 or box.children[0].element_tag != "header":
        return False
    following = box.children[index]
    return following.element_tag in _TEXTS or "prose" in list_classes(following)


def _find_callout(box: Any, new_children: Sequence[Any], resume_at: Any) -> int | None:
    """Returns the index in `new_children` of the callout that precedes the list with which the next page begins, or of
    the callout's heading; None if there is no such callout.
    """
    ((index, inside),) = resume_at.items()
    is_cut = inside is None and box.children[index].element_tag in _LISTS
    if not is_cut or not new_children or "callout" not in list_classes(new_children[-1]):
        return None
    start = len(new_children) - 1
    while start and new_children[start - 1].element_tag in _HEADINGS:
        start -= 1
    return start
