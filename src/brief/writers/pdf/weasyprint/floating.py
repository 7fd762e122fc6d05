"""Fills the space before a chart, picture or table that does not fit on the rest of a page with the text after it.

The engine does not float figures. Here, blocks of text after such a figure are laid out before it. In the tags,
`structure.py` moves the figure back, so that a screen reader reads it where its author put it. If a paragraph does not
fit before a landscape page as a whole, it continues after that page; and text continues below a short table on such a
page.
"""

from collections.abc import Callable
from copy import deepcopy
from functools import partial, wraps
from typing import Any

from weasyprint.formatting_structure.boxes import LineBox
from weasyprint.layout import block as layout

from brief.writers.pdf.weasyprint.container_layout import ContainerLayout, resume, wrap_container_layout
from brief.writers.pdf.weasyprint.drawing_size import try_smaller
from brief.writers.pdf.weasyprint.keeping import list_cells, tighten
from brief.writers.pdf.weasyprint.section_children import (
    count_rows,
    find_figure,
    find_figures_end,
    find_text_end,
    get_upright,
    is_turned,
    list_classes,
    list_orders_below,
    turn,
)

# A gap smaller than this share of the page's height is left empty, so that the figure stays where the text mentions it.
_MIN_GAP = 0.15
# Tables and timelines with few rows or events, and those that are low, are not divided if that leaves at most
# `_MAX_EMPTY` of the page empty before them. Heights are shares of the page's height.
_DIVISIBLE = frozenset(("table", "timeline"))
_MAX_ROWS_KEPT = 10
_MAX_HEIGHT_KEPT = 0.3
_MAX_EMPTY = 0.26
# How high a table may be, estimated from its rows on this page, to be expected to fit on one page.
_MAX_TABLE_HEIGHT = 0.75


class _Interrupted(dict[int, Any]):
    """Where the next page begins, and `begun`: a box further on of which an earlier page has the beginning, and where
    that box continues.
    """

    begun: tuple[Any, Any]

    def __eq__(self, other: object) -> bool:
        return dict.__eq__(self, other) is True and self.begun == getattr(other, "begun", None)

    __hash__ = None  # type: ignore[assignment]

    def __deepcopy__(self, memo: dict[int, Any]) -> "_Interrupted":
        # The engine copies what it resumes at, and must not copy boxes.
        return _interrupt(deepcopy(dict(self), memo), self.begun)


def _interrupt(resume_at: dict[int, Any], begun: tuple[Any, Any]) -> _Interrupted:
    interrupted = _Interrupted(resume_at)
    interrupted.begun = begun
    return interrupted


def let_figures_float() -> None:
    """Replaces the engine's functions that lay out the children of a box and that find the page break between two
    boxes.
    """
    wrap_container_layout(_lay_out)
    layout.block_level_page_break = _wrap_page_break(layout.block_level_page_break)


def _wrap_page_break(original: Callable[..., str]) -> Callable[..., str]:
    @wraps(original)
    def block_level_page_break(before: Any, after: Any) -> str:
        # The engine omits the break if only the page before has a name. Before a box that floats, there may be none.
        ends_named = None not in (before, after) and before.page_values()[1] and not after.page_values()[0]
        return "page" if ends_named else original(before, after)

    return block_level_page_break


def _lay_out(container: ContainerLayout) -> Any:
    is_page_flow = container.box.element_tag == "section" and not container.context.in_column
    # A style sheet may set the blocks of a section as words of a line.
    if not is_page_flow or any(isinstance(child, LineBox) for child in container.box.children):
        return container.lay_out(container.skip_stack)
    return _SectionPage(container).fill()


