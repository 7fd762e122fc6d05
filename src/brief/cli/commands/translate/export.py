"""`brief translate export`: writes texts to a file for translators."""

import os
import sys
from contextlib import suppress
from pathlib import Path

import click

from brief.cli import options
from brief.cli.output_file import OutputFile
from brief.model.diagnostics import MachineError
from brief.publish.durable_files import write_private_path
from brief.translate.file_formats import TranslationFormat, find_translation_format


@click.command
@click.option("-l", "--locale", metavar="LOCALE", help="The locale to translate into.")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=OutputFile(),
    help="The file to write: .po, .xlf or, for the glossary, .tbx (default: PO to standard output).",
)
@click.option("--all", "everything", is_flag=True, help="Export every text, not only missing and stale ones.")
@options.clearance
@options.project
def command(locale: str | None, output: Path | None, everything: bool, clearance: str | None, root: Path) -> None:
    """Write the texts that are missing, stale or not accepted in a locale to a file for translators.

    The suffix of FILE decides the format: gettext (.po) or XLIFF 2.1 (.xlf, .xliff). Each text comes with its location,
    its readers, how its figures print, and the terms that it uses; a stale one is marked, with its old translation, and the
    old source text if git has it. A .tbx file gets the glossary in all locales, or in that of -l.
    """
    to_stdout = output is None or _is_standard_output(output)
    file_format = (
        TranslationFormat.PO if output is None or to_stdout else find_translation_format(output, may_be_glossary=True)
    )
    translations = options.load_translations(root)
    reader_clearance = options.find_clearance(translations.brief, clearance)
    if file_format is TranslationFormat.TBX:
        data, count, noun = *translations.export_glossary(locale, reader_clearance), "term"
    elif locale is None:
        raise click.UsageError("name the locale to translate into: -l LOCALE")
    else:
        data, count = translations.export(
            locale, everything=everything, file_format=file_format, clearance=reader_clearance
        )
        noun = "text"
        if not count and not everything:
            click.echo(f"brief: no '{locale}' text is missing or stale; --all writes every text", err=True)
    if output is None or to_stdout:
        click.echo(data, nl=False)
        return
    try:
        # It contains texts that some readers may not see.
        write_private_path(output, data)
    except OSError as problem:
        raise MachineError(f"cannot write {output}: {problem.strerror or problem}") from problem
    click.echo(f"{output}: {count} {noun}{'' if count == 1 else 's'}")


def _is_standard_output(path: Path) -> bool:
    """Returns whether the path is the standard output of this process (such as /dev/stdout), where no messages may then
    be printed.
    """
    # A stream that a program has substituted may have no descriptor.
    with suppress(OSError):
        return os.path.samestat(path.stat(), os.fstat(sys.stdout.fileno()))
    return False
