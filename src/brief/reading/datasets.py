"""Reads the datasets of sources into tables of exact figures, and turns the cells that content names into claims."""

import dataclasses
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import cast

from brief.model.access import Clearance
from brief.model.brief import Brief
from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.evidence import Claim, Source
from brief.model.figures.dataset import Dataset, DatasetTable, TableColumn, TableRow, normalise_key, split_cell_name
from brief.model.figures.quantity import Period, Quantity
from brief.model.inline import Text
from brief.model.source_location import Ref, Slug, SourceLocation
from brief.model.text import EVERY_LOCALE, LocalisedText, Phrase
from brief.reading.layout import DATA, SOURCES
from brief.reading.reading_cache import CachedFile, ReadingCache
from brief.reading.special_files import describe_special
from brief.reading.tables import sheets
from brief.reading.tables.frames import GivenTable

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?")
# The same limits as for claims (`values.parse_number`): languages have no words for figures beyond them.
_LARGEST, _SMALLEST = Decimal("1e15"), Decimal("1e-6")
_WORKBOOKS = (".xlsx", ".ods")
_SUFFIXES = (".csv", *_WORKBOOKS)


def read_datasets(
    root: Path,
    sources: Mapping[str, Source],
    sink: DiagnosticSink,
    cache: ReadingCache,
    given: Mapping[str, GivenTable],
) -> dict[str, DatasetTable]:
    """Reads the tables of all sources by their names `source/dataset`; unreadable ones are left out.

    The file of a source whose dataset cannot be read counts as unread. A dataset that stands in `cache` with the same
    bytes is not read again. `given` are tables that a program gives, by the same names; each takes the place of a file.
    """
    tables: dict[str, DatasetTable] = {}
    for source in sources.values():
        for dataset in source.datasets:
            name = f"{source.id}/{dataset.id}"
            if name in tables:
                message = f"source '{source.id}' has two datasets '{dataset.id}'"
                sink.error("duplicate-entry", dataset.location, message, "rename one")
                continue
            table = _read_cached(root, name, dataset, sink, cache, given.get(name))
            if table is None:
                sink.unread.add(source.location.file)
            else:
                tables[name] = _raise_clearance(table, max(source.clearance, dataset.clearance))
    _report_unknown(sources, given, sink)
    return tables


def _report_unknown(sources: Mapping[str, Source], given: Mapping[str, GivenTable], sink: DiagnosticSink) -> None:
    declared = [f"{source.id}/{dataset.id}" for source in sources.values() for dataset in source.datasets]
    for name, table in given.items():
        if name not in declared and f"{SOURCES}/{name.partition('/')[0]}.yaml" not in sink.unread:
            message = f"no source declares a dataset '{name}'"
            hint = suggest_name(name, declared) or f"declare it in {SOURCES}/, with 'key:' and 'columns:'"
            sink.error("unknown-dataset", SourceLocation(table.sheet.file), message, hint)


def _read_cached(
    root: Path, name: str, dataset: Dataset, sink: DiagnosticSink, cache: ReadingCache, given: GivenTable | None
) -> DatasetTable | None:
    if given is None and dataset.file is None:
        message = f"dataset '{name}' has no 'file:', and no data was given for it"
        hint = f"write 'file: {DATA}/NAME', or give the data: Project.load(path, data={{'{name}': frame}})"
        sink.error("dataset-file", dataset.location, message, hint)
        return None
    data = given.digest if given is not None else _read_file(root, dataset, sink)
    if data is None:
        return None
    known = cache.get((name, Dataset))
    if known is not None and known.data == data and cast(tuple[Dataset, DatasetTable], known.record)[0] == dataset:
        return cast(tuple[Dataset, DatasetTable], known.record)[1]
    before = len(sink.found)
    table = read_table(dataset, data, sink) if given is None else read_given_table(dataset, given, sink)
    # Of what has diagnostics, they are found once more, for the record that they point to may have moved.
    if len(sink.found) == before:
        cache[name, Dataset] = CachedFile(data, (), (dataset, table), (), is_whole=True)
    return table


def _raise_clearance(table: DatasetTable, clearance: Clearance) -> DatasetTable:
    columns = (replace(column, clearance=max(column.clearance, clearance)) for column in table.columns)
    return replace(table, columns=tuple(columns))


