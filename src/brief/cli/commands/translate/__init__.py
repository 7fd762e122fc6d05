"""`brief translate`: lists what is missing or stale, exports texts to translators, and imports translations."""

import click

from brief.cli.lazy import LazyGroup

COMMANDS = {
    "accept": "Record that translations match their current source texts.",
    "derive": "Fill what is missing by converting a related locale.",
    "draft": "Draft missing or stale texts with a program.",
    "export": "Write missing and stale texts to a file for translators.",
    "import": "Import a translated file.",
    "status": "Show how much is translated, per locale, theme and audience.",
}


class _TranslateGroup(LazyGroup):
    package = __name__
    summaries = COMMANDS


@click.group(cls=_TranslateGroup)
def command() -> None:
    """Show missing and stale translations; export texts for translators and import their work."""
