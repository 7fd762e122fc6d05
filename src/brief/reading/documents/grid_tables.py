"""Parses the grid tables of Pandoc in Markdown, with a block rule for markdown-it.

Their cells are drawn with `+`, `-`, `=` and `|` (Pandoc's manual, "Extension: grid_tables"). A table with cells that
span rows or columns is kept as drawn, as a code block.
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
# Finds a border in a paragraph, even one that a merged cell interrupts.
GRID_BORDER = re.compile(r"^ *\+[-=:+]{3,}\+", re.MULTILINE)
PIPE_TABLE_HINT = "write it as a pipe table, as in | Year | Share |"
# The `meta` of the token of such a table: the message and the hint to report.
MERGED_CELLS_NOTICE = {"lost": "a table with merged cells is kept as drawn", "hint": PIPE_TABLE_HINT}
_MIN_LINES = 3


@dataclass(frozen=True, slots=True)
class GridLayout:
    """The number of header rows, and the alignment of each column."""

    header_rows: int
    aligns: tuple[Align, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """The lines of each cell, and `line`, the 0-based line of the document at which the row begins."""

    line: int
    cells: tuple[tuple[str, ...], ...]


def grid_table_rule(state: "StateBlock", start: int, end: int, silent: bool) -> bool:
    """Turns a grid table into tokens whose names begin with `grid_`; the content of cells is parsed as blocks.

    Returns whether a grid table begins at the line `start`; if `silent`, adds no tokens.
    """
    if state.is_code_block(start):
        return False
    lines = list(_take_lines(state, start, end))
    while lines and not _BORDER.fullmatch(lines[-1]):
        lines.pop()
    if len(lines) < _MIN_LINES or not _BORDER.fullmatch(lines[0]):
        return False
    if silent:
        return True
    table = _read_rows(lines, start)
    if table is None:
        # If it were kept as a paragraph, lines such as "+   +---+" would begin lists.
        code_block = state.push("fence", "code", 0)
        code_block.map, code_block.content = [start, start + len(lines)], "\n".join(lines)
        code_block.meta = MERGED_CELLS_NOTICE
        state.line = start + len(lines)
        return True
    rows, layout = table
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
    """Yields the lines from `start` on that begin with + or |, stripped, up to the first other line."""
    for number in range(start, end):
        line = state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].rstrip()
        if state.sCount[number] < state.blkIndent or not line.startswith(("+", "|")):
            return
        yield line


def _read_rows(lines: Sequence[str], start: int) -> tuple[list[_Row], GridLayout] | None:
    """Returns the rows of a table and its layout.

    Returns None if cells span rows or columns, if the bars of a line are not below the `+` of the first border, or if
    there are no rows. `start` is the 0-based line of the document at which the table begins.
    """
    edges = _find_edges(lines[0])
    rows: list[_Row] = []
    header_rows, alignment_border = 0, lines[0]
    pending: list[list[str]] = []
    for number, line in enumerate(lines[1:], start + 1):
        if not _BORDER.fullmatch(line):
            pieces = _split(line, edges)
            if pieces is None:
                return None
            pending.append(pieces)
            continue
        if _find_edges(line) != edges:
            return None
        if pending:
            rows.append(_Row(number - len(pending), tuple(zip(*pending, strict=True))))
            pending = []
        if "=" in line and not header_rows and len(rows):
            header_rows, alignment_border = len(rows), line
    return (
        (rows, GridLayout(header_rows, tuple(map(_read_align, alignment_border.strip("+").split("+")))))
        if rows
        else None
    )


def _find_edges(border: str) -> list[int]:
    """Returns the indices of the `+` in a border."""
    return [index for index, character in enumerate(border) if character == "+"]


def _split(line: str, edges: Sequence[int]) -> list[str] | None:
    """Splits a line at the edges of columns; returns None if there is no bar at one of them.

    Han characters count as two columns, as Pandoc counts them, or else as one.
    """
    by_width = {}
    width = 0
    for index, character in enumerate(line):
        by_width[width] = index
        width += 0 if combining(character) else 1 + (east_asian_width(character) in "WF")
    for bars in ([by_width.get(edge, -1) for edge in edges], list(edges)):
        if all(0 <= bar < len(line) and line[bar] == "|" for bar in bars):
            return [line[left + 1 : right].rstrip() for left, right in pairwise(bars)]
    return None


def _read_align(rule: str) -> Align:
    is_left, is_right = rule.startswith(":"), rule.endswith(":")
    if is_right:
        return Align.CENTER if is_left else Align.END
    return Align.START
