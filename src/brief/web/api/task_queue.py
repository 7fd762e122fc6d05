"""Runs the tasks of jobs on workers: owners of jobs take turns, equal tasks run once, and what nobody waits for is ended."""

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from brief.model.diagnostics import WorkerError
from brief.workers.pool import WorkerPool


@dataclass(frozen=True, slots=True)
class Task:
    """A call for a worker. Tasks with the same key have the same result."""

    key: Hashable
    function: Callable[..., Any]
    arguments: tuple[Any, ...]


# Called with a task and what came of it: its result, or the exception.
Receive = Callable[[Task, Any, BaseException | None], None]


@dataclass(eq=False, slots=True)
class QueuedJob:
    """The tasks of one owner that belong together. `started` is called before the first one runs."""

    owner: str
    receive: Receive
    started: Callable[[], None] = lambda: None
    waiting: deque[Task] = field(default_factory=deque)
    is_started: bool = False


@dataclass(eq=False, slots=True)
class _Flight:
    """A task under way, and the jobs that wait for it, each with its own task of that key."""

    future: "Future[Any]"
    jobs: dict[QueuedJob, Task] = field(default_factory=dict)


class TaskQueue:
    """Runs up to `slots` tasks at once on `workers`.

    The next task is that of the owner who has waited longest for a turn, of this owner's oldest job. Results are handed to
    each job's `receive`, in a thread of the workers and outside any lock.
    """

    def __init__(self, workers: WorkerPool, slots: int) -> None:
        self._workers = workers
        self._slots = slots
        self._lock = threading.RLock()
        self._owners: OrderedDict[str, deque[QueuedJob]] = OrderedDict()
        self._flights: dict[Hashable, _Flight] = {}
        self._busy = 0
        self._is_closed = False

    def add(self, job: QueuedJob, tasks: Sequence[Task]) -> None:
        """Adds tasks to a job, which is put at the end of its owner's queue unless it is in it."""
        with self._lock:
            job.waiting.extend(tasks)
            queue = self._owners.setdefault(job.owner, deque())
            if job not in queue:
                queue.append(job)
        self._hand_out()

    def drop(self, job: QueuedJob) -> None:
        """Forgets a job. A worker whose task no other job waits for is ended."""
        with self._lock:
            job.waiting.clear()
            left = [(key, flight) for key, flight in self._flights.items() if flight.jobs.pop(job, None) is not None]
            unwanted = [(key, flight) for key, flight in left if not flight.jobs]
            for key, _ in unwanted:
                # From now on an equal task is a new one.
                del self._flights[key]
        for _, flight in unwanted:
            self._workers.interrupt(flight.future)
        self._hand_out()

    def close(self) -> None:
        """Starts nothing more; the caller ends the workers."""
        with self._lock:
            self._is_closed = True
            self._owners.clear()

    def _hand_out(self) -> None:
        started: list[QueuedJob] = []
        begun: list[tuple[_Flight, Hashable]] = []
        with self._lock:
            while self._busy < self._slots and not self._is_closed and (turn := self._take_turn()) is not None:
                job, task = turn
                if not job.is_started:
                    job.is_started = True
                    started.append(job)
                flight = self._flights.get(task.key)
                if flight is None:
                    self._busy += 1
                    flight = self._flights[task.key] = _Flight(
                        self._workers.submit(task.function, *task.arguments), {job: task}
                    )
                    begun.append((flight, task.key))
                else:
                    flight.jobs[job] = task
        for job in started:
            job.started()
        for flight, key in begun:
            flight.future.add_done_callback(partial(self._finish, flight, key))

    def _take_turn(self) -> tuple[QueuedJob, Task] | None:
        """Takes the next task, and puts its owner last."""
        for owner in list(self._owners):
            queue = self._owners[owner]
            while queue and not queue[0].waiting:
                queue.popleft()
            if not queue:
                del self._owners[owner]
                continue
            self._owners.move_to_end(owner)
            return queue[0], queue[0].waiting.popleft()
        return None

    def _finish(self, flight: _Flight, key: Hashable, _: object) -> None:
        with self._lock:
            self._busy -= 1
            if self._flights.get(key) is flight:
                del self._flights[key]
            jobs = dict(flight.jobs)
            is_closed = self._is_closed
        result: Any = None
        error: BaseException | None = None
        try:
            result = flight.future.result()
        except CancelledError:
            error = WorkerError("the work was interrupted")
        except BaseException as problem:
            error = problem
        if is_closed:
            # The service is stopping: its jobs are begun again when it starts, and none of them has failed.
            return
        for job, task in jobs.items():
            job.receive(task, result, error)
        self._hand_out()
