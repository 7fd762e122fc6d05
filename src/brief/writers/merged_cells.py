"""Divides merged cells of many rows, so that a label is always on the same page as its rows.

No format repeats the text of a cell that continues on the next page. So the rows of a merged cell stay together. A cell
that is too high for that is divided into several, each of which repeats the text with "(continued)".
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
    """The rows and merged cells of a table, and the indices of the rows that stay on the page of the row after them."""

    rows: tuple[tuple[Runs, ...], ...]
    spans: tuple[CellSpan, ...]
    kept: frozenset[int]


def divide_merged_cells(
    cells: Sequence[Sequence[Runs]],
    merged: Collection[CellSpan],
    widths: Sequence[float],
    max_lines: int,
    catalogue: Catalogue,
) -> DividedCells:
    """Divides each of the `merged` cells into parts of at most `max_lines` lines, or of one row if that has more.
    `widths` are those of the columns, in ems.
    """
    lines = [count_row_lines([make_equivalent_text(cell) for cell in row], widths) for row in cells] if merged else []
    rows = [list(row) for row in cells]
    spans: list[CellSpan] = []
    kept_rows: set[int] = set()
    # Parts of a long cell end where those of shorter cells beside it do.
    for span in sorted(merged, key=lambda span: span.rows):
        for number, (start, end) in enumerate(_divide(span, lines, kept_rows, max_lines)):
            spans.append(replace(span, row=start, rows=end - start))
            kept_rows.update(range(start, end - 1))
            if number:
                rows[start][span.column] = _continue(cells[span.row][span.column], catalogue)
    spans.sort(key=lambda span: (span.row, span.column))
    return DividedCells(tuple(map(tuple, rows)), tuple(spans), frozenset(kept_rows))


def _divide(span: CellSpan, lines: Sequence[int], kept_rows: set[int], max_lines: int) -> Iterator[tuple[int, int]]:
    """Yields the index of the first row of each part, and of the row after its last. `kept` lists the rows that already
    stay on the page of the row after them.
    """
    start, end = span.row, span.row + span.rows
    last = start
    for row in range(start + 1, end + 1):
        # The row before stays with this one.
        if row < end and row - 1 in kept_rows:
            continue
        if last > start and _count_together(start, row, lines, kept_rows) > max_lines:
            yield start, last
            start = last
        last = row
    yield start, end


def _count_together(start: int, end: int, lines: Sequence[int], kept_rows: set[int]) -> int:
    """Counts the lines from `start` to `end`, with those of the rows that stay together with these."""
    while start - 1 in kept_rows:
        start -= 1
    while end - 1 in kept_rows:
        end += 1
    return sum(lines[start:end])


def _continue(text: Runs, catalogue: Catalogue) -> Runs:
    """Returns the text of a further part of a cell: with "(continued)", and without citations and footnotes."""
    before, _, after = catalogue.get("{label} (continued)", "label").partition("{label}")
    # They are printed once, in the first part.
    own = tuple(run for run in strip_citations(text) if not isinstance(run, Footnote))
    return (*((Text(before),) if before else ()), *own, Text(after))
