"""`brief import`: source records from spreadsheets and lists of references."""  # noqa: N999  # named as the command is

import sys
from pathlib import Path

import click

from brief.cli import options
from brief.cli.diagnostics import DiagnosticFormat, show
from brief.model.diagnostics import ContentError, OrderError
from brief.project import importing


@click.command
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "source", metavar="SOURCE", help="The id of the source for the table.")
@click.option("--sheet", metavar="NAME", help="The sheet of the workbook, if it has several.")
@options.project
def command(file: Path, source: str | None, sheet: str | None, root: Path) -> None:
    """Write source records from a spreadsheet (CSV, XLSX, ODS), or from references (BibTeX, CSL-JSON).

    Nothing is overwritten, and where anything is wrong nothing is written. What is guessed is marked in the records.
    """
    suffix = file.suffix.lower()
    if suffix not in (*importing.TABLES, *importing.BIBLIOGRAPHIES):
        known = ", ".join((*importing.TABLES, *importing.BIBLIOGRAPHIES))
        raise click.UsageError(f"'{file.name}' cannot be imported; known endings: {known}")
    is_table = suffix in importing.TABLES
    if is_table != bool(source):
        raise click.UsageError("name the source with --as" if is_table else "--as is for tables: references have ids")
    if sheet and (not is_table or suffix == ".csv"):
        raise click.UsageError("--sheet is for workbooks")
    try:
        if source:
            written = importing.import_table(root, file, source, sheet)
        else:
            written = importing.import_bibliography(root, file)
    except OrderError as error:
        raise click.UsageError(str(error)) from error
    except ContentError as error:
        show(error.diagnostics, DiagnosticFormat.TEXT, root)
        sys.exit(1)
    for name in written:
        click.echo(name)
