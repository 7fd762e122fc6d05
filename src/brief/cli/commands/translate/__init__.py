"""`brief translate`: what is missing or stale; texts out to translators, and back."""

import click

from brief.cli.lazy import LazyGroup

COMMANDS = {
    "accept": "Record that translations match their present source texts.",
    "export": "Write missing and stale texts to a .po file for translators.",
    "import": "Put a translated .po file back into the content.",
    "status": "Show what is missing and what is stale, per locale and theme.",
}


class _TranslateGroup(LazyGroup):
    package = __name__
    commands_of = COMMANDS


@click.group(cls=_TranslateGroup)
def command() -> None:
    """Show missing and stale translations; export texts for translators and import their work."""
