"""Wraps functions of the engine: `block_container_layout`, which lays out the children of a box, so that a box can be
laid out again; and the one that measures footnotes, so that the same footnotes are measured once a page.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any

from weasyprint.layout import LayoutContext
from weasyprint.layout import block as layout

# For boxes of which an earlier page has the beginning, by identity: where they continue.
_BEGUN: dict[int, Any] = {}


class ContainerLayout:
    """One call of the engine's function: a box whose children are to be laid out, on one page.

    The function returns a tuple:

    - the part of the box that is on this page, or None;
    - where the next page begins, or None if the box ends on this page: a mapping of the index of a child to the
      position within the child (None for its start);
    - the page break between them;
    - and more.
    """

    def __init__(
        self,
        original: Callable[..., Any],
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
    ) -> None:
        self._original = original
        self.context = context
        self.box = box
        self.bottom_space = bottom_space
        self.skip_stack = skip_stack
        self.page_is_empty = page_is_empty
        self._absolute_boxes = absolute_boxes
        self._fixed_boxes = fixed_boxes
        self._adjoining_margins = adjoining_margins
        self._rest = rest
        self._options = options
        self._position = box.position_x, box.position_y

    def raise_top(self, pixels: float) -> None:
        """Moves the top of the box up, from where it is laid out."""
        self._position = self._position[0], self._position[1] - pixels

    @property
    def top(self) -> float:
        return float(self._position[1])

    def lay_out(self, skip_stack: Any) -> Any:
        """Lays out the children from `skip_stack` on, even if the box was laid out before; returns what the engine
        returns.
        """
        # The engine moves the box and adds to the list.
        self.box.position_x, self.box.position_y = self._position
        margins = None if self._adjoining_margins is None else list(self._adjoining_margins)
        return self._original(
            self.context, self.box, self.bottom_space, skip_stack, self.page_is_empty,
            self._absolute_boxes, self._fixed_boxes, margins, *self._rest, **self._options,
        )  # fmt: skip

    def discard(self, boxes: Sequence[Any]) -> None:
        """Makes the engine forget what it placed for boxes that were laid out and are not used."""
        layout.remove_placeholders(self.context, boxes, self._absolute_boxes, self._fixed_boxes)


def wrap_container_layout(lay_out: Callable[[ContainerLayout], Any]) -> None:
    """Replaces the engine's function with `lay_out`. In it, `ContainerLayout.lay_out` calls the function that was
    replaced.
    """
    original = layout.block_container_layout

    @wraps(original)
    def block_container_layout(*arguments: Any, **options: Any) -> Any:
        return lay_out(ContainerLayout(original, *arguments, **options))

    layout.block_container_layout = block_container_layout


def allow_resuming() -> None:
    """Replaces the engine's function that lays out a box with one that respects `resume`."""
    original = layout.block_level_layout

    @wraps(original)
    def block_level_layout(
        context: Any, box: Any, bottom_space: float, skip_stack: Any, *rest: Any, **options: Any
    ) -> Any:
        if skip_stack is None and _BEGUN:
            skip_stack = _BEGUN.get(id(getattr(box, "upright", box)))
        return original(context, box, bottom_space, skip_stack, *rest, **options)

    layout.block_level_layout = block_level_layout


@contextmanager
def resume(begun: Any, inside: Any) -> Iterator[None]:
    """While the context is open, the box `begun` continues at `inside` whenever the engine would lay it out from its
    start.
    """
    _BEGUN[id(begun)] = inside
    try:
        yield
    finally:
        del _BEGUN[id(begun)]


def measure_footnotes_once() -> None:
    """Replaces the engine's function that makes room for footnotes with one that remembers heights.

    The engine lays out all footnotes of a page whenever one of them is added or taken away, which it does for each line
    in each height that it tries for columns: a page with 30 footnotes in two columns took half a minute.
    """
    original = LayoutContext._update_footnote_area

    @wraps(original)
    def update(context: Any) -> bool:
        area = context.current_footnote_area
        notes = tuple(context.current_page_footnotes)
        if not notes:
            return bool(original(context))
        # An area belongs to one page in one attempt to lay it out, and copies of the footnotes are laid out in it.
        known: dict[tuple[Any, ...], tuple[Any, bool]] = vars(area).setdefault("known_heights", {})
        if notes not in known:
            overflows = bool(original(context))
            known[notes] = area.height, overflows
            return overflows
        if area.height != "auto" and not context.in_column:
            context.page_bottom += area.margin_height()
        area.children = context.current_page_footnotes
        area.height, overflows = known[notes]
        if not context.in_column:
            context.page_bottom -= area.margin_height()
        return overflows

    LayoutContext._update_footnote_area = update
