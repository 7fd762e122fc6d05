"""`brief translate accept`: records that translations were reviewed."""

from collections import Counter
from pathlib import Path

import click

from brief.cli import options
from brief.reading.layout import TRANSLATIONS


@click.command
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("-l", "--locale", "locales", metavar="LOCALE", multiple=True, help="Only this locale; repeatable.")
@options.project
def command(ids: tuple[str, ...], locales: tuple[str, ...], root: Path) -> None:
    """Record that translations match their current source texts: all, or those with the given IDs.

    An ID is a text as 'brief translate status' prints it ("block/costs/text"), or covers all texts below it
    ("block/costs"). The record is content/translations.lock; commit it with the texts.
    """
    translations = options.load_translations(root)
    accepted = Counter(translation.locale for translation in translations.accept(locales, ids))
    for locale in translations.brief.locales:
        if accepted[locale]:
            click.echo(f"{locale}: {accepted[locale]} accepted")
    if not accepted:
        click.echo(f"brief: nothing to accept; {TRANSLATIONS} already records these translations", err=True)
