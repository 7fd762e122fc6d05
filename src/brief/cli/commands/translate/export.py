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
    """Write the texts that are missing or stale in a locale to a .po file, for Poedit and its like.

    Each comes with its place, who reads it, what its figures print as, and the names that it mentions; a stale one is
    marked fuzzy and has its old translation, and the old source text where git still has it.
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
    """Whether it leads to where this process prints (/dev/stdout): what is said of the file must not go there too."""
    # A stream that some program has put in its place may have no descriptor.
    with suppress(OSError):
        return os.path.samestat(path.stat(), os.fstat(sys.stdout.fileno()))
    return False
