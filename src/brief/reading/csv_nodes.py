"""A CSV file of records to the nodes that YAML comes in as: same keys, same places, and so the same faults."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.source_location import SourceLocation
from brief.reading.text_file import TextFile
from brief.reading.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode

_BETWEEN = re.compile(r"[;\s]+")
_END = re.compile(r"[,\n]")
_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "，": "full-width commas"}

Cell = tuple[str, SourceLocation]


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns there may be, those there must be, and those whose cells hold several values."""

    known: tuple[str, ...]
    required: tuple[str, ...]
    lists: tuple[str, ...]


def parse(file: TextFile, key: str, columns: Columns, sink: DiagnosticSink) -> MappingNode | None:
    """The file's rows as `{key: [{column: cell}, ...]}`; None where it cannot be read on, with the reason in `faults`.

    The first row names the columns. Several values in a cell stand with spaces or semicolons between them. Empty cells
    are left out, and so are empty rows.
    """
    rows = [row for row in _rows(file, sink) if any(text.strip() for text, _ in row)]
    whole = SourceLocation(file.name, 1, 1)
    if not rows:
        sink.error("expected-mapping", whole, "the file is empty", f"first row: {','.join(columns.known)}")
        return None
    header = [(text.strip(), location) for text, location in rows[0]]
    if not _check_header(header, columns, sink):
        return None
    entries = tuple(_build_record(header, row, columns.lists, sink) for row in rows[1:])
    listed = SequenceNode(tuple(entry for entry in entries if entry is not None), whole)
    return MappingNode(((ScalarNode(key, whole), listed),), whole)


def _check_header(header: list[Cell], columns: Columns, sink: DiagnosticSink) -> bool:
    """Whether every column is known, none stands twice, and none is missing."""
    before = len(sink.found)
    seen: dict[str, SourceLocation] = {}
    for name, location in header:
        if name not in columns.known:
            other = next((word for mark, word in _OTHER_SEPARATORS.items() if mark in name), None)
            hint = f"the file has {other}; put commas between columns" if other else suggest_name(name, columns.known)
            sink.error("unknown-key", location, f"there is no column '{name}'", hint)
        elif name in seen:
            sink.error("duplicate-key", location, f"the column '{name}' stands twice", related=seen[name])
        seen.setdefault(name, location)
    for name in columns.required:
        if name not in seen:
            sink.error("missing-key", header[0][1], f"the file has no column '{name}'", "name it in the first row")
    return len(sink.found) == before


def _build_record(
    header: list[Cell], row: list[Cell], lists: tuple[str, ...], sink: DiagnosticSink
) -> MappingNode | None:
    if len(row) != len(header):
        message = f"the row has {len(row)} cells, and the first row names {len(header)} columns"
        sink.error("ragged-row", row[0][1], message, "put a cell with a comma in double quotes")
        return None
    entries: list[tuple[ScalarNode, Node]] = []
    for (name, named), (text, location) in zip(header, row, strict=True):
        if not text.strip():
            continue
        if name in lists:
            words = tuple(ScalarNode(word, location, plain=False) for word in _BETWEEN.split(text.strip()) if word)
            entries.append((ScalarNode(name, named), SequenceNode(words, location)))
        else:
            entries.append((ScalarNode(name, named), ScalarNode(text.strip(), location, plain=False)))
    return MappingNode(tuple(entries), row[0][1])


def _rows(file: TextFile, sink: DiagnosticSink) -> Iterator[list[Cell]]:
    """Rows of cells with their places (RFC 4180, 2: commas, double quotes, which are doubled inside a cell)."""
    text, offset = file.text, 0
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
            rest = _find_cell_end(text, offset)
            if text[offset:rest].strip():
                sink.error("csv-quote", file.location(offset), "text follows the closing quote", "double the quote")
                return
            offset = rest
        else:
            offset = _find_cell_end(text, offset)
            cell = text[start:offset]
        row.append((cell, file.location(start)))
        if offset == len(text) or text[offset] == "\n":
            yield row
            row = []
        elif offset + 1 == len(text) or text[offset + 1] == "\n":
            # A comma ends the line: an empty cell follows it.
            row.append(("", file.location(offset)))
            offset += 1
            yield row
            row = []
        offset += 1


def _read_quoted(text: str, offset: int) -> tuple[str, int]:
    """A quoted cell and where its closing quote ends; -1 where there is none."""
    pieces = []
    while True:
        end = text.find('"', offset + 1)
        if end < 0:
            return "", -1
        pieces.append(text[offset + 1 : end])
        if text[end + 1 : end + 2] != '"':
            return '"'.join(pieces), end + 1
        offset = end + 1


def _find_cell_end(text: str, offset: int) -> int:
    found = _END.search(text, offset)
    return found.start() if found else len(text)
