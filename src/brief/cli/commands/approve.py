"""`brief approve`: somebody looked at a pack."""

from datetime import UTC, datetime
from pathlib import Path

import click

from brief.publish.approval import approve, current_time


@click.command
@click.argument("folder", metavar="PACK", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--by", metavar="NAME", help="Who looked at it (default: the name of this user).")
@click.option("--at", "moment", type=click.DateTime(), help="When, in UTC (default: now).")
@click.option("--note", metavar="TEXT", default="", help="What to remember of it.")
def command(folder: Path, by: str | None, moment: datetime | None, note: str) -> None:
    """Record that somebody looked at a pack and found it right.

    The record stands beside PACK, as <brief>.approval.json, and holds for these very bytes: built again from other
    content, the pack is not approved any more.
    """
    if moment is not None and moment.replace(tzinfo=UTC) > current_time():
        raise click.BadParameter(f"'{moment.isoformat()}' is in the future", param_hint="--at")
    clock = (lambda: moment.replace(tzinfo=UTC)) if moment else current_time
    approval = approve(folder, by, note, clock)
    click.echo(f"{folder}: approved by {approval.by} at {approval.at}")
