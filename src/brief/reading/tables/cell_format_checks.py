"""Compares the formats of a workbook's cells with the units and factors of their columns."""

import re
from collections.abc import Mapping
from decimal import Decimal

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.figures.dataset import Dataset, DatasetColumn
from brief.model.figures.units import SYMBOLS, canonicalise_unit, find_meant_unit, is_currency_code
from brief.model.record import dataclass
from brief.model.source_location import Slug, SourceLocation
from brief.reading.tables.column_figures import get_cell
from brief.reading.tables.number_formats import PERCENT_SIGNS, CellFormat
from brief.reading.tables.sheets import Sheet
from brief.reading.tables.written_units import find_multiple, find_unit

# Units that a workbook may store as fractions and display as percentages.
PERCENT_UNITS = ("percent", "percentage-point")
# A number from -1 to 1 as a CSV file has it, and one that is not whole.
_SMALL = re.compile(r"[+\u2212-]?(?:0[.,][0-9]+|[01](?:[.,]0+)?)")
_NOT_WHOLE = re.compile(r"[.,]0*[1-9]")
_CLDR_NAMES = frozenset(name.partition("-")[2] for name in SYMBOLS.values())


@dataclass(frozen=True, slots=True)
class _FormattedColumn:
    """A column of figures, its position in the sheet, from 0, and the formats of its numbers by row number."""

    name: str
    declared: DatasetColumn
    sheet: Sheet
    position: int
    formats: Mapping[int, CellFormat | None]

    def locate(self, row: int) -> SourceLocation:
        """Returns the location of the cell in the row with this number."""
        return self.sheet.locate(row, self.position)


def check_cell_formats(dataset: Dataset, sheet: Sheet, positions: Mapping[str, int], sink: DiagnosticSink) -> None:
    """Reports columns of figures whose unit or factor differs from the format of their cells.

    `positions` has the position, from 0, of each column of figures in the sheet.
    """
    for name, position in positions.items():
        column = dataset.columns[Slug(name)]
        is_typed = sheet.is_workbook or sheet.is_given
        if is_typed and canonicalise_unit(column.unit) in PERCENT_UNITS and column.factor is None:
            what = "a workbook" if sheet.is_workbook else "a table of a program"
            message = f"{what} may store the percentages of column '{name}' as 12.3, or as 0.123 and display 12.3%"
            sink.add_error("percent-factor", column.location, message, "write factor: 1 or factor: 100")
        elif not is_typed and canonicalise_unit(column.unit) == "percent" and column.factor is None:
            _check_small_percentages(name, sheet, position, sink)
        numbers = [
            number for number, row in sheet.rows[1:] if position < len(row) and isinstance(row[position], Decimal)
        ]
        formats = {number: sheet.get_format(number, position) for number in numbers}
        formatted = _FormattedColumn(name, column, sheet, position, formats)
        _check_percentages(formatted, sink)
        _check_units_and_divisors(formatted, sink)


def _check_small_percentages(name: str, sheet: Sheet, position: int, sink: DiagnosticSink) -> None:
    """Reports a column of a CSV file whose percentages are all so small that they may be fractions."""
    cells = [(number, str(cell).strip()) for number, row in sheet.rows[1:] if (cell := get_cell(row, position)) != ""]
    small = next((each for each in cells if _NOT_WHOLE.search(each[1])), None)
    if small is not None and all(_SMALL.fullmatch(text) for _, text in cells):
        number, text = small
        message = f"no percentage in column '{name}' is over 1, so '{text}' may be a fraction of 1"
        hint = "write factor: 100 for fractions; if they are percentages, write factor: 1"
        sink.add_error("percent-factor", sheet.locate(number, position), message, hint)


def _check_percentages(column: _FormattedColumn, sink: DiagnosticSink) -> None:
    """Reports percentage formats that contradict the unit or the factor of their column."""
    with_sign = [
        number
        for number, cell_format in column.formats.items()
        if cell_format is not None and cell_format.affix in PERCENT_SIGNS
    ]
    if with_sign and column.declared.factor not in (None, 1):
        message = (
            f"the cell shows the stored number with a percent sign, but column '{column.name}' multiplies it by "
            f"{column.declared.factor:f}"
        )
        sink.add_error(
            "percent-factor", column.locate(with_sign[0]), message, "write factor: 1", column.declared.location
        )
    percentages = [
        number for number, cell_format in column.formats.items() if cell_format is not None and cell_format.is_percent
    ]
    if not percentages:
        return
    location = column.locate(percentages[0])
    is_percent = canonicalise_unit(column.declared.unit) in PERCENT_UNITS
    if is_percent and column.declared.factor == 1:
        message = (
            f"the cell is shown as a percentage, so 12.3% is stored as 0.123, but column '{column.name}' says factor: 1"
        )
        sink.add_error("percent-factor", location, message, "write factor: 100", column.declared.location)
    elif column.declared.unit == "count" and column.declared.factor in (None, 1):
        message = f"the cell is shown as a percentage, but the unit of column '{column.name}' is count"
        hint = "write {unit: percent, factor: 100}, or show the cells as numbers"
        sink.add_warning("percent-factor", location, message, hint)
    elif is_percent and len(percentages) < len(column.formats):
        other = next(number for number in column.formats if number not in percentages)
        message = f"the cell is not shown as a percentage, unlike other cells of column '{column.name}'"
        hint = "show all cells of the column alike"
        sink.add_warning("percent-factor", column.locate(other), message, hint, location)


