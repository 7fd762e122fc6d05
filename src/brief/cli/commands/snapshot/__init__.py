"""`brief snapshot`: guards a project's own packs against changes that nobody wanted."""

import click

from brief.cli.lazy import LazyGroup

COMMANDS = {
    "accept": "Keep what the project publishes now as its snapshots.",
    "check": "Find what differs from the snapshots.",
}


class _SnapshotGroup(LazyGroup):
    package = __name__
    commands_of = COMMANDS


@click.group(cls=_SnapshotGroup)
def command() -> None:
    """Keep texts and pages of a pack as snapshots, and find what has changed since."""
