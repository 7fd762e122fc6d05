"""Prints diagnostics as text with the source line, as JSON, as SARIF, or as GitHub workflow commands."""

import enum
import json
import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import click

from brief.model.counts import format_count
from brief.model.diagnostics import Diagnostic, Severity
from brief.model.source_location import SourceLocation
from brief.reading.explanations import load_explanations
from brief.reading.layout import PROJECT_FOLDERS

MAX_SHOWN = 50
_FOLDERS = (*PROJECT_FOLDERS, "snapshots")
_MAX_LINE = 100
# Characters that control a terminal or reorder the line; U+FFFD is printed instead.
_UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")

# Readers of the build log may not be allowed to see the source line.
_CODES_WITHOUT_SOURCE_LINE = ("withheld-text",)


class DiagnosticFormat(enum.StrEnum):
    """How diagnostics are printed: for people, for programs, or for code scanning."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


def _make_sarif(diagnostics: Sequence[Diagnostic]) -> object:
    from brief.cli.sarif import make_sarif  # rarely needed

    return make_sarif(diagnostics)


# Formats that write all diagnostics as one document; the other formats write diagnostics one by one.
_DOCUMENTS: Mapping[DiagnosticFormat, Callable[[Sequence[Diagnostic]], object]] = {
    DiagnosticFormat.JSON: lambda diagnostics: [each.to_json() for each in diagnostics],
    DiagnosticFormat.SARIF: _make_sarif,
}


def show(
    diagnostics: Sequence[Diagnostic],
    diagnostic_format: DiagnosticFormat,
    root: Path,
    *,
    is_result: bool = False,
    of_revision: bool = False,
    extra_file: str = "",
    limit: int = MAX_SHOWN,
) -> None:
    """Prints the diagnostics of the project at `root`: at most `limit` as text or workflow commands, all as JSON or SARIF.

    JSON and SARIF are printed to standard output. Text and workflow commands are printed there if they are the result
    of the command (`is_result`), otherwise to standard error; a summary on standard error follows. Paths are relative
    to the working directory, so that an editor can open them; with `of_revision`, relative to `root`, which may be a
    temporary folder. `extra_file` is a file outside the project, whose path in diagnostics is not changed, even if it
    begins with `content/`.
    """
    if not of_revision:
        diagnostics, root = [_make_relative(diagnostic, root, extra_file) for diagnostic in diagnostics], Path()
    if diagnostic_format in _DOCUMENTS:
        click.echo(json.dumps(_DOCUMENTS[diagnostic_format](diagnostics), ensure_ascii=False, indent=2))
        return
    _read_lines.cache_clear()
    render: Callable[[Diagnostic], str] = (
        _format_github if diagnostic_format is DiagnosticFormat.GITHUB else lambda d: _format_text(d, root)
    )
    # If there are too many to show, warnings are left out before errors.
    ranked = sorted(diagnostics, key=lambda d: d.severity is not Severity.ERROR)[:limit]
    for diagnostic in sorted(ranked, key=lambda d: d.location):
        click.echo(escape_controls(render(diagnostic)), err=not is_result)
    if len(diagnostics) > limit:
        click.echo(f"... and {len(diagnostics) - limit} more", err=not is_result)
    click.echo(f"brief: {_summarise(diagnostics)}", err=True)


def escape_controls(text: str) -> str:
    """Returns the text with U+FFFD in place of each character that would control a terminal."""
    return _UNSAFE.sub("\ufffd", text)


def _summarise(diagnostics: Iterable[Diagnostic]) -> str:
    severities = [d.severity for d in diagnostics]
    errors, warnings = severities.count(Severity.ERROR), severities.count(Severity.WARNING)
    return f"{format_count(errors, 'error')}, {format_count(warnings, 'warning')}"


def _format_text(diagnostic: Diagnostic, root: Path) -> str:
    """Formats the message, its source line, and a caret with the hint, as compilers do."""
    prefix = f"{diagnostic.location}: " if diagnostic.location.file else "brief: "
    # A quoted name with a line break must not look like a diagnostic of its own.
    message = " ".join(diagnostic.message.splitlines())
    first = f"{prefix}{diagnostic.severity}[{diagnostic.code}]: {message}"
    source = None if diagnostic.code in _CODES_WITHOUT_SOURCE_LINE else _read_line(root, diagnostic.location)
    hint = _find_hint(diagnostic)
    related = f"see also: {diagnostic.related}" if diagnostic.related else ""
    if source is None:
        return "\n  = ".join(filter(None, (first, hint, related)))
    start = max(0, diagnostic.location.column - _MAX_LINE * 3 // 4)
    excerpt = source[start : start + _MAX_LINE]
    number = str(diagnostic.location.line)
    margin = " " * len(number)
    caret = " " * _count_columns(source[start : diagnostic.location.column - 1]) + "^"
    caret_hint = f" {hint}" if hint else ""
    last = f"\n{margin} = {related}" if related else ""
    return f"{first}\n{margin} |\n{number} | {excerpt}\n{margin} | {caret}{caret_hint}{last}"


def _find_hint(diagnostic: Diagnostic) -> str | None:
    """Returns the diagnostic's hint, or else the first sentence of the fix in `brief explain`, unless it is long."""
    explanation = None if diagnostic.hint else load_explanations().get(diagnostic.code)
    if explanation is None:
        return diagnostic.hint
    sentence = explanation.fix.partition("\n")[0].partition(". ")[0].rstrip(".").replace("`", "'")
    return None if len(sentence) > _MAX_LINE or "the hint" in sentence else sentence[:1].lower() + sentence[1:]