def _read_file(root: Path, dataset: Dataset, sink: DiagnosticSink) -> bytes | None:
    written = dataset.file or ""
    path = PurePosixPath(written)
    if path.is_absolute() or path.parts[:1] != (DATA,) or ".." in path.parts or "\\" in written:
        message = f"'{dataset.file}' is not a file below {DATA}/"
        sink.error("dataset-file", dataset.location, message, f"put it there, and write {DATA}/NAME")
        return None
    if path.suffix.lower() not in _SUFFIXES:
        message = f"'{dataset.file}' is not a CSV file or a workbook"
        sink.error("dataset-file", dataset.location, message, f"save it as {', '.join(_SUFFIXES)}")
        return None
    special = describe_special(root / path)
    if special is not None:
        sink.error("dataset-file", dataset.location, f"'{dataset.file}' is {special}, not a file", "put a file there")
        return None
    try:
        with (root / path).open("rb") as opened:
            data = opened.read(sheets.MAX_BYTES + 1)
    except OSError as problem:
        message = f"'{written}' cannot be read: {problem.strerror}"
        sink.error("dataset-file", dataset.location, message, f"put the file into {DATA}/")
        return None
    if len(data) > sheets.MAX_BYTES:
        message = f"the file has more than {sheets.MAX_BYTES:,} bytes"
        sink.error("file-too-large", SourceLocation(written), message, "split it")
        return None
    return data


def read_table(dataset: Dataset, data: bytes, sink: DiagnosticSink) -> DatasetTable | None:
    """Reads the figures in a file's bytes; None if there is an error. Every error goes to `sink`."""
    before = sum(found.severity == "error" for found in sink.found)
    file = dataset.file or ""
    if PurePosixPath(file).suffix.lower() in _WORKBOOKS:
        sheet = sheets.read_workbook(file, data, dataset.sheet, dataset.range, dataset.location, sink)
    elif dataset.sheet is not None or dataset.range is not None:
        message = f"a CSV file has no {'sheet' if dataset.sheet is not None else 'range'}"
        sink.error("dataset-file", dataset.location, message, "remove the key")
        return None
    else:
        headers = {column.header or str(name) for name, column in dataset.columns.items()}
        headers |= {ref.name for ref in dataset.key}
        sheet = sheets.read_csv(file, data, frozenset(header.casefold() for header in headers), sink)
    table = _TableReader(dataset, sheet, sink).table() if sheet else None
    return table if sum(found.severity == "error" for found in sink.found) == before else None


def read_given_table(dataset: Dataset, given: GivenTable, sink: DiagnosticSink) -> DatasetTable | None:
    """The figures of a table that a program gives, checked as those of a file are; None where there is an error."""
    before = sum(found.severity == "error" for found in sink.found)
    table = _TableReader(dataset, given.sheet, sink).table()
    return table if sum(found.severity == "error" for found in sink.found) == before and table else None


