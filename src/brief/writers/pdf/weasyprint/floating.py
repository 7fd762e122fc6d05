"""Fills the space that a chart, picture or table leaves on a page, because it does not fit there, with the text after it.

The engine does not float figures. Here, blocks of text after such a figure are laid out before it. In the tags, `structure.py`
moves the figure back, so that a screen reader reads it where its author put it. A paragraph that does not fit whole before a
landscape page goes on after it, and text goes on below a short table on such a page.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from functools import partial, wraps
from typing import Any

from weasyprint.css.properties import Dimension
from weasyprint.layout import block as layout

_FLOATING = frozenset(("chart", "picture", "table"))
# Elements that text is not moved across.
_FIXED = _FLOATING | {"timeline", "page-break"}
# Elements that go behind the text together with a figure before them.
_FOLLOWING = _FLOATING | {"timeline"}
_HEADINGS = frozenset(("h3", "h4", "h5", "h6"))
# As a share of the page's height. A smaller gap is left, so that the figure stays where its text mentions it.
_MIN_GAP = 0.15
# Figures that follow each other and are moved together.
_MOST_FIGURES = 3
# Where boxes that a page before has begun go on, by their identity.
_BEGUN: dict[int, Any] = {}


class _Interrupted(dict[int, Any]):
    """Where the next page begins, with a box after that which this page has begun, and where the box goes on."""

    begun: tuple[Any, Any]

    def __eq__(self, other: object) -> bool:
        return dict.__eq__(self, other) is True and self.begun == getattr(other, "begun", None)

    __hash__ = None  # type: ignore[assignment]

    def __deepcopy__(self, memo: dict[int, Any]) -> "_Interrupted":
        # The engine copies what it resumes at, and must not copy boxes.
        return _interrupt(deepcopy(dict(self), memo), self.begun)


def _interrupt(resume_at: dict[int, Any], begun: tuple[Any, Any]) -> _Interrupted:
    made = _Interrupted(resume_at)
    made.begun = begun
    return made


def let_figures_float() -> None:
    """Wraps the engine's functions that lay out the children of a box, and a box."""
    if not hasattr(layout.block_container_layout, "__wrapped__"):
        layout.block_container_layout = _wrap_layout(layout.block_container_layout)
        layout.block_level_layout = _wrap_box_layout(layout.block_level_layout)
        layout.block_level_page_break = _wrap_page_break(layout.block_level_page_break)