def _make_relative(diagnostic: Diagnostic, root: Path, extra_file: str) -> Diagnostic:
    """Returns the diagnostic with project paths relative to the working directory, and other paths unchanged."""

    def relate(location: SourceLocation) -> SourceLocation:
        return location if location.file == extra_file else make_relative(location, root)

    return replace(
        diagnostic, location=relate(diagnostic.location), related=diagnostic.related and relate(diagnostic.related)
    )


def make_relative(location: SourceLocation, root: Path) -> SourceLocation:
    """Returns the location with its path relative to the working directory, so that an editor opens it.

    A path outside the folders of the project is not changed.
    """
    top = location.file.partition("/")[0]
    # The path of a packaged template set may be that of a set of the project.
    if top not in _FOLDERS or (top == "templates" and not (root / location.file).exists()):
        return location
    return replace(location, file=Path(os.path.relpath(root / location.file)).as_posix())


def _read_line(root: Path, location: SourceLocation) -> str | None:
    lines = _read_lines(root / location.file) if location.line else ()
    return lines[location.line - 1].replace("\t", " ") if 0 < location.line <= len(lines) else None


@cache
def _read_lines(path: Path) -> tuple[str, ...]:
    try:
        return tuple(path.read_text("utf-8-sig").split("\n"))
    except (OSError, UnicodeDecodeError):
        return ()


def _count_columns(text: str) -> int:
    """Counts columns on a terminal: wide and full-width characters take two (Unicode Standard Annex 11)."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _format_github(diagnostic: Diagnostic) -> str:
    # The escapes of workflow commands: docs.github.com, "Workflow commands for GitHub Actions".
    def escape(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    def escape_property(text: str) -> str:
        return escape(text).replace(":", "%3A").replace(",", "%2C")

    level = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}[diagnostic.severity]
    location = diagnostic.location
    properties = f"file={escape_property(location.file)},line={location.line},col={location.column},title={escape_property(diagnostic.code)}"
    hint = _find_hint(diagnostic)
    suffix = f" ({hint})" if hint else ""
    return f"::{level} {properties}::{escape(diagnostic.message + suffix)}"
