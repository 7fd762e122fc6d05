"""`brief approve`: records that a pack was reviewed."""

from datetime import UTC, datetime
from pathlib import Path

import click

from brief.publish.approval import approve, current_time


@click.command
@click.argument("folder", metavar="PACK", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--by", metavar="NAME", help="Who reviewed it (default: the name of this user).")
@click.option("--at", "moment", type=click.DateTime(), help="When, in UTC (default: now).")
@click.option("--note", metavar="TEXT", default="", help="A note to record with it.")
@click.option(
    "--before-embargo", "reason", metavar="REASON", default="", help="Approve it before its embargo ends; say why."
)
def command(folder: Path, by: str | None, moment: datetime | None, note: str, reason: str) -> None:
    """Record that a pack was reviewed and approved.

    The record is written beside PACK, as <brief>.approval.json, and is valid for exactly these bytes: a pack built
    again from changed content is no longer approved.

    A pack under embargo is approved only with '--before-embargo', which records the reason. Nothing is mailed before the
    embargo ends, whatever is approved.
    """
    if moment is not None and moment.replace(tzinfo=UTC) > current_time():
        raise click.BadParameter(f"'{moment.isoformat()}' is in the future", param_hint="--at")
    clock = (lambda: moment.replace(tzinfo=UTC)) if moment else current_time
    approval = approve(folder, by, note, clock, before_embargo=reason)
    click.echo(f"{folder}: approved by {approval.by} at {approval.at}")