def _wrap_box_layout(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def block_level_layout(context: Any, box: Any, bottom_space: float, skip_stack: Any, *rest: Any) -> Any:
        if skip_stack is None and _BEGUN:
            skip_stack = _BEGUN.get(id(getattr(box, "upright", box)))
        return original(context, box, bottom_space, skip_stack, *rest)

    return block_level_layout


def _wrap_page_break(original: Callable[..., str]) -> Callable[..., str]:
    @wraps(original)
    def block_level_page_break(before: Any, after: Any) -> str:
        # The engine forgets the break if only the page before has a name.
        ends_named = after is not None and before.page_values()[1] and not after.page_values()[0]
        return "page" if ends_named else original(before, after)

    return block_level_page_break


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

        def forget(made: Any) -> None:
            layout.remove_placeholders(context, [made], absolute_boxes, fixed_boxes)

        return _SectionPage(context, box, bottom_space, skip_stack, lay_out, forget).fill()

    return block_container_layout


class _SectionPage:
    """What of a section is on one page."""

    def __init__(
        self,
        context: Any,
        box: Any,
        bottom_space: float,
        skip_stack: Any,
        lay_out: Callable[[], Any],
        forget: Callable[[Any], None],
    ) -> None:
        self.context = context
        self.box = box
        self.bottom_space = bottom_space
        self.begun = getattr(skip_stack, "begun", None)
        self._lay_out = lay_out
        self.forget = forget
        # What was set on a landscape page may be on another page this time.
        first = next(iter(skip_stack)) if skip_stack else 0
        box.children = [*box.children[:first], *(getattr(child, "upright", child) for child in box.children[first:])]

    def fill(self) -> Any:
        """Lays out the page, first as the content has it, and again for each text that is moved up to it."""
        laid_out = self._fill_before_figure(self.lay_out())
        made, resume_at = laid_out[:2]
        if made is not None and resume_at is not None:
            self._remember_width(made)
            laid_out = self._fill_below_table(laid_out)
        return laid_out

    def lay_out(self) -> Any:
        """Lays out the page. A box that was begun before its last page goes on where that page ends it."""
        if self.begun is None:
            return self._lay_out()
        begun, inside = self.begun
        with _resume(begun, inside):
            made, resume_at, *others = self._lay_out()
        if made is None or resume_at is None:
            return made, resume_at, *others
        ((at, skipped),) = resume_at.items()
        places = [at for at, child in enumerate(self.box.children) if _get_upright(child) is begun]
        if skipped is None and places == [at]:
            resume_at = {at: inside}
        elif places and places[0] > at:
            resume_at = _interrupt(resume_at, self.begun)
        return made, resume_at, *others

    def _fill_before_figure(self, laid_out: Any) -> Any:
        box = self.box
        while (at := _find_figure(box, laid_out)) is not None and self._is_gap_below(laid_out[0]):
            before = box.children
            start = _find_figures_end(box, at)
            end = _find_text_end(before, start)
            if end is None:
                break
            self.forget(laid_out[0])
            moved = before[start:end]
            box.children = [*before[:at], *moved, *before[at:start], *before[end:]]
            is_turned = _is_turned(box, before[at])
            laid_out = self.lay_out()
            stop, inside = next(iter(laid_out[1].items())) if laid_out[1] else (None, None)
            if stop == at and inside is None:
                # The page now ends before the moved text: it does not fit either.
                self.forget(laid_out[0])
                box.children = before
                return self.lay_out()
            if is_turned and stop is not None and at <= stop < at + len(moved):
                # What follows a page break does not go on before it.
                last = stop - at
                made, _, _, *others = laid_out
                box.children = [*before[:at], *moved[:last], *before[at:start], *moved[last:], *before[end:]]
                resume_at = _interrupt({stop: None}, (moved[last], inside))
                return made, resume_at, {"break": "page", "page": before[at].page_values()[0]}, *others
        return laid_out

    def _remember_width(self, made: Any) -> None:
        """Remembers how wide text is on pages that are not turned."""
        if not _is_turned(self.box, made.children[-1]):
            self.context.upright_width = made.width

    def _fill_below_table(self, laid_out: Any) -> Any:
        """Sets what follows below the last table of a landscape page, as wide as on other pages."""
        box, width = self.box, getattr(self.context, "upright_width", None)
        while width is not None and laid_out[1] is not None and _is_turned(box, laid_out[0].children[-1]):
            ((at, inside),) = laid_out[1].items()
            before = box.children
            is_begun = self.begun is not None and before[at] is self.begun[0]
            if _is_turned(box, before[at]) or not (inside is None or is_begun) or not self._is_gap_below(laid_out[0]):
                break
            turn = partial(_turn, page=laid_out[0].children[-1].page_values()[1], margin=laid_out[0].width - width)
            for order, end, may_break in _list_orders_below(box, at):
                self.forget(laid_out[0])
                box.children = [*order[:at], *map(turn, order[at:end]), *order[end:]]
                laid_out = self.lay_out()
                stop, skipped = next(iter(laid_out[1].items())) if laid_out[1] else (end, None)
                if stop >= end:
                    break
                if stop == end - 1 and skipped is not None and may_break:
                    # It goes on on a page that is not turned.
                    box.children = [*box.children[:stop], *order[stop:]]
                    made, resume_at, _, *others = laid_out
                    return made, resume_at, {"break": "page", "page": box.style["page"]}, *others
            else:
                self.forget(laid_out[0])
                box.children = before
                return self.lay_out()
        return laid_out

    def _is_gap_below(self, made: Any) -> bool:
        last = made.children[-1]
        height: float = self.context.page_bottom - self.bottom_space - last.position_y - last.margin_height()
        return bool(height > _MIN_GAP * self.context.page_bottom)


@contextmanager
def _resume(begun: Any, inside: Any) -> Iterator[None]:
    _BEGUN[id(begun)] = inside
    try:
        yield
    finally:
        del _BEGUN[id(begun)]


def _turn(box: Any, page: str, margin: float) -> Any:
    """Returns a copy of a box of text for a landscape page, whose right margin is wider by `margin`."""
    made = box.copy()
    made.upright = box
    made.style = box.style.copy()
    own = made.style["margin_right"]
    made.style["margin_right"] = Dimension((own.value if own != "auto" and own.unit == "px" else 0) + margin, "px")
    made.page_values = lambda: (page, page)
    return made


def _get_upright(box: Any) -> Any:
    return getattr(box, "upright", box)


def _is_turned(section: Any, child: Any) -> bool:
    return bool(child.page_values()[1] != section.style["page"])


def _find_figure(box: Any, laid_out: Any) -> int | None:
    """Returns the index of the figure with which the next page begins."""
    made, resume_at = laid_out[:2]
    if made is None or resume_at is None:
        return None
    ((at, inside),) = resume_at.items()
    return at if inside is None and _FLOATING & _list_classes(box.children[at]) else None


def _find_figures_end(box: Any, at: int) -> int:
    """Returns the end of what is moved behind the text: the figure and those that follow it, with their headings."""
    children = box.children
    is_turned = _is_turned(box, children[at])
    end = at + 1
    while is_turned and end < len(children) and _is_turned(box, children[end]):
        if not _FLOATING & _list_classes(children[end]):
            # Text that belongs between two of these tables, so that no table is moved before it.
            return len(children)
        end += 1
    for _ in range(_MOST_FIGURES - 1):
        after = end
        while after < len(children) and children[after].element_tag in _HEADINGS:
            after += 1
        if after == len(children) or not _FOLLOWING & _list_classes(children[after]):
            break
        end = after + 1
    return end


def _list_orders_below(box: Any, at: int) -> Iterator[tuple[Sequence[Any], int, bool]]:
    """Yields the orders of children to be tried below a table on a landscape page, with the end of what is set there.

    The last of these may break if it is text. Text after a figure that does not fit is set before it.
    """
    children = box.children
    start = at
    while start < len(children) and children[start].element_tag in _HEADINGS:
        start += 1
    if start < len(children) and _FLOATING & _list_classes(children[start]):
        if not _is_turned(box, children[start]):
            yield children, start + 1, False
        at, start = start, _find_figures_end(box, start)
        if at == start or children[at - 1].element_tag in _HEADINGS:
            return
        end = _find_text_end(children, start)
        if end is not None:
            yield [*children[:at], *children[start:end], *children[at:start], *children[end:]], at + end - start, True
        return
    end = _find_text_end(children, at)
    if end is not None:
        yield children, end, True


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
    """Returns the classes of a box, or of what is in a box that interrupts columns."""
    if box.element is None:
        return frozenset()
    classes = frozenset(box.element.get("class", "").split())
    if "across" in classes:
        return classes.union(*(_list_classes(child) for child in box.children))
    return classes
