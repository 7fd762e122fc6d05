"""`brief translate derive`: fills what is missing by converting a related locale."""

import sys
from pathlib import Path

import click

from brief.cli import options
from brief.cli.machine_texts import show_written


@click.command
@click.argument("locale", metavar="LOCALE")
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--from", "source", metavar="LOCALE", required=True, help="The locale to convert from.")
@options.project
def command(locale: str, ids: tuple[str, ...], source: str, root: Path) -> None:
    """Fill the texts that LOCALE lacks with those of a related locale, converted: zh-Hant from zh-Hans, or the reverse.

    Words of the region replace those of the other, forms of the glossary first; placeholders stay. What is there is never
    changed. Converted texts are 'derived' until 'brief translate accept', and each audience says what a derived text does.
    A regional locale such as zh-Hant-HK prints the texts of zh-Hant; converted are those that differ.
    """
    from brief.project.machine_texts import derive_texts

    sys.exit(show_written(derive_texts(options.load_translations(root), locale, source, ids), root, "derived"))
