"""`brief translate export`: texts for translators."""

import os
import sys
from contextlib import suppress
from pathlib import Path

import click

from brief.cli import options
from brief.model.diagnostics import MachineError
from brief.publish.durable_files import write_out


@click.command
@click.option("-l", "--locale", metavar="LOCALE", required=True, help="The locale to translate into.")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write (default: standard output).",
)
@click.option("--all", "everything", is_flag=True, help="Every text, not only what is missing or stale.")
@options.project
def command(locale: str, output: Path | None, everything: bool, root: Path) -> None:
    """Write the texts that are missing or stale in a locale to a .po file, for Poedit and similar editors.

    Each comes with its location, its readers, how its figures print, and the terms that it uses; a stale one is marked
    fuzzy, with its old translation, and the old source text if git has it.
    """
    data = options.translations(root).export(locale, everything=everything)
    count = data.count(b"\nmsgctxt ")
    if not count and not everything:
        click.echo(f"brief: no {locale} text is missing or stale; --all writes every text", err=True)
    if output is None or _is_standard_output(output):
        click.echo(data, nl=False)
        return
    try:
        write_out(output, data)
    except OSError as problem:
        raise MachineError(f"cannot write {output}: {problem.strerror or problem}") from problem
    click.echo(f"{output}: {count} text{'' if count == 1 else 's'}")


def _is_standard_output(path: Path) -> bool:
    """Whether the path is this process's standard output (/dev/stdout), so that messages must not be printed there too."""
    # A stream that another program has substituted may have no descriptor.
    with suppress(OSError):
        return os.path.samestat(path.stat(), os.fstat(sys.stdout.fileno()))
    return False
