"""Builds the pack of a project folder, without even reading the project if nothing has changed.

A pack is cached under a digest of the selection, of every file that a build could read, and of all programs and fonts
that affect the pack. The modules that read and write documents are imported only if this digest is new.
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
    """What to build: a selection, and options.

    - `since`: an earlier state of the project; every variant lists the changes since then.
    - `copies`: the file with a list of recipients, each of whom gets a numbered PDF.
    - `cluster`: the address of a Dask scheduler.
    - `strict`: every warning is an error.
    - `archived`: archives are to be added, which embargoes may forbid.
    - `pdf_engine`: the engine that lays out the PDFs; if it is empty, the one that each template set names.
    """

    selection: BuildSelection
    since: "Project | None" = None
    copies: Path | None = None
    cluster: str | None = None
    strict: bool = False
    pdf_engine: str = ""
    archived: bool = False

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
    """Builds the pack of a request. `on_ready` is called before rendering starts.

    Raises:
        BriefError: as `Project.load`, `Project.build` and `read_copy_recipients` do.
    """
    store = open_default_store() if request.is_cacheable else None
    key = fingerprint_project(root, request.selection, request.pdf_engine) if store else ""
    cached = find_pack(store, key) if store else None
    if cached is not None:
        if on_ready is not None:
            on_ready(cached[0].brief, {(each.audience, each.locale, each.format) for each in cached[0]})
        return BuildResult(*cached)
    # The collector's search for cycles takes a twelfth of a build, and finds few.
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
    from brief.project.gating import escalate_warnings, leave_out_gated, leave_out_locales
    from brief.project.project import Project
    from brief.project.saved_reading import SavedReading
    from brief.publish.archive import require_archivable
    from brief.publish.embargo import find_embargoes

    selection = request.selection
    choice = (selection.audiences, selection.locales, selection.formats)
    with ExitStack() as stack:
        executor: Executor | None = None
        saved = SavedReading.load(open_default_store(), root, "build")
        if request.cluster is None:
            max_tasks = math.prod(map(len, choice)) or None
            expects_few = bool(saved.cache)
            executor = stack.enter_context(
                start_workers_early(jobs, max_tasks, selection.formats, request.pdf_engine, expects_few=expects_few)
            )
        project = Project.load_saved(saved, pdf_engine=request.pdf_engine)
        recipients = _read_recipients(project, request.copies)
        planned = plan_variants(project.brief, selection)
        if request.archived:
            # Before the rendering, which would be for nothing.
            require_archivable(find_embargoes(project.brief, {each.audience for each in planned}))
        if on_ready is not None:
            keys = {(each.audience, each.locale, form) for each in planned for form in each.formats}
            on_ready(project.brief.settings.id, keys)
        _require_checked(project, strict=request.strict)
        if request.cluster is not None:
            executor = stack.enter_context(_connect(request.cluster, project))
        pack = project.build(*choice, since=request.since, jobs=jobs, executor=executor, progress=progress)
    if request.strict and pack.diagnostics:
        raise ContentError(escalate_warnings(project.brief.settings, pack.diagnostics, strict=True))
    checks = leave_out_gated(project.diagnostics, pack.diagnostics)
    if selection.locales:
        checks = leave_out_locales(checks, selection.locales)
    if not recipients:
        return BuildResult(pack, checks)
    pack = _add_copies(project, pack, recipients)
    return BuildResult(pack, checks, len(recipients) - len(pack.copies or ()))


def _require_checked(project: "Project", *, strict: bool) -> None:
    """Runs every check for a strict request; a project that stops on warnings runs them itself.

    Raises:
        ContentError: a check has a warning or an error.
    """
    if not strict:
        return
    from brief.project.gating import escalate_warnings

    diagnostics = escalate_warnings(project.brief.settings, project.check(), strict=True)
    if has_errors(diagnostics):
        raise ContentError(diagnostics)


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
    diagnostics = inspect_copies(copies, Inspector(project.brief, project.get_template_set))
    if diagnostics:
        raise ContentError(diagnostics)
    return replace(pack, copies=copies)
