"""`brief snapshot check`: compares the output of the project with its snapshots."""

import sys
from pathlib import Path

import click

from brief.cli import options
from brief.cli.diagnostics import DiagnosticFormat, show
from brief.cli.output_file import OutputFile
from brief.cli.progress import show_progress
from brief.model.artifact import BuildSelection
from brief.model.counts import format_count
from brief.model.diagnostics import ContentError


@click.command
@options.audiences
@options.locales
@options.formats
@click.option(
    "--diagnostics",
    "format_name",
    type=click.Choice([str(each) for each in DiagnosticFormat]),
    default="text",
    help="The format of diagnostics: text for people, json for programs, github for annotations, sarif for code scanning.",
)
@click.option(
    "--report",
    metavar="FILE",
    type=OutputFile(),
    help="Also write an HTML page with the words and pages that differ.",
)
@click.option("--jobs", metavar="N", type=click.IntRange(min=1), help="Worker processes (default: one for each core).")
@options.project
def command(
    audiences: tuple[str, ...],
    locales: tuple[str, ...],
    formats: tuple[str, ...],
    format_name: str,
    report: Path | None,
    jobs: int | None,
    root: Path,
) -> None:
    """Compare the current output of the project with its snapshots.

    Builds the project, or uses the pack of the last build if nothing has changed since. Compares the texts of all
    formats exactly, and also the fonts, outline and page count of each PDF. Pictures of its pages may differ within the
    tolerance of snapshots/snapshots.yaml. Exits with 1 if a snapshot differs, is missing or is no longer used.
    """
    from brief.project.snapshotting import compare_snapshots

    diagnostic_format = DiagnosticFormat(format_name)
    try:
        with show_progress() as progress:
            comparison = compare_snapshots(
                root, BuildSelection(audiences, locales, formats), jobs=jobs, progress=progress
            )
    except ContentError as error:
        show(error.diagnostics, diagnostic_format, root, is_result=True)
        sys.exit(1)
    diagnostics = comparison.make_diagnostics()
    if report is not None:
        from brief.publish.durable_files import write_private_path
        from brief.snapshots.report import render_report

        write_private_path(
            report, render_report(comparison.brief, comparison.drifts, diagnostics, comparison.tolerance)
        )
    if diagnostics or diagnostic_format is DiagnosticFormat.JSON:
        show(diagnostics, diagnostic_format, root, is_result=True)
    if not diagnostics:
        click.echo(f"brief: {format_count(len(comparison.drifts), 'snapshot matches', 'snapshots match')}", err=True)
    sys.exit(1 if diagnostics else 0)
