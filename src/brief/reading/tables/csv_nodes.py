"""Reads tables of records (CSV, workbook rows) as YAML nodes, which get the checks and diagnostics of YAML records.

Rows are read one at a time and know their locations without storing one for each cell: lists may have 100,000 rows.
The `csv` module is not used, because it does not report where a cell begins.
"""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import NamedTuple

from brief.model.counts import format_count
from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.diagnostics import has_errors
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.reading.text_file import TextFile
from brief.reading.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode

# How similar names must be, from 0 to 1, to be taken for a misspelling: 'clearence' of 'clearance', but not 'company'
# of 'copy'.
_MIN_SIMILARITY = 0.8
_VALUE_SEPARATORS = re.compile(r"[,;\s]+")
# Excel writes semicolons where the comma is the decimal sign, and tabs as "Unicode text".
_SEPARATORS = (",", ";", "\t")
_OTHER_SEPARATORS = {"，": "full-width commas", "|": "vertical bars"}
# The first line with which a file may declare its separator to Excel.
_SEPARATOR_LINE = re.compile(r'"?sep=(?P<separator>[^\n"])"?[,;\t]*\n?', re.IGNORECASE)

Cell = tuple[str, SourceLocation]


class CellRow(NamedTuple):
    """The cells of one row, which begins at `line`, from 1.

    `starts` has the line and column of each cell; None if all are in one line without quotes.
    """

    file: str
    line: int
    texts: list[str]
    starts: list[tuple[int, int]] | None = None

    def locate(self, index: int) -> SourceLocation:
        """Returns the location of a cell, counted from 0."""
        if self.starts is not None:
            return SourceLocation(self.file, *self.starts[index])
        # Most calls are for the first cell. Separators are one character long.
        return SourceLocation(self.file, self.line, 1 + index + sum(map(len, self.texts[:index])) if index else 1)

    @property
    def is_empty(self) -> bool:
        return not any(map(str.strip, self.texts))


