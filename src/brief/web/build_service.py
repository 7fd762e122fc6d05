"""Builds the variants of a project on request: each once, from the files on disk, and inspected before it is served."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from brief.build.anticipation import Anticipation
from brief.build.cache import LastRenders
from brief.model.artifact import Artifact, BuildSelection
from brief.model.diagnostics import Diagnostic, RequestError, WorkerError
from brief.model.record import dataclass
from brief.project.project import Project
from brief.publish.pack import Pack
from brief.web.interruptible import InterruptibleWorkers
from brief.web.live_project import LiveProject, LoadedProject
from brief.web.single_flight import SingleFlight
from brief.workers.pool import WorkerPool

T = TypeVar("T")

_MAX_BYTES = 200_000_000  # of the packs kept in memory
_MAX_BEGUN = 3  # renders of previews that begin before the content is checked
_QUEUED_PER_SLOT = 4  # queued builds for each one under way


class SupersededError(Exception):
    """The project changed before the build began."""


@dataclass(frozen=True, slots=True)
class _Build:
    """The build of one selection, which is called in a thread.

    Raises, when called: SupersededError if `is_outdated` returns True, and what `BuildService.build_pack` lists.
    """

    revision: LoadedProject
    selection: BuildSelection
    workers: InterruptibleWorkers
    is_outdated: Callable[[], bool]
    is_preview: bool
    last: LastRenders
    anticipation: Anticipation

    def __call__(self) -> Pack:
        if self.is_outdated():
            raise SupersededError
        if self.workers.is_interrupted:
            raise WorkerError("the work was interrupted")
        selection = self.selection
        if self.is_preview:
            return self.revision.project.build_preview(
                selection, executor=self.anticipation.wrap(self.workers), last=self.last
            )
        return self.revision.project.build(
            selection.audiences,
            selection.locales,
            selection.formats,
            executor=self.workers,
            inspector=self.revision.inspector,
        )


class BuildService:
    """Builds packs for the audiences in `granted` of the project at `root`, or for all audiences if none are named.

    `workers` build up to `slots` packs at once, with `waiting` more in the queue (by default four for each slot).
    `close` ends the workers. `pdf_engine` is as for `Project.load`.
    """

    def __init__(
        self,
        root: Path,
        workers: WorkerPool,
        slots: int,
        *,
        waiting: int | None = None,
        granted: tuple[str, ...] = (),
        pdf_engine: str = "",
    ) -> None:
        self.granted = granted
        self.slots = slots
        self.project = LiveProject(root, pdf_engine, self._begin_previews)
        self.workers = workers
        self._single_flight = SingleFlight[Pack](slots, _QUEUED_PER_SLOT * slots if waiting is None else waiting)
        self._revision: LoadedProject | None = None
        self._last = LastRenders()
        self._anticipation = Anticipation(workers, self._last)
        self._packs: OrderedDict[tuple[BuildSelection, bool], Pack] = OrderedDict()

    async def get_current(self) -> LoadedProject:
        """Returns the project as it is on disk now.

        Raises:
            ContentError: the project has errors.
        """
        return await asyncio.to_thread(self.project.get_current)

    def list_audiences(self, revision: LoadedProject) -> tuple[str, ...]:
        """Returns the audiences that this service may serve, in the brief's order."""
        return tuple(name for name in revision.project.brief.audiences if not self.granted or name in self.granted)

    async def build_newest(
        self, revision: LoadedProject, selection: BuildSelection, *, is_preview: bool = False
    ) -> tuple[LoadedProject, Pack]:
        """Builds the pack of a selection as `build_pack` does; returns the state that was built, and the pack.

        That is the new state if the project changes before the build begins. Raises as `get_current` and `build_pack`
        do, except SupersededError.
        """
        while True:
            try:
                pack = await self.build_pack(revision, selection, drops_outdated=True, is_preview=is_preview)
                return revision, pack
            except SupersededError:
                revision = await self.get_current()

    async def run(self, work: Callable[..., T], /, *arguments: object) -> T:
        """Runs a function in a worker. It must be importable by its name, and its arguments must be picklable.

        Raises:
            WorkerTimeoutError: it took longer than the limit.
            WorkerError: the worker process died.
        """
        return await asyncio.wrap_future(self.workers.submit(work, *arguments))

    async def build_pack(
        self,
        revision: LoadedProject,
        selection: BuildSelection,
        *,
        drops_outdated: bool = False,
        is_preview: bool = False,
    ) -> Pack:
        """Builds the pack of a selection, which must name its audiences.

        With `drops_outdated`, nothing is built if the project has changed before the build begins. A pack
        with `is_preview` is made by `Project.build_preview`: it may be shown to authors only, and `inspect` must follow.

        Raises:
            RequestError: an audience is not granted, or none is named.
            BusyError: the queue is full.
            SupersededError: with `drops_outdated`, the project has changed.
            ContentError: a variant cannot be built, or contains something that its audience may not see.
            WorkerTimeoutError: the build took longer than the limit.
            WorkerError: a worker process died.
        """
        if not selection.audiences or not set(selection.audiences) <= set(self.list_audiences(revision)):
            raise RequestError("one of the selected audiences is not available here")
        if revision is not self._revision:
            self._revision = revision
            self._packs.clear()
        # A pack that was built for readers also serves as a preview.
        for key in dict.fromkeys(((selection, False), (selection, is_preview))):
            if key in self._packs:
                self._packs.move_to_end(key)
                return self._packs[key]
        build = _Build(
            revision,
            selection,
            InterruptibleWorkers(self.workers),
            lambda: drops_outdated and revision is not self._revision,
            is_preview,
            self._last,
            self._anticipation,
        )
        pack = await self._single_flight.get_result((revision, selection, drops_outdated, is_preview), build)
        if revision is self._revision:
            self._keep((selection, is_preview), pack)
        return pack

    async def inspect(self, revision: LoadedProject, artifact: Artifact) -> tuple[Diagnostic, ...]:
        """Inspects an artifact that was not inspected when it was built, unless the project has changed since.

        Returns the problems that it finds.
        """
        if artifact.inspected or revision is not self._revision:
            return ()
        return await asyncio.to_thread(revision.project.inspect, (artifact,), revision.inspector)

    def _begin_previews(self, project: Project) -> None:
        """Begins to render what was last previewed from a project that has been read, but not checked."""
        keys = dict.fromkeys(
            (audience, locale, name)
            for selection, is_preview in list(self._packs)
            if is_preview
            for audience in selection.audiences
            for locale in selection.locales
            for name in selection.formats
        )
        for audience, locale, name in list(keys)[-_MAX_BEGUN:]:
            # The checks report what is wrong with the content.
            with suppress(Exception):
                variant = project.make_variant(audience, locale)
                self._anticipation.begin((variant, project.get_template_set(audience), (name,)))

    def interrupt(self, revision: LoadedProject, selection: BuildSelection) -> None:
        """Ends the build of a selection, unless a request waits for it."""
        build = self._single_flight.abandon((revision, selection, False, False))
        if isinstance(build, _Build):
            build.workers.interrupt()

    def start(self) -> None:
        """Starts the workers, which import their modules before the first request."""
        self.workers.start(self.slots, copies=True)

    def close(self) -> None:
        self._single_flight.close()
        self.workers.abort()

    def _keep(self, key: tuple[BuildSelection, bool], pack: Pack) -> None:
        self._packs[key] = pack
        total = sum(artifact.content.size for each in self._packs.values() for artifact in each)
        while total > _MAX_BYTES and len(self._packs) > 1:
            _, dropped = self._packs.popitem(last=False)
            total -= sum(artifact.content.size for artifact in dropped)
