"""`brief snapshot accept`: accepts the current output of the project."""

import sys
from pathlib import Path

import click

from brief.cli import options
from brief.cli.diagnostics import DiagnosticFormat, escape_controls, show
from brief.cli.progress import show_progress
from brief.model.artifact import BuildSelection
from brief.model.counts import format_count
from brief.model.diagnostics import ContentError


@click.command
@options.audiences
@options.locales
@options.formats
@click.option("--jobs", metavar="N", type=click.IntRange(min=1), help="Worker processes (default: one for each core).")
@options.project
def command(
    audiences: tuple[str, ...], locales: tuple[str, ...], formats: tuple[str, ...], jobs: int | None, root: Path
) -> None:
    """Accept the current output of the project as its snapshots, and print what changes in them.

    Writes plain text and small pictures below snapshots/; commit them with the content. All files are written, or none.
    Snapshots of files that the project no longer publishes are removed.
    """
    from brief.project.snapshotting import compare_snapshots

    try:
        with show_progress() as progress:
            comparison = compare_snapshots(
                root, BuildSelection(audiences, locales, formats), jobs=jobs, progress=progress
            )
    except ContentError as error:
        show(error.diagnostics, DiagnosticFormat.TEXT, root)
        sys.exit(1)
    diagnostics = comparison.make_diagnostics()
    comparison.accept(root)
    for diagnostic in diagnostics:
        click.echo(escape_controls(f"{diagnostic.code}: {diagnostic.message}"))
    changed = sum(drift.differs for drift in comparison.drifts)
    removed = f", {format_count(len(comparison.unused), 'file')} removed" if comparison.unused else ""
    click.echo(
        f"brief: {format_count(changed, 'snapshot')} accepted, {len(comparison.drifts) - changed} unchanged{removed}",
        err=True,
    )
