"""Compares what the header and the figures of a column state, `Income (EUR million)` and years, with the unit that is declared."""

import re
from collections.abc import Mapping

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.figures.dataset import Dataset, DatasetColumn
from brief.model.figures.units import canonicalise_unit
from brief.model.source_location import Slug, SourceLocation
from brief.reading.tables.column_figures import format_cell, get_cell
from brief.reading.tables.sheets import Sheet
from brief.reading.tables.written_units import find_multiple, find_stated_unit, find_unit

# Units that headers abbreviate alike: percentage points are written as a percent sign too.
_ALIKE = frozenset(("percent", "percentage-point"))
# A multiple without brackets: `Income, EUR million`, `Umsatz in Mio. Euro`.
_LAST_WORDS = re.compile(r".*?(?:,\s|\sin\s)(?P<unit>[^,()]+)")
# Signs of several currencies, and the currencies that are called 元.
_UNCLEAR = ("$", "¥", "元", "円")
_YUAN = ("CNY", "TWD", "HKD", "MOP")
# A year, and names of columns with years. Fewer figures are years by chance.
_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?:\.0+)?")
_NAMES_YEAR = re.compile(
    r"\b(?:years?|founded|established|opened|opening|built|since|launched|jahr|baujahr|gründung|gegründet|année|año|ano|anno)\b|年|년|연도",
    re.IGNORECASE,
)
_MIN_YEARS = 5


def check_header_units(dataset: Dataset, sheet: Sheet, positions: Mapping[str, int], sink: DiagnosticSink) -> None:
    """Reports columns whose header states a multiple of their unit, or another unit, and columns of years; a column with a factor
    is taken as it is declared.

    `positions` has the position, from 0, of each column of figures in the sheet.
    """
    number, headers = sheet.rows[0]
    for name, position in positions.items():
        column, header = dataset.columns[Slug(name)], format_cell(headers[position])
        if column.factor is not None:
            continue
        location = sheet.locate(number, position)
        if canonicalise_unit(column.unit) == "count" and _has_years(f"{name} {header}", sheet, position):
            message = f"the figures of column '{name}' seem to be years, which would print as 2,019"
            hint = "add the column to 'key:', in which years print unchanged"
            sink.add_warning("year-as-count", location, message, hint, column.location)
        _compare_units(name, column, _read_stated(header), location, sink)


def _compare_units(
    name: str, column: DatasetColumn, stated: str, location: SourceLocation, sink: DiagnosticSink
) -> None:
    unit, multiple, found = canonicalise_unit(column.unit), find_multiple(stated), find_unit(stated)
    if multiple is not None and _may_be_multiple_of(unit, canonicalise_unit(multiple[0])):
        message = f"the header says '{stated}', but column '{name}' takes its figures as they are"
        hint = f"write factor: {multiple[1]}; if the figures are stored in full, write factor: 1"
        sink.add_error("header-unit", location, message, hint, column.location)
    elif multiple is None and found is not None and _is_other_unit(unit, canonicalise_unit(found)):
        message = f"the header says '{stated}', but the unit of column '{name}' is {column.unit}"
        hint = f"write unit: {found}; if the figures are in {column.unit}, correct the header, or write factor: 1"
        sink.add_warning("header-unit", location, message, hint, column.location)


def _read_stated(header: str) -> str:
    """Returns what a header states about its unit: a clear unit in brackets, or a multiple at its end; empty if nothing."""
    stated, last_words = find_stated_unit(header), _LAST_WORDS.fullmatch(header)
    if not stated and last_words is not None and find_multiple(last_words["unit"]):
        return last_words["unit"]
    return "" if stated in _UNCLEAR else stated


def _may_be_multiple_of(declared: str, stated: str) -> bool:
    """Returns whether figures of the declared unit may be in a multiple that is stated with another unit, or with none."""
    return stated in (declared, "count") or declared == "count" or (stated in _YUAN and declared in _YUAN)


def _is_other_unit(declared: str, stated: str) -> bool:
    """Returns whether a header states another unit than the declared one, of which it may state only the numerator."""
    return (
        declared not in ("count", stated) and stated != declared.partition("/")[0] and not {declared, stated} <= _ALIKE
    )


def _has_years(names: str, sheet: Sheet, position: int) -> bool:
    """Returns whether all figures of a column are years: several, or one under the name of a year."""
    cells = [text for _, row in sheet.rows[1:] if (text := format_cell(get_cell(row, position)).strip())]
    is_enough = len(cells) >= _MIN_YEARS or _NAMES_YEAR.search(names) is not None
    return is_enough and cells != [] and all(map(_YEAR.fullmatch, cells))
