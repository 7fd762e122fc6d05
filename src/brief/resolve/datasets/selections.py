"""Selects cells of a dataset as inputs of arithmetic: `source/dataset[*].column`, or conditions instead of the star."""

import re
from collections.abc import Mapping

from brief.model.access import Clearance
from brief.model.brief import Brief
from brief.model.figures.dataset import split_cell_name
from brief.model.figures.quantity import Quantity
from brief.model.record import dataclass
from brief.model.source_location import Ref
from brief.resolve.datasets.query import DatasetQuery, QueryError

_CONDITION = re.compile(r"(?P<column>[^<>=!]+?)\s*(?P<test>(?:>=|<=|!=|=|<|>).+)")
_ALL = "*"


class SelectionError(ValueError):
    """The cells of a selection cannot be found or added up. `code` is that of the diagnostic; `hint`, if known, says how to fix
    it.
    """

    def __init__(self, message: str, hint: str | None = None, code: str = "unknown-cell") -> None:
        super().__init__(message)
        self.hint = hint
        self.code = code


@dataclass(frozen=True, slots=True)
class SelectedCells:
    """The figures of a column by cell name, the clearance that they require, and the keys of rows without a figure."""

    figures: Mapping[str, Quantity]
    clearance: Clearance
    empty: tuple[str, ...]


def is_selection(brief: Brief, name: str) -> bool:
    """Returns whether a name selects cells: its brackets contain a star or conditions instead of the key of a row."""
    parts = split_cell_name(name)
    if parts is None:
        return False
    table = brief.datasets.get(parts[0])
    is_key = table is not None and parts[1] in table.rows
    return not is_key and (parts[1] == _ALL or any(sign in parts[1] for sign in "<>="))


def select_cells(brief: Brief, name: str) -> SelectedCells:
    """Returns the cells of a selection that have figures.

    Raises:
        SelectionError: the dataset or a column does not exist, a condition cannot be read, no cell has a figure,
            or the period of a row is a part of that of another.
    """
    dataset, conditions, column = split_cell_name(name) or ("", "", "")
    table = brief.datasets.get(dataset)
    if table is None:
        raise SelectionError(f"there is no dataset '{dataset}'")
    query = DatasetQuery(brief, table, dataset, {}, None, is_checked=True)
    where = {} if conditions == _ALL else _read_conditions(conditions)
    try:
        query.has_column(Ref(column))
        if column not in query.columns:
            raise SelectionError(f"column '{column}' of '{dataset}' names rows, and has no figures")
        rows = query.select(where, brief.settings.location)
    except QueryError as problem:
        raise SelectionError(problem.diagnostic.message, problem.diagnostic.hint) from None
    table_column = table.columns[query.columns[column]]
    filled_rows = [row for row in rows if query.read_figure(row, column) is not None]
    if not filled_rows:
        raise SelectionError(f"no cell of '{name}' has a figure")
    if (nested := query.find_nested_rows(filled_rows)) is not None:
        whole, part = (row.key for row in nested)
        message = f"row '{part}' would count twice, because row '{whole}' contains its period"
        raise SelectionError(message, "select rows of one length with conditions", "overlapping-total")
    # The rows that meet a condition reveal values of the column of the condition.
    tested = [
        table.columns[query.columns[column_name]].clearance for column_name in where if column_name in query.columns
    ]
    return SelectedCells(
        {
            query.name_cell(row, column): Quantity(value=query.read_figure(row, column), unit=table_column.unit)
            for row in filled_rows
        },
        max([table_column.clearance, *tested, *(row.row.clearance for row in filled_rows)]),
        tuple(row.key for row in rows if query.read_figure(row, column) is None),
    )


def _read_conditions(text: str) -> dict[str, tuple[str, ...]]:
    """Reads conditions such as `month>=2026-01, route=route-07` by column.

    Raises:
        SelectionError: a condition cannot be read, or a column has two.
    """
    conditions: dict[str, tuple[str, ...]] = {}
    for part in text.split(","):
        match = _CONDITION.fullmatch(part.strip())
        if match is None:
            raise SelectionError(f"'{part.strip()}' is not a condition", "write [month>=2026-01, route=route-07]")
        if match["column"].strip() in conditions:
            raise SelectionError(
                f"there are two conditions on '{match['column'].strip()}'", "write one for each column"
            )
        conditions[match["column"].strip()] = (match["test"],)
    return conditions
