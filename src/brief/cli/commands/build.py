"""`brief build`: an order to a pack in the output folder."""

import re
import sys
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from brief.cli import options
from brief.cli.diagnostics import DiagnosticFormat, show
from brief.cli.progress import progress_bar
from brief.model.artifact import Order
from brief.model.diagnostics import ContentError, Diagnostic
from brief.project.incremental import Progress, build_project
from brief.publish.output import ReservedOutput, reserve
from brief.publish.pack import ARCHIVE, Pack, artifact_path

if TYPE_CHECKING:
    from brief.project.project import Project


@dataclass(frozen=True, slots=True)
class _Extras:
    """What needs the project itself, and not only a pack that an earlier build kept."""

    since: str | None = None
    copies: Path | None = None
    cluster: str | None = None


def _scheduler(_context: click.Context, _option: click.Parameter, url: str | None) -> str | None:
    """The URL, if it is one of Dask's, which waits long for any other and then fails noisily."""
    if url is not None and re.fullmatch(r"(tcp|tls|wss?|ucxx?)://.+", url) is None:
        raise click.BadParameter("write it as tcp://HOST:8786")
    return url


@click.command
@click.option(
    "-a", "--audience", "audiences", metavar="AUDIENCE", multiple=True, help="Only this audience; repeatable."
)
@click.option("-l", "--locale", "locales", metavar="LOCALE", multiple=True, help="Only this locale; repeatable.")
@click.option("-f", "--format", "formats", metavar="FORMAT", multiple=True, help="Only this format; repeatable.")
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The folder to write the pack to (default: output/).",
)
@click.option("--since", metavar="REV", help="List in each variant what changed since this git revision or folder.")
@click.option("--zip", "archived", is_flag=True, help="Add an archive for each audience.")
@click.option("--jobs", metavar="N", type=click.IntRange(min=1), help="Worker processes (default: one for each core).")
@click.option("--cluster", metavar="URL", callback=_scheduler, help="Build on the Dask cluster with this scheduler.")
@click.option("--wait", is_flag=True, help="Wait for another build into the same folder to end.")
@click.option(
    "--copies", metavar="FILE", type=click.Path(path_type=Path), help="Also a PDF for each recipient named in FILE."
)
@options.project
def command(
    audiences: tuple[str, ...],
    locales: tuple[str, ...],
    formats: tuple[str, ...],
    output: Path | None,
    since: str | None,
    archived: bool,
    jobs: int | None,
    cluster: str | None,
    wait: bool,
    copies: Path | None,
    root: Path,
) -> None:
    """Build the briefings: every audience, locale and format, or the ones you select.

    Prints the path of every file of the new pack. The old pack is kept until the new one is complete.
    """
    order = Order(audiences, locales, formats)
    extras = _Extras(since, copies, cluster)
    locations: list[ReservedOutput] = []
    with ExitStack() as held:

        def ready(brief: str) -> None:
            # Before the work, so that a folder that cannot be written to, or is in use, does not waste it.
            locations.append(held.enter_context(reserve(output or root / "output", brief, _say_wait if wait else None)))

        try:
            with progress_bar() as progress:
                if extras == _Extras():
                    pack, checks = build_project(root, order, jobs=jobs, progress=progress, ready=ready)
                else:
                    pack, checks = _with_extras(root, order, extras, jobs, progress, ready)
        except ContentError as error:
            show(error.diagnostics, DiagnosticFormat.TEXT, root)
            sys.exit(1)
        (location,) = locations
        warnings = (*checks, *location.warnings, *pack.diagnostics)
        if warnings:
            show(warnings, DiagnosticFormat.TEXT, root)
        if archived:
            pack = pack.with_archives()
        files = pack.files()
        left_out = location.left_out(files)
        folder = location.publish(files, pack.manifest())
    for artifact in pack:
        click.echo(folder / artifact_path(artifact))
    for copy in pack.copies or ():
        click.echo(folder / copy)
    if left_out:
        described = "1 file of the earlier pack is" if left_out == 1 else f"{left_out} files of the earlier pack are"
        click.echo(f"brief: {described} not in this one", err=True)
    printed = sum(artifact.format != ARCHIVE for artifact in pack) - pack.reused
    click.echo(f"brief: {printed} printed, {pack.reused} from the cache", err=True)


def _executor(cluster: str | None, project: "Project") -> AbstractContextManager[Executor | None]:
    if cluster is None:
        return nullcontext()
    from brief.build.cluster import connect_cluster

    return connect_cluster(cluster, project.all_template_sets(), project.brief.locales)


def _say_wait(holder: str) -> None:
    click.echo(f"brief: waiting for {holder}", err=True)


def _with_extras(
    root: Path,
    order: Order,
    extras: _Extras,
    jobs: int | None,
    progress: Progress | None,
    ready: Callable[[str], None],
) -> tuple[Pack, tuple[Diagnostic, ...]]:
    from brief.cli.revision import load_revision
    from brief.inspection.leaks import Inspector
    from brief.project.project import Project
    from brief.publish.copies import inspect_copies, make_copies, read_requests

    project = Project.load(root)
    recipients = (
        read_requests(project.brief, project.template_set_for, extras.copies) if extras.copies is not None else ()
    )
    earlier = load_revision(extras.since, root) if extras.since is not None else None
    ready(project.brief.settings.id)
    with _executor(extras.cluster, project) as executor:
        pack = project.build(
            order.audiences,
            order.locales,
            order.formats,
            since=earlier,
            jobs=jobs,
            executor=executor,
            progress=progress,
        )
    if recipients:
        made = make_copies(project.brief, project.template_set_for, pack, recipients)
        faults = inspect_copies(made, Inspector(project.brief, project.template_set_for))
        if faults:
            raise ContentError(faults)
        if len(made) < len(recipients):
            click.echo(
                f"brief: {len(recipients) - len(made)} recipients belong to variants that were not built", err=True
            )
        pack = replace(pack, copies=made)
    return pack, project.diagnostics
