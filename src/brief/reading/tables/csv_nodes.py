"""Reads tables of records (CSV, workbook rows), whose rows become YAML nodes to get the same checks and diagnostics.

Rows are read one at a time and know their locations without storing one for each cell: lists may have 100,000 rows.
The `csv` module is not used, because it does not report where a cell begins.
"""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import NamedTuple

from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.diagnostics import has_errors
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.reading.text_file import TextFile
from brief.reading.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode

# How alike two names are, from 0 to 1: 'clearence' is meant to be 'clearance', 'company' is not meant to be 'copy'.
_MISSPELT_LIKENESS = 0.8
_VALUE_SEPARATORS = re.compile(r"[,;\s]+")
# Excel writes semicolons where the comma is the decimal sign, and tabs as "Unicode text".
_SEPARATORS = (",", ";", "\t")
_OTHER_SEPARATORS = {"，": "full-width commas", "|": "vertical bars"}
# The first line in which a file may declare its separator for Excel.
_SEPARATOR_LINE = re.compile(r'"?sep=(?P<separator>[^\n"])"?[,;\t]*\n?', re.IGNORECASE)

Cell = tuple[str, SourceLocation]


class CellRow(NamedTuple):
    """The cells of one row. `starts` has the line and column of each cell; None if they are in one line without quotes."""

    file: str
    line: int
    texts: list[str]
    starts: list[tuple[int, int]] | None = None

    def locate(self, index: int) -> SourceLocation:
        """Returns the location of a cell."""
        if self.starts is not None:
            return SourceLocation(self.file, *self.starts[index])
        # Most calls are for the first cell.
        return SourceLocation(self.file, self.line, 1 + index + sum(map(len, self.texts[:index])) if index else 1)

    @property
    def is_empty(self) -> bool:
        return not any(map(str.strip, self.texts))


@dataclass(frozen=True, slots=True)
class Columns:
    """The permitted columns, the required ones, and those whose cells contain several values."""

    known: tuple[str, ...]
    required: tuple[str, ...]
    lists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a valid first row: the names of its columns in lower case, and the rows that follow, read on demand.

    Empty rows are left out. A row that cannot be read ends the table, with the reason in the sink.
    """

    header: list[Cell]
    columns: Columns
    rows: Iterator[CellRow]

    def make_node(self, row: CellRow, sink: DiagnosticSink) -> MappingNode | None:
        """Returns a row as `{column: cell}`; None if it has more or fewer cells than the first row.

        Several values in a cell have spaces, commas or semicolons between them. Empty cells are left out.
        """
        texts = row.texts
        while len(texts) > len(self.header) and not texts[-1].strip():
            texts = texts[:-1]
        if len(texts) != len(self.header):
            message = f"the row has {len(texts)} cells, and the first row names {len(self.header)} columns"
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
                words = tuple(ScalarNode(word, location, plain=False) for word in split_values(text))
                entries.append((ScalarNode(name, name_location), SequenceNode(words, location)))
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
    """Makes a table of rows; returns None if the first row lacks a required column.

    Case does not matter in the names of columns. An unknown column is left out with a warning; if its name is similar
    to a known name, it is an error.
    """
    # The first cell is seldom empty, and a list is long.
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
    """Finds where the first row begins, and what separates cells."""
    if found := _SEPARATOR_LINE.match(text):
        return found.end(), found["separator"]
    first = next((line for line in text.split("\n") if line.strip()), "")

    def count_known(separator: str) -> int:
        return len({cell.strip(' "').lower() for cell in first.split(separator)} & set(columns.known))

    return 0, max(_SEPARATORS, key=count_known)


def _check_header(header: list[Cell], columns: Columns, sink: DiagnosticSink) -> bool:
    """Checks that no column is duplicated, missing or misspelt."""
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
        # In a first row that was not separated, no column has its name.
        if name not in seen and not any(map(_find_other_separator, seen)):
            sink.add_error("missing-key", header[0][1], f"the file has no column '{name}'", "name it in the first row")
    return not has_errors(sink.found[before:])


def _report_unknown(name: str, location: SourceLocation, columns: Columns, sink: DiagnosticSink) -> None:
    other = _find_other_separator(name)
    hint = f"the file has {other}; put commas between columns" if other else suggest_name(name, columns.known)
    if other or get_close_matches(name, columns.known, 1, _MISSPELT_LIKENESS):
        # Ignoring a misspelt 'clearance' would clear its recipients for more.
        sink.add_error("unknown-key", location, f"unknown column '{name}'", hint)
    else:
        known = ", ".join(columns.known)
        sink.add_warning("unknown-key", location, f"the column '{name}' is ignored", f"known columns: {known}")


def _find_other_separator(name: str) -> str | None:
    return next((word for mark, word in _OTHER_SEPARATORS.items() if mark in name), None)


def _read_rows(file: TextFile, offset: int, separator: str, sink: DiagnosticSink) -> Iterator[CellRow]:
    """Yields rows of cells (RFC 4180, 2, with any separator: double quotes are doubled inside a cell)."""
    text = file.text
    line = file.locate(offset).line if offset else 1
    while offset < len(text):
        end = text.find("\n", offset)
        end = len(text) if end < 0 else end
        if text.find('"', offset, end) < 0:
            yield CellRow(file.name, line, text[offset:end].split(separator))
            line, offset = line + 1, end + 1
        else:
            row, following = _read_row_with_quotes(file, line, offset, separator, sink)
            if row is None:
                return
            yield row
            line, offset = line + text.count("\n", offset, following), following


def _read_row_with_quotes(
    file: TextFile, line: int, offset: int, separator: str, sink: DiagnosticSink
) -> tuple[CellRow | None, int]:
    """Reads one row that may span several lines, and returns the offset after it; None if a quote is wrong."""
    text = file.text
    end = re.compile(rf"[{re.escape(separator)}\n]")
    texts: list[str] = []
    starts: list[int] = []
    while True:
        starts.append(offset)
        if text[offset : offset + 1] == '"':
            cell, offset = _read_quoted(text, offset)
            if offset < 0:
                where = file.locate(starts[-1])
                sink.add_error("csv-quote", where, "the quote is never closed", "double a quote inside a cell")
                return None, offset
            rest = _find_cell_end(text, offset, end)
            if text[offset:rest].strip():
                sink.add_error("csv-quote", file.locate(offset), "text follows the closing quote", "double the quote")
                return None, offset
            offset = rest
        else:
            offset = _find_cell_end(text, offset, end)
            cell = text[starts[-1] : offset]
        texts.append(cell)
        offset += 1
        if offset > len(text) or text[offset - 1] == "\n":
            places = (file.locate(start) for start in starts)
            return CellRow(file.name, line, texts, [(place.line, place.column) for place in places]), offset


def _read_quoted(text: str, offset: int) -> tuple[str, int]:
    """Reads a quoted cell and the position after its closing quote; -1 if it is not closed."""
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
    found = end.search(text, offset)
    return found.start() if found else len(text)
