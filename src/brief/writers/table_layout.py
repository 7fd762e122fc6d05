"""Computes the layout of tables for HTML and for both PDF engines: how a table fits the page, and its grid of cells."""

from collections.abc import Collection
from dataclasses import replace

from brief.model.catalogue import Catalogue
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
from brief.writers.merged_cells import KEPT_LANDSCAPE_LINES, KEPT_LINES, divide_merged_cells

# The ways to set a table, in the order in which they are tried: the classes, and the width of the table in ems of its
# text.
_FITS = (
    ("", PAGE),  # 8.75 points
    ("small", PAGE * 8.75 / 7),  # 7 points
    ("landscape", 79.0),  # 8.75 points in the 244 mm of a landscape page
    ("landscape small", 98.0),  # 7 points in the same 244 mm
)


@dataclass(frozen=True, slots=True)
class TableFit:
    """The `classes` of a table on paper, which print.css styles, and the width of each column in per cent."""

    classes: str
    widths: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell that no other cell covers, as templates see it. `rows` and `columns` are how many rows and columns it
    spans.
    """

    text: Runs
    align: str
    is_head: bool
    rows: int
    columns: int


def fit_table(table: Table) -> TableFit:
    """Chooses how a table is set on paper: in the first way in which no words, except very long ones, must be broken.

    A table that is too wide for the page's text is set smaller, then on a landscape page of its own, then both; if not
    even that is enough, its words may be `broken`. If a row takes more than `ROW_LINES` lines, the table is `divided`:
    its rows may be continued on the next page.
    """
    needed = measure_least_width(table)
    classes, width = next((fit for fit in _FITS if needed <= fit[1]), ("landscape small broken", _FITS[-1][1]))
    widths = compute_table_widths(table, width)
    rows = ([make_equivalent_text(cell) for cell in row] for row in table.rows)
    if any(count_row_lines(row, widths) > ROW_LINES for row in rows):
        classes = f"{classes} divided".lstrip()
    return TableFit(classes, tuple(100 * column_width / width for column_width in widths))


def divide_on_pages(
    table: Table, fit: TableFit, catalogue: Catalogue, *, is_landscape: bool
) -> tuple[Table, frozenset[int]]:
    """Divides merged cells that would continue on the next page. Returns the table, and the indices of the rows that
    stay on the page of the row after them.

    `is_landscape` says that all pages of the look are landscape.
    """
    ems = next(width for classes, width in reversed(_FITS) if fit.classes.startswith(classes))
    max_lines = KEPT_LANDSCAPE_LINES if is_landscape or "landscape" in fit.classes else KEPT_LINES
    widths = [width * ems / 100 for width in fit.widths]
    rows, spans, kept_rows = divide_merged_cells(table.rows, table.spans, widths, max_lines, catalogue)
    return replace(table, rows=rows, spans=spans), kept_rows


def needs_landscape(table: Table) -> bool:
    """Returns whether a table needs the width of a landscape page on paper."""
    return "landscape" in fit_table(table).classes


def list_grid_cells(table: Table, index: int) -> tuple[GridCell, ...]:
    """Lists the cells of the row at `index` that no other cell covers."""
    covered = {
        (row, column)
        for span in table.spans
        for row in range(span.row, span.row + span.rows)
        for column in range(span.column, span.column + span.columns)
    } - {(span.row, span.column) for span in table.spans}
    starts = {(span.row, span.column): span for span in table.spans}
    cells = []
    for column, cell in enumerate(table.rows[index]):
        if (index, column) in covered:
            continue
        span = starts.get((index, column))
        rows, columns = (span.rows, span.columns) if span else (1, 1)
        cells.append(GridCell(cell, str(table.columns[column].align), column == 0, rows, columns))
    return tuple(cells)


def describe_row(table: Table, index: int, kept_rows: Collection[int] = ()) -> dict[str, Plain]:
    """Returns the row at `index` as data for templates: its cells, whether it sums up others, and whether it stays on
    the page of the row after it, as the rows in `kept` do.
    """
    cells: list[Plain] = [record_to_plain(cell) for cell in list_grid_cells(table, index)]
    return {"total": index in table.totals, "kept": index in kept_rows, "cells": cells}
