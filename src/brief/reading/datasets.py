"""Reads the datasets of sources into tables of exact figures, and makes claims of the cells that content names."""

import dataclasses
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import cast

from brief.model.access import Clearance
from brief.model.brief import Brief, Settings
from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.evidence import Claim, Source
from brief.model.figures.dataset import Dataset, DatasetTable, KeyType, TableRow, split_cell_name
from brief.model.figures.quantity import Period, Quantity
from brief.model.inline import Text
from brief.model.source_location import Ref, Slug, SourceLocation
from brief.model.text import EVERY_LOCALE, LocalisedText, Phrase
from brief.reading.layout import DATA, SOURCES
from brief.reading.reading_cache import CachedFile, ReadingCache
from brief.reading.special_files import describe_special
from brief.reading.tables import sheets
from brief.reading.tables.column_rules import check_column_rules
from brief.reading.tables.dataset_reader import WORKBOOKS, read_given_table, read_table
from brief.reading.tables.frames import GivenTable

_SUFFIXES = (".csv", *WORKBOOKS)
# A period has a hyphen, or the form of a fiscal year; a number has neither.
_PERIOD = re.compile(r"-|^FY|^[12][0-9]{3}/[0-9]{2}$")


def read_datasets(
    root: Path,
    sources: Mapping[str, Source],
    sink: DiagnosticSink,
    cache: ReadingCache,
    given_tables: Mapping[str, GivenTable],
) -> dict[str, DatasetTable]:
    """Reads the tables of all sources, keyed by `source/dataset`; leaves out those with errors, which are reported.

    The record of a source whose dataset cannot be read counts as incomplete. A dataset that is in `cache` with the same
    declaration and bytes is not read again; new ones are added. `given_tables` has tables that a program gives, with
    the same keys, each in place of a file.
    """
    tables: dict[str, DatasetTable] = {}
    for source in sources.values():
        for dataset in source.datasets:
            name = f"{source.id}/{dataset.id}"
            if name in tables:
                message = f"source '{source.id}' has two datasets '{dataset.id}'"
                sink.add_error("duplicate-entry", dataset.location, message, "rename one of them")
                continue
            table = _read_cached(root, name, dataset, sink, cache, given_tables.get(name))
            if table is None:
                sink.incomplete.add(source.location.file)
            else:
                tables[name] = _raise_clearance(table, max(source.clearance, dataset.clearance))
    _report_unknown(sources, given_tables, sink)
    return tables


def _report_unknown(
    sources: Mapping[str, Source], given_tables: Mapping[str, GivenTable], sink: DiagnosticSink
) -> None:
    """Reports given tables for datasets that no source declares."""
    declared = [f"{source.id}/{dataset.id}" for source in sources.values() for dataset in source.datasets]
    for name, table in given_tables.items():
        if name not in declared and f"{SOURCES}/{name.partition('/')[0]}.yaml" not in sink.incomplete:
            message = f"no source declares a dataset '{name}'"
            hint = suggest_name(name, declared) or f"declare it in {SOURCES}/, with 'key:' and 'columns:'"
            sink.add_error("unknown-dataset", SourceLocation(table.sheet.file), message, hint)


def _read_cached(
    root: Path, name: str, dataset: Dataset, sink: DiagnosticSink, cache: ReadingCache, given_table: GivenTable | None
) -> DatasetTable | None:
    """Reads the given table, or else the dataset's file, unless the cache has it; None with an error if that fails."""
    if given_table is None and dataset.file is None:
        message = f"dataset '{name}' has no 'file:', and no data was given for it"
        hint = f"write 'file: {DATA}/NAME', or give the data: Project.load(path, data={{'{name}': frame}})"
        sink.add_error("dataset-file", dataset.location, message, hint)
        return None
    check_column_rules(dataset, sink)
    data = b"" if given_table is not None else _read_file(root, dataset, sink)
    if data is None:
        return None
    digest = given_table.digest if given_table is not None else hashlib.sha256(data).digest()
    cached = cache.get((name, Dataset))
    if cached is not None and cached.data == digest and cast(tuple[Dataset, DatasetTable], cached.record)[0] == dataset:
        return cast(tuple[Dataset, DatasetTable], cached.record)[1]
    diagnostics_before = len(sink.found)
    table = read_table(dataset, data, sink) if given_table is None else read_given_table(dataset, given_table, sink)
    # Tables with diagnostics are read again, because their locations in the record may have changed.
    if len(sink.found) == diagnostics_before:
        cache[name, Dataset] = CachedFile(digest, (), (dataset, table), (), is_whole=True)
    return table


def _raise_clearance(table: DatasetTable, clearance: Clearance) -> DatasetTable:
    """Returns the table with at least this clearance for every column."""
    columns = (replace(column, clearance=max(column.clearance, clearance)) for column in table.columns)
    return replace(table, columns=tuple(columns))


