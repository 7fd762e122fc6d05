"""A pool of worker processes in which a crash affects only the task that caused it.

Each worker has its own connection: there is no shared queue or lock that a killed worker could leave broken.

Why not `pebble`: it does not limit memory, starts no worker before the first call, and its workers share two pipes and two
locks. After one of them was killed while it wrote an answer of 600 MB, as the kernel does when memory runs out, three short
calls did not end within 75 s (measured with 5.2.3).
"""

import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import field
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

from brief.model.counts import format_count
from brief.model.diagnostics import BriefError, MachineError, WorkerError, WorkerTimeoutError
from brief.model.record import dataclass
from brief.workers.fork_server import ForkServer, ForkServerError, find_server
from brief.workers.process import WorkerProcess, can_copy, start_interpreter
from brief.workers.worker import OUT_OF_MEMORY, READY, START, Answer, DamagedAnswerError, open_answer, write_call

# The default limits of a call in seconds and bytes, and of calls per worker.
SECONDS = 600.0
MEMORY = 4 << 30
# The libraries of the print engine leak a third of a megabyte per document.
CALLS = 100
_ATTEMPTS = 2

P = ParamSpec("P")
T = TypeVar("T")


class _DiedError(Exception):
    """A worker ended while it had a call; the message says how, as a clause."""


class _LateError(Exception):
    """A worker was stopped because its call took too long."""


class _UnpicklableError(Exception):
    """A call cannot be serialised."""


class WorkerPool(Executor):
    """Runs calls in up to `size` processes, started when there is work for them.

    A worker that crashes during a call is replaced, and the call is retried once. A call that takes longer than
    `seconds`, or more than `memory` bytes, fails, and its worker is stopped. Every failure is a WorkerError, except the
    errors of `brief.model.diagnostics`, which are raised again. Of idle workers, one that has run a function of the same
    module gets a call, and of these the one that was busy last. `preload` names modules that a worker imports first. A worker
    is replaced after `calls` calls, which bounds the memory that its libraries leak.
    """

    def __init__(
        self,
        size: int,
        *,
        seconds: float = SECONDS,
        memory: int = MEMORY,
        calls: int = CALLS,
        preload: Sequence[str] = (),
    ) -> None:
        self._size = size
        self._seconds = seconds
        self._calls = calls
        self._arguments = (str(memory), *preload)
        self._lock = threading.RLock()
        self._waiting: deque[_Task] = deque()
        self._threads: list[threading.Thread] = []
        # The threads that wait for a task, the one that waits the shortest last.
        self._idle: list[_Seat] = []
        self._workers: set[_Worker] = set()
        self._running: dict[Future[Any], _Worker] = {}
        self._interrupted: set[Future[Any]] = set()
        self._server: ForkServer | None = None
        self._closed = False
        self._aborted = False

    def start(self, number: int, *, copies: bool = False) -> None:
        """Starts workers before there is work, until there are `number`, so that they import modules meanwhile.

        With `copies`, the workers are copies of a copy of this process if possible, so that they need not import the
        modules that this process has imported.
        """
        with self._lock:
            missing = min(number, self._size) - len(self._threads)
            # Before the first thread of this pool, because a copy of a process with threads may not work.
            if copies and missing > 0 and self._server is None and can_copy():
                self._server = ForkServer(is_copy=True)
            for _ in range(missing):
                self._add_thread(early=True)

    def restrict(self, size: int) -> None:
        """Limits the number of workers to `size`; those that have started stay."""
        with self._lock:
            self._size = min(self._size, size)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        if kwargs:
            raise TypeError("keyword arguments are not passed on")
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("the pool is shut down")
            self._waiting.append(_Task(future, fn, args))
            if self._idle:
                # Such a worker has compiled templates and opened fonts.
                name = fn.__module__
                seat = next((each for each in reversed(self._idle) if name in each.modules), self._idle[-1])
                self._idle.remove(seat)
                seat.turn.notify()
            elif len(self._threads) < self._size:
                self._add_thread()
        return future

    def _add_thread(self, *, early: bool = False) -> None:
        name = f"worker-{len(self._threads)}"
        thread = threading.Thread(target=self._run_worker, args=(early,), daemon=True, name=name)
        self._threads.append(thread)
        thread.start()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        with self._lock:
            self._closed = True
            if cancel_futures:
                while self._waiting:
                    self._waiting.popleft().future.cancel()
            while self._idle:
                self._idle.pop().turn.notify()
        if wait:
            for thread in self._threads:
                thread.join()
            if self._server is not None:
                self._server.close()
                self._server = None

    def interrupt(self, future: "Future[Any]") -> None:
        """Cancels a waiting call, or ends the worker that runs the call; the call then fails, and is not retried."""
        if future.cancel() or future.done():
            return
        with self._lock:
            self._interrupted.add(future)
            if worker := self._running.get(future):
                worker.kill()

    def abort(self) -> None:
        """Ends every worker immediately; unfinished calls are cancelled or fail."""
        with self._lock:
            self._aborted = True
            for worker in self._workers:
                worker.kill()
        self.shutdown(cancel_futures=True)

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.shutdown()
        else:
            # After an interruption, do not wait for the end of a long document.
            self.abort()

    def _run_worker(self, early: bool) -> None:
        """Runs in a thread of its own: runs one call after another in one worker, which it replaces when needed."""
        worker = None
        if early:
            # If no worker can be started, the first call reports it.
            with suppress(OSError, _DiedError):
                worker = self._start_worker()
        calls = 0
        seat = _Seat(threading.Condition(self._lock))
        while (task := self._take_next(seat)) is not None:
            if task.future.set_running_or_notify_cancel():
                seat.modules.add(task.function.__module__)
                worker = self._complete(task, worker)
                calls += 1
            if worker is not None and calls >= self._calls:
                self._end(worker)
                worker = None
            if worker is None:
                calls = 0
                seat.modules.clear()
        if worker is not None:
            self._end(worker)

    def _take_next(self, seat: "_Seat") -> "_Task | None":
        """Waits for a task and returns it; None if the pool is shut down and no task waits."""
        with self._lock:
            while not self._waiting and not self._closed:
                self._idle.append(seat)
                seat.turn.wait()
            return self._waiting.popleft() if self._waiting else None

    def _complete(self, task: "_Task", worker: "_Worker | None") -> "_Worker | None":
        """Completes the task's future. Returns the worker for the next task, or None if a new one must be started."""
        problem: Exception = WorkerError("the work was interrupted")
        for _ in range(_ATTEMPTS):
            is_retried = False
            try:
                worker = worker or self._start_worker()
                answer = self._ask(task, worker)
            except _UnpicklableError as error:
                problem = WorkerError(f"the call cannot be pickled: {error}")
            except _LateError as error:
                problem = WorkerTimeoutError(str(error))
            except (_DiedError, DamagedAnswerError) as error:
                problem, is_retried = WorkerError(f"a worker process failed twice on the same task: {error}"), True
            except MachineError as error:
                problem = error
            except OSError as error:
                problem, is_retried = WorkerError(f"a worker process cannot be started: {error.strerror}"), True
            else:
                self._take_interruption(task)
                try:
                    task.future.set_result(answer.get_result())
                except BriefError as error:
                    task.future.set_exception(error)
                if worker.await_ready(self._seconds):
                    return worker
                worker.kill()
                self._end(worker)
                return None
            if worker is not None:
                # It may be in the middle of the call or of its answer.
                self._end(worker)
                worker = None
            if self._take_interruption(task):
                problem = WorkerError("the work was interrupted")
                break
            if self._aborted or not is_retried:
                break
        task.future.set_exception(problem)
        return None

    def _ask(self, task: "_Task", worker: "_Worker") -> Answer:
        with self._lock:
            if task.future in self._interrupted:
                raise _DiedError("it was interrupted")
            self._running[task.future] = worker
        try:
            return worker.ask(task, self._seconds)
        finally:
            with self._lock:
                del self._running[task.future]

    def _take_interruption(self, task: "_Task") -> bool:
        """Returns whether the task was interrupted, and forgets it."""
        with self._lock:
            if task.future not in self._interrupted:
                return False
            self._interrupted.remove(task.future)
            return True

    def _start_worker(self) -> "_Worker":
        with self._lock:
            if self._aborted:
                raise _DiedError("it was interrupted")
            worker = _Worker(*self._start_process())
            self._workers.add(worker)
        return worker

    def _start_process(self) -> tuple[WorkerProcess, Connection]:
        try:
            return (self._server or find_server()).start_worker(self._arguments)
        except ForkServerError:
            ours, theirs = Pipe()
            with theirs:
                number = theirs.fileno()
                return start_interpreter("-c", START, str(number), *self._arguments, keep_fd=number), ours

    def _end(self, worker: "_Worker") -> None:
        with self._lock:
            self._workers.discard(worker)
        worker.end()


