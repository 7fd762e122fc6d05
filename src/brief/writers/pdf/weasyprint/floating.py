"""Fills the space that a chart, picture or table leaves on a page, because it does not fit there, with the text after it.

The engine does not float figures. Here, blocks of text after such a figure are laid out before it. In the tags, `structure.py`
moves the figure back, so that a screen reader reads it where its author put it. A paragraph that does not fit whole before a
landscape page goes on after it, and text goes on below a short table on such a page.
"""

from collections.abc import Callable
from copy import deepcopy
from functools import partial, wraps
from typing import Any

from weasyprint.layout import block as layout

from brief.writers.pdf.weasyprint.container_layout import ContainerLayout, resume, wrap_container_layout
from brief.writers.pdf.weasyprint.drawing_size import try_smaller
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

# As a share of the page's height. A smaller gap is left, so that the figure stays where its text mentions it.
_MIN_GAP = 0.15
# Tables and timelines that are not divided, if no more than a share of the page's height remains empty before them: those with few
# rows or events, and those that are low.
_DIVIDED = frozenset(("table", "timeline"))
_MOST_ROWS_KEPT = 10
_MOST_HEIGHT_KEPT = 0.3
_MOST_EMPTY = 0.26
# How high a table may be to fit on a page, by an estimate from the rows that are set.
_MOST_FULL = 0.75


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
    """Replaces the engine's functions that lay out the children of a box and that find the page break between two boxes."""
    wrap_container_layout(_lay_out)
    layout.block_level_page_break = _wrap_page_break(layout.block_level_page_break)


def _wrap_page_break(original: Callable[..., str]) -> Callable[..., str]:
    @wraps(original)
    def block_level_page_break(before: Any, after: Any) -> str:
        # The engine forgets the break if only the page before has a name.
        ends_named = after is not None and before.page_values()[1] and not after.page_values()[0]
        return "page" if ends_named else original(before, after)

    return block_level_page_break


def _lay_out(container: ContainerLayout) -> Any:
    if container.box.element_tag != "section" or container.context.in_column:
        return container.lay_out(container.skip_stack)
    return _SectionPage(container).fill()


