"""Resolves tables: cells, spans of rows and columns, headers of two rows, and sources that are cited in headers."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

from brief.model import blocks as authored
from brief.model.inline import Citation, Runs
from brief.model.text import LocalisedText
from brief.model.variant import CellSpan, Column, HeadGroup, Table
from brief.resolve.citations import strip_citations

# The content of a cell that is joined to the cell on its left.
SPANNED = "<"

_Text = Callable[[LocalisedText], Runs]


def resolve_table(block: authored.Table, common: dict[str, Any], text: _Text) -> Table:
    """Resolves the texts of a table with `text`, in reading order; `common` has the fields that every block has."""
    title = text(block.title)
    heads = [text(column.title) for column in block.columns]
    groups = tuple(_make_head_groups(block, text))
    rows = [[() if is_spanned(cell) else text(cell) for cell in row.cells] for row in block.rows]
    for at, column in enumerate(block.columns):
        if column.cite_in_head:
            heads[at] = _cite_in_head(heads[at], rows, at)
    spans = [
        *_find_column_spans(block),
        *(span for at, each in enumerate(block.columns) if each.merge for span in _merge(rows, at)),
    ]
    return Table(
        **common,
        title=title,
        columns=tuple(Column(title=head, align=each.align) for head, each in zip(heads, block.columns, strict=True)),
        rows=tuple(map(tuple, rows)),
        note=text(block.note) if block.note is not None else None,
        groups=groups,
        spans=tuple(spans),
        totals=tuple(at for at, row in enumerate(block.rows) if row.total),
    )


def is_spanned(cell: LocalisedText) -> bool:
    """Returns whether an authored cell is joined to the cell on its left."""
    return any(phrase.source.strip() == SPANNED for phrase in cell)


def _make_head_groups(block: authored.Table, text: _Text) -> Iterator[HeadGroup]:
    """Yields the headers of the upper row, if any column has a group."""
    if not any(column.group for column in block.columns):
        return
    start = 0
    for words, columns in groupby(block.columns, lambda column: _list_sources(column.group)):
        members = list(columns)
        group = members[0].group
        yield HeadGroup(column=start, columns=len(members), title=text(group) if words and group else None)
        start += len(members)


def _list_sources(text: LocalisedText | None) -> tuple[str, ...]:
    return tuple(phrase.source for phrase in text) if text is not None else ()


def _cite_in_head(head: Runs, rows: list[list[Runs]], at: int) -> Runs:
    """Returns the header of a column with the citations of all its cells, and removes these from the cells."""
    numbers = {number for row in rows for run in row[at] if isinstance(run, Citation) for number in run.numbers}
    for row in rows:
        row[at] = strip_citations(row[at])
    return (*head, Citation(tuple(sorted(numbers)))) if numbers else head


def _find_column_spans(block: authored.Table) -> Iterator[CellSpan]:
    for at, row in enumerate(block.rows):
        spanned = [is_spanned(cell) for cell in row.cells]
        for column, _ in enumerate(spanned):
            count = 1 + _count_leading(spanned[column + 1 :])
            if not spanned[column] and count > 1:
                yield CellSpan(row=at, column=column, columns=count)


def _count_leading(flags: Sequence[bool]) -> int:
    return next((at for at, flag in enumerate(flags) if not flag), len(flags))


def _merge(rows: list[list[Runs]], at: int) -> Iterator[CellSpan]:
    """Merges consecutive equal cells of a column into one."""
    start = 0
    for cell, group in groupby([row[at] for row in rows]):
        count = len(list(group))
        if cell and count > 1:
            yield CellSpan(row=start, column=at, rows=count)
            for row in rows[start + 1 : start + count]:
                row[at] = ()
        start += count
