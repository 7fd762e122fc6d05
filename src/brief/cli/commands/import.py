"""`brief import`: imports documents as themes, and spreadsheets and bibliographies as source records."""  # noqa: N999  # named as the command is

import sys
from pathlib import Path

import click

from brief.cli import options
from brief.cli.diagnostics import DiagnosticFormat, show
from brief.model.diagnostics import ContentError, RequestError
from brief.project import source_import
from brief.project.documents.document_import import DOCUMENTS, ImportOutcome, import_document
from brief.project.documents.targets import DocumentOptions


@click.command
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "source", metavar="SOURCE", help="The id of the source for the table.")
@click.option("--sheet", metavar="NAME", help="The sheet of the workbook, if it has several.")
@click.option("--range", "cells", metavar="CELLS", help="The part of the sheet with the table, such as A3:F20.")
@click.option("-l", "--locale", metavar="LOCALE", help="The locale of a document (default: the source locale).")
@click.option("--into", metavar="THEME", help="Import the whole document as one theme with this id.")
@click.option(
    "-a", "--audience", "audiences", metavar="AUDIENCE", multiple=True, help="Add the themes to this audience."
)
@click.option("--clearance", metavar="CLEARANCE", help="The clearance of the themes and blocks, or of the records.")
@click.option("--translation-of", metavar="FILE", help="The imported document that this one translates.")
@click.option("--replace", "replaces", is_flag=True, help="Replace content that differs from the document.")
@options.project
def command(
    file: Path,
    source: str | None,
    sheet: str | None,
    cells: str | None,
    locale: str | None,
    into: str | None,
    audiences: tuple[str, ...],
    clearance: str | None,
    translation_of: str | None,
    replaces: bool,
    root: Path,
) -> None:
    """Write themes from a document (Markdown, Word), or source records from a spreadsheet or bibliography.

    Spreadsheets are CSV, XLSX or ODS files, bibliographies BibTeX or CSL-JSON. If there is an error, nothing is written.
    Parts without a counterpart in content are reported with their location. If a document was imported before, the
    differences are printed, and written only with --replace. With -l it is imported as a translation.
    """
    suffix = file.suffix.lower()
    suffixes = (*DOCUMENTS, *source_import.TABLES, *source_import.BIBLIOGRAPHIES)
    if suffix not in suffixes:
        raise click.UsageError(f"'{file.name}' cannot be imported; known endings: {', '.join(suffixes)}")
    is_table, is_document = suffix in source_import.TABLES, suffix in DOCUMENTS
    if is_table != bool(source):
        raise click.UsageError(
            "add --as SOURCE to name the source" if is_table else "--as applies only to spreadsheets"
        )
    if (sheet or cells) and (not is_table or suffix == ".csv"):
        raise click.UsageError(f"--{'sheet' if sheet else 'range'} applies only to workbooks")
    if not is_document and (locale or into or audiences or translation_of or replaces):
        raise click.UsageError("--locale, --into, --audience, --translation-of and --replace apply only to documents")
    try:
        if is_document:
            document_options = DocumentOptions(
                locale=locale,
                into=into,
                translation_of=translation_of,
                audiences=audiences,
                clearance=clearance,
                replaces=replaces,
            )
            _show_outcome(import_document(root, file, document_options), file, root)
            return
        if source:
            paths, warnings = source_import.import_table(root, file, source, sheet, cells, clearance)
        else:
            warnings = ()
            paths = source_import.import_bibliography(root, file, clearance)
    except RequestError as error:
        raise click.UsageError(str(error)) from error
    except ContentError as error:
        show(error.diagnostics, DiagnosticFormat.TEXT, root, extra_file=file.name, limit=len(error.diagnostics))
        sys.exit(1)
    if warnings:
        # All of them: a truncated report would lose columns silently.
        show(warnings, DiagnosticFormat.TEXT, root, extra_file=file.name, limit=len(warnings))
    for path in paths:
        click.echo(path)


def _show_outcome(outcome: ImportOutcome, file: Path, root: Path) -> None:
    if outcome.diagnostics:
        # All of them: a truncated report would lose content silently.
        show(outcome.diagnostics, DiagnosticFormat.TEXT, root, extra_file=file.name, limit=len(outcome.diagnostics))
    if outcome.changes:
        click.echo(outcome.changes, nl=False, err=not outcome.is_refused)
    if outcome.is_refused:
        message = f"brief: {file.name} differs from the content of the project; nothing was written"
        click.echo(f"{message}\n  = review the differences above, then run the command again with --replace", err=True)
        sys.exit(1)
    for name in outcome.written:
        click.echo(name)
    for step in outcome.next_steps:
        click.echo(f"Next: {step}" if outcome.written else f"brief: {step}", err=True)
