"""Starts processes: as a new interpreter, or as a copy of this process, which has its modules already."""

import gc
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import field
from pathlib import Path
from typing import Protocol

from brief.model.record import dataclass
from brief.workers.interpreter import build_command, build_environment

_THREADS = Path("/proc/self/task")
_DESCRIPTORS = Path("/proc/self/fd")
_POLL_SECONDS = 0.01


class WorkerProcess(Protocol):
    """A process that this one started."""

    def kill(self) -> None: ...

    def wait(self, timeout: float) -> int:
        """Waits for the end of the process, and returns its exit status, negative for a signal.

        Raises:
            TimeoutError: the process still runs.
        """

    def end(self) -> None:
        """Kills the process, and releases what is left of it."""


@dataclass(frozen=True, slots=True)
class _Interpreter:
    process: "subprocess.Popen[bytes]"

    def kill(self) -> None:
        self.process.kill()

    def wait(self, timeout: float) -> int:
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise TimeoutError from None

    def end(self) -> None:
        self.kill()
        self.process.wait()
        if self.process.stdin is not None:
            self.process.stdin.close()


@dataclass(slots=True)
class _Copy:
    pid: int
    _status: int | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def kill(self) -> None:
        with self._lock:
            # The number of a process that was waited for may already belong to another process.
            if self._status is None:
                os.kill(self.pid, signal.SIGKILL)

    def wait(self, timeout: float) -> int:
        deadline = time.monotonic() + timeout
        while (status := self._read_status(os.WNOHANG)) is None:
            if time.monotonic() >= deadline:
                raise TimeoutError
            time.sleep(_POLL_SECONDS)
        return status

    def end(self) -> None:
        self.kill()
        self._read_status()

    def _read_status(self, options: int = 0) -> int | None:
        with self._lock:
            if self._status is None:
                pid, status = os.waitpid(self.pid, options)
                self._status = os.waitstatus_to_exitcode(status) if pid else None
            return self._status


def start_interpreter(*arguments: str, keep_fd: int, has_output: bool = True) -> WorkerProcess:
    """Starts a new interpreter with `arguments`. Its standard input ends with this process.

    Of this process's open files it gets the descriptor `keep_fd` and, if `has_output`, standard output and error.
    Unlike a copy, it runs nothing of the embedding program, not even its imports. It also starts in a daemonic process,
    which `multiprocessing` allows no children.

    Raises:
        OSError: it cannot be started.
    """
    output = None if has_output else subprocess.DEVNULL
    process = subprocess.Popen(  # noqa: S603 - our own interpreter
        build_command(*arguments),
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=output,
        pass_fds=(keep_fd,),
        env=build_environment(),
    )
    return _Interpreter(process)


def can_copy() -> bool:
    """Returns whether a copy of this process works: on Linux, and if it has no other thread, not even one of a library.

    Such a thread may hold a lock, which nothing would release in the copy (fork(2)).
    """
    try:
        return len(list(_THREADS.iterdir())) == 1
    except OSError:
        return False


def start_copy(run: Callable[[], object], keep_fd: int) -> WorkerProcess:
    """Runs a function in a copy of this process, for which `can_copy` must be true.

    Of this process's open files, the copy has only the descriptor `keep_fd`.
    """
    pid = os.fork()
    if not pid:
        with suppress(BaseException):
            # Objects of the starting process would close files of this one that have the same numbers.
            gc.freeze()
            # Files such as the lifelines of workers would otherwise stay open as long as this copy lives.
            close_all_but(keep_fd)
            for _ in range(3):
                os.open(os.devnull, os.O_RDWR)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            run()
        os._exit(1)
    return _Copy(pid)


def close_all_but(*descriptors: int) -> None:
    """Closes all open files of this process, which is a copy of another one, except `descriptors`."""
    for descriptor in [int(each.name) for each in _DESCRIPTORS.iterdir()]:
        if descriptor not in descriptors:
            # The descriptor with which they were listed is closed already.
            with suppress(OSError):
                os.close(descriptor)
