"""An accepted pack request and its state, which several threads change and several clients follow."""

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import field, replace

from brief.model.diagnostics import Diagnostic, sort_diagnostics
from brief.model.record import dataclass
from brief.web.api.job_store import JobRecord
from brief.web.api.models import FINAL_STATES, JobStateName
from brief.web.api.pack_requests import ArtifactKey
from brief.web.api.task_queue import QueuedJob
from brief.web.api.work import BuiltArtifact

# Seconds between heartbeats to a client that follows a job; proxies close a connection that is idle for a minute.
_HEARTBEAT = 15


@dataclass(frozen=True, slots=True)
class JobSnapshot:
    """The state of a job at one time. `version` grows with each change; `brief` is the id of the brief."""

    version: int
    brief: str
    record: JobRecord

    @property
    def is_final(self) -> bool:
        return self.record.state in FINAL_STATES


@dataclass(eq=False)
class TrackedJob:
    """A pack request of one caller and its artifacts. Every method is thread-safe.

    `brief` is the id of the brief, and `data_digest` a digest of the data of the request, None without data. The data
    themselves are only in the body. `queued` is None until its tasks are queued. `timer` ends the job at its time
    limit; it is None until a task starts.
    """

    record: JobRecord
    brief: str
    data_digest: str | None = None
    queued: QueuedJob | None = None
    timer: threading.Timer | None = None
    _version: int = 0
    _built: dict[ArtifactKey, BuiltArtifact] = field(default_factory=dict)
    _warnings: tuple[Diagnostic, ...] = ()
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _followers: dict[asyncio.Event, asyncio.AbstractEventLoop] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.record.id

    @property
    def is_final(self) -> bool:
        return self.record.state in FINAL_STATES

    @property
    def planned(self) -> tuple[ArtifactKey, ...]:
        return self.record.planned

    def take_snapshot(self) -> JobSnapshot:
        """Returns the current state."""
        with self._lock:
            return JobSnapshot(self._version, self.brief, self.record)

    def begin(self) -> None:
        """Records that the first task has started."""
        with self._lock:
            if self.record.state == "queued":
                self.record = replace(self.record, state="running")
                self._notify()

    def set_data_warnings(self, warnings: tuple[Diagnostic, ...]) -> None:
        """Sets the warnings about the data of the request, before the first artifact; does nothing if it has ended."""
        with self._lock:
            if self.record.state not in FINAL_STATES:
                self._warnings = warnings
                self.record = replace(self.record, diagnostics=sort_diagnostics(warnings))
                self._notify()

    def add(self, key: ArtifactKey, built: BuiltArtifact) -> bool:
        """Adds a finished artifact and returns whether it was the last one; does nothing if the job has ended."""
        with self._lock:
            if self.record.state in FINAL_STATES:
                return False
            self._built[key] = built
            in_order = tuple(self._built[each] for each in self.planned if each in self._built)
            is_last = len(in_order) == len(self.planned)
            self.record = replace(
                self.record,
                artifacts=in_order,
                diagnostics=sort_diagnostics(
                    (*self._warnings, *(each for built in in_order for each in built.diagnostics))
                ),
                state="done" if is_last else self.record.state,
            )
            self._notify()
            return is_last

    def end(self, state: JobStateName, problem: str | None = None, diagnostics: tuple[Diagnostic, ...] = ()) -> bool:
        """Ends the job in a final state. Returns False, and does nothing, if it has already ended.

        `problem` says why it failed. Without `diagnostics`, it keeps those it has.
        """
        with self._lock:
            if self.record.state in FINAL_STATES:
                return False
            self.record = replace(
                self.record, state=state, problem=problem, diagnostics=diagnostics or self.record.diagnostics
            )
            self._notify()
            return True

    def forget_body(self) -> None:
        """Forgets the body of a request that has ended: it may be megabytes, and stays on disk."""
        with self._lock:
            self.record = replace(self.record, body="")

    async def follow(self) -> AsyncIterator[JobSnapshot | None]:
        """Yields the current state, then the state after each change until the job ends, and None as a heartbeat."""
        loop, event = asyncio.get_running_loop(), asyncio.Event()
        with self._lock:
            self._followers[event] = loop
        try:
            while True:
                event.clear()
                snapshot = self.take_snapshot()
                yield snapshot
                if snapshot.is_final:
                    return
                while True:
                    try:
                        await asyncio.wait_for(event.wait(), _HEARTBEAT)
                        break
                    except TimeoutError:
                        yield None
        finally:
            with self._lock:
                self._followers.pop(event, None)

    def _notify(self) -> None:
        self._version += 1
        for event, loop in self._followers.items():
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)
