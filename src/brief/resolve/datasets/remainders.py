"""Finds figures of datasets that an audience may not see, but can compute by subtracting what it sees from a total.

The total may be a row or a column of the dataset itself, or a claim.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from brief.model.brief import Brief
from brief.model.figures.dataset import DatasetTable, split_cell_name
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation

# What can be computed and how, as an object for "the audience can compute ...", and the location of the figure.
Remainder = tuple[str, SourceLocation]

_MIN_PARTS = 2
# Smaller totals, and totals with fewer digits, are often sums by chance.
_MIN_TOTAL = 10
_MIN_DIGITS = 3


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the figures that may make up a total, and the row or column that it is in."""

    name: str
    value: Decimal
    is_seen: bool
    location: SourceLocation


def find_remainders(brief: Brief, seen: Brief) -> Iterator[Remainder]:
    """Yields the figures that the audience of `seen`, a selection of `brief`, can compute."""
    claims: dict[str, dict[Decimal, str]] = defaultdict(dict)
    for name, (_, claim) in seen.claims.items():
        quantity = claim.quantity
        if quantity is not None and quantity.value is not None and split_cell_name(name) is None:
            claims[quantity.unit][quantity.value] = name
    for name, table in brief.datasets.items():
        selected = seen.datasets.get(name)
        if selected is not None and selected is not table:
            yield from _find_in_rows(name, table, selected, claims)
            yield from _find_in_columns(name, table, selected)


def _find_in_rows(
    name: str, table: DatasetTable, selected: DatasetTable, claims: Mapping[str, Mapping[Decimal, str]]
) -> Iterator[Remainder]:
    """Yields the withheld row that follows from a total in each column: the total of all rows, or of rows that differ in
    only one key column.
    """
    if len(selected.rows) == len(table.rows):
        return
    visible = {column.name for column in selected.columns}
    for index, column in enumerate(table.columns):
        if column.name not in visible:
            continue
        groups: dict[tuple[int, tuple[str, ...]], list[_Part]] = defaultdict(list)
        for key, row in table.rows.items():
            figure = row.figures[index]
            if figure is not None:
                part = _Part(key, figure, key in selected.rows, table.locate_cell(row, column))
                # Rows with the same other keys form a group, for each key column; with several, so do all rows.
                for group in {(number, (*row.key[:number], *row.key[number + 1 :])) for number in range(len(row.key))}:
                    groups[group].append(part)
                if len(row.key) > 1:
                    groups[-1, ()].append(part)
        for parts in groups.values():
            if remainder := _find_remainder(parts, "row", claims.get(column.unit, {})):
                part, total = remainder
                yield (
                    f"row '{part.name}' of dataset '{name}', which it may not see, by subtracting the other rows from {total}",
                    part.location,
                )
                break


def _find_in_columns(name: str, table: DatasetTable, selected: DatasetTable) -> Iterator[Remainder]:
    """Yields a withheld column that follows from a column of totals, which in every row is the sum of the other columns
    with the same unit.
    """
    visible = {column.name for column in selected.columns}
    for unit in {column.unit for column in table.columns}:
        columns = [(index, column) for index, column in enumerate(table.columns) if column.unit == unit]
        if len(columns) < _MIN_PARTS or sum(column.name not in visible for _, column in columns) != 1:
            continue
        remainders: set[tuple[str, str] | None] = set()
        for key, row in table.rows.items():
            figures = [row.figures[index] for index, _ in columns]
            if key in selected.rows and None not in figures:
                parts = [
                    _Part(column.name, figure, column.name in visible, table.locate_cell(row, column))
                    for (_, column), figure in zip(columns, figures, strict=True)
                    if figure is not None
                ]
                remainder = _find_remainder(parts, "column", {})
                remainders.add((remainder[0].name, remainder[1]) if remainder else None)
        if len(remainders) == 1 and (shared_remainder := remainders.pop()) is not None:
            part_name, total = shared_remainder
            yield (
                f"column '{part_name}' of dataset '{name}', which it may not see, by subtracting the other columns from {total}",
                SourceLocation(table.file),
            )


def _find_remainder(parts: list[_Part], kind: str, claims: Mapping[Decimal, str]) -> tuple[_Part, str] | None:
    """Returns the only withheld part, and the name of the total from which it follows: a visible part that is the sum of
    all others, or a claim with the sum of all. None if several parts are withheld, or there is no such total.

    `kind` says what the parts are, "row" or "column"; `claims` maps values to the names of claims.
    """
    withheld = [part for part in parts if not part.is_seen]
    if len(withheld) != 1 or len(parts) < _MIN_PARTS:
        return None
    total = sum((part.value for part in parts), Decimal(0))
    if len(parts) > _MIN_PARTS and _is_distinctive(total / 2):
        for part in parts:
            if part.is_seen and part.value * 2 == total:
                return withheld[0], f"{kind} '{part.name}'"
    if total in claims and _is_distinctive(total):
        return withheld[0], f"claim '{claims[total]}'"
    return None


def _is_distinctive(total: Decimal) -> bool:
    return abs(total) >= _MIN_TOTAL and len(total.normalize().as_tuple().digits) >= _MIN_DIGITS
