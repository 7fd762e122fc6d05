"""`brief build`: an order to a pack in the output folder."""

import sys
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import click

from brief.cli import options
from brief.cli.diagnostics import DiagnosticFormat, show
from brief.cli.progress import progress_bar
from brief.cli.revision import load_revision
from brief.model.diagnostics import ContentError
from brief.press.output import reserve
from brief.press.pack import path
from brief.press.project import Project


@click.command
@click.option(
    "-a", "--audience", "audiences", metavar="AUDIENCE", multiple=True, help="Only this audience; repeatable."
)
@click.option("-l", "--locale", "locales", metavar="LOCALE", multiple=True, help="Only this locale; repeatable.")
@click.option("-f", "--format", "formats", metavar="FORMAT", multiple=True, help="Only this format; repeatable.")
@click.option(
    "-o", "--output", metavar="DIR", type=click.Path(path_type=Path), help="Where the pack goes (default: output/)."
)
@click.option("--zip", "archived", is_flag=True, help="Add an archive for each audience.")
@click.option("--since", metavar="REV", help="Tell in each edition what changed since this git revision or folder.")
@click.option("--jobs", metavar="N", type=click.IntRange(min=1), help="Worker processes (default: one a core).")
@click.option("--cluster", metavar="URL", help="Work on the Dask cluster whose scheduler is there.")
@click.option("--wait", is_flag=True, help="Wait for another build into the same folder.")
@options.project
def command(
    audiences: tuple[str, ...],
    locales: tuple[str, ...],
    formats: tuple[str, ...],
    output: Path | None,
    archived: bool,
    since: str | None,
    jobs: int | None,
    cluster: str | None,
    wait: bool,
    root: Path,
) -> None:
    """Make the briefings: every audience, locale and format, or those you ask for.

    Prints the path of every file of the new pack. The old pack stands until the new one is complete.
    """
    try:
        project = Project.load(root)
        earlier = load_revision(since, root) if since is not None else None
        # Before the work, so that a folder that cannot be written to, or is in use, does not waste it.
        with reserve(output or root / "output", project.brief.settings.id, _say_wait if wait else None) as place:
            with _executor(cluster, project) as executor, progress_bar() as progress:
                pack = project.build(
                    audiences, locales, formats, since=earlier, jobs=jobs, executor=executor, progress=progress
                )
            warnings = (*project.diagnostics, *place.warnings, *pack.diagnostics)
            if warnings:
                show(warnings, DiagnosticFormat.TEXT, root)
            if archived:
                pack = pack.with_archives()
            folder = place.publish(pack.files(), pack.manifest())
    except ContentError as error:
        show(error.diagnostics, DiagnosticFormat.TEXT, root)
        sys.exit(1)
    for artifact in pack:
        click.echo(folder / path(artifact))


def _executor(cluster: str | None, project: Project) -> AbstractContextManager[Executor | None]:
    if cluster is None:
        return nullcontext()
    from brief.press.cluster import connected

    return connected(cluster, project.template_set, project.brief.locales)


def _say_wait(holder: str) -> None:
    click.echo(f"brief: waiting for {holder}", err=True)
