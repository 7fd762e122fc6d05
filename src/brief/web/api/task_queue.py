"""Runs the tasks of jobs on workers: owners take turns, equal tasks run once, and unneeded tasks are stopped."""

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import field
from functools import partial
from typing import Any

from brief.model.diagnostics import WorkerError
from brief.model.record import dataclass
from brief.workers.pool import WorkerPool


@dataclass(frozen=True, slots=True)
class Task:
    """A function call for a worker. Tasks with the same key are equal and have the same result."""

    key: Hashable
    function: Callable[..., Any] = field(compare=False)
    arguments: tuple[Any, ...] = field(compare=False)


# Called with a task, and its result or exception.
Receive = Callable[[Task, Any, BaseException | None], None]


@dataclass(eq=False, slots=True)
class QueuedJob:
    """A group of tasks of one owner, whose results are passed to `receive`.

    `on_start` is called once: when a task that the job waits for starts, or when the job is added if one is running.
    """

    owner: str
    receive: Receive
    on_start: Callable[[], None] = lambda: None
    waiting: deque[Task] = field(default_factory=deque)
    is_started: bool = False


@dataclass(eq=False, slots=True)
class _SharedTask:
    """A waiting or running task, and the jobs that need its result. `future` is None until the task starts."""

    task: Task
    jobs: list[QueuedJob] = field(default_factory=list)
    future: "Future[Any] | None" = None


class TaskQueue:
    """Runs up to `slots` tasks at once on `workers`.

    The next task comes from the oldest job of the owner who has waited longest for a turn. Results are passed to each job's
    `receive`, in a thread of the worker pool and outside any lock.
    """

    def __init__(self, workers: WorkerPool, slots: int) -> None:
        self._workers = workers
        self._slots = slots
        self._lock = threading.RLock()
        self._owners: OrderedDict[str, deque[QueuedJob]] = OrderedDict()
        self._shared: dict[Hashable, _SharedTask] = {}
        self._busy = 0
        self._is_closed = False

    def add(self, job: QueuedJob, tasks: Sequence[Task]) -> None:
        """Adds tasks to a job, and appends the job to its owner's queue if it is not there yet."""
        is_starting = False
        with self._lock:
            for task in tasks:
                shared = self._shared.setdefault(task.key, _SharedTask(task))
                shared.jobs.append(job)
                if shared.future is None:
                    job.waiting.append(task)
                elif not job.is_started:
                    is_starting = job.is_started = True
            queue = self._owners.setdefault(job.owner, deque())
            if job not in queue:
                queue.append(job)
        if is_starting:
            job.on_start()
        self._start_tasks()

    def drop(self, job: QueuedJob) -> None:
        """Removes a job, and stops the workers of tasks that no other job waits for."""
        with self._lock:
            job.waiting.clear()
            unwanted = []
            for key, shared in list(self._shared.items()):
                if job in shared.jobs:
                    shared.jobs.remove(job)
                    if not shared.jobs:
                        # An equal task that is added later is a new one.
                        del self._shared[key]
                        unwanted.append(shared.future)
        for future in unwanted:
            if future is not None:
                self._workers.interrupt(future)
        self._start_tasks()

    def close(self) -> None:
        """Stops starting tasks; the caller must stop the workers."""
        with self._lock:
            self._is_closed = True
            self._owners.clear()

    def _start_tasks(self) -> None:
        started_jobs: list[QueuedJob] = []
        started_tasks: list[tuple[_SharedTask, Future[Any]]] = []
        with self._lock:
            while self._busy < self._slots and not self._is_closed and (task := self._take_next_task()) is not None:
                shared = self._shared[task.key]
                self._busy += 1
                shared.future = self._workers.submit(task.function, *task.arguments)
                started_tasks.append((shared, shared.future))
                for job in shared.jobs:
                    if task in job.waiting:
                        job.waiting.remove(task)
                    if not job.is_started:
                        job.is_started = True
                        started_jobs.append(job)
        for job in started_jobs:
            job.on_start()
        for shared, future in started_tasks:
            future.add_done_callback(partial(self._finish, shared))

    def _take_next_task(self) -> Task | None:
        """Takes the next task, and moves its owner to the end of the queue."""
        for owner in list(self._owners):
            queue = self._owners[owner]
            while queue and not queue[0].waiting:
                queue.popleft()
            if not queue:
                del self._owners[owner]
                continue
            self._owners.move_to_end(owner)
            return queue[0].waiting.popleft()
        return None

    def _finish(self, shared: _SharedTask, future: "Future[Any]") -> None:
        with self._lock:
            self._busy -= 1
            if self._shared.get(shared.task.key) is shared:
                del self._shared[shared.task.key]
            jobs = list(shared.jobs)
            is_closed = self._is_closed
        if is_closed:
            # The service is stopping: its jobs have not failed, and are resumed at the next start.
            return
        result: Any = None
        error: BaseException | None = None
        try:
            result = future.result()
        except CancelledError:
            error = WorkerError("the work was interrupted")
        except BaseException as problem:
            error = problem
        for job in jobs:
            job.receive(shared.task, result, error)
        self._start_tasks()
