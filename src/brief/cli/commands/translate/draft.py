"""`brief translate draft`: sends missing and stale texts to a program, which drafts translations."""

import sys
from pathlib import Path

import click

from brief.cli import options
from brief.cli.machine_texts import show_machine_texts


@click.command
@click.option("-l", "--locale", metavar="LOCALE", required=True, help="The locale to translate into.")
@click.option("--command", "program", metavar="CMD", required=True, help="The program, with its arguments.")
@options.clearance
@options.project
def command(locale: str, program: str, clearance: str | None, root: Path) -> None:
    """Send the texts that are missing or stale in a locale to a program, and write its answers as drafts.

    CMD reads one JSON object per line, {"id", "source", "context", "placeholders", "figures", "terms", ...}, and answers with
    a line {"id", "target"} for each. Answers are checked like an import; those that fail are reported and not
    written, and the exit status is 1. Texts are 'drafted' until 'brief translate accept'. CMD is not run by a shell.
    """
    from brief.project.machine_texts import draft_texts

    translations = options.load_translations(root)
    reader_clearance = options.find_clearance(translations.brief, clearance)
    sys.exit(
        show_machine_texts(draft_texts(translations, locale, program, clearance=reader_clearance), root, "drafted")
    )
