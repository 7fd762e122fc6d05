"""Measures the text of a paragraph before it is laid out: the width of each character, and where its lines may break."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter
from typing import Any, NamedTuple

from brief.model.han import IDEOGRAPHS, WESTERN
from brief.model.scripts import find_chinese_script
from brief.writers.pdf.weasyprint.line_breaking import Breakpoint
from brief.writers.pdf.weasyprint.line_marks import (
    GAP,
    LONG_NAME,
    count_expansion_shares,
    find_halved_marks,
    find_squeezable_marks,
    is_citation,
    is_halved_at_end,
    is_halved_at_start,
)

_UNIT = 1024  # Pango units in a CSS pixel
_VISIBLE = re.compile(f"[{IDEOGRAPHS}{WESTERN}]")
_UNBROKEN = ("nowrap", "pre")
_get_position = attrgetter("position")


class _Leaf(NamedTuple):
    """A text box of a paragraph, with its path through the boxes and the position of its first character."""

    path: tuple[int, ...]
    start: int
    box: Any

    @property
    def text(self) -> str:
        return str(self.box.text)

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class MeasuredParagraph:
    """The text of a Chinese paragraph and the positions where its lines may break; all widths are in ems of the
    paragraph's font size.
    """

    def __init__(self, box: Any, block: Any) -> None:
        self._size: float = box.style["font_size"]
        self._leaves: list[_Leaf] = []
        self._spaces: dict[int, float] = {}
        self._is_measurable = self._collect(box, block, ())
        self.text = "".join(leaf.text for leaf in self._leaves)
        self.places: list[Breakpoint] = []
        self._widths: list[float] = []
        # By how much more an opening mark takes at the start of a line than after another mark.
        self._doubled: dict[int, float] = {}

    def measure(self, script: str) -> bool:
        """Measures the text; returns False if that is impossible because it contains boxes or line breaks."""
        if not self._is_measurable or "\n" in self.text or not self.text:
            return False
        advances: list[float] = []
        breaks: set[int] = set(self._find_breaks_between())
        halved: set[int] = set()
        squeezable: set[int] = set()
        for leaf in self._leaves:
            measured, breaks_within = _measure_text(leaf.box)
            advances += measured
            breaks.update(leaf.start + place for place in breaks_within)
            if find_chinese_script(leaf.box.style["lang"] or ""):
                halved.update(leaf.start + place for place in find_halved_marks(leaf.text, script))
                squeezable.update(leaf.start + place for place in find_squeezable_marks(leaf.text, script))
        for place, space in self._spaces.items():
            advances[place] += space
        self._sum_up([advance / self._size for advance in advances], sorted(breaks), halved, squeezable, script)
        return True

    def find_position(self, skip_stack: Any) -> int:
        """Finds the position at which the engine resumes a line."""
        path: list[int] = []
        while skip_stack is not None:
            ((index, skip_stack),) = skip_stack.items()
            path.append(index)
        return self._skip_spaces(self._locate(tuple(path)))

    def limit(self, start: int, end: int) -> float:
        """Returns a width in which the engine ends the line at one position and not at the next: midway between both."""
        reached = self._measure_untrimmed(end) - self._widths[start] + self._doubled.get(start, 0.0)
        at = bisect_right(self.places, end, key=_get_position)
        if at == len(self.places):
            return reached + 1.0
        following = self.places[at].position
        return reached + min(0.5, (self._measure_untrimmed(following) - self._measure_untrimmed(end)) / 2)

    def list_places(self, start: int) -> list[Breakpoint]:
        """Returns the break at a position and the breaks after it; empty if a line may not start at the position."""
        at = bisect_left(self.places, start, key=_get_position)
        return self.places[at:] if at < len(self.places) and self.places[at].position == start else []

    def _collect(self, parent: Any, block: Any, path: tuple[int, ...]) -> bool:
        from weasyprint.formatting_structure import boxes
        from weasyprint.layout.percent import resolve_percentages

        for index, child in enumerate(parent.children):
            here = (*path, index)
            if isinstance(child, boxes.TextBox):
                if child.text:
                    self._leaves.append(_Leaf(here, self._leaves[-1].end if self._leaves else 0, child))
            elif isinstance(child, boxes.InlineBox):
                resolve_percentages(child, block)
                count = len(self._leaves)
                if not self._collect(child, block, here):
                    return False
                # The engine also treats automatic margins of inline boxes as zero.
                child.margin_left, child.margin_right = (
                    0 if margin == "auto" else margin for margin in (child.margin_left, child.margin_right)
                )
                before = child.margin_left + child.border_left_width + child.padding_left
                after = child.margin_right + child.border_right_width + child.padding_right
                if (before or after) and len(self._leaves) == count:
                    return False
                if before or after:
                    for place, space in ((self._leaves[count].start, before), (self._leaves[-1].end - 1, after)):
                        self._spaces[place] = self._spaces.get(place, 0.0) + space
            elif child.is_in_normal_flow():
                return False
        return True

    def _find_breaks_between(self) -> Iterator[int]:
        """Finds the breaks between two text boxes, as the engine finds them: by their last and first characters."""
        for leaf, following in pairwise(self._leaves):
            is_unbroken = all(each.box.style["white_space"] in _UNBROKEN for each in (leaf, following))
            if not is_unbroken and _can_break(leaf.text[-1] + following.text[0], following.box.style["lang"]):
                yield following.start

    def _sum_up(
        self, advances: list[float], breaks: list[int], halved: set[int], squeezable: set[int], script: str
    ) -> None:
        text, count = self.text, len(self.text)
        widths, shares, marks, visible = [0.0], [0.0], [0], [0]
        cited = {place for leaf in self._leaves if is_citation(leaf.text) for place in range(leaf.start, leaf.end)}
        every = [count_expansion_shares(character)[0] for character in text]
        for at, character in enumerate(text):
            widths.append(widths[-1] + advances[at])
            shares.append(shares[-1] + every[at])
            marks.append(marks[-1] + (at in squeezable))
            visible.append(visible[-1] + (at not in cited and _VISIBLE.match(character) is not None))
        self._widths = widths
        self._doubled = {at: advances[at] for at in halved if is_halved_at_start(text[at])}
        names = {match.end() for match in LONG_NAME.finditer(text)}
        for position in (0, *(at for at in breaks if 0 < at < count), count):
            end = position
            while end and text[end - 1] in (" ", GAP):
                end -= 1
            start = self._skip_spaces(position)
            is_ended = end > 0 and end - 1 not in halved and is_halved_at_end(text[end - 1], script)
            is_started = start < count and start not in halved and is_halved_at_start(text[start])
            self.places.append(
                Breakpoint(
                    position=start,
                    end_width=widths[end] - (advances[end - 1] / 2 if is_ended else 0.0),
                    end_shares=shares[end] - (every[end - 1] / 2 if end else 0.0),
                    end_marks=marks[end - 1] if end else 0,
                    start_width=widths[start] + (advances[start] / 2 if is_started else 0.0),
                    start_shares=shares[start] + (every[start] / 2 if start < count else 0.0),
                    start_marks=marks[start + 1] if is_started else marks[start],
                    visible=visible[position],
                    divides_name=position in names,
                )
            )

    def _measure_untrimmed(self, end: int) -> float:
        """Measures the width up to a position as the engine measures it: without spaces, and with the whole of a mark."""
        while end and self.text[end - 1] == " ":
            end -= 1
        return self._widths[end]

    def _locate(self, path: tuple[int, ...]) -> int:
        at = bisect_left(self._leaves, path, key=lambda leaf: leaf.path)
        if at < len(self._leaves) and self._leaves[at].path == path:
            return self._leaves[at].start
        for leaf in self._leaves[max(at - 1, 0) : at]:
            if leaf.path == path[:-1]:
                return leaf.start + len(leaf.text.encode()[: path[-1]].decode())
        return self._leaves[at].start if at < len(self._leaves) else len(self.text)

    def _skip_spaces(self, position: int) -> int:
        while position < len(self.text) and self.text[position] == " ":
            position += 1
        return position


def _measure_text(box: Any) -> tuple[list[float], list[int]]:
    """Measures the advance of each character of a text, in pixels, and finds where a line may break within it."""
    from weasyprint.text.ffi import ffi, pango
    from weasyprint.text.line_break import Layout

    text: str = box.text
    layout = Layout(box.style)
    layout.set_text(text)
    advances = [0.0] * len(text)
    characters = {}
    offset = 0
    for at, character in enumerate(text):
        characters[offset] = at
        offset += len(character.encode())
    line, _ = layout.get_first_line()
    run = line.runs
    while run != ffi.NULL:
        glyphs, start = run.data.glyphs, run.data.item.offset
        clusters, drawn = glyphs.log_clusters, glyphs.glyphs
        for at in range(glyphs.num_glyphs):
            place = characters.get(start + clusters[at])
            if place is not None:
                advances[place] += drawn[at].geometry.width / _UNIT
        run = run.next
    breaks: list[int] = []
    if box.style["white_space"] not in _UNBROKEN:
        found = pango.pango_layout_get_log_attrs_readonly(layout.layout, ffi.NULL)
        breaks = [at for at in range(1, len(text)) if found[at].is_line_break]
    layout.deactivate()
    return advances, breaks


@lru_cache(maxsize=10_000)
def _can_break(pair: str, language: str | None) -> bool:
    from weasyprint.text.line_break import can_break_text

    return pair[0] == " " or bool(can_break_text(pair, language))