@dataclass(slots=True)
class _TableReader:
    dataset: Dataset
    sheet: sheets.Sheet
    sink: DiagnosticSink

    def table(self) -> DatasetTable | None:
        dataset, sheet = self.dataset, self.sheet
        if dataset.decimal not in (".", ","):
            message = f"'{dataset.decimal}' is not a decimal mark"
            self.sink.error("dataset-file", dataset.location, message, 'write decimal: "." or decimal: ","')
            return None
        keys = {ref.name for ref in dataset.key}
        figures = [name for name in dataset.columns if name not in keys]
        if not sheet.rows or not keys or not figures:
            what = "the sheet is empty" if not sheet.rows else "a dataset needs 'key:', and columns of figures"
            self.sink.error("empty-dataset", dataset.location, what, "its first row names the columns")
            return None
        positions = {name: self.find(name) for name in (*(ref.name for ref in dataset.key), *figures)}
        if any(position is None for position in positions.values()):
            return None
        at = {name: position for name, position in positions.items() if position is not None}
        self.check_percentages(figures)
        columns = tuple(
            TableColumn(
                str(name),
                dataset.columns[name].unit,
                sheets.column_letter(sheet.first_column + at[name]) if sheet.is_workbook else "",
                dataset.columns[name].clearance,
            )
            for name in figures
        )
        key = tuple(ref.name for ref in dataset.key)
        return DatasetTable(sheet.file, key, columns, self.rows(at, figures), sheet.is_given)

    def find(self, name: str) -> int | None:
        """Finds the position of a column in the first row."""
        number, cells = self.sheet.rows[0]
        column = self.dataset.columns.get(Slug(name))
        wanted = unicodedata.normalize("NFC", column.header if column and column.header else name)
        headers = [unicodedata.normalize("NFC", _key_text(cell)) for cell in cells]
        found = [i for i, text in enumerate(headers) if text == wanted]
        found = found or [i for i, text in enumerate(headers) if text.casefold() == wanted.casefold()]
        location = column.location if column else self.dataset.location
        if not found:
            in_row = "" if self.sheet.is_given else f" in row {number}"
            message = f"{self.sheet.file} has no column '{wanted}'{in_row}"
            self.sink.error("unknown-column", location, message, suggest_name(wanted, [h for h in headers if h]))
        elif len(found) > 1:
            message = f"{self.sheet.file} has {len(found)} columns '{wanted}' in row {number}"
            self.sink.error("unknown-column", location, message, "rename one")
        return found[0] if len(found) == 1 else None

    def check_percentages(self, figures: list[Slug]) -> None:
        """Refuses percentages of a workbook unless `factor` says whether they are stored as 0.123 or as 12.3."""
        for name in figures:
            column = self.dataset.columns[name]
            is_typed = self.sheet.is_workbook or self.sheet.is_given
            if is_typed and column.unit == "percent" and column.factor is None:
                what = "a workbook" if self.sheet.is_workbook else "a table of a program"
                message = f"{what} may hold the percentages of column '{name}' as 12.3 or, shown as 12.3%, as 0.123"
                self.sink.error("percent-factor", column.location, message, "write factor: 1 or factor: 100")

    def rows(self, at: Mapping[str, int], figures: list[Slug]) -> dict[str, TableRow]:
        rows: dict[str, TableRow] = {}
        entries = self.sheet.rows[1:]
        months = {
            ref.name
            for ref in self.dataset.key
            if all(_is_first_of_month(_cell(row, at[ref.name])) for _, row in entries)
        }
        rules = [(rule, {str(name): ref.name for name, ref in rule.where.items()}) for rule in self.dataset.rows]
        matched = set()
        for number, cells in entries:
            key = {}
            for ref in self.dataset.key:
                value = _cell(cells, at[ref.name])
                text = f"{value:%Y-%m}" if isinstance(value, date) and ref.name in months else _key_text(value)
                key[ref.name] = normalise_key(text)
                if not text:
                    location = self.sheet.location(number, at[ref.name])
                    self.sink.error("dataset-key", location, f"the key column '{ref}' is empty", "fill the cell")
            joined = ",".join(key.values())
            if joined in rows and all(key.values()):
                location, column = self.sheet.location(number, at[self.dataset.key[0].name]), self.dataset.key
                other = self.sheet.location(rows[joined].number, at[column[0].name])
                message = f"the key '{joined}' is used twice"
                self.sink.error("dataset-key", location, message, "add a column to 'key:'", other)
            clearance = Clearance.PUBLIC
            for rule, where in rules:
                if all(key.get(name) == normalise_key(value) for name, value in where.items()):
                    matched.add(id(rule))
                    clearance = max(clearance, rule.clearance)
            values = tuple(self.figure(number, at[name], name, _cell(cells, at[name])) for name in figures)
            rows.setdefault(joined, TableRow(number, values, clearance))
        for rule, where in rules:
            if id(rule) not in matched or not where:
                said = ", ".join(f"{name}: {value}" for name, value in where.items())
                message = f"no row of dataset '{self.dataset.id}' has {{{said}}}, so nothing is withheld by it"
                self.sink.error("dataset-key", rule.location, message, "name values of key columns")
        return rows

    def figure(self, number: int, position: int, name: Slug, value: sheets.CellValue) -> Decimal | None:
        """Returns the figure of a cell as written; None if it is empty."""
        if value == "":
            return None
        figure = value if isinstance(value, Decimal) else None
        if isinstance(value, str):
            figure = self.parse(value)
        if figure is None or not figure.is_finite():
            message, hint = f"'{_key_text(value)}' is not a number", self.suggest(value)
            if not (self.sheet.is_workbook or self.sheet.is_given):
                message = f"in column '{name}' {message}"
            self.sink.error("bad-number", self.sheet.location(number, position), message, hint)
            return None
        factor = self.dataset.columns[name].factor
        if factor is not None and factor != 1:
            # Multiplying by a hundred keeps the digits, and adds none: 0.333 is 33.3%.
            is_power = factor.normalize().as_tuple().digits == (1,) and factor > 0
            figure = figure.scaleb(factor.adjusted()) if is_power else figure * factor
        if figure and not _SMALLEST <= abs(figure) <= _LARGEST:
            message = f"'{_key_text(value)}' is out of range"
            hint = "state it in another unit, between 0.000001 and 1,000,000,000,000,000"
            self.sink.error("bad-number", self.sheet.location(number, position), message, hint)
            return None
        return Decimal(f"{figure:f}")

    def parse(self, text: str) -> Decimal | None:
        if self.dataset.decimal == ",":
            if "." in text:
                return None
            text = text.replace(",", ".", 1)
        return Decimal(text) if len(text) <= 30 and _NUMBER.fullmatch(text) else None

    def suggest(self, value: sheets.CellValue) -> str:
        text = _key_text(value)
        if isinstance(value, date):
            return "a date is not a figure; use it in 'key:'"
        if self.sheet.is_workbook and _NUMBER.fullmatch(text):
            return "the cell holds text; format it as a number and enter it once more"
        if "," in text and self.dataset.decimal == ".":
            return 'write numbers without group separators, or say decimal: ","'
        if "." in text and self.dataset.decimal == ",":
            return 'write numbers without group separators, or say decimal: "."'
        if text.endswith("%"):
            return "write the number alone; 'unit: percent' says the rest"
        return "enter a number, or leave the cell empty"


