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
        self.breakpoints: list[Breakpoint] = []
        self._widths: list[float] = []
        # By how much wider an opening mark is at the start of a line than after another mark.
        self._doubled: dict[int, float] = {}

    def measure(self, script: str) -> bool:
        """Measures the text. Returns False if it cannot be measured, because it is empty or contains boxes or line
        breaks.
        """
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
        self._build_breakpoints(
            [advance / self._size for advance in advances], sorted(breaks), halved, squeezable, script
        )
        return True

    def find_position(self, skip_stack: Any) -> int:
        """Returns the position of the character at which the engine resumes a line."""
        path: list[int] = []
        while skip_stack is not None:
            ((index, skip_stack),) = skip_stack.items()
            path.append(index)
        return self._skip_spaces(self._locate(tuple(path)))

    def compute_limit(self, start: int, end: int) -> float:
        """Returns the width in which the engine ends the line that starts at `start` at `end`, and not at the next
        breakpoint: midway between both.
        """
        reached = self._measure_untrimmed(end) - self._widths[start] + self._doubled.get(start, 0.0)
        index = bisect_right(self.breakpoints, end, key=_get_position)
        if index == len(self.breakpoints):
            return reached + 1.0
        following = self.breakpoints[index].position
        return reached + min(0.5, (self._measure_untrimmed(following) - self._measure_untrimmed(end)) / 2)

    def list_breakpoints(self, start: int) -> list[Breakpoint]:
        """Returns the breakpoint at a position and those after it; empty if a line may not start there."""
        index = bisect_left(self.breakpoints, start, key=_get_position)
        return (
            self.breakpoints[index:]
            if index < len(self.breakpoints) and self.breakpoints[index].position == start
            else []
        )

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
        """Yields the breaks between two text boxes, which the engine derives from their last and first characters."""
        for leaf, following in pairwise(self._leaves):
            is_unbroken = all(neighbour.box.style["white_space"] in _UNBROKEN for neighbour in (leaf, following))
            if not is_unbroken and _can_break(leaf.text[-1] + following.text[0], following.box.style["lang"]):
                yield following.start

    def _build_breakpoints(
        self, advances: list[float], breaks: list[int], halved: set[int], squeezable: set[int], script: str
    ) -> None:
        text, count = self.text, len(self.text)
        widths, shares, marks, visible = [0.0], [0.0], [0], [0]
        cited = {place for leaf in self._leaves if is_citation(leaf.text) for place in range(leaf.start, leaf.end)}
        shares_of_characters = [count_expansion_shares(character)[0] for character in text]
        for index, character in enumerate(text):
            widths.append(widths[-1] + advances[index])
            shares.append(shares[-1] + shares_of_characters[index])
            marks.append(marks[-1] + (index in squeezable))
            visible.append(visible[-1] + (index not in cited and _VISIBLE.match(character) is not None))
        self._widths = widths
        self._doubled = {index: advances[index] for index in halved if is_halved_at_start(text[index])}
        names = {match.end() for match in LONG_NAME.finditer(text)}
        for position in (0, *(index for index in breaks if 0 < index < count), count):
            end = position
            while end and text[end - 1] in (" ", GAP):
                end -= 1
            start = self._skip_spaces(position)
            ends_halved = end > 0 and end - 1 not in halved and is_halved_at_end(text[end - 1], script)
            starts_halved = start < count and start not in halved and is_halved_at_start(text[start])
            self.breakpoints.append(
                Breakpoint(
                    position=start,
                    end_width=widths[end] - (advances[end - 1] / 2 if ends_halved else 0.0),
                    end_shares=shares[end] - (shares_of_characters[end - 1] / 2 if end else 0.0),
                    end_marks=marks[end - 1] if end else 0,
                    start_width=widths[start] + (advances[start] / 2 if starts_halved else 0.0),
                    start_shares=shares[start] + (shares_of_characters[start] / 2 if start < count else 0.0),
                    start_marks=marks[start + 1] if starts_halved else marks[start],
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
        index = bisect_left(self._leaves, path, key=lambda leaf: leaf.path)
        if index < len(self._leaves) and self._leaves[index].path == path:
            return self._leaves[index].start
        for leaf in self._leaves[max(index - 1, 0) : index]:
            if leaf.path == path[:-1]:
                return leaf.start + len(leaf.text.encode()[: path[-1]].decode())
        return self._leaves[index].start if index < len(self._leaves) else len(self.text)

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
    for index, character in enumerate(text):
        characters[offset] = index
        offset += len(character.encode())
    line, _ = layout.get_first_line()
    run = line.runs
    while run != ffi.NULL:
        glyphs, start = run.data.glyphs, run.data.item.offset
        clusters, drawn = glyphs.log_clusters, glyphs.glyphs
        for index in range(glyphs.num_glyphs):
            place = characters.get(start + clusters[index])
            if place is not None:
                advances[place] += drawn[index].geometry.width / _UNIT
        run = run.next
    breaks: list[int] = []
    if box.style["white_space"] not in _UNBROKEN:
        log_attributes = pango.pango_layout_get_log_attrs_readonly(layout.layout, ffi.NULL)
        breaks = [index for index in range(1, len(text)) if log_attributes[index].is_line_break]
    layout.deactivate()
    return advances, breaks


@lru_cache(maxsize=10_000)
def _can_break(pair: str, language: str | None) -> bool:
    from weasyprint.text.line_break import can_break_text

    return pair[0] == " " or bool(can_break_text(pair, language))
