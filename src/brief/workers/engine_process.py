"""A process in which an engine runs one task after another, because the engine takes a long time to start or reuses
earlier results.

A task is a line of JSON on standard input. The answer is a line of JSON on standard output, followed by as many bytes
as its `size` states. The process ends when its standard input ends, and so also when the starting process ends.
"""

import json
import os
import subprocess
import threading
from contextlib import suppress
from typing import Any

from brief.workers.interpreter import build_command, build_environment

# Processes of the process of which this one is a copy. They are kept, because their objects would close files here.
_INHERITED: list["subprocess.Popen[bytes]"] = []


class EngineLateError(Exception):
    """The process was killed because it took too long."""


class EngineEndedError(Exception):
    """The process ended before it had answered."""


class EngineProcess:
    """Python with `arguments`, as a process that is started for the first task, and again after it has ended.

    A lock admits one thread at a time. The process is replaced after `tasks` tasks, which bounds the memory that it
    leaks; None means never.
    """

    def __init__(self, *arguments: str, tasks: int | None = None) -> None:
        self._arguments = arguments
        self._tasks = tasks
        self._done = 0
        self._lock = threading.Lock()
        self._running: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def ask(self, task: object, seconds: float) -> tuple[dict[str, Any], bytes]:
        """Returns the answer to a task, which must be serialisable as JSON, and the bytes that follow the answer.

        Raises:
            EngineLateError: the process took longer than `seconds`.
            EngineEndedError: the process ended before it had answered, also after one new start.
            OSError: the process cannot be started.
        """
        with self._lock:
            if self._done == self._tasks or self._owner != os.getpid():
                self._end()
            if self._running is not None:
                # The process may have ended while it was idle, or lack the memory that earlier tasks took.
                with suppress(EngineEndedError):
                    return self._ask_once(self._running, task, seconds)
            return self._ask_once(self._start(), task, seconds)

    def _ask_once(
        self, process: "subprocess.Popen[bytes]", task: object, seconds: float
    ) -> tuple[dict[str, Any], bytes]:
        late = threading.Event()

        def kill_late() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(seconds, kill_late)
        timer.daemon = True
        timer.start()
        try:
            answer = _exchange(process, task)
        except (OSError, ValueError) as problem:
            self._end()
            raise EngineLateError if late.is_set() else EngineEndedError from problem
        except BaseException:
            # After an interruption, the next task must not read the rest of this answer.
            self._end()
            raise
        finally:
            timer.cancel()
        self._done += 1
        return answer

    def close(self) -> None:
        with self._lock:
            self._end()

    def _start(self) -> "subprocess.Popen[bytes]":
        self._owner = os.getpid()
        self._done = 0
        self._running = subprocess.Popen(  # noqa: S603 - our own interpreter
            build_command(*self._arguments),
            env=build_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        return self._running

    def _end(self) -> None:
        process, self._running = self._running, None
        if process is None:
            return
        if self._owner != os.getpid():
            # This process is a copy of the one that started the engine. The pipes are closed here, and other files may
            # have their numbers, which would be closed with the object.
            _INHERITED.append(process)
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        process.wait()


def _exchange(process: "subprocess.Popen[bytes]", task: object) -> tuple[dict[str, Any], bytes]:
    """Sends a task and reads the answer. Raises OSError or ValueError if the process ends before it is complete."""
    if process.stdin is None or process.stdout is None:
        raise ValueError("the process has no pipes")
    process.stdin.write(json.dumps(task).encode() + b"\n")
    process.stdin.flush()
    answer = json.loads(process.stdout.readline())
    data = process.stdout.read(answer["size"])
    if len(data) < answer["size"]:
        raise ValueError("the answer is incomplete")
    return answer, data