def _cell(cells: tuple[sheets.CellValue, ...], position: int) -> sheets.CellValue:
    return cells[position] if position < len(cells) else ""


def _key_text(value: sheets.CellValue) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _is_first_of_month(value: sheets.CellValue) -> bool:
    return isinstance(value, date) and value.day == 1


def name_cells(brief: Brief) -> dict[str, Claim]:
    """Makes a claim of each cell that the content names and that holds a figure, by its name as written."""
    if not brief.datasets:
        return {}
    parts = (brief.settings, *brief.themes.values(), *brief.audiences.values(), brief.glossary)
    names = dict.fromkeys(name for part in parts for name in _cell_names(part))
    for source in brief.sources.values():
        # What is computed names cells of its own source without it.
        names |= dict.fromkeys(name if "/" in name else f"{source.id}/{name}" for name in _cell_names(source))
    digits = brief.settings.figures.significant
    cells = ((name, build_cell_claim(name, brief.datasets, digits)) for name in names)
    return {name: claim for name, claim in cells if claim is not None}


def _cell_names(value: object) -> Iterator[str]:
    match value:
        case Ref(name):
            if "[" in name:
                yield name
        case tuple():
            for part in value:
                yield from _cell_names(part)
        case Mapping():
            for part in value.values():
                yield from _cell_names(part)
        case _ if dataclasses.is_dataclass(value):
            for name in value.__dataclass_fields__:
                yield from _cell_names(getattr(value, name))


def find_key_period(key: str, table: DatasetTable) -> Period | None:
    """The period that one part of a row's key names, as `2026-03` does; a bare year counts in a column `year` alone."""
    found = []
    for name, part in zip(table.key, key.split(","), strict=False):
        try:
            period = Period.parse(part) if "-" in part or name == "year" else None
        except ValueError:
            continue
        # When fiscal years begin, the record of a source says, and a key does not.
        if period is not None and period.start.fiscal is None:
            found.append(period)
    return found[0] if len(found) == 1 else None


def build_cell_claim(name: str, tables: Mapping[str, DatasetTable], digits: int | None) -> Claim | None:
    """The claim of a cell `source/dataset[key].column`, its figure to so many significant digits; None if it has none."""
    dataset, key, column_name = split_cell_name(name) or ("", "", "")
    table = tables.get(dataset)
    row = table.rows.get(key) if table else None
    if table is None or row is None:
        return None
    for column, figure in zip(table.columns, row.figures, strict=True):
        if column.name == column_name and figure is not None:
            location = table.cell_location(row, column)
            said = Phrase(name, (Text(name),), location)
            period = find_key_period(key, table)
            return Claim(
                id=Slug(name.partition("/")[2]),
                says=LocalisedText(phrases={EVERY_LOCALE: said}, location=location),
                quantity=Quantity(value=figure, unit=column.unit, digits=digits, period=period, location=location),
                clearance=table.cell_clearance(row, column),
                location=location,
            )
    return None
