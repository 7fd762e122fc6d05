"""Finds the grid tables of Pandoc in Markdown, as a rule for markdown-it.

Their cells are drawn with `+`, `-`, `=` and `|` (Pandoc's manual, "Extension: grid_tables"). A table with cells that are joined
over rows or columns is kept as it is drawn, as code.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from textwrap import dedent
from typing import TYPE_CHECKING
from unicodedata import combining, east_asian_width

from brief.model.align import Align
from brief.model.record import dataclass

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock

_BORDER = re.compile(r"\+(?:(?::?-+:?|:?=+:?)\+)+")
# The line between joined cells also looks like a border.
DRAWN = re.compile(r"^ *\+[-=:+]{3,}\+", re.MULTILINE)
REDRAW = "write it with bars, as in | Year | Share |"
# What `meta` of a token says about its table.
JOINED = {"lost": "a table with joined cells is kept as it is drawn", "hint": REDRAW}
_LEAST_LINES = 3


@dataclass(frozen=True, slots=True)
class GridLayout:
    """The number of header rows, and the alignment of each column."""

    heads: int
    aligns: tuple[Align, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """The lines of each cell, and the number of the first in the document."""

    line: int
    cells: tuple[tuple[str, ...], ...]


def grid_table_rule(state: "StateBlock", start: int, end: int, silent: bool) -> bool:
    """Turns a grid table into tokens whose names begin with `grid_`; the content of cells is parsed as blocks."""
    if state.is_code_block(start):
        return False
    lines = list(_take_lines(state, start, end))
    while lines and not _BORDER.fullmatch(lines[-1]):
        lines.pop()
    if len(lines) < _LEAST_LINES or not _BORDER.fullmatch(lines[0]):
        return False
    if silent:
        return True
    found = _read_rows(lines, start)
    if found is None:
        # As paragraphs, lines such as "+   +---+" would begin lists.
        drawing = state.push("fence", "code", 0)
        drawing.map, drawing.content = [start, start + len(lines)], "\n".join(lines)
        drawing.meta = JOINED
        state.line = start + len(lines)
        return True
    rows, layout = found
    opening = state.push("grid_table_open", "table", 1)
    opening.map, opening.meta = [start, start + len(lines)], {"layout": layout}
    for row in rows:
        state.push("grid_row_open", "tr", 1).map = [row.line, row.line + 1]
        for cell in row.cells:
            state.push("grid_cell_open", "td", 1)
            before = len(state.tokens)
            state.md.block.parse(dedent("\n".join(cell)), state.md, state.env, state.tokens)
            for token in state.tokens[before:]:
                token.map = [line + row.line for line in token.map] if token.map else None
            state.push("grid_cell_close", "td", -1)
        state.push("grid_row_close", "tr", -1)
    state.push("grid_table_close", "table", -1)
    state.line = start + len(lines)
    return True


def _take_lines(state: "StateBlock", start: int, end: int) -> Iterator[str]:
    for number in range(start, end):
        line = state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].rstrip()
        if state.sCount[number] < state.blkIndent or not line.startswith(("+", "|")):
            return
        yield line


def _read_rows(lines: Sequence[str], start: int) -> tuple[list[_Row], GridLayout] | None:
    """Returns the rows of a table and its layout; None if cells are joined, or do not end at the border."""
    columns = _measure(lines[0])
    rows: list[_Row] = []
    heads, ruler = 0, lines[0]
    pending: list[list[str]] = []
    for number, line in enumerate(lines[1:], start + 1):
        if not _BORDER.fullmatch(line):
            pieces = _split(line, columns)
            if pieces is None:
                return None
            pending.append(pieces)
            continue
        if _measure(line) != columns:
            return None
        if pending:
            rows.append(_Row(number - len(pending), tuple(zip(*pending, strict=True))))
            pending = []
        if "=" in line and not heads and len(rows):
            heads, ruler = len(rows), line
    return (rows, GridLayout(heads, tuple(map(_read_align, ruler.strip("+").split("+"))))) if rows else None


def _measure(border: str) -> list[int]:
    return [at for at, character in enumerate(border) if character == "+"]


def _split(line: str, columns: Sequence[int]) -> list[str] | None:
    """Splits a line at its bars, which are below the marks of the border if Han characters count as two columns."""
    by_width = {}
    width = 0
    for at, character in enumerate(line):
        by_width[width] = at
        width += 0 if combining(character) else 1 + (east_asian_width(character) in "WF")
    for places in ([by_width.get(column, -1) for column in columns], list(columns)):
        if all(0 <= at < len(line) and line[at] == "|" for at in places):
            return [line[left + 1 : right].rstrip() for left, right in pairwise(places)]
    return None


def _read_align(rule: str) -> Align:
    is_left, is_right = rule.startswith(":"), rule.endswith(":")
    if is_right:
        return Align.CENTER if is_left else Align.END
    return Align.START
