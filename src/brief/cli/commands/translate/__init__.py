"""`brief translate`: what is missing or stale; texts out to translators, and back."""

import click

from brief.cli.lazy import LazyGroup

COMMANDS = {
    "accept": "Record that translations say what their source texts say now.",
    "export": "Write missing and stale texts to a .po file for translators.",
    "import": "Put a translated .po file back into the content.",
    "status": "Say what is missing and what is stale, per locale and theme.",
}


class _TranslateGroup(LazyGroup):
    package = __name__
    commands_of = COMMANDS


@click.group(cls=_TranslateGroup)
def command() -> None:
    """Say what is missing or stale; take texts out to translators, and bring them back."""
