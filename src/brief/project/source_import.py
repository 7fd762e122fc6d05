"""Imports the table of a spreadsheet, or a list of references, as source records."""

import errno
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from brief.model.brief import Settings
from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.diagnostics import ContentError, Diagnostic, MachineError, RequestError, has_errors, sort_diagnostics
from brief.model.source_location import UNKNOWN_LOCATION, SourceLocation
from brief.project.file_changes import replace_files
from brief.reading.bibliography import BibliographyEntry, read_bibliography
from brief.reading.edits.quoting import quote_scalar
from brief.reading.layout import DATA, SOURCES
from brief.reading.project_files import read_project
from brief.reading.tables import sheets
from brief.reading.tables.dataset_guess import write_dataset
from brief.reading.values import is_slug

BIBLIOGRAPHIES = (".bib", ".json")
TABLES = (".csv", ".xlsx", ".ods")

# Characters that are markup in Markdown (CommonMark 0.31, 2.4), or begin our placeholders.
_MARKUP = re.compile(r"([\\`*_\[\]{}<>#~|!&])")


def import_bibliography(root: Path, path: Path, clearance: str | None = None) -> tuple[str, ...]:
    """Writes a source record for each entry of a BibTeX or CSL-JSON file, all or none; returns the paths of the files.

    Raises:
        ContentError: an entry cannot be read, or its file already exists or has the name of another entry's.
        MachineError: a file cannot be read or written.
        RequestError: there is no project, or no such clearance.
    """
    settings = _read_settings(root)
    common = _format_clearance(settings, clearance)
    sink = DiagnosticSink()
    entries = read_bibliography(path.name, _read(path), sink)
    files = {
        f"{SOURCES}/{entry.id}.yaml": _format_entry(
            entry, path.name, [*common, *_format_language(settings, entry.language)]
        ).encode()
        for entry in entries
    }
    for entry in entries:
        name = f"{SOURCES}/{entry.id}.yaml"
        if (root / name).exists():
            sink.add_error("import-collision", entry.location, f"{name} already exists", "rename the entry or the file")
    _raise_errors(sink)
    _write_all(root, files)
    return tuple(files)


def import_table(
    root: Path, path: Path, source: str, sheet: str | None, cells: str | None = None, clearance: str | None = None
) -> tuple[tuple[str, ...], tuple[Diagnostic, ...]]:
    """Writes the record of a source for a CSV file or a sheet of a workbook, and copies the file into `data/`.

    `sheet` is the name of the sheet; None means the only or first one that has a table. `cells` is the range of the
    sheet that contains the table, as in A3:F20; None means all cells.

    Returns the paths of the new files, and warnings of what is left out or may be misread.

    Raises:
        ContentError: the table cannot be read or has no figures, or a file already exists.
        MachineError: a file cannot be read or written.
        RequestError: `source` is not an id, there is no project, or the project has no such clearance.
    """
    if not is_slug(source):
        raise RequestError(f"'{source}' is not an id: use lower-case letters, digits and single hyphens")
    settings = _read_settings(root)
    clearance_lines = _format_clearance(settings, clearance)
    common = [*clearance_lines, *_format_language(settings)]
    sink, data = DiagnosticSink(), _read(path)
    if path.suffix.lower() == ".csv":
        table = sheets.read_csv(path.name, data, frozenset(), sink)
    else:
        table = sheets.read_workbook(path.name, data, sheet, cells, UNKNOWN_LOCATION, sink)
    stored = f"{DATA}/{path.name}"
    dataset_yaml = None
    if table is not None:
        extra_lines = [
            *(clearance_lines if settings.explicit_clearance else ()),
            *([f"range: {cells}"] if cells else ()),
        ]
        dataset_yaml = write_dataset(table, stored, sheet or _get_sheet_name(table), sink, extra_lines)
        if dataset_yaml is None:
            sink.add_error(
                "empty-dataset",
                SourceLocation(path.name),
                "below the first row, no column has figures",
                "let the first row name the columns, and write figures as numbers; if a workbook has a title above the table,"
                " name the part with the table by --range, as in --range A3:F20",
            )
    files = {f"{SOURCES}/{source}.yaml": (_format_head(source, path, common) + (dataset_yaml or "")).encode()}
    if not _has_content(root / stored, data):
        files[stored] = data
    for name in files:
        if (root / name).exists():
            sink.add_error(
                "import-collision", SourceLocation(name), "the file already exists", "rename it, or the imported one"
            )
    _raise_errors(sink)
    _write_all(root, files)
    return tuple(files), sort_diagnostics(sink.found)


def _read_settings(root: Path) -> Settings:
    brief = read_project(root).brief
    if brief is None:
        raise RequestError(f"there is no project in {root.resolve()}")
    return brief.settings


def _format_clearance(settings: Settings, clearance: str | None) -> list[str]:
    """Returns the line for the clearance of a record; without a value, which the author must fill in, if the project
    requires one and none is given; empty if the project requires none.
    """
    clearances = [each.name for each in settings.known_clearances]
    if clearance is not None and clearance not in clearances:
        raise RequestError(f"there is no clearance '{clearance}': {suggest_name(clearance, clearances)}")
    if clearance is not None:
        return [f"clearance: {clearance}"]
    return ["clearance:"] if settings.explicit_clearance else []


def _format_language(settings: Settings, language: str = "") -> list[str]:
    if language:
        return [f"language: {language}"]
    return ["# guessed: the language of the document", f"language: {settings.source_locale}"]


def _get_sheet_name(sheet: sheets.Sheet) -> str | None:
    return sheet.file.partition("!")[2] if sheet.is_workbook else None


def _raise_errors(sink: DiagnosticSink) -> None:
    if has_errors(sink.found):
        raise ContentError(sort_diagnostics(sink.found))


def _format_entry(entry: BibliographyEntry, file: str, common: Iterable[str]) -> str:
    lines = [f"# From {file}. Each key without a value must be filled in.", f"id: {entry.id}"]
    for key in ("title", "publisher", "author"):
        value = getattr(entry, key)
        if value or key != "author":
            lines.append(f"{key}: {quote_scalar(_MARKUP.sub(_escape, value))}" if value else f"{key}:")
    lines += [f"date: {entry.date}" if entry.date else "date:"]
    lines += common
    lines += [f"{key}: {quote_scalar(getattr(entry, key))}" for key in ("url", "doi") if getattr(entry, key)]
    return "\n".join(lines) + "\n"


def _format_head(source: str, path: Path, common: Iterable[str]) -> str:
    return "\n".join(
        (
            f"# From {path.name}. Each key without a value must be filled in; check what is guessed.",
            f"id: {source}",
            "# guessed from the name of the file",
            f"title: {quote_scalar(_MARKUP.sub(_escape, path.stem))}",
            "publisher:",
            "date:",
            *common,
            "",
        )
    )


def _escape(match: re.Match[str]) -> str:
    return f"\\{match[0]}"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise MachineError(f"'{path}' cannot be read: {problem.strerror}") from problem


def _has_content(path: Path, data: bytes) -> bool:
    try:
        return path.read_bytes() == data
    except OSError:
        return False


def _write_all(root: Path, files: Mapping[str, bytes]) -> None:
    """Writes new files, all of them or none.

    Raises:
        MachineError: a file exists or cannot be written.
    """
    for name in files:
        if os.path.lexists(root / name):
            raise MachineError(f"'{name}' cannot be written: {os.strerror(errno.EEXIST)}")
    replace_files(root, {name: (b"", data) for name, data in files.items()})
