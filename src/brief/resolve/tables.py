"""Resolves tables: cells, spans of rows and columns, headers of two rows, and sources that are cited in headers."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

from brief.model import blocks as authored
from brief.model.inline import Citation, Runs
from brief.model.text import LocalisedText
from brief.model.variant import CellSpan, Column, HeadGroup, Table
from brief.resolve.citations import strip_citations

# The content of a cell that is merged with the cell on its left.
SPANNED = "<"

_Text = Callable[[LocalisedText], Runs]


def resolve_table(block: authored.Table, common: dict[str, Any], text: _Text) -> Table:
    """Resolves the texts of a table with `text`, in reading order; `common` has the fields that every block has."""
    title = text(block.title)
    headers = [text(column.title) for column in block.columns]
    groups = tuple(_make_head_groups(block, text))
    rows = [[() if is_spanned(cell) else text(cell) for cell in row.cells] for row in block.rows]
    for index, column in enumerate(block.columns):
        if column.cite_in_head:
            headers[index] = _move_citations(headers[index], rows, index)
    spans = [
        *_find_column_spans(block),
        *(span for index, column in enumerate(block.columns) if column.merge for span in _merge(rows, index)),
    ]
    return Table(
        **common,
        title=title,
        columns=tuple(
            Column(title=header, align=column.align) for header, column in zip(headers, block.columns, strict=True)
        ),
        rows=tuple(map(tuple, rows)),
        note=text(block.note) if block.note is not None else None,
        groups=groups,
        spans=tuple(spans),
        totals=tuple(index for index, row in enumerate(block.rows) if row.total),
    )


def is_spanned(cell: LocalisedText) -> bool:
    """Returns whether an authored cell is merged with the cell on its left."""
    return any(phrase.source.strip() == SPANNED for phrase in cell)


def _make_head_groups(block: authored.Table, text: _Text) -> Iterator[HeadGroup]:
    """Yields the headers of the upper row, which cover all columns; nothing if no column has a group."""
    if not any(column.group for column in block.columns):
        return
    start = 0
    for sources, columns in groupby(block.columns, lambda column: _list_sources(column.group)):
        members = list(columns)
        group = members[0].group
        yield HeadGroup(column=start, columns=len(members), title=text(group) if sources and group else None)
        start += len(members)


def _list_sources(text: LocalisedText | None) -> tuple[str, ...]:
    return tuple(phrase.source for phrase in text) if text is not None else ()


def _move_citations(header: Runs, rows: list[list[Runs]], column: int) -> Runs:
    """Returns the header of a column with the citations of all its cells, and removes these from the cells in `rows`."""
    numbers = {number for row in rows for run in row[column] if isinstance(run, Citation) for number in run.numbers}
    for row in rows:
        row[column] = strip_citations(row[column])
    return (*header, Citation(tuple(sorted(numbers)))) if numbers else header


def _find_column_spans(block: authored.Table) -> Iterator[CellSpan]:
    for index, row in enumerate(block.rows):
        spanned = [is_spanned(cell) for cell in row.cells]
        for column, _ in enumerate(spanned):
            count = 1 + _count_leading(spanned[column + 1 :])
            if not spanned[column] and count > 1:
                yield CellSpan(row=index, column=column, columns=count)


def _count_leading(flags: Sequence[bool]) -> int:
    return next((index for index, flag in enumerate(flags) if not flag), len(flags))


def _merge(rows: list[list[Runs]], column: int) -> Iterator[CellSpan]:
    """Yields a span for each group of consecutive equal cells of a column, and empties all but the first in `rows`."""
    start = 0
    for cell, group in groupby([row[column] for row in rows]):
        count = len(list(group))
        if cell and count > 1:
            yield CellSpan(row=start, column=column, rows=count)
            for row in rows[start + 1 : start + count]:
                row[column] = ()
        start += count
