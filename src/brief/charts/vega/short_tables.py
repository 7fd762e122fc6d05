"""Shortens the tables of a chart that have many rows and would fill pages on paper. The alternative text then has all
figures.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from brief.charts.notable_points import MAX_LISTED
from brief.model.catalogue import Catalogue
from brief.model.inline import Text, to_plain_text
from brief.model.variant import Table, Vega

_CONTEXT = "chart"


def shorten_tables(block: Vega, catalogue: Catalogue) -> Vega:
    """Returns the chart with shorter tables. Of a long table, it has only the first and last row, and those with the
    greatest or least figure of a column; the note of the chart says so, and its description has all rows.
    """
    long = [table for table in block.tables if len(table.rows) > MAX_LISTED]
    if not long:
        return block
    datasets = json.loads(block.specification)["datasets"]
    pattern = (
        "The table lists the first, last, greatest and least figures; the description of the chart has all {n} rows."
    )
    pointer = catalogue.get(pattern).replace("{n}", str(max(len(table.rows) for table in long)))
    description = block.description
    for table in long:
        description = catalogue.get("{text} {sentence}", _CONTEXT).format(
            text=description, sentence=_describe_rows(table, catalogue)
        )
    return replace(
        block,
        tables=tuple(
            _shorten(table, datasets[table.id.removeprefix(f"{block.id}-")]) if table in long else table
            for table in block.tables
        ),
        description=description,
        note=(*((*block.note, Text("\u2003")) if block.note else ()), Text(pointer)),
    )


def _shorten(table: Table, records: Sequence[Mapping[str, Any]]) -> Table:
    return replace(table, rows=tuple(table.rows[index] for index in find_notable_rows(records)))


def find_notable_rows(records: Sequence[Mapping[str, Any]]) -> list[int]:
    """Returns the indices of the first and the last row, and of those with the greatest and the least figure of a
    field.
    """
    indices = {0, len(records) - 1}
    for name in dict.fromkeys(name for record in records for name in record):
        values = {
            index: value for index, record in enumerate(records) if isinstance(value := record.get(name), int | float)
        }
        if values:
            indices.add(max(values, key=lambda index: (values[index], -index)))
            indices.add(min(values, key=lambda index: (values[index], index)))
    return sorted(indices)


def _describe_rows(table: Table, catalogue: Catalogue) -> str:
    heads = [to_plain_text(column.title) for column in table.columns]
    separator = catalogue.get(", ", "list")
    rows = catalogue.get("; ", _CONTEXT).join(
        catalogue.get("{category}: {value}", _CONTEXT).format(
            category=to_plain_text(row[0]), value=separator.join(map(to_plain_text, row[1:]))
        )
        for row in table.rows
    )
    return catalogue.get("{series}. {figures}.", _CONTEXT).format(series=separator.join(heads[1:]), figures=rows)
