"""`brief mail preview`: a message of a plan, as its reader gets it."""

from itertools import islice
from pathlib import Path

import click

from brief.mail.plan_file import read_plan
from brief.mail.preview import previews


@click.command
@click.argument("plan", metavar="PLAN", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-n", "number", metavar="N", type=click.IntRange(min=1), default=1, help="Which message (default: 1).")
@click.option("-o", "--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write its page.")
def command(plan: Path, number: int, output: Path | None) -> None:
    """Show a message of a plan: its words, or with -o its page, which a browser opens."""
    planned = read_plan(plan)
    shown = next(islice(previews(planned), number - 1, None), None)
    if shown is None:
        raise click.UsageError(f"the plan has {len(planned.messages)} messages")
    if output is not None:
        output.write_text(shown.html, encoding="utf-8")
        click.echo(output)
        return
    click.echo(f"{shown.sender} -> {shown.name} <{shown.address}>\n{shown.subject}\n\n{shown.text}")
    for name in shown.attachments:
        click.echo(f"+ {name}")
