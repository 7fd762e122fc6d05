"""Finds the cells of a dataset that differ between two revisions of its file."""

from collections.abc import Iterator
from decimal import Decimal

from brief.model.access import Clearance
from brief.model.difference import SettingChange
from brief.model.figures.dataset import DatasetTable, TableRow
from brief.model.record import dataclass

# A file that was exported again may differ in every cell; a reader of the list needs to know that, and not each of them.
_MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class CellChanges:
    """The cells that differ, by `[key].column` and their place in the file, and the clearance that they require."""

    cells: tuple[SettingChange, ...]
    clearance: Clearance


def compare_tables(old: DatasetTable, new: DatasetTable) -> CellChanges:
    """Compares the figures of two tables by the keys of their rows and the names of their columns; columns that only one
    of them has are not compared.

    A row that only one of them has is one change. Beyond a hundred changes, the last one gives the number of the others.
    """
    columns = [
        (before, after)
        for before, column in enumerate(old.columns)
        for after, other in enumerate(new.columns)
        if column.name == other.name
    ]
    found = list(_list_changes(old, new, columns))
    changes = [change for change, _ in found[:_MOST_LISTED]]
    if len(found) > _MOST_LISTED:
        changes.append(SettingChange("further cells and rows", None, f"{len(found) - _MOST_LISTED:,}"))
    return CellChanges(tuple(changes), max((clearance for _, clearance in found), default=Clearance.PUBLIC))


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
            one, other = before.figures[was], after.figures[now]
            if _write(one) != _write(other):
                column = new.columns[now]
                part = f"[{key}].{column.name} ({new.locate_cell(after, column)})"
                clearance = max(old.get_cell_clearance(before, old.columns[was]), new.get_cell_clearance(after, column))
                yield SettingChange(part, _write(one), _write(other)), clearance


def _format_row(table: DatasetTable, row: TableRow) -> str:
    return ", ".join(
        f"{column.name} {_write(figure)}" for column, figure in zip(table.columns, row.figures, strict=True)
    )


def _write(figure: Decimal | None) -> str:
    """Writes a figure with the digits of its file: 1.5 and 1.50 print differently."""
    return "none" if figure is None else f"{figure:f}"
