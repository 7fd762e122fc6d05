"""`brief list`: lists the audiences, locales and themes of the project, and the formats and template sets."""

import json
from pathlib import Path

import click

from brief.cli import options
from brief.model.text import LocalisedText
from brief.templating.template_set import list_template_sets
from brief.writers.formats import FORMATS


@click.command
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@options.project
def command(as_json: bool, root: Path) -> None:
    """List audiences, locales, themes, formats and template sets."""
    brief = options.load_project(root).brief
    language = brief.settings.source_locale
    listing = {
        "brief": str(brief.settings.id),
        "audiences": {str(a.id): _get_text(a.title, language) for a in brief.audiences.values()},
        "locales": list(brief.locales),
        "themes": {str(t.id): _get_text(t.title, language) for t in brief.themes.values()},
        "formats": list(FORMATS),
        "template_sets": list(list_template_sets(root)),
    }
    if as_json:
        click.echo(json.dumps(listing, ensure_ascii=False, indent=2))
        return
    for name, entries in listing.items():
        click.echo(f"{name.replace('_', ' ')}:")
        if isinstance(entries, dict):
            width = max(map(len, entries), default=0)
            for key, title in entries.items():
                click.echo(f"  {key:<{width}}  {title}")
        else:
            for entry in [entries] if isinstance(entries, str) else entries:
                click.echo(f"  {entry}")


def _get_text(text: LocalisedText, locale: str) -> str:
    phrase = text.find_phrase(locale)
    return phrase.source if phrase else ""