class _SectionPage:
    """The layout of the part of a section that is on one page."""

    def __init__(self, container: ContainerLayout) -> None:
        self.container = container
        self.context = container.context
        self.box = container.box
        self.begun = getattr(container.skip_stack, "begun", None)
        # What an earlier layout set on a landscape page may be on another page this time.
        self.first = next(iter(container.skip_stack)) if container.skip_stack else 0
        children = self.box.children
        self.box.children = [*children[: self.first], *map(get_upright, children[self.first :])]

    def fill(self) -> Any:
        """Lays out the page, first in the order of the content, and again for each text that is moved up to it."""
        authored_order = self.box.children
        laid_out = self._keep_whole(self.lay_out())
        new_box, resume_at = laid_out[:2]
        if new_box is not None and resume_at is not None:
            self._remember_width(new_box)
            laid_out = self._shrink_drawing(self._fill_below_table(laid_out))
            moved = self.box.children
            if moved is not authored_order and self._is_largely_empty(laid_out):
                self.container.discard([laid_out[0]])
                self.box.children = authored_order
                laid_out = self._shrink_drawing(self.lay_out())
                if self._is_largely_empty(laid_out):
                    self.container.discard([laid_out[0]])
                    self.box.children = moved
                    laid_out = self.lay_out()
        return laid_out

    def lay_out(self) -> Any:
        """Lays out the page. The box in `begun`, of which an earlier page has the beginning, continues where that page
        ends.
        """
        lay_out = partial(self.container.lay_out, self.container.skip_stack)
        if self.begun is None:
            return lay_out()
        begun, inside = self.begun
        with resume(begun, inside):
            new_box, resume_at, *others = lay_out()
        if new_box is None or resume_at is None:
            return new_box, resume_at, *others
        ((index, skipped),) = resume_at.items()
        places = [index for index, child in enumerate(self.box.children) if get_upright(child) is begun]
        if skipped is None and places == [index]:
            resume_at = {index: inside}
        elif places and places[0] > index:
            resume_at = _interrupt(resume_at, self.begun)
        return new_box, resume_at, *others

    def _keep_whole(self, laid_out: Any) -> Any:
        """Lays out the page without the table or timeline that it would divide, if that leaves little of it empty, or with
        less space in it, if it then is whole.
        """
        box = self.box
        index = None if laid_out[0] is None else self._find_divided(laid_out)
        if index is None:
            return self._fill_before_figure(laid_out)
        before, divided = box.children, box.children[index]
        style = divided.style
        divided.style = style.copy()
        divided.style["break_inside"] = "avoid"
        self.container.discard([laid_out[0]])
        laid_out = self._fill_before_figure(self.lay_out())
        if not self._is_gap_below(laid_out[0]):
            return laid_out
        tight = self._lay_out_tightly(laid_out, before, index)
        if tight is not None:
            return tight
        laid_out = self._fill_before_figure(self.lay_out())
        if self._measure_gap(laid_out[0]) <= _MAX_EMPTY * self.context.page_bottom:
            return laid_out
        if laid_out[0] is not None:
            self.container.discard([laid_out[0]])
        divided.style, box.children = style, before
        return self.lay_out()

    def _lay_out_tightly(self, laid_out: Any, children: Any, index: int) -> Any:
        """Lays out the page with less space in the table or timeline `index` of `children`; returns None if it still is
        not on this page.
        """
        if laid_out[0] is not None:
            self.container.discard([laid_out[0]])
        self.box.children = children
        loosen = tighten((children[index], *list_cells(children[index])))
        tight = self.lay_out()
        if tight[0] is not None and (tight[1] is None or next(iter(tight[1])) > index):
            return tight
        if tight[0] is not None:
            self.container.discard([tight[0]])
        loosen()
        return None

    def _find_divided(self, laid_out: Any) -> int | None:
        """Returns the index of the table or timeline that this page would divide, if it is short and does not begin the
        page.
        """
        new_box, resume_at = laid_out[:2]
        ((index, inside),) = resume_at.items() if resume_at else ((0, None),)
        part = new_box.children[-1]
        if (
            inside is None
            or part.index != index
            or index == self.first
            or not _DIVISIBLE & list_classes(self.box.children[index])
        ):
            return None
        rows, rows_here = count_rows(self.box.children[index]), count_rows(part)
        height = part.height * rows / max(rows_here, 1)
        is_low = height <= _MAX_HEIGHT_KEPT * self.context.page_bottom
        fits = height <= _MAX_TABLE_HEIGHT * self.context.page_bottom
        return index if fits and (is_low or rows <= _MAX_ROWS_KEPT) else None

    def _shrink_drawing(self, laid_out: Any) -> Any:
        """Lays out the page with a smaller drawing if it would be largely empty because the drawing does not fit."""
        index = find_figure(self.box, laid_out)
        if index is None or not self._is_largely_empty(laid_out):
            return laid_out
        has_shrunk = False
        for _ in try_smaller(self.box.children[index], laid_out[0].width):
            has_shrunk = True
            self.container.discard([laid_out[0]])
            laid_out = self.lay_out()
            if laid_out[1] is None or next(iter(laid_out[1])) > index:
                return laid_out
        if has_shrunk:
            self.container.discard([laid_out[0]])
            laid_out = self.lay_out()
        return laid_out

    def _is_largely_empty(self, laid_out: Any) -> bool:
        return laid_out[1] is not None and self._measure_gap(laid_out[0]) > _MAX_EMPTY * float(self.context.page_bottom)

    def _measure_gap(self, new_box: Any) -> float:
        if new_box is None:
            bottom = self.container.top
        else:
            last = new_box.children[-1]
            bottom = last.position_y + last.margin_height()
        gap: float = self.context.page_bottom - self.container.bottom_space - bottom
        return gap

    def _fill_before_figure(self, laid_out: Any) -> Any:
        box = self.box
        while (index := find_figure(box, laid_out)) is not None and self._is_gap_below(laid_out[0]):
            before = box.children
            start = find_figures_end(box, index)
            end = find_text_end(before, start)
            if end is None:
                break
            self.container.discard([laid_out[0]])
            moved = before[start:end]
            box.children = [*before[:index], *moved, *before[index:start], *before[end:]]
            on_turned_page = is_turned(box, before[index])
            laid_out = self.lay_out()
            stop, inside = next(iter(laid_out[1].items())) if laid_out[1] else (None, None)
            if stop == index and inside is None:
                # The page now ends before the moved text: it does not fit either.
                self.container.discard([laid_out[0]])
                box.children = before
                return self.lay_out()
            if on_turned_page and stop is not None and index <= stop < index + len(moved):
                # After a page break, text does not continue before it.
                last = stop - index
                new_box, _, _, *others = laid_out
                box.children = [*before[:index], *moved[:last], *before[index:start], *moved[last:], *before[end:]]
                resume_at = _interrupt({stop: None}, (moved[last], inside))
                return new_box, resume_at, {"break": "page", "page": before[index].page_values()[0]}, *others
        return laid_out

    def _remember_width(self, new_box: Any) -> None:
        """Remembers how wide text is on pages that are not turned."""
        if not is_turned(self.box, new_box.children[-1]):
            self.context.upright_width = new_box.width

    def _fill_below_table(self, laid_out: Any) -> Any:
        """Sets the following text below the last table of a landscape page, as wide as on other pages."""
        box, width = self.box, getattr(self.context, "upright_width", None)
        while width is not None and laid_out[1] is not None and is_turned(box, laid_out[0].children[-1]):
            ((index, inside),) = laid_out[1].items()
            before = box.children
            is_begun = self.begun is not None and before[index] is self.begun[0]
            if is_turned(box, before[index]) or not (inside is None or is_begun) or not self._is_gap_below(laid_out[0]):
                break
            turn_box = partial(turn, page=laid_out[0].children[-1].page_values()[1], margin=laid_out[0].width - width)
            for order, end, may_break in list_orders_below(box, index):
                self.container.discard([laid_out[0]])
                box.children = [*order[:index], *map(turn_box, order[index:end]), *order[end:]]
                laid_out = self.lay_out()
                stop, skipped = next(iter(laid_out[1].items())) if laid_out[1] else (end, None)
                if stop >= end:
                    break
                if stop == end - 1 and skipped is not None and may_break:
                    # The text continues on a page that is not turned.
                    box.children = [*box.children[:stop], *order[stop:]]
                    new_box, resume_at, _, *others = laid_out
                    return new_box, resume_at, {"break": "page", "page": box.style["page"]}, *others
            else:
                self.container.discard([laid_out[0]])
                box.children = before
                return self.lay_out()
        return laid_out

    def _is_gap_below(self, new_box: Any) -> bool:
        return self._measure_gap(new_box) > _MIN_GAP * float(self.context.page_bottom)
