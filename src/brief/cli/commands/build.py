"""`brief build`: an order to a pack in the output folder."""

import sys
from pathlib import Path

import click

from brief.cli import options
from brief.cli.diagnostics import DiagnosticFormat, show
from brief.cli.progress import progress_bar
from brief.model.artifact import Order
from brief.model.diagnostics import ContentError
from brief.press.rebuild import build


@click.command
@click.option(
    "-a", "--audience", "audiences", metavar="AUDIENCE", multiple=True, help="Only this audience; repeatable."
)
@click.option("-l", "--locale", "locales", metavar="LOCALE", multiple=True, help="Only this locale; repeatable.")
@click.option("-f", "--format", "formats", metavar="FORMAT", multiple=True, help="Only this format; repeatable.")
@click.option(
    "-o", "--output", metavar="DIR", type=click.Path(path_type=Path), help="Where the pack goes (default: output/)."
)
@click.option("--jobs", metavar="N", type=click.IntRange(min=1), help="Worker processes (default: one a core).")
@options.project
def command(
    audiences: tuple[str, ...],
    locales: tuple[str, ...],
    formats: tuple[str, ...],
    output: Path | None,
    jobs: int | None,
    root: Path,
) -> None:
    """Make the briefings: every audience, locale and format, or those you ask for.

    Prints the path of every file of the new pack. The old pack stands until the new one is complete.
    """
    try:
        with progress_bar() as progress:
            pack, checks = build(root, Order(audiences, locales, formats), jobs=jobs, progress=progress)
    except ContentError as error:
        show(error.diagnostics, DiagnosticFormat.TEXT, root)
        sys.exit(1)
    warnings = (*checks, *pack.diagnostics)
    if warnings:
        show(warnings, DiagnosticFormat.TEXT, root)
    folder = pack.write(output or root / "output")
    for artifact in pack:
        click.echo(folder / artifact.audience / artifact.name)
    click.echo(f"brief: {len(pack) - pack.reused} printed, {pack.reused} from the cache", err=True)
