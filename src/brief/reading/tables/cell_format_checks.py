"""Compares how the cells of a workbook are shown with how their columns are declared to be read."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.figures.dataset import Dataset, DatasetColumn
from brief.model.figures.units import canonicalise_unit, find_meant_unit
from brief.model.source_location import Slug, SourceLocation
from brief.reading.tables.number_formats import PERCENT_SIGNS, CellFormat
from brief.reading.tables.sheets import Sheet

# A workbook may store these as a fraction with a format that shows it as a percentage.
_SHOWN_AS_PERCENT = ("percent", "percentage-point")


@dataclass(frozen=True, slots=True)
class _ShownColumn:
    """A column of figures, its position in the sheet, and the formats of its numbers by row."""

    name: str
    declared: DatasetColumn
    sheet: Sheet
    position: int
    formats: Mapping[int, CellFormat | None]

    def locate(self, row: int) -> SourceLocation:
        return self.sheet.locate(row, self.position)


def check_cell_formats(dataset: Dataset, sheet: Sheet, positions: Mapping[str, int], sink: DiagnosticSink) -> None:
    """Reports columns of figures, by their positions, whose cells are shown otherwise than they are read."""
    for name, position in positions.items():
        column = dataset.columns[Slug(name)]
        is_typed = sheet.is_workbook or sheet.is_given
        if is_typed and canonicalise_unit(column.unit) in _SHOWN_AS_PERCENT and column.factor is None:
            what = "a workbook" if sheet.is_workbook else "a table of a program"
            message = f"{what} may hold the percentages of column '{name}' as 12.3 or, shown as 12.3%, as 0.123"
            sink.add_error("percent-factor", column.location, message, "write factor: 1 or factor: 100")
        numbers = [
            number for number, row in sheet.rows[1:] if position < len(row) and isinstance(row[position], Decimal)
        ]
        formats = {number: sheet.get_format(number, position) for number in numbers}
        shown = _ShownColumn(name, column, sheet, position, formats)
        _check_percentages(shown, sink)
        _check_currency_and_multiple(shown, sink)


def _check_percentages(column: _ShownColumn, sink: DiagnosticSink) -> None:
    """Reports cells that are shown as percentages in columns that are read otherwise, and the reverse."""
    typed = [number for number, style in column.formats.items() if style is not None and style.words in PERCENT_SIGNS]
    if typed and column.declared.factor not in (None, 1):
        message = (
            f"the cell is shown with a percent sign after what is stored, but column '{column.name}' multiplies it"
        )
        sink.add_error("percent-factor", column.locate(typed[0]), message, "write factor: 1", column.declared.location)
    shown = [number for number, style in column.formats.items() if style is not None and style.is_percent]
    if not shown:
        return
    where = column.locate(shown[0])
    is_percent = canonicalise_unit(column.declared.unit) in _SHOWN_AS_PERCENT
    if is_percent and column.declared.factor == 1:
        message = (
            f"the cell is shown as a percentage, so 12.3% is stored as 0.123, but column '{column.name}' says factor: 1"
        )
        sink.add_error("percent-factor", where, message, "write factor: 100", column.declared.location)
    elif column.declared.unit == "count" and column.declared.factor in (None, 1):
        message = f"the cell is shown as a percentage, but the unit of column '{column.name}' is count"
        hint = "write {unit: percent, factor: 100}, or show the cells as numbers"
        sink.add_warning("percent-factor", where, message, hint)
    elif is_percent and len(shown) < len(column.formats):
        other = next(number for number in column.formats if number not in shown)
        message = f"the cell is not shown as a percentage, as others of column '{column.name}' are"
        hint = "show all cells of the column alike"
        sink.add_warning("percent-factor", column.locate(other), message, hint, where)


def _check_currency_and_multiple(column: _ShownColumn, sink: DiagnosticSink) -> None:
    """Reports cells that are shown in another currency, or in millions although their column multiplies them too."""
    currency = canonicalise_unit(column.declared.unit).partition("/")[0]
    currency = find_meant_unit(currency) or currency
    for number, style in column.formats.items():
        if style is None:
            continue
        where = column.locate(number)
        if style.currency and style.currency != currency:
            message = f"the cell is shown in {style.currency}, but the unit of column '{column.name}' is {column.declared.unit}"
            hint = f"write unit: {style.currency} or another format; give each currency a column of its own"
            sink.add_warning("cell-format", where, message, hint, column.declared.location)
            return
        if style.multiple != 1 and column.declared.factor not in (None, 1):
            message = (
                f"the cell is stored in full and shown divided by {style.multiple:,}, and column '{column.name}' multiplies what "
                f"is stored by {column.declared.factor:f}"
            )
            hint = "remove 'factor:', or show the cells as they are stored"
            sink.add_warning("cell-format", where, message, hint, column.declared.location)
            return
