"""`brief translate derive`: fills missing texts with converted texts of a related locale."""

import sys
from pathlib import Path

import click

from brief.cli import options
from brief.cli.machine_texts import show_machine_texts


@click.command
@click.argument("locale", metavar="LOCALE")
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--from", "source", metavar="LOCALE", required=True, help="The locale to convert from.")
@options.project
def command(locale: str, ids: tuple[str, ...], source: str, root: Path) -> None:
    """Fill the texts that LOCALE lacks by converting those of a related locale, such as zh-Hans for zh-Hant.

    Regional words and the forms of the glossary are replaced; placeholders are kept. Existing texts are never changed.
    Converted texts are 'derived' until 'brief translate accept', and the 'gates' of each audience decide how they are
    handled. A regional locale such as zh-Hant-HK prints the texts of zh-Hant; only texts that differ are converted.
    """
    from brief.project.machine_texts import derive_texts

    sys.exit(show_machine_texts(derive_texts(options.load_translations(root), locale, source, ids), root, "derived"))
