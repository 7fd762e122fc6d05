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

# What can be computed and how, and the location of the figure.
Remainder = tuple[str, SourceLocation]

_LEAST_PARTS = 2
# Smaller totals, and totals with fewer digits, are often sums by chance.
_SMALLEST_TOTAL = 10
_LEAST_DIGITS = 3


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
    """Yields rows that follow from a total: the total of all rows, or of rows that differ in only one key column."""
    if len(selected.rows) == len(table.rows):
        return
    shown = {column.name for column in selected.columns}
    for at, column in enumerate(table.columns):
        if column.name not in shown:
            continue
        groups: dict[tuple[int, tuple[str, ...]], list[_Part]] = defaultdict(list)
        for key, row in table.rows.items():
            figure = row.figures[at]
            if figure is not None:
                part = _Part(key, figure, key in selected.rows, table.locate_cell(row, column))
                for fixed in {(number, (*row.key[:number], *row.key[number + 1 :])) for number in range(len(row.key))}:
                    groups[fixed].append(part)
                if len(row.key) > 1:
                    groups[-1, ()].append(part)
        for parts in groups.values():
            if found := _find_remainder(parts, "row", claims.get(column.unit, {})):
                part, total = found
                yield (
                    f"row '{part.name}' of dataset '{name}', which it may not see, by subtracting the other rows from {total}",
                    part.location,
                )
                break


def _find_in_columns(name: str, table: DatasetTable, selected: DatasetTable) -> Iterator[Remainder]:
    """Yields a column that follows from a column of totals, which in every row is the sum of the columns with the same
    unit.
    """
    shown = {column.name for column in selected.columns}
    for unit in {column.unit for column in table.columns}:
        columns = [(at, column) for at, column in enumerate(table.columns) if column.unit == unit]
        if len(columns) < _LEAST_PARTS or sum(column.name not in shown for _, column in columns) != 1:
            continue
        found: set[tuple[str, str] | None] = set()
        for key, row in table.rows.items():
            figures = [row.figures[at] for at, _ in columns]
            if key in selected.rows and None not in figures:
                parts = [
                    _Part(column.name, figure, column.name in shown, table.locate_cell(row, column))
                    for (_, column), figure in zip(columns, figures, strict=True)
                    if figure is not None
                ]
                remainder = _find_remainder(parts, "column", {})
                found.add((remainder[0].name, remainder[1]) if remainder else None)
        if len(found) == 1 and (remainder_of_all := found.pop()) is not None:
            name_of_part, total = remainder_of_all
            yield (
                f"column '{name_of_part}' of dataset '{name}', which it may not see, by subtracting the other columns from {total}",
                SourceLocation(table.file),
            )


def _find_remainder(parts: list[_Part], what: str, claims: Mapping[Decimal, str]) -> tuple[_Part, str] | None:
    """Returns the only withheld part, and the total from which it follows."""
    withheld = [part for part in parts if not part.is_seen]
    if len(withheld) != 1 or len(parts) < _LEAST_PARTS:
        return None
    whole = sum((part.value for part in parts), Decimal(0))
    if len(parts) > _LEAST_PARTS and _is_distinctive(whole / 2):
        for part in parts:
            if part.is_seen and part.value * 2 == whole:
                return withheld[0], f"{what} '{part.name}'"
    if whole in claims and _is_distinctive(whole):
        return withheld[0], f"claim '{claims[whole]}'"
    return None


def _is_distinctive(total: Decimal) -> bool:
    return abs(total) >= _SMALLEST_TOTAL and len(total.normalize().as_tuple().digits) >= _LEAST_DIGITS