class _SectionPage:
    """What of a section is on one page."""

    def __init__(self, container: ContainerLayout) -> None:
        self.container = container
        self.context = container.context
        self.box = container.box
        self.begun = getattr(container.skip_stack, "begun", None)
        # What was set on a landscape page may be on another page this time.
        self.first = next(iter(container.skip_stack)) if container.skip_stack else 0
        children = self.box.children
        self.box.children = [*children[: self.first], *map(get_upright, children[self.first :])]

    def fill(self) -> Any:
        """Lays out the page, first as the content has it, and again for each text that is moved up to it."""
        written = self.box.children
        laid_out = self._keep_whole(self.lay_out())
        made, resume_at = laid_out[:2]
        if made is not None and resume_at is not None:
            self._remember_width(made)
            laid_out = self._shrink_drawing(self._fill_below_table(laid_out))
            moved = self.box.children
            if moved is not written and self._is_largely_empty(laid_out):
                self.container.discard([laid_out[0]])
                self.box.children = written
                laid_out = self._shrink_drawing(self.lay_out())
                if self._is_largely_empty(laid_out):
                    self.container.discard([laid_out[0]])
                    self.box.children = moved
                    laid_out = self.lay_out()
        return laid_out

    def lay_out(self) -> Any:
        """Lays out the page. A box that was begun before its last page goes on where that page ends it."""
        lay_out = partial(self.container.lay_out, self.container.skip_stack)
        if self.begun is None:
            return lay_out()
        begun, inside = self.begun
        with resume(begun, inside):
            made, resume_at, *others = lay_out()
        if made is None or resume_at is None:
            return made, resume_at, *others
        ((at, skipped),) = resume_at.items()
        places = [at for at, child in enumerate(self.box.children) if get_upright(child) is begun]
        if skipped is None and places == [at]:
            resume_at = {at: inside}
        elif places and places[0] > at:
            resume_at = _interrupt(resume_at, self.begun)
        return made, resume_at, *others

    def _keep_whole(self, laid_out: Any) -> Any:
        """Lays out the page without the table or timeline that it would divide, if that leaves little of it empty."""
        box = self.box
        at = None if laid_out[0] is None else self._find_divided(laid_out)
        if at is None:
            return self._fill_before_figure(laid_out)
        before, divided = box.children, box.children[at]
        style = divided.style
        divided.style = style.copy()
        divided.style["break_inside"] = "avoid"
        self.container.discard([laid_out[0]])
        laid_out = self._fill_before_figure(self.lay_out())
        if self._measure_gap(laid_out[0]) <= _MOST_EMPTY * self.context.page_bottom:
            return laid_out
        if laid_out[0] is not None:
            self.container.discard([laid_out[0]])
        divided.style, box.children = style, before
        return self.lay_out()

    def _find_divided(self, laid_out: Any) -> int | None:
        """Returns the index of the table or timeline that begins on this page and goes on on the next one, if it is short."""
        made, resume_at = laid_out[:2]
        ((at, inside),) = resume_at.items() if resume_at else ((0, None),)
        part = made.children[-1]
        if inside is None or part.index != at or at == self.first or not _DIVIDED & list_classes(self.box.children[at]):
            return None
        rows, rows_here = count_rows(self.box.children[at]), count_rows(part)
        height = part.height * rows / max(rows_here, 1)
        is_low = height <= _MOST_HEIGHT_KEPT * self.context.page_bottom
        fits = height <= _MOST_FULL * self.context.page_bottom
        return at if fits and (is_low or rows <= _MOST_ROWS_KEPT) else None

    def _shrink_drawing(self, laid_out: Any) -> Any:
        """Lays out the page with a smaller drawing if it would be largely empty because the drawing does not fit."""
        at = find_figure(self.box, laid_out)
        if at is None or not self._is_largely_empty(laid_out):
            return laid_out
        has_shrunk = False
        for _ in try_smaller(self.box.children[at], laid_out[0].width):
            has_shrunk = True
            self.container.discard([laid_out[0]])
            laid_out = self.lay_out()
            if laid_out[1] is None or next(iter(laid_out[1])) > at:
                return laid_out
        if has_shrunk:
            self.container.discard([laid_out[0]])
            laid_out = self.lay_out()
        return laid_out

    def _is_largely_empty(self, laid_out: Any) -> bool:
        return laid_out[1] is not None and self._measure_gap(laid_out[0]) > _MOST_EMPTY * float(
            self.context.page_bottom
        )

    def _measure_gap(self, made: Any) -> float:
        if made is None:
            bottom = self.container.top
        else:
            last = made.children[-1]
            bottom = last.position_y + last.margin_height()
        gap: float = self.context.page_bottom - self.container.bottom_space - bottom
        return gap

    def _fill_before_figure(self, laid_out: Any) -> Any:
        box = self.box
        while (at := find_figure(box, laid_out)) is not None and self._is_gap_below(laid_out[0]):
            before = box.children
            start = find_figures_end(box, at)
            end = find_text_end(before, start)
            if end is None:
                break
            self.container.discard([laid_out[0]])
            moved = before[start:end]
            box.children = [*before[:at], *moved, *before[at:start], *before[end:]]
            on_turned_page = is_turned(box, before[at])
            laid_out = self.lay_out()
            stop, inside = next(iter(laid_out[1].items())) if laid_out[1] else (None, None)
            if stop == at and inside is None:
                # The page now ends before the moved text: it does not fit either.
                self.container.discard([laid_out[0]])
                box.children = before
                return self.lay_out()
            if on_turned_page and stop is not None and at <= stop < at + len(moved):
                # What follows a page break does not go on before it.
                last = stop - at
                made, _, _, *others = laid_out
                box.children = [*before[:at], *moved[:last], *before[at:start], *moved[last:], *before[end:]]
                resume_at = _interrupt({stop: None}, (moved[last], inside))
                return made, resume_at, {"break": "page", "page": before[at].page_values()[0]}, *others
        return laid_out

    def _remember_width(self, made: Any) -> None:
        """Remembers how wide text is on pages that are not turned."""
        if not is_turned(self.box, made.children[-1]):
            self.context.upright_width = made.width

    def _fill_below_table(self, laid_out: Any) -> Any:
        """Sets what follows below the last table of a landscape page, as wide as on other pages."""
        box, width = self.box, getattr(self.context, "upright_width", None)
        while width is not None and laid_out[1] is not None and is_turned(box, laid_out[0].children[-1]):
            ((at, inside),) = laid_out[1].items()
            before = box.children
            is_begun = self.begun is not None and before[at] is self.begun[0]
            if is_turned(box, before[at]) or not (inside is None or is_begun) or not self._is_gap_below(laid_out[0]):
                break
            turn_box = partial(turn, page=laid_out[0].children[-1].page_values()[1], margin=laid_out[0].width - width)
            for order, end, may_break in list_orders_below(box, at):
                self.container.discard([laid_out[0]])
                box.children = [*order[:at], *map(turn_box, order[at:end]), *order[end:]]
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
                self.container.discard([laid_out[0]])
                box.children = before
                return self.lay_out()
        return laid_out

    def _is_gap_below(self, made: Any) -> bool:
        return self._measure_gap(made) > _MIN_GAP * float(self.context.page_bottom)