@dataclass(frozen=True, slots=True, eq=False)
class _Seat:
    """Where a thread of the pool waits for its turn, and the modules of which its worker has run functions."""

    turn: threading.Condition
    modules: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Task:
    future: "Future[Any]"
    function: Callable[..., Any]
    args: tuple[Any, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Worker:
    """A worker process, as seen by the pool."""

    process: WorkerProcess
    connection: Connection

    def ask(self, task: _Task, seconds: float) -> Answer:
        """Sends a call and returns the answer.

        Raises:
            DamagedAnswerError, MachineError: as `open_answer` does.
            _UnpicklableError, _LateError, _DiedError: the call cannot be sent, took too long, or ended the worker.
        """
        late = threading.Event()

        def stop_late() -> None:
            late.set()
            self.process.kill()

        timer = threading.Timer(seconds, stop_late)
        timer.daemon = True
        timer.start()
        try:
            self._send(task)
            return open_answer(self._receive())
        except (EOFError, OSError):
            if late.is_set():
                raise _LateError(
                    f"a worker was stopped: its task took longer than {format_count(seconds, 'second')}"
                ) from None
            raise _DiedError(self._describe_exit()) from None
        finally:
            timer.cancel()

    def _send(self, task: _Task) -> None:
        try:
            write_call(self.connection.send_bytes, task.function, *task.args)
        except OSError:
            raise
        except Exception as problem:
            raise _UnpicklableError(str(problem)) from problem

    def _receive(self) -> Iterator[bytes]:
        while True:
            yield self.connection.recv_bytes()

    def await_ready(self, seconds: float) -> bool:
        """Waits until the worker can take the next call after an answer; returns False if it has ended instead, or takes too
        long.
        """
        try:
            return self.connection.poll(seconds) and self.connection.recv_bytes() == READY
        except (EOFError, OSError):
            return False

    def _describe_exit(self) -> str:
        try:
            status = self.process.wait(1)
        except TimeoutError:
            return "it closed its connection"
        if status < 0:
            return f"it was killed by {signal.Signals(-status).name}"
        if status == OUT_OF_MEMORY:
            return "it ran out of memory"
        return f"it ended with status {status}"

    def kill(self) -> None:
        self.process.kill()

    def end(self) -> None:
        self.connection.close()
        self.process.end()