def _check_units_and_divisors(column: _FormattedColumn, sink: DiagnosticSink) -> None:
    """Reports the first cell whose unit, multiple or divisor contradicts the unit or the factor of its column."""
    currency = canonicalise_unit(column.declared.unit).partition("/")[0]
    currency = find_meant_unit(currency) or currency
    for number, cell_format in column.formats.items():
        if cell_format is None:
            continue
        location = column.locate(number)
        if cell_format.currency and cell_format.currency != currency:
            message = (
                f"the cell is shown in {cell_format.currency}, but the unit of column '{column.name}' is "
                f"{column.declared.unit}"
            )
            hint = f"write unit: {cell_format.currency} or another format; give each currency a column of its own"
            sink.add_warning("cell-format", location, message, hint, column.declared.location)
            return
        if (message_and_hint := _compare_affix(column, cell_format)) is not None:
            sink.add_warning("cell-format", location, *message_and_hint, column.declared.location)
            return
        if cell_format.divisor != 1 and not cell_format.affix and column.declared.factor not in (None, 1):
            message = (
                f"the cell is stored in full and shown divided by {cell_format.divisor:,}, and column '{column.name}' "
                f"multiplies the stored number by {column.declared.factor:f}"
            )
            hint = "remove 'factor:', or show the cells as they are stored"
            sink.add_warning("cell-format", location, message, hint, column.declared.location)
            return


def _compare_affix(column: _FormattedColumn, cell_format: CellFormat) -> tuple[str, str] | None:
    """Compares the text that a cell shows with its number with the unit and the factor of its column.

    Returns a message and a hint if they differ, otherwise None. Text that is neither a unit nor a multiple is ignored.
    """
    unit, factor = column.declared.unit, column.declared.factor or Decimal(1)
    meaning = _read_affix(cell_format.affix, unit)
    # Names of a project's own units are not compared: 名 may be any of its counters.
    if meaning is None or _name_unit(unit) is None:
        return None
    shown_unit, multiple = meaning
    if shown_unit != "count" and not is_currency_code(shown_unit) and not _means_same(shown_unit, unit):
        if factor != 1 or cell_format.divisor != 1:
            return None
        message = f"the cell is shown in {shown_unit}, but the unit of column '{column.name}' is {unit}"
        return message, f"write unit: {shown_unit}, or the factor that converts it"
    expected = Decimal(multiple) / cell_format.divisor
    if factor == expected or cell_format.affix in PERCENT_SIGNS:
        return None
    message = (
        f"the cell is shown with '{cell_format.affix}', so the stored number must be multiplied by {expected:f}, "
        f"but column '{column.name}' says factor: {factor:f}"
    )
    return message, f"write factor: {expected:f}" if expected != 1 else "remove 'factor:'"


def _read_affix(affix: str, declared: str) -> tuple[str, int] | None:
    """Returns the unit and the multiple of it that a text means; None if it means none.

    In a column whose unit `declared` is a currency, `m` is a million.
    """
    currency = canonicalise_unit(declared).partition("/")[0]
    multiple = find_multiple(f"{affix} {currency}") if affix and is_currency_code(currency) else None
    multiple = multiple or find_multiple(affix)
    unit = find_unit(affix)
    return multiple or ((unit, 1) if unit else None)


def _means_same(shown: str, declared: str) -> bool:
    """Returns whether a unit that a cell shows means the unit of its column.

    That is the same unit, the numerator of a quotient, or tonnes for tonnes of CO2.
    """
    if shown == "percent" and canonicalise_unit(declared) in PERCENT_UNITS:
        return True
    names = (declared, canonicalise_unit(declared).partition("/")[0], declared.partition("CO2")[0])
    return _name_unit(shown) in map(_name_unit, names)


def _name_unit(unit: str) -> str | None:
    """Returns one name for all spellings of a unit; None for the unit of a project, which has no other spelling."""
    canonical = find_unit(unit)
    if canonical is None:
        return unit if unit in _CLDR_NAMES else None
    canonical = canonicalise_unit(canonical)
    return SYMBOLS[canonical].partition("-")[2] if canonical in SYMBOLS else canonical
