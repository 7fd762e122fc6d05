"""Restricts datasets to what a clearance permits, and lists the figures and keys that it withholds."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from brief.model.access import Clearance
from brief.model.brief import Brief
from brief.model.figures.dataset import Dataset, DatasetTable
from brief.model.figures.quantity import Quantity
from brief.model.source_location import SourceLocation
from brief.resolve.figures import quantities

# Among thousands of cells, a figure of four digits may well be a year, or equal another figure by chance.
_MIN_DISTINCTIVE_DIGITS = 5


def restrict_definition(dataset: Dataset, clearance: Clearance) -> Dataset:
    """Returns the dataset's definition without the columns above the clearance, and without the rules that withhold rows
    above it, because the conditions of these rules would themselves disclose something.
    """
    return replace(
        dataset,
        columns={name: column for name, column in dataset.columns.items() if column.clearance <= clearance},
        rows=tuple(rule for rule in dataset.rows if rule.clearance <= clearance),
    )


def restrict_tables(tables: Mapping[str, DatasetTable], clearance: Clearance) -> dict[str, DatasetTable]:
    """Returns the tables without the columns and rows above the clearance, and without tables that are then empty.

    A table of which nothing is withheld is returned as the same object.
    """
    restricted = ((name, _restrict_table(table, clearance)) for name, table in tables.items())
    return {name: table for name, table in restricted if table.columns and table.rows}


def _restrict_table(table: DatasetTable, clearance: Clearance) -> DatasetTable:
    visible = [index for index, column in enumerate(table.columns) if column.clearance <= clearance]
    if len(visible) == len(table.columns) and all(row.clearance <= clearance for row in table.rows.values()):
        return table
    rows = {
        key: replace(row, figures=tuple(row.figures[index] for index in visible))
        for key, row in table.rows.items()
        if row.clearance <= clearance
    }
    columns = tuple(table.columns[index] for index in visible)
    return replace(table, columns=columns, rows=rows, is_partial=len(rows) < len(table.rows))


def list_withheld_texts(brief: Brief, clearance: Clearance) -> Iterator[tuple[str, SourceLocation]]:
    """Yields the distinctive figures of cells above the clearance, as each locale prints them.

    A figure is distinctive if it has at least five significant digits, and no permitted cell with the same unit has the
    same value.
    """
    for (unit, figure), location in _collect_figures(brief, clearance).items():
        for catalogue in brief.catalogues.values():
            try:
                yield quantities.format_quantity(Quantity(value=figure, unit=unit), catalogue), location
            except ValueError:
                continue


def list_withheld_numbers(brief: Brief, clearance: Clearance) -> Iterator[tuple[Decimal, str, SourceLocation]]:
    """Yields the distinctive figures of cells above the clearance as numbers, with their units.

    Unlike in `list_withheld_texts`, a figure is left out if it equals a permitted cell with any unit.
    """
    for (unit, figure), location in _collect_figures(brief, clearance, of_any_unit=True).items():
        yield figure, unit, location


def _collect_figures(
    brief: Brief, clearance: Clearance, *, of_any_unit: bool = False
) -> dict[tuple[str, Decimal], SourceLocation]:
    withheld: dict[tuple[str, Decimal], SourceLocation] = {}
    visible: set[tuple[str, Decimal]] = set()
    for table in brief.datasets.values():
        for row in table.rows.values():
            for column, figure in zip(table.columns, row.figures, strict=True):
                if figure is None or len(figure.normalize().as_tuple().digits) < _MIN_DISTINCTIVE_DIGITS:
                    continue
                if table.get_cell_clearance(row, column) <= clearance:
                    visible.add((column.unit, figure))
                else:
                    withheld.setdefault((column.unit, figure), table.locate_cell(row, column))
    values = {figure for _, figure in visible}
    return {
        (unit, figure): location
        for (unit, figure), location in withheld.items()
        if not (figure in values if of_any_unit else (unit, figure) in visible)
    }


def list_withheld_keys(brief: Brief, clearance: Clearance) -> Iterator[tuple[str, SourceLocation]]:
    """Yields the values of keys that occur only in withheld rows. Values without a letter, such as numbers and most dates,
    are left out.
    """
    for table in brief.datasets.values():
        first_column = table.columns[0]
        withheld: dict[str, SourceLocation] = {}
        visible: set[str] = set()
        for row in table.rows.values():
            if row.clearance <= clearance and any(column.clearance <= clearance for column in table.columns):
                visible.update(row.key)
            else:
                withheld |= dict.fromkeys(row.key, table.locate_cell(row, first_column))
        for value, location in withheld.items():
            if value not in visible and any(character.isalpha() for character in value):
                yield value, location
