"""`brief build`: builds the selected variants and formats, and writes them as a pack to the output folder."""

import sys
from collections.abc import Set
from contextlib import ExitStack
from pathlib import Path

import click

from brief.cli import options
from brief.cli.diagnostics import DiagnosticFormat, show
from brief.cli.progress import print_wait, show_progress
from brief.model.artifact import BuildSelection
from brief.model.counts import format_count
from brief.model.diagnostics import ContentError
from brief.project.incremental import BuildRequest, BuildResult, build_project
from brief.publish.archive import add_archives
from brief.publish.output import ArtifactKey, ReservedOutput, reserve
from brief.publish.pack import ARCHIVE, Pack, make_artifact_path


@click.command
@options.audiences
@options.locales
@options.formats
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The folder to write the pack to (default: output/).",
)
@click.option("--draft", is_flag=True, help="Write to drafts/ instead, and do not change the pack in output/.")
@click.option("--replace", is_flag=True, help="Allow a selection to replace a pack that has more files.")
@click.option(
    "--since",
    metavar="REV",
    help="List in each variant what changed since this git revision, or compared with this folder.",
)
@click.option("--zip", "archived", is_flag=True, help="Add an archive for each audience.")
@click.option("--strict", is_flag=True, help="Run every check first, and treat warnings as errors.")
@click.option("--jobs", metavar="N", type=click.IntRange(min=1), help="Worker processes (default: one for each core).")
@options.cluster
@options.allowed
@click.option("--wait", is_flag=True, help="Wait if another build is writing to the same folder.")
@click.option(
    "--copies",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Also write a numbered PDF for each recipient listed in FILE.",
)
@options.pdf_engine
@options.project
def command(
    audiences: tuple[str, ...],
    locales: tuple[str, ...],
    formats: tuple[str, ...],
    output: Path | None,
    draft: bool,
    replace: bool,
    since: str | None,
    archived: bool,
    strict: bool,
    jobs: int | None,
    cluster: str | None,
    allowed: tuple[str, ...],
    wait: bool,
    copies: Path | None,
    pdf_engine: str,
    root: Path,
) -> None:
    """Build the briefings: every audience, locale and format, or the ones you select.

    Prints the path of every file of the new pack. The old pack is kept until the new one is complete. A selection does
    not replace a pack that has more files, unless --replace says so: while you write, use --draft.

    A translation that is missing or stale, or that was converted or drafted by a program and not yet accepted, fails
    the build (exit status 1) unless the audience's 'gates' say otherwise; 'strict' and 'stop_on' in content/brief.yaml
    turn warnings into errors.
    """
    if draft and output is not None:
        raise click.UsageError("--draft cannot be combined with --output: drafts are written to drafts/")
    is_selection = any((audiences, locales, formats)) and not (draft or replace)
    target = root / "drafts" if draft else output or root / "output"
    options.require_safe_cluster(cluster, allowed)
    earlier = None
    if since is not None:
        from brief.cli.revision import load_revision

        earlier = load_revision(since, root)
    request = BuildRequest(
        BuildSelection(audiences, locales, formats), earlier, copies, cluster, strict, pdf_engine, archived
    )
    reserved: list[ReservedOutput] = []
    with ExitStack() as stack:

        def on_ready(brief: str, wanted: Set[ArtifactKey]) -> None:
            # Reserve the folder first, so that no work is lost if it is in use or cannot be written to.
            folder = stack.enter_context(reserve(target, brief, print_wait if wait else None, root))
            reserved.append(folder)
            if is_selection:
                lost = folder.count_deselected_files(wanted, archived=archived, copied=copies is not None)
                _require_no_loss(target, lost)

        try:
            with show_progress() as progress:
                result = build_project(root, request, jobs=jobs, progress=progress, on_ready=on_ready)
        except ContentError as error:
            show(error.diagnostics, DiagnosticFormat.TEXT, root)
            sys.exit(1)
        pack = result.pack
        (output_folder,) = reserved
        _show_warnings(result, output_folder, root)
        if archived:
            try:
                pack = add_archives(pack)
            except ContentError as error:
                show(error.diagnostics, DiagnosticFormat.TEXT, root)
                sys.exit(1)
        files = pack.list_files()
        removed = output_folder.count_removed_files(files)
        if is_selection:
            _require_no_loss(target, removed)
        folder = output_folder.publish(files, pack.make_manifest())
    _print_published(pack, folder, removed)


def _require_no_loss(target: Path, lost: int) -> None:
    if lost:
        raise click.UsageError(
            f"the pack in {target} has {format_count(lost, 'other file')}, which a selection would "
            "throw away; add --draft to write to drafts/, or --replace to replace the pack"
        )


def _show_warnings(result: BuildResult, output_folder: ReservedOutput, root: Path) -> None:
    if warnings := (*result.checks, *output_folder.warnings, *result.pack.diagnostics):
        show(warnings, DiagnosticFormat.TEXT, root)
    if skipped := result.skipped_copies:
        recipients = format_count(skipped, "recipient whose variant was", "recipients whose variants were")
        click.echo(f"brief: skipped {recipients} not built", err=True)


def _print_published(pack: Pack, folder: Path, removed: int) -> None:
    for artifact in pack:
        click.echo(folder / make_artifact_path(artifact))
    for copy in pack.copies or ():
        click.echo(folder / copy)
    if removed:
        files = format_count(removed, "file")
        click.echo(f"brief: {files} of the earlier pack removed", err=True)
    rendered = sum(artifact.format != ARCHIVE for artifact in pack) - pack.reused
    click.echo(f"brief: {rendered} rendered, {pack.reused} from the cache", err=True)
