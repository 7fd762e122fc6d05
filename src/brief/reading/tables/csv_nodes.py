"""Turns tables of records (CSV, workbook rows) into YAML nodes, so that they get the same checks and diagnostics."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.source_location import SourceLocation
from brief.reading.text_file import TextFile
from brief.reading.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode

# How alike two names are, from 0 to 1: 'clearence' is meant to be 'clearance', 'company' is not meant to be 'copy'.
_MISSPELT = 0.8
_BETWEEN = re.compile(r"[,;\s]+")
# Excel writes semicolons where the comma is the decimal sign, and tabs as "Unicode text".
_SEPARATORS = (",", ";", "\t")
_OTHER_SEPARATORS = {"，": "full-width commas", "|": "vertical bars"}
# The first line by which Excel declares the separator.
_SEPARATOR_LINE = re.compile(r'"?sep=(?P<separator>[^\n"])"?[,;\t]*\n?', re.IGNORECASE)

Cell = tuple[str, SourceLocation]


@dataclass(frozen=True, slots=True)
class Columns:
    """The permitted columns, the required ones, and those whose cells hold several values."""

    known: tuple[str, ...]
    required: tuple[str, ...]
    lists: tuple[str, ...]


def parse(file: TextFile, key: str, columns: Columns, sink: DiagnosticSink) -> MappingNode | None:
    """The file's rows as `{key: [{column: cell}, ...]}`; None if it cannot be read, with the reason in `sink`.

    Cells are separated by commas, semicolons or tabs: by the one that a first line `sep=` names, or else by
    the one that yields most of the columns in the first row.
    """
    start, separator = _find_separator(file.text, columns)
    return build_records(file.name, list(_rows(file, start, separator, sink)), key, columns, sink)


def build_records(
    name: str, cells: list[list[Cell]], key: str, columns: Columns, sink: DiagnosticSink
) -> MappingNode | None:
    """Rows of cells as `{key: [{column: cell}, ...]}`; None if the first row lacks a required column.

    Case does not matter in the names of columns. A column that is not known is left out with a warning, unless its name
    is close to one that is. Several values in a cell have spaces, commas or semicolons between them. Empty cells and
    empty rows are left out.
    """
    rows = [row for row in cells if any(text.strip() for text, _ in row)]
    whole = SourceLocation(name, 1, 1)
    if not rows:
        sink.error("expected-mapping", whole, "the file is empty", f"first row: {','.join(columns.known)}")
        return None
    header = [(text.strip().lower(), location) for text, location in rows[0]]
    while header and not header[-1][0]:
        header.pop()
    if not _check_header(header, columns, sink):
        return None
    entries = tuple(_build_record(header, row, columns, sink) for row in rows[1:])
    listed = SequenceNode(tuple(entry for entry in entries if entry is not None), whole)
    return MappingNode(((ScalarNode(key, whole), listed),), whole)


def _find_separator(text: str, columns: Columns) -> tuple[int, str]:
    """Finds where the first row begins, and what separates cells."""
    if said := _SEPARATOR_LINE.match(text):
        return said.end(), said["separator"]
    first = next((line for line in text.split("\n") if line.strip()), "")

    def count_known(separator: str) -> int:
        return len({cell.strip(' "').lower() for cell in first.split(separator)} & set(columns.known))

    return 0, max(_SEPARATORS, key=count_known)


def _check_header(header: list[Cell], columns: Columns, sink: DiagnosticSink) -> bool:
    """Checks that no column is duplicated, missing or misspelt."""
    before = sum(diagnostic.severity == "error" for diagnostic in sink.found)
    seen: dict[str, SourceLocation] = {}
    for name, location in header:
        if name not in columns.known:
            _report_unknown(name, location, columns, sink)
        elif name in seen:
            sink.error("duplicate-key", location, f"the column '{name}' occurs twice", related=seen[name])
        seen.setdefault(name, location)
    for name in columns.required:
        if name not in seen:
            sink.error("missing-key", header[0][1], f"the file has no column '{name}'", "name it in the first row")
    return sum(diagnostic.severity == "error" for diagnostic in sink.found) == before


def _report_unknown(name: str, location: SourceLocation, columns: Columns, sink: DiagnosticSink) -> None:
    other = next((word for mark, word in _OTHER_SEPARATORS.items() if mark in name), None)
    hint = f"the file has {other}; put commas between columns" if other else suggest_name(name, columns.known)
    if other or get_close_matches(name, columns.known, 1, _MISSPELT):
        # Ignoring a misspelt 'clearance' would clear its recipients for more.
        sink.error("unknown-key", location, f"unknown column '{name}'", hint)
    else:
        known = ", ".join(columns.known)
        sink.warning("unknown-key", location, f"the column '{name}' is ignored", f"known columns: {known}")


def _build_record(header: list[Cell], row: list[Cell], columns: Columns, sink: DiagnosticSink) -> MappingNode | None:
    while len(row) > len(header) and not row[-1][0].strip():
        row = row[:-1]
    if len(row) != len(header):
        message = f"the row has {len(row)} cells, and the first row names {len(header)} columns"
        sink.error("ragged-row", row[0][1], message, "put a cell that holds the separator in double quotes")
        return None
    entries: list[tuple[ScalarNode, Node]] = []
    for (name, named), (text, location) in zip(header, row, strict=True):
        if not text.strip() or name not in columns.known:
            continue
        if name in columns.lists:
            words = tuple(ScalarNode(word, location, plain=False) for word in _BETWEEN.split(text.strip()) if word)
            entries.append((ScalarNode(name, named), SequenceNode(words, location)))
        else:
            entries.append((ScalarNode(name, named), ScalarNode(text.strip(), location, plain=False)))
    return MappingNode(tuple(entries), row[0][1])


def _rows(file: TextFile, offset: int, separator: str, sink: DiagnosticSink) -> Iterator[list[Cell]]:
    """Rows of cells with their locations (RFC 4180, 2, with any separator: double quotes are doubled inside a cell)."""
    text = file.text
    end = re.compile(rf"[{re.escape(separator)}\n]")
    row: list[Cell] = []
    while offset < len(text):
        start = offset
        if text[offset] == '"':
            cell, offset = _read_quoted(text, offset)
            if offset < 0:
                sink.error(
                    "csv-quote", file.location(start), "the quote is never closed", "double a quote inside a cell"
                )
                return
            rest = _find_cell_end(text, offset, end)
            if text[offset:rest].strip():
                sink.error("csv-quote", file.location(offset), "text follows the closing quote", "double the quote")
                return
            offset = rest
        else:
            offset = _find_cell_end(text, offset, end)
            cell = text[start:offset]
        row.append((cell, file.location(start)))
        if offset == len(text) or text[offset] == "\n":
            yield row
            row = []
        elif offset + 1 == len(text) or text[offset + 1] == "\n":
            # A separator ends the line: an empty cell follows it.
            row.append(("", file.location(offset)))
            offset += 1
            yield row
            row = []
        offset += 1


def _read_quoted(text: str, offset: int) -> tuple[str, int]:
    """A quoted cell and the position after its closing quote; -1 if it is not closed."""
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
