"""`brief approve`: records that a pack was reviewed."""

from datetime import UTC, datetime
from pathlib import Path

import click

from brief.cli.gating import require_publishable
from brief.publish.approval import approve, get_current_time


@click.command
@click.argument("folder", metavar="PACK", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--by", metavar="NAME", help="The reviewer (default: the current user).")
@click.option("--at", "moment", type=click.DateTime(), help="The time in UTC (default: now).")
@click.option("--note", metavar="TEXT", default="", help="A note to record with the approval.")
@click.option(
    "--before-embargo",
    "reason",
    metavar="REASON",
    default="",
    help="Approve the pack before its embargo ends, for this reason.",
)
@click.option(
    "-C",
    "root",
    metavar="PROJECT",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The project of the pack (default: the folder that contains its output folder).",
)
def command(folder: Path, by: str | None, moment: datetime | None, note: str, reason: str, root: Path | None) -> None:
    """Record that a pack was reviewed and approved.

    The record is written beside PACK, as <brief>.approval.json, and is valid for exactly these bytes: a pack built
    again from changed content is no longer approved.

    The project of the pack is read again: if one of its texts now stops a variant of the pack, such as a translation
    whose source text has changed since, the pack is refused.

    A pack under embargo is approved only with '--before-embargo', which records the reason. Approval does not lift
    the embargo: nothing is mailed before it ends.
    """
    # The pack will be mailed as it was built, so texts that are outdated since then must be found now.
    hint = "approve it after that time, or run with '--before-embargo REASON'"
    checks_embargo = not reason.strip()
    require_publishable(folder, root, embargoed=None if checks_embargo else (), hint=hint, is_review=True)
    if moment is not None and moment.replace(tzinfo=UTC) > get_current_time():
        raise click.BadParameter(
            f"'{moment.isoformat()}' is in the future; check the clock, or give an earlier time", param_hint="--at"
        )
    clock = (lambda: moment.replace(tzinfo=UTC)) if moment else get_current_time
    approval = approve(folder, by, note, clock, before_embargo=reason)
    click.echo(f"{folder}: approved by {approval.by} at {approval.at}")