def _read_file(root: Path, dataset: Dataset, sink: DiagnosticSink) -> bytes | None:
    """Returns the bytes of a dataset's file; None if it cannot be used, with the reason in `sink`."""
    name = dataset.file or ""
    path = PurePosixPath(name)
    if path.is_absolute() or path.parts[:1] != (DATA,) or ".." in path.parts or "\\" in name:
        message = f"'{dataset.file}' is not a file below {DATA}/"
        sink.add_error("dataset-file", dataset.location, message, f"put it there, and write {DATA}/NAME")
        return None
    if path.suffix.lower() not in _SUFFIXES:
        message = f"'{dataset.file}' is not a CSV file or a workbook"
        sink.add_error("dataset-file", dataset.location, message, f"save it as {', '.join(_SUFFIXES)}")
        return None
    special = describe_special(root / path)
    if special is not None:
        sink.add_error(
            "dataset-file", dataset.location, f"'{dataset.file}' is {special}, not a file", "put a file there"
        )
        return None
    try:
        with (root / path).open("rb") as file:
            data = file.read(sheets.MAX_BYTES + 1)
    except OSError as problem:
        message = f"'{name}' cannot be read: {problem.strerror}"
        sink.add_error("dataset-file", dataset.location, message, f"put the file into {DATA}/")
        return None
    if len(data) > sheets.MAX_BYTES:
        message = f"the file has more than {sheets.MAX_BYTES:,} bytes"
        sink.add_error("file-too-large", SourceLocation(name), message, "split it")
        return None
    return data


def build_cell_claims(brief: Brief) -> dict[str, Claim]:
    """Makes a claim of each cell that the content names and that contains a figure, by the name of the cell.

    Names are those in the content, with the source before the dataset.
    """
    if not brief.datasets:
        return {}
    parts = (brief.settings, *brief.themes.values(), *brief.audiences.values(), brief.glossary)
    names = dict.fromkeys(name for part in parts for name in _find_cell_names(part))
    for source in brief.sources.values():
        # A computed claim names cells of its own source without the name of the source.
        names |= dict.fromkeys(name if "/" in name else f"{source.id}/{name}" for name in _find_cell_names(source))
    cells = ((name, build_cell_claim(name, brief.datasets, brief.settings)) for name in names)
    return {name: claim for name, claim in cells if claim is not None}


def _find_cell_names(value: object) -> Iterator[str]:
    """Yields the names of cells in the references of a record and all that it contains."""
    match value:
        case Ref(name):
            if "[" in name:
                yield name
        case tuple():
            for part in value:
                yield from _find_cell_names(part)
        case Mapping():
            for part in value.values():
                yield from _find_cell_names(part)
        case _ if dataclasses.is_dataclass(value):
            for name in value.__dataclass_fields__:
                yield from _find_cell_names(getattr(value, name))


def find_key_period(row: TableRow, table: DatasetTable, fiscal_year_start: int) -> Period | None:
    """Returns the period that one value of a row's key names, such as `2026-03`; None unless exactly one does.

    If a column has the type period, only its values count, and otherwise those of columns without a type; a bare year
    counts only in a column named `year`.
    """
    periods = []
    has_period_column = KeyType.PERIOD in table.types.values()
    for name, part in zip(table.key, row.key, strict=True):
        is_period = table.types.get(name) is KeyType.PERIOD
        looks_like_period = (
            not has_period_column and name not in table.types and (name == "year" or _PERIOD.search(part))
        )
        try:
            period = Period.parse(part) if is_period or looks_like_period else None
            if period is not None and period.start.first_day:
                periods.append(period.start_fiscal_years(fiscal_year_start))
        except ValueError:
            continue
    return periods[0] if len(periods) == 1 else None


def build_cell_claim(name: str, tables: Mapping[str, DatasetTable], settings: Settings) -> Claim | None:
    """Builds the claim of a cell `source/dataset[key].column`; None if there is no such cell, or it has no figure.

    The figure prints with the decimals of the column, or else with the significant digits of the settings.
    """
    dataset, key, column_name = split_cell_name(name) or ("", "", "")
    table = tables.get(dataset)
    row = table.rows.get(key) if table else None
    if table is None or row is None:
        return None
    for column, figure in zip(table.columns, row.figures, strict=True):
        if column.name == column_name and figure is not None:
            location = table.locate_cell(row, column)
            title = Phrase(name, (Text(name),), location)
            period = find_key_period(row, table, settings.fiscal_year_start)
            return Claim(
                id=Slug(name.partition("/")[2]),
                says=LocalisedText(phrases={EVERY_LOCALE: title}, location=location),
                quantity=Quantity(
                    value=column.pad_figure(figure, row.clearance),
                    unit=column.unit,
                    digits=settings.figures.significant if column.decimals is None else None,
                    decimals=column.decimals,
                    period=period,
                    location=location,
                ),
                clearance=table.get_cell_clearance(row, column),
                location=location,
            )
    return None