@dataclass(frozen=True, slots=True)
class Columns:
    """The permitted columns, the required ones, and those whose cells may contain several values."""

    known: tuple[str, ...]
    required: tuple[str, ...]
    lists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a valid first row: the names of its columns in lower case, and the rows below it, read on demand.

    Empty rows are left out. A row that cannot be read ends the table, which is reported to the sink of `read_table`.
    """

    header: list[Cell]
    columns: Columns
    rows: Iterator[CellRow]

    def make_node(self, row: CellRow, sink: DiagnosticSink) -> MappingNode | None:
        """Returns a row as `{column: cell}`; None if it has more or fewer cells than the first row, which is reported.

        Several values in a cell have spaces, commas or semicolons between them. Empty cells and unknown columns are
        left out.
        """
        texts = row.texts
        while len(texts) > len(self.header) and not texts[-1].strip():
            texts = texts[:-1]
        if len(texts) != len(self.header):
            message = f"the row has {format_count(len(texts), 'cell')}, and the first row names {format_count(len(self.header), 'column')}"
            sink.add_error(
                "ragged-row", row.locate(0), message, "put a cell that contains the separator in double quotes"
            )
            return None
        entries: list[tuple[ScalarNode, Node]] = []
        for index, ((name, name_location), text) in enumerate(zip(self.header, texts, strict=True)):
            if not text.strip() or name not in self.columns.known:
                continue
            location = row.locate(index)
            if name in self.columns.lists:
                values = tuple(ScalarNode(value, location, plain=False) for value in split_values(text))
                entries.append((ScalarNode(name, name_location), SequenceNode(values, location)))
            else:
                entries.append((ScalarNode(name, name_location), ScalarNode(text.strip(), location, plain=False)))
        return MappingNode(tuple(entries), row.locate(0))


def read_table(file: TextFile, columns: Columns, sink: DiagnosticSink) -> Table | None:
    """Reads a CSV file; None if its first row cannot be used, with the reason in `sink`.

    Cells are separated by commas, semicolons or tabs: by the character that a first line `sep=` names, otherwise by the
    character that yields most of the columns in the first row.
    """
    start, separator = _find_separator(file.text, columns)
    return make_table(file.name, _read_rows(file, start, separator, sink), columns, sink)


def make_table(name: str, rows: Iterable[CellRow], columns: Columns, sink: DiagnosticSink) -> Table | None:
    """Makes a table of the rows of the file `name`; None if its first row cannot be used, with the reason in `sink`.

    That is so if there are no rows, or if a column is missing, occurs twice or is misspelt. Case does not matter in the
    names of columns. An unknown column whose name is not similar to a known name is left out with a warning.
    """
    # The first cell is checked first, because it is seldom empty, and lists are long.
    filled = (row for row in rows if (row.texts and row.texts[0].strip()) or not row.is_empty)
    first = next(filled, None)
    if first is None:
        hint = f"first row: {','.join(columns.known)}"
        sink.add_error("expected-mapping", SourceLocation(name, 1, 1), "the file is empty", hint)
        return None
    header = [(text.strip().lower(), first.locate(index)) for index, text in enumerate(first.texts)]
    while header and not header[-1][0]:
        header.pop()
    return Table(header, columns, filled) if _check_header(header, columns, sink) else None


def split_values(text: str) -> list[str]:
    """Splits a cell of several values, which have spaces, commas or semicolons between them."""
    return [word for word in _VALUE_SEPARATORS.split(text.strip()) if word]


def _find_separator(text: str, columns: Columns) -> tuple[int, str]:
    """Returns the offset at which the first row begins, and the separator of cells."""
    if declaration := _SEPARATOR_LINE.match(text):
        return declaration.end(), declaration["separator"]
    first = next((line for line in text.split("\n") if line.strip()), "")

    def count_known(separator: str) -> int:
        return len({cell.strip(' "').lower() for cell in first.split(separator)} & set(columns.known))

    return 0, max(_SEPARATORS, key=count_known)


def _check_header(header: list[Cell], columns: Columns, sink: DiagnosticSink) -> bool:
    """Reports columns that are unknown, duplicated or missing; returns whether the header can be used."""
    before = len(sink.found)
    seen: dict[str, SourceLocation] = {}
    for name, location in header:
        if name not in columns.known:
            _report_unknown(name, location, columns, sink)
        elif name in seen:
            sink.add_error(
                "duplicate-key",
                location,
                f"the column '{name}' occurs twice",
                "rename or remove one",
                related=seen[name],
            )
        seen.setdefault(name, location)
    for name in columns.required:
        # A first row with another separator is one cell, so that no column would be found.
        if name not in seen and not any(map(_find_other_separator, seen)):
            sink.add_error("missing-key", header[0][1], f"the file has no column '{name}'", "name it in the first row")
    return not has_errors(sink.found[before:])


def _report_unknown(name: str, location: SourceLocation, columns: Columns, sink: DiagnosticSink) -> None:
    other = _find_other_separator(name)
    hint = f"the file has {other}; put commas between columns" if other else suggest_name(name, columns.known)
    if other or get_close_matches(name, columns.known, 1, _MIN_SIMILARITY):
        # Ignoring a misspelt 'clearance' would clear its recipients for more.
        sink.add_error("unknown-key", location, f"unknown column '{name}'", hint)
    else:
        known = ", ".join(columns.known)
        sink.add_warning("unknown-key", location, f"the column '{name}' is ignored", f"known columns: {known}")


def _find_other_separator(name: str) -> str | None:
    """Returns the name of a separator that is not supported, if the text has one."""
    return next((description for mark, description in _OTHER_SEPARATORS.items() if mark in name), None)


def _read_rows(file: TextFile, offset: int, separator: str, sink: DiagnosticSink) -> Iterator[CellRow]:
    """Yields rows of cells (RFC 4180, 2, with any separator). A wrong quote ends the rows, and is reported."""
    text = file.text
    line = file.locate(offset).line if offset else 1
    while offset < len(text):
        end = text.find("\n", offset)
        end = len(text) if end < 0 else end
        if text.find('"', offset, end) < 0:
            yield CellRow(file.name, line, text[offset:end].split(separator))
            line, offset = line + 1, end + 1
        else:
            row, next_offset = _read_row_with_quotes(file, line, offset, separator, sink)
            if row is None:
                return
            yield row
            line, offset = line + text.count("\n", offset, next_offset), next_offset


def _read_row_with_quotes(
    file: TextFile, line: int, offset: int, separator: str, sink: DiagnosticSink
) -> tuple[CellRow | None, int]:
    """Reads the row at `offset`, which may span several lines; returns it with the offset after it.

    Returns None for the row if a quote is wrong, which is reported.
    """
    text = file.text
    end = re.compile(rf"[{re.escape(separator)}\n]")
    texts: list[str] = []
    starts: list[int] = []
    while True:
        starts.append(offset)
        if text[offset : offset + 1] == '"':
            cell, offset = _read_quoted(text, offset)
            if offset < 0:
                location = file.locate(starts[-1])
                sink.add_error("csv-quote", location, "the quote is never closed", "double a quote inside a cell")
                return None, offset
            cell_end = _find_cell_end(text, offset, end)
            if text[offset:cell_end].strip():
                sink.add_error("csv-quote", file.locate(offset), "text follows the closing quote", "double the quote")
                return None, offset
            offset = cell_end
        else:
            offset = _find_cell_end(text, offset, end)
            cell = text[starts[-1] : offset]
        texts.append(cell)
        offset += 1
        if offset > len(text) or text[offset - 1] == "\n":
            locations = (file.locate(start) for start in starts)
            return CellRow(file.name, line, texts, [(location.line, location.column) for location in locations]), offset


def _read_quoted(text: str, offset: int) -> tuple[str, int]:
    """Returns the text of the quoted cell at `offset`, and the offset after its closing quote, or -1 without one."""
    pieces = []
    while True:
        end = text.find('"', offset + 1)
        if end < 0:
            return "", -1
        pieces.append(text[offset + 1 : end])
        if text[end + 1 : end + 2] != '"':
            return '"'.join(pieces), end + 1
        offset = end + 1


def _find_cell_end(text: str, offset: int, end: re.Pattern[str]) -> int:
    match = end.search(text, offset)
    return match.start() if match else len(text)
