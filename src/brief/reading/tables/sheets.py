"""Reads sheets of CSV, XLSX and ODS files as rows of plain cells, each row with its number in the file."""

import csv
import io
import re
from dataclasses import field
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.record import dataclass
from brief.model.source_location import UNKNOWN_LOCATION, SourceLocation
from brief.reading import text_file
from brief.reading.tables.number_formats import CellFormat
from brief.reading.tables.workbook_limits import open_workbook, read_or_report
from brief.reading.tables.workbook_parts import (
    SheetParts,
    describe_merged,
    get_column_letters,
    get_column_number,
    name_cell,
    read_sheet_parts,
)

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

MAX_BYTES = 50_000_000
_MAX_UNPACKED = 500_000_000

# A workbook stores binary numbers; spreadsheet programs display and compare 15 significant digits of them.
DIGITS = 15
_DELIMITERS = (",", ";", "\t")
# The number of rows from which the delimiter is inferred.
_MAX_RATED_ROWS = 20
_SEP_LINE = re.compile(r"sep=(.)\n", re.IGNORECASE)
_RANGE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6}):([A-Z]{1,3})([1-9][0-9]{0,6})")

# A text as typed, or a number or date that is stored as one.
CellValue = str | Decimal | date


@dataclass(frozen=True, slots=True)
class Sheet:
    """The non-empty rows of a sheet, each with its number in the file, from 1.

    `file` is the file and, for a workbook, the sheet. `first_column` is the column of the first cells, from 0. With
    `is_workbook`, messages name cells as in B7 and not by line. With `is_given`, a program gave the table: row 0 names
    the columns, and the rows below it count from 1. `parts` are the properties in the XML of a workbook, and
    `delimiter` is what separates the columns of a CSV file; empty for other tables.
    """

    file: str
    rows: tuple[tuple[int, tuple[CellValue, ...]], ...]
    first_column: int
    is_workbook: bool
    is_given: bool = False
    parts: SheetParts = field(default_factory=SheetParts)
    delimiter: str = ""

    def locate(self, number: int, column: int) -> SourceLocation:
        """Returns the location of a cell by its row number and position, from 0; in a CSV file, that of the row."""
        if self.is_workbook:
            return SourceLocation(f"{self.file}!{get_column_letters(self.first_column + column)}{number}")
        if self.is_given:
            return SourceLocation(f"{self.file} row {number}, column {self.rows[0][1][column]}")
        return SourceLocation(self.file, number, 1)

    def get_format(self, number: int, column: int) -> CellFormat | None:
        """Returns the format of a workbook's cell by its row number and position, from 0; None without one."""
        return self.parts.formats.get((number - 1, self.first_column + column)) if self.is_workbook else None


