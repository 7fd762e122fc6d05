"""Reads the first sheet of a workbook as rows of cells, for lists that are kept in a spreadsheet program."""

import contextlib
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import has_errors
from brief.model.source_location import SourceLocation
from brief.reading.tables.csv_nodes import CellRow
from brief.reading.tables.workbook_limits import ZIP, open_workbook, read_or_report
from brief.reading.tables.workbook_parts import (
    UNCALCULATED,
    SheetParts,
    describe_hidden,
    describe_merged,
    read_sheet_parts,
)
from brief.reading.text_file import LINE_SEPARATORS, MAX_BYTES, find_suspects, report_suspect

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

# Workbooks from before 2007 are OLE compound files.
_SIGNATURES = (ZIP, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_MAX_UNPACKED = 20 * MAX_BYTES


def is_workbook(data: bytes) -> bool:
    """Returns whether the bytes begin like a workbook, regardless of the file's name."""
    return data.startswith(_SIGNATURES)


def read_first_sheet(name: str, data: bytes, sink: DiagnosticSink) -> list[CellRow] | None:
    """Reads the rows of the first sheet, each cell as text; None if there is an error, which is in `sink`.

    Cells that are merged, in hidden rows, failed formulas or without a result are errors. The line and column of a
    location are the row and column of the cell, from 1. Number formats are ignored.
    """
    start = SourceLocation(name, 1, 1)
    if len(data) > MAX_BYTES:
        sink.add_error("file-too-large", start, f"the workbook has more than {MAX_BYTES:,} bytes", "split it")
        return None
    loaded = read_or_report(partial(_load_first_sheet, data, start, sink), start, sink, "save it as 'CSV UTF-8'")
    if loaded is None:
        return None
    book, values, parts = loaded
    before = len(sink.found)
    _report_other_sheets_and_merged_cells(name, book, sink)
    for (line, column), text in parts.values.items():
        message = f"the cell has {_describe_failure(text)}"
        hint = "correct it in the spreadsheet program, and save the file there"
        sink.add_error("bad-cell", SourceLocation(name, line + 1, column + 1), message, hint)
    hidden_rows = {row + 1 for first, last in parts.hidden_rows for row in range(first, min(last + 1, len(values)))}
    rows = []
    for line, cells in enumerate(values, 1):
        row = CellRow(
            name,
            line,
            [_format_value(value) for value in cells],
            [(line, column) for column in range(1, len(cells) + 1)],
        )
        if line in hidden_rows and not row.is_empty:
            sink.add_error("hidden-cells", row.locate(0), *describe_hidden("row", [str(line)]))
        for index, text in enumerate(row.texts):
            for character in find_suspects(text):
                report_suspect(character, row.locate(index), sink)
                row.texts[index] = text.translate(LINE_SEPARATORS)
        rows.append(row)
    return None if has_errors(sink.found[before:]) else rows


def _load_first_sheet(
    data: bytes, start: SourceLocation, sink: DiagnosticSink
) -> "tuple[CalamineWorkbook, list[list[Any]], SheetParts] | None":
    book = open_workbook(data, _MAX_UNPACKED, start, sink)
    if book is None:
        return None
    return book, book.get_sheet_by_index(0).to_python(skip_empty_area=False), _read_parts(data, book.sheet_names[0])


def _read_parts(data: bytes, sheet: str) -> SheetParts:
    """Reads errors and hidden rows from the XML, which workbooks from before 2007 do not have."""
    if not data.startswith(ZIP):
        return SheetParts()
    return read_sheet_parts(data, sheet)


def _describe_failure(text: str) -> str:
    return text if text == UNCALCULATED else f"the error {text}"


def _report_other_sheets_and_merged_cells(name: str, book: Any, sink: DiagnosticSink) -> None:
    """Warns about other sheets with cells, which are not read; merged cells of the first sheet are errors."""
    first, *others = book.sheet_names
    filled = [other for other in others if any(map(any, book.get_sheet_by_name(other).to_python()))]
    if filled:
        message = f"only the first sheet, '{first}', is read; {_compose_subject_and_verb(filled)} cells too"
        sink.add_warning("other-sheets", SourceLocation(name, 1, 1), message, "put all rows into the first sheet")
    merged = None
    with contextlib.suppress(ValueError, OSError):
        merged = book.get_sheet_by_name(first).merged_cell_ranges
    for (row, column), last in merged or ():
        sink.add_error("merged-cells", SourceLocation(name, row + 1, column + 1), *describe_merged((row, column), last))


def _compose_subject_and_verb(names: list[str]) -> str:
    """Returns "'A' has", or "'A' and 'B' have"."""
    quoted = [f"'{name}'" for name in names]
    return f"{quoted[0]} has" if len(names) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]} have"


def _format_value(value: str | float | int | bool | date | datetime | time | timedelta) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
