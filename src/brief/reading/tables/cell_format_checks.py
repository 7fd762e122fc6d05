"""Compares how the cells of a workbook are shown with how their columns are declared to be read."""

from collections.abc import Mapping
from decimal import Decimal

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.figures.dataset import Dataset, DatasetColumn
from brief.model.figures.units import SYMBOLS, canonicalise_unit, find_meant_unit, is_currency_code
from brief.model.record import dataclass
from brief.model.source_location import Slug, SourceLocation
from brief.reading.tables.number_formats import PERCENT_SIGNS, CellFormat
from brief.reading.tables.sheets import Sheet
from brief.reading.tables.written_units import find_multiple, find_unit

# Units of percentages, which a workbook may store as fractions and show as percentages.
SHOWN_AS_PERCENT = ("percent", "percentage-point")
_CLDR_NAMES = frozenset(name.partition("-")[2] for name in SYMBOLS.values())


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
    """Reports columns of figures whose cells the workbook shows otherwise than they are read."""
    for name, position in positions.items():
        column = dataset.columns[Slug(name)]
        is_typed = sheet.is_workbook or sheet.is_given
        if is_typed and canonicalise_unit(column.unit) in SHOWN_AS_PERCENT and column.factor is None:
            what = "a workbook" if sheet.is_workbook else "a table of a program"
            message = f"{what} may store the percentages of column '{name}' as 12.3 or, shown as 12.3%, as 0.123"
            sink.add_error("percent-factor", column.location, message, "write factor: 1 or factor: 100")
        numbers = [
            number for number, row in sheet.rows[1:] if position < len(row) and isinstance(row[position], Decimal)
        ]
        formats = {number: sheet.get_format(number, position) for number in numbers}
        shown = _ShownColumn(name, column, sheet, position, formats)
        _check_percentages(shown, sink)
        _check_units_and_multiples(shown, sink)


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
    is_percent = canonicalise_unit(column.declared.unit) in SHOWN_AS_PERCENT
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


def _check_units_and_multiples(column: _ShownColumn, sink: DiagnosticSink) -> None:
    """Reports cells that are shown in another unit, or in millions although their column has a factor as well."""
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
        if (doubt := _compare_words(column, style)) is not None:
            sink.add_warning("cell-format", where, *doubt, column.declared.location)
            return
        if style.multiple != 1 and not style.words and column.declared.factor not in (None, 1):
            message = (
                f"the cell is stored in full and shown divided by {style.multiple:,}, and column '{column.name}' multiplies what "
                f"is stored by {column.declared.factor:f}"
            )
            hint = "remove 'factor:', or show the cells as they are stored"
            sink.add_warning("cell-format", where, message, hint, column.declared.location)
            return


def _compare_words(column: _ShownColumn, style: CellFormat) -> tuple[str, str] | None:
    """Compares the words that a cell shows beside its number with the unit and the factor of its column.

    Returns the message and the hint if they differ. Words that are neither units nor multiples are ignored.
    """
    unit, factor = column.declared.unit, column.declared.factor or Decimal(1)
    found = _read_words(style.words, unit)
    # Names of a project's own units are not compared: 名 may be any of its counters.
    if found is None or _name_unit(unit) is None:
        return None
    shown, multiple = found
    if shown != "count" and not is_currency_code(shown) and not _means_same(shown, unit):
        if factor != 1 or style.multiple != 1:
            return None
        message = f"the cell is shown in {shown}, but the unit of column '{column.name}' is {unit}"
        return message, f"write unit: {shown}, or the factor that converts it"
    expected = Decimal(multiple) / style.multiple
    if factor == expected or style.words in PERCENT_SIGNS:
        return None
    message = (
        f"the cell is shown with '{style.words}', so what is stored is to be multiplied by {expected:f}, "
        f"but column '{column.name}' says factor: {factor:f}"
    )
    return message, f"write factor: {expected:f}" if expected != 1 else "remove 'factor:'"


def _read_words(words: str, declared: str) -> tuple[str, int] | None:
    """Returns the unit and the multiple of it that words mean; beside money, `m` is a million."""
    currency = canonicalise_unit(declared).partition("/")[0]
    found = find_multiple(f"{words} {currency}") if words and is_currency_code(currency) else None
    found = found or find_multiple(words)
    unit = find_unit(words)
    return found or ((unit, 1) if unit else None)


def _means_same(shown: str, declared: str) -> bool:
    """Returns whether a unit beside a number means the column's unit: the unit itself, the unit above the stroke of a
    quotient, or tonnes for tonnes of CO2.
    """
    if shown == "percent" and canonicalise_unit(declared) in SHOWN_AS_PERCENT:
        return True
    names = (declared, canonicalise_unit(declared).partition("/")[0], declared.partition("CO2")[0])
    return _name_unit(shown) in map(_name_unit, names)


def _name_unit(unit: str) -> str | None:
    """Returns one name of a unit that has a symbol, a name in CLDR, or several spellings; None if it is of a project."""
    known = find_unit(unit)
    if known is None:
        return unit if unit in _CLDR_NAMES else None
    known = canonicalise_unit(known)
    return SYMBOLS[known].partition("-")[2] if known in SYMBOLS else known