def read_csv(name: str, data: bytes, headers: frozenset[str], sink: DiagnosticSink) -> Sheet | None:
    """Reads the rows of a CSV file; None if it cannot be read, with the reason in `sink`.

    Columns are separated with the character that a first line `sep=` names, otherwise with the one of comma, semicolon
    and tab that yields most of the `headers`, which are in lower case, in the first row, and then rows of one length.
    """
    file = text_file.decode_text(name, data, sink)
    if file is None:
        return None
    text, skipped_lines = file.text, 0
    if declaration := _SEP_LINE.match(text):
        text, skipped_lines = text[declaration.end() :], 1
    delimiter = (
        declaration[1] if declaration else max(_DELIMITERS, key=lambda mark: _rate_delimiter(text, mark, headers))
    )
    rows: list[tuple[int, tuple[CellValue, ...]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines_before = 0
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((lines_before + 1 + skipped_lines, tuple(cell.strip() for cell in row)))
            lines_before = reader.line_num
    except csv.Error as problem:
        location = SourceLocation(name, lines_before + 1 + skipped_lines, 1)
        sink.add_error("csv-quote", location, f"the row cannot be read: {problem}", "double a quote inside a cell")
        return None
    return Sheet(name, tuple(rows), 0, is_workbook=False, delimiter=delimiter)


def _rate_delimiter(text: str, delimiter: str, headers: frozenset[str]) -> tuple[int, bool, int]:
    """Rates a delimiter by how many headers it yields, then by whether rows have one length, then by that length."""
    reader = csv.reader(io.StringIO(text.lstrip("\n"), newline=""), delimiter=delimiter)
    try:
        rows = [row for row in islice(reader, _MAX_RATED_ROWS) if any(cell.strip() for cell in row)]
    except csv.Error:
        return 0, False, 0
    first = rows[0] if rows else []
    is_even = len(first) > 1 and all(len(row) == len(first) for row in rows)
    return len({cell.strip().casefold() for cell in first} & headers), is_even, len(first)


def read_workbook(
    name: str, data: bytes, sheet: str | None, cells: str | None, location: SourceLocation, sink: DiagnosticSink
) -> Sheet | None:
    """Reads the rows of a sheet of an XLSX or ODS file; None if it cannot be read, with the reason in `sink`.

    Formulas are read as the values that the saving program computed. `sheet` may be None if there is only one; `cells`
    is a range as in B3:H203, or None for all. `location` is that of the dataset in its record.
    """
    # Imported on use, because few builds read a workbook.
    from python_calamine import SheetVisibleEnum

    file_location = SourceLocation(name)

    def load() -> "tuple[CalamineWorkbook, str, list[list[Any]], list[Any], SheetParts] | None":
        book = open_workbook(data, _MAX_UNPACKED, file_location, sink)
        chosen = _choose_sheet(book.sheet_names, sheet, name, location, sink) if book is not None else None
        if book is None or chosen is None:
            return None
        worksheet = book.get_sheet_by_name(chosen)
        values, merged = worksheet.to_python(skip_empty_area=False), worksheet.merged_cell_ranges or []
        return book, chosen, values, merged, read_sheet_parts(data, chosen)

    loaded = read_or_report(load, file_location, sink, "save it as .xlsx or .ods, without a password")
    if loaded is None:
        return None
    book, chosen, values, merged, parts = loaded
    for entry in book.sheets_metadata:
        if entry.name == chosen and entry.visible != SheetVisibleEnum.Visible:
            sink.add_warning(
                "hidden-sheet", SourceLocation(f"{name}!{chosen}"), "the sheet is hidden", "show it, or use another"
            )
    # Errors and formulas without a result may lie beyond the cells that have values.
    top, left = 0, 0
    bottom = max([len(values), *(row + 1 for row, _ in parts.values)]) - 1
    right = max([*map(len, values), *(column + 1 for _, column in parts.values)], default=0) - 1
    if cells is not None:
        match = _RANGE.fullmatch(cells)
        if match is None or (area := _parse_range(match))[0] > area[2] or area[1] > area[3]:
            sink.add_error("bad-range", location, f"'{cells}' is not a range of cells", "write it as B3:H203")
            return None
        top, left, bottom, right = area[0], area[1], min(bottom, area[2]), min(right, area[3])
    names_above: dict[int, object] = {}
    for (first_row, first_column), (last_row, last_column) in merged:
        if first_row < top == last_row and first_column == last_column:
            # In a head of two rows, the name of a column without a group is merged down to the second one.
            if first_row < len(values) and first_column < len(values[first_row]):
                names_above[first_column] = values[first_row][first_column]
            continue
        if first_row <= bottom and last_row >= top and first_column <= right and last_column >= left:
            cell_location = SourceLocation(f"{name}!{chosen}!{name_cell(first_row, first_column)}")
            message, hint = describe_merged((first_row, first_column), (last_row, last_column))
            sink.add_warning("merged-cells", cell_location, message, hint)
    rows = []
    for number in range(top, bottom + 1):
        row_cells = values[number] if number < len(values) else []
        if number == top and names_above:
            row_cells = [names_above.get(column, value) for column, value in enumerate(row_cells)]
        row = tuple(
            parts.values.get((number, column)) or (convert_value(row_cells[column]) if column < len(row_cells) else "")
            for column in range(left, right + 1)
        )
        if any(value != "" for value in row):
            rows.append((number + 1, row))
    return Sheet(f"{name}!{chosen}", tuple(rows), left, is_workbook=True, parts=parts)


def _choose_sheet(
    names: list[str], requested: str | None, file: str, location: SourceLocation, sink: DiagnosticSink
) -> str | None:
    """Returns the requested sheet, or the only one; None with an error if it is missing, or not requested."""
    if requested is None and len(names) == 1:
        return names[0]
    if requested in names:
        return requested
    if requested is None:
        listed = ", ".join(f"'{name}'" for name in names)
        # The dataset of a record has a location; a table that is imported has none.
        hint = "name one with --sheet" if location == UNKNOWN_LOCATION else "name one with 'sheet:'"
        sink.add_error("unknown-sheet", location, f"{file} has several sheets: {listed}", hint)
    else:
        sink.add_error("unknown-sheet", location, f"{file} has no sheet '{requested}'", suggest_name(requested, names))
    return None


def _parse_range(match: re.Match[str]) -> tuple[int, int, int, int]:
    """Returns the first row and column and the last row and column of a range, from 0."""
    return int(match[2]) - 1, get_column_number(match[1]), int(match[4]) - 1, get_column_number(match[3])


def convert_value(value: object, digits: int = DIGITS) -> CellValue:
    """Returns a value of a workbook or a data frame as a cell; binary numbers keep this many significant digits.

    A date and time at midnight becomes a date; another one becomes a text.
    """
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return Decimal(value)
        case float():
            return Decimal(f"{value:.{digits}g}")
        case datetime() if value.time() == time():
            return value.date()
        case datetime():
            return value.isoformat(" ", "seconds" if value.second else "minutes")
        case date():
            return value
        case _:
            return str(value).strip()
