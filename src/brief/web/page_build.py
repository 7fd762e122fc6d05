"""A build that a visitor starts on the page, with its progress."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import field
from enum import StrEnum

from brief.model.artifact import BuildSelection
from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.record import dataclass
from brief.web.build_service import BuildService
from brief.web.live_project import LoadedProject
from brief.web.page_requests import number_failure
from brief.web.single_flight import BusyError

_RETRY_SECONDS = 0.5  # before the next attempt, if the queue is full


class BuildState(StrEnum):
    """Whether a build is under way, or how it ended."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(eq=False, slots=True)
class PageBuild:
    """The build of `steps`, one for each variant, from one state of the project.

    `finished` lists the steps that are built. Errors of the content are among `diagnostics`. `number` identifies any
    other failure in the log; None without such a failure. `titles` has the titles of the audiences by language of the page,
    then by audience.
    """

    revision: LoadedProject
    steps: tuple[BuildSelection, ...]
    id: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    state: BuildState = BuildState.RUNNING
    finished: list[BuildSelection] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    number: str | None = None
    titles: dict[str, dict[str, str]] = field(default_factory=dict)
    task: "asyncio.Task[None] | None" = None

    async def run(self, service: BuildService, report: Callable[[str], None]) -> None:
        """Builds every step, up to `service.slots` at once; the first failure ends the others.

        `report` is called with a line for a failure other than errors of the content. If the task is cancelled, the
        steps that are not finished are interrupted.
        """
        slots = asyncio.Semaphore(service.slots)
        try:
            async with asyncio.TaskGroup() as group:
                for step in self.steps:
                    group.create_task(self._build(service, step, slots))
        except* ContentError as errors:
            self.state = BuildState.FAILED
            for error in errors.exceptions:
                if isinstance(error, ContentError):
                    self.diagnostics += error.diagnostics
        except* Exception as errors:
            self.state = BuildState.FAILED
            self.number = number_failure(errors.exceptions[0], report)
        else:
            self.state = BuildState.DONE
        finally:
            if self.state is not BuildState.DONE:
                self._interrupt(service)

    async def cancel(self) -> None:
        """Ends a running build, and the work that no other request waits for; does nothing if it has ended."""
        if self.state is BuildState.RUNNING and self.task is not None:
            self.state = BuildState.CANCELLED
            self.task.cancel()
            await asyncio.wait([self.task])

    async def _build(self, service: BuildService, step: BuildSelection, slots: asyncio.Semaphore) -> None:
        async with slots:
            while True:
                try:
                    pack = await service.build_pack(self.revision, step)
                except BusyError:
                    await asyncio.sleep(_RETRY_SECONDS)
                else:
                    break
        self.diagnostics += pack.diagnostics
        self.finished.append(step)

    def _interrupt(self, service: BuildService) -> None:
        for step in self.steps:
            if step not in self.finished:
                service.interrupt(self.revision, step)
