"""Finds the cells of a dataset that differ between two revisions of its file."""

from collections.abc import Iterator
from decimal import Decimal

from brief.model.access import Clearance
from brief.model.difference import SettingChange
from brief.model.figures.dataset import DatasetTable, TableRow
from brief.model.record import dataclass

# A file that was exported again may differ in every cell: then the number of further changes says more than a list.
_MAX_LISTED = 100


@dataclass(frozen=True, slots=True)
class CellChanges:
    """The cells that differ, named `[key].column (location)`, the rows that only one table has, and the highest clearance
    of all of these.
    """

    cells: tuple[SettingChange, ...]
    clearance: Clearance


def compare_tables(old: DatasetTable, new: DatasetTable) -> CellChanges:
    """Compares the figures of two tables in the columns that both have. Rows are matched by key, columns by name.

    A row that only one table has is one change. After a hundred changes, one more gives the number of the others.
    """
    columns = [
        (before, after)
        for before, column in enumerate(old.columns)
        for after, other in enumerate(new.columns)
        if column.name == other.name
    ]
    all_changes = list(_list_changes(old, new, columns))
    listed = [change for change, _ in all_changes[:_MAX_LISTED]]
    if len(all_changes) > _MAX_LISTED:
        listed.append(SettingChange("further cells and rows", None, f"{len(all_changes) - _MAX_LISTED:,}"))
    return CellChanges(tuple(listed), max((clearance for _, clearance in all_changes), default=Clearance.PUBLIC))


def _list_changes(
    old: DatasetTable, new: DatasetTable, columns: list[tuple[int, int]]
) -> Iterator[tuple[SettingChange, Clearance]]:
    for key in dict.fromkeys((*new.rows, *old.rows)):
        before, after = old.rows.get(key), new.rows.get(key)
        if before is None or after is None:
            table, row = (new, after) if after is not None else (old, before)
            if row is not None:
                figures = _format_row(table, row)
                change = SettingChange(
                    f"row [{key}]", None if before is None else figures, figures if before is None else None
                )
                yield change, max([row.clearance, *(column.clearance for column in table.columns)])
            continue
        for was, now in columns:
            old_figure, new_figure = _format_figure(before.figures[was]), _format_figure(after.figures[now])
            if old_figure != new_figure:
                column = new.columns[now]
                part = f"[{key}].{column.name} ({new.locate_cell(after, column)})"
                clearance = max(old.get_cell_clearance(before, old.columns[was]), new.get_cell_clearance(after, column))
                yield SettingChange(part, old_figure, new_figure), clearance


def _format_row(table: DatasetTable, row: TableRow) -> str:
    return ", ".join(
        f"{column.name} {_format_figure(figure)}" for column, figure in zip(table.columns, row.figures, strict=True)
    )


def _format_figure(figure: Decimal | None) -> str:
    """Writes a figure with all its digits, because 1.5 and 1.50 print differently; "none" if there is no figure."""
    return "none" if figure is None else f"{figure:f}"
