"""Builds the pack of a project folder, without even reading the project if nothing has changed.

A pack is cached under a digest of every file that a build could read, of the selection, and of all programs and fonts that affect
it. The modules that read and write documents are imported only if this digest is new.
"""

import math
import os
from collections.abc import Callable, Set
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from brief.build.cache_entries import find_pack, keep_pack
from brief.model.artifact import BuildSelection, Progress
from brief.model.diagnostics import ContentError, Diagnostic, has_errors
from brief.model.recipient import Recipient
from brief.model.record import dataclass
from brief.project.project_fingerprint import fingerprint_project
from brief.publish.output import ArtifactKey
from brief.publish.pack import Pack
from brief.store import open_default_store
from brief.workers.collector import relax_collector

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from brief.project.project import Project


# Called with the id of the brief and the artifacts that are to be made.
OnReady = Callable[[str, Set[ArtifactKey]], None]


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """What to build: a selection, and options that require the project and not only a cached pack.

    `since` is an earlier state of the project; every variant lists the changes since then. `copies` is the file of a list
    of recipients, each of whom gets a numbered PDF. `cluster` is the address of a Dask scheduler. With `strict`, every
    warning is an error. `pdf_engine` lays out the PDFs instead of the engines that the template sets name.
    """

    selection: BuildSelection
    since: "Project | None" = None
    copies: Path | None = None
    cluster: str | None = None
    strict: bool = False
    pdf_engine: str = ""

    @property
    def is_cacheable(self) -> bool:
        """Whether the pack depends only on the project's files and the request."""
        return self.since is None and self.copies is None and self.cluster is None and not self.strict


@dataclass(frozen=True, slots=True)
class BuildResult:
    """A pack, the warnings of the checks, and the number of recipients whose variants were not requested."""

    pack: Pack
    checks: tuple[Diagnostic, ...]
    skipped_copies: int = 0


def build_project(
    root: Path,
    request: BuildRequest,
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
    on_ready: OnReady | None = None,
) -> BuildResult:
    """Builds the pack of a request. `on_ready` is called before the work starts, with the brief's id and what is to be made.

    Raises:
        BriefError: as `Project.load`, `Project.build` and `read_copy_recipients` do.
    """
    store = open_default_store() if request.is_cacheable else None
    key = fingerprint_project(root, request.selection, request.pdf_engine) if store else ""
    kept = find_pack(store, key) if store else None
    if kept is not None:
        if on_ready is not None:
            on_ready(kept[0].brief, {(each.audience, each.locale, each.format) for each in kept[0]})
        return BuildResult(*kept)
    # The search for cycles finds few, and takes a twelfth of a build.
    with relax_collector():
        result = _build(root, request, jobs or os.cpu_count() or 1, progress, on_ready)
    # A file that changed meanwhile may have been read before or after the change.
    if store and fingerprint_project(root, request.selection, request.pdf_engine) == key:
        keep_pack(store, key, result.pack, result.checks)
    return result


def _build(
    root: Path,
    request: BuildRequest,
    jobs: int,
    progress: Progress | None,
    on_ready: OnReady | None,
) -> BuildResult:
    from brief.build.executors import start_workers_early
    from brief.build.plan import plan_variants
    from brief.project.gating import escalate_warnings, leave_out_gated
    from brief.project.project import Project
    from brief.project.saved_reading import SavedReading

    selection = request.selection
    choice = (selection.audiences, selection.locales, selection.formats)
    with ExitStack() as opened:
        executor: Executor | None = None
        kept = SavedReading.load(open_default_store(), root, "build")
        if request.cluster is None:
            most = math.prod(map(len, choice)) or None
            few = bool(kept.cache)
            executor = opened.enter_context(start_workers_early(jobs, most, selection.formats, few=few))
        project = Project.load_kept(kept, pdf_engine=request.pdf_engine)
        recipients = _read_recipients(project, request.copies)
        if on_ready is not None:
            planned = plan_variants(project.brief, selection)
            keys = {(each.audience, each.locale, form) for each in planned for form in each.formats}
            on_ready(project.brief.settings.id, keys)
        _require_checked(project, strict=request.strict)
        if request.cluster is not None:
            executor = opened.enter_context(_connect(request.cluster, project))
        pack = project.build(*choice, since=request.since, jobs=jobs, executor=executor, progress=progress)
    if request.strict and pack.diagnostics:
        raise ContentError(escalate_warnings(project.brief.settings, pack.diagnostics, strict=True))
    checks = leave_out_gated(project.diagnostics, pack.diagnostics)
    if not recipients:
        return BuildResult(pack, checks)
    pack = _add_copies(project, pack, recipients)
    return BuildResult(pack, checks, len(recipients) - len(pack.copies or ()))


def _require_checked(project: "Project", *, strict: bool) -> None:
    """Runs every check for a strict request; a project that stops on warnings runs them itself.

    Raises:
        ContentError: the checks have findings.
    """
    if not strict:
        return
    from brief.project.gating import escalate_warnings

    found = escalate_warnings(project.brief.settings, project.check(), strict=True)
    if has_errors(found):
        raise ContentError(found)


def _connect(cluster: str, project: "Project") -> "AbstractContextManager[Executor]":
    from brief.build.cluster import connect_cluster

    return connect_cluster(cluster, project.list_template_sets(), project.brief.locales)


def _read_recipients(project: "Project", file: Path | None) -> tuple[Recipient, ...]:
    if file is None:
        return ()
    from brief.publish.personal_copies import read_copy_recipients

    return read_copy_recipients(project.brief, project.get_template_set, file)


def _add_copies(project: "Project", pack: Pack, recipients: tuple[Recipient, ...]) -> Pack:
    """Returns the pack with a copy for each recipient of a variant in it.

    Raises:
        ContentError: a copy contains something that its audience may not see.
    """
    from brief.inspection.leaks import Inspector
    from brief.publish.personal_copies import inspect_copies, make_copies

    copies = make_copies(project.brief, project.get_template_set, pack, recipients)
    found = inspect_copies(copies, Inspector(project.brief, project.get_template_set))
    if found:
        raise ContentError(found)
    return replace(pack, copies=copies)
