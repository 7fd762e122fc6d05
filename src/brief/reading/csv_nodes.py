"""A CSV file of records to the nodes that YAML comes in as: same keys, same places, and so the same faults."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from brief.model.diagnostic_sink import Faults, suggestion
from brief.model.source_location import Place
from brief.reading.text_file import TextFile
from brief.reading.yaml_nodes import Mapping, Node, Scalar, Sequence

_BETWEEN = re.compile(r"[;\s]+")
_END = re.compile(r"[,\n]")
_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "，": "full-width commas"}

Cell = tuple[str, Place]


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns there may be, those there must be, and those whose cells hold several values."""

    known: tuple[str, ...]
    required: tuple[str, ...]
    lists: tuple[str, ...]


def parse(file: TextFile, key: str, columns: Columns, faults: Faults) -> Mapping | None:
    """The file's rows as `{key: [{column: cell}, ...]}`; None where it cannot be read on, with the reason in `faults`.

    The first row names the columns. Several values in a cell stand with spaces or semicolons between them. Empty cells
    are left out, and so are empty rows.
    """
    rows = [row for row in _rows(file, faults) if any(text.strip() for text, _ in row)]
    whole = Place(file.name, 1, 1)
    if not rows:
        faults.error("expected-mapping", whole, "the file is empty", f"first row: {','.join(columns.known)}")
        return None
    header = [(text.strip(), place) for text, place in rows[0]]
    if not _named(header, columns, faults):
        return None
    entries = tuple(_record(header, row, columns.lists, faults) for row in rows[1:])
    listed = Sequence(tuple(entry for entry in entries if entry is not None), whole)
    return Mapping(((Scalar(key, whole), listed),), whole)


def _named(header: list[Cell], columns: Columns, faults: Faults) -> bool:
    """Whether every column is known, none stands twice, and none is missing."""
    before = len(faults.found)
    seen: dict[str, Place] = {}
    for name, place in header:
        if name not in columns.known:
            other = next((word for mark, word in _OTHER_SEPARATORS.items() if mark in name), None)
            hint = f"the file has {other}; put commas between columns" if other else suggestion(name, columns.known)
            faults.error("unknown-key", place, f"there is no column '{name}'", hint)
        elif name in seen:
            faults.error("duplicate-key", place, f"the column '{name}' stands twice", related=seen[name])
        seen.setdefault(name, place)
    for name in columns.required:
        if name not in seen:
            faults.error("missing-key", header[0][1], f"the file has no column '{name}'", "name it in the first row")
    return len(faults.found) == before


def _record(header: list[Cell], row: list[Cell], lists: tuple[str, ...], faults: Faults) -> Mapping | None:
    if len(row) != len(header):
        message = f"the row has {len(row)} cells, and the first row names {len(header)} columns"
        faults.error("ragged-row", row[0][1], message, "put a cell with a comma in double quotes")
        return None
    entries: list[tuple[Scalar, Node]] = []
    for (name, named), (text, place) in zip(header, row, strict=True):
        if not text.strip():
            continue
        if name in lists:
            words = tuple(Scalar(word, place, plain=False) for word in _BETWEEN.split(text.strip()) if word)
            entries.append((Scalar(name, named), Sequence(words, place)))
        else:
            entries.append((Scalar(name, named), Scalar(text.strip(), place, plain=False)))
    return Mapping(tuple(entries), row[0][1])


def _rows(file: TextFile, faults: Faults) -> Iterator[list[Cell]]:
    """Rows of cells with their places (RFC 4180, 2: commas, double quotes, which are doubled inside a cell)."""
    text, offset = file.text, 0
    row: list[Cell] = []
    while offset < len(text):
        start = offset
        if text[offset] == '"':
            cell, offset = _quoted(text, offset)
            if offset < 0:
                faults.error(
                    "csv-quote", file.place(start), "the quote is never closed", "double a quote inside a cell"
                )
                return
            rest = _until(text, offset)
            if text[offset:rest].strip():
                faults.error("csv-quote", file.place(offset), "text follows the closing quote", "double the quote")
                return
            offset = rest
        else:
            offset = _until(text, offset)
            cell = text[start:offset]
        row.append((cell, file.place(start)))
        if offset == len(text) or text[offset] == "\n":
            yield row
            row = []
        elif offset + 1 == len(text) or text[offset + 1] == "\n":
            # A comma ends the line: an empty cell follows it.
            row.append(("", file.place(offset)))
            offset += 1
            yield row
            row = []
        offset += 1


def _quoted(text: str, offset: int) -> tuple[str, int]:
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


def _until(text: str, offset: int) -> int:
    found = _END.search(text, offset)
    return found.start() if found else len(text)
