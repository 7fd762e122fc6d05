"""`brief snapshot`: detects unintended changes to a project's packs."""

import click

from brief.cli.lazy import LazyGroup

COMMANDS = {
    "accept": "Accept the current output of the project as its snapshots.",
    "check": "Compare the output of the project with its snapshots.",
}


class _SnapshotGroup(LazyGroup):
    package = __name__
    summaries = COMMANDS


@click.group(cls=_SnapshotGroup)
def command() -> None:
    """Record snapshots of a pack's texts and pages, and report later changes."""
