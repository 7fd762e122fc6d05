"""Divides merged cells of many rows, so that a label is never on another page than its rows.

No format repeats the words of a cell that goes on on the next page. So the rows of a merged cell stay together, and one that is
longer than a part of a page is divided before: each part repeats the words, with "(continued)".
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from brief.model.catalogue import Catalogue
from brief.model.inline import Footnote, Runs, Text
from brief.model.variant import CellSpan
from brief.resolve.citations import strip_citations
from brief.resolve.columns import count_row_lines, make_equivalent_text

# How many lines of a table stay together: less than a third of a page, also in landscape.
KEPT_LINES = 9
KEPT_LANDSCAPE_LINES = 6


class DividedCells(NamedTuple):
    """The rows and merged cells of a table, and which of its rows stay on the page of the row after them."""

    rows: tuple[tuple[Runs, ...], ...]
    spans: tuple[CellSpan, ...]
    kept: frozenset[int]


def divide_merged_cells(
    cells: Sequence[Sequence[Runs]],
    merged: Collection[CellSpan],
    widths: Sequence[float],
    most_lines: int,
    catalogue: Catalogue,
) -> DividedCells:
    """Divides the cells of several rows, whose parts take at most `most_lines` in columns of these widths in ems, or one row."""
    lines = [count_row_lines([make_equivalent_text(cell) for cell in row], widths) for row in cells] if merged else []
    rows = [list(row) for row in cells]
    spans: list[CellSpan] = []
    kept: set[int] = set()
    # Parts of a long cell end where those of shorter cells beside it do.
    for span in sorted(merged, key=lambda each: each.rows):
        for at, (start, end) in enumerate(_divide(span, lines, kept, most_lines)):
            spans.append(replace(span, row=start, rows=end - start))
            kept.update(range(start, end - 1))
            if at:
                rows[start][span.column] = _continue(cells[span.row][span.column], catalogue)
    spans.sort(key=lambda each: (each.row, each.column))
    return DividedCells(tuple(map(tuple, rows)), tuple(spans), frozenset(kept))


def _divide(span: CellSpan, lines: Sequence[int], kept: set[int], most_lines: int) -> Iterator[tuple[int, int]]:
    """Yields the first row of each part, and the row after it."""
    start, end = span.row, span.row + span.rows
    last = start
    for row in range(start + 1, end + 1):
        # The row before stays with this one.
        if row < end and row - 1 in kept:
            continue
        if last > start and _count_together(start, row, lines, kept) > most_lines:
            yield start, last
            start = last
        last = row
    yield start, end


def _count_together(start: int, end: int, lines: Sequence[int], kept: set[int]) -> int:
    """Counts the lines from `start` to `end`, with those of the rows that stay together with these."""
    while start - 1 in kept:
        start -= 1
    while end - 1 in kept:
        end += 1
    return sum(lines[start:end])


def _continue(words: Runs, catalogue: Catalogue) -> Runs:
    before, _, after = catalogue.get("{label} (continued)", "label").partition("{label}")
    # A source is cited, and a note printed, once.
    own = tuple(run for run in strip_citations(words) if not isinstance(run, Footnote))
    return (*((Text(before),) if before else ()), *own, Text(after))
