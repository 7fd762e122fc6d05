"""`brief translate import`: writes translated texts into the content."""  # noqa: N999

import sys
from collections import Counter
from pathlib import Path

import click

from brief.cli import options
from brief.cli.diagnostics import DiagnosticFormat, show
from brief.model.diagnostics import ContentError


@click.command
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@options.project
def command(file: Path, root: Path) -> None:
    """Import the translations in FILE, which 'brief translate export' wrote (.po, .xlf), and accept them.

    Checks every entry first: its source text exists and is unchanged, its placeholders and citations match, and its
    script is right. If any check fails, all problems are reported and nothing is written. Entries marked fuzzy are skipped.
    """
    translations = options.load_translations(root)
    try:
        outcome = translations.import_file(file)
    except ContentError as error:
        show(error.diagnostics, DiagnosticFormat.TEXT, root, extra_file=file.as_posix())
        sys.exit(1)
    if outcome.diagnostics:
        show(outcome.diagnostics, DiagnosticFormat.TEXT, root, extra_file=file.as_posix())
    for name, count in Counter(text.text.location.file for text in outcome.written).items():
        click.echo(f"{name}: {count} '{outcome.locale}' text{'' if count == 1 else 's'} written")
    summary = f"{len(outcome.unchanged)} unchanged, {outcome.untranslated} not translated yet"
    if outcome.fuzzy:
        summary += f", {outcome.fuzzy} skipped until reviewed"
    click.echo(f"brief: {len(outcome.written)} written, {summary}", err=True)
