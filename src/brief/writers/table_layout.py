"""Lays out tables on paper for every engine: how a table fits the page, and its grid of cells."""

from brief.model.inline import Runs
from brief.model.record import dataclass
from brief.model.variant import Table
from brief.resolve.columns import (
    PAGE,
    ROW_LINES,
    compute_table_widths,
    count_row_lines,
    make_equivalent_text,
    measure_least_width,
)
from brief.templating.plain import Plain, record_to_plain

# How a table is set, and how many ems of its text fit in a line: 8.75 points in the width of the page's text, 7 points,
# 8.75 points in 244 mm of a landscape page, and 7 points there.
_FITS = (("", PAGE), ("small", PAGE * 8.75 / 7), ("landscape", 79.0), ("landscape small", 98.0))


@dataclass(frozen=True, slots=True)
class TableFit:
    """The `classes` of a table on paper, as in print.css, and the width of each column in per cent."""

    classes: str
    widths: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell that is not covered by another, with the rows and columns that it spans."""

    text: Runs
    align: str
    is_head: bool
    rows: int
    columns: int


def fit_table(table: Table) -> TableFit:
    """Chooses how a table is set on paper, by the width of its words.

    A table that is too wide for the page's text is set smaller, then on a landscape page of its own, then both; if not
    even that is enough, its words are `broken`. A table with a row that is longer than a page is `divided` within its
    rows.
    """
    needed = measure_least_width(table)
    classes, width = next((fit for fit in _FITS if needed <= fit[1]), ("landscape small broken", _FITS[-1][1]))
    widths = compute_table_widths(table, width)
    rows = ([make_equivalent_text(cell) for cell in row] for row in table.rows)
    if any(count_row_lines(row, widths) > ROW_LINES for row in rows):
        classes = f"{classes} divided".lstrip()
    return TableFit(classes, tuple(100 * each / width for each in widths))


def needs_landscape(table: Table) -> bool:
    """Returns whether a table needs the width of a landscape page on paper."""
    return "landscape" in fit_table(table).classes


def list_grid_cells(table: Table, at: int) -> tuple[GridCell, ...]:
    """Lists the cells of a row that are not covered by others."""
    covered = {
        (row, column)
        for span in table.spans
        for row in range(span.row, span.row + span.rows)
        for column in range(span.column, span.column + span.columns)
    } - {(span.row, span.column) for span in table.spans}
    taken = {(span.row, span.column): span for span in table.spans}
    cells = []
    for column, cell in enumerate(table.rows[at]):
        if (at, column) in covered:
            continue
        span = taken.get((at, column))
        rows, columns = (span.rows, span.columns) if span else (1, 1)
        cells.append(GridCell(cell, str(table.columns[column].align), column == 0, rows, columns))
    return tuple(cells)


def describe_row(table: Table, at: int) -> dict[str, Plain]:
    """Returns a row as data for templates: its cells, and whether it sums up others."""
    return {"total": at in table.totals, "cells": [record_to_plain(cell) for cell in list_grid_cells(table, at)]}
