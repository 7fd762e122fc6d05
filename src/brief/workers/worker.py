"""A worker process, from the inside: receives calls, sends answers, and ends with the process that started it.

Calls and answers are bytes. An answer is a record and never an exception, and carries its own digest, so that neither
an error that cannot be pickled nor a truncated message can crash the other side.
"""

import fcntl
import hashlib
import importlib
import io
import os
import pickle
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, NoReturn

from brief.model import diagnostics
from brief.model.diagnostics import BriefError, ContentError, Diagnostic, WorkerError
from brief.model.record import dataclass
from brief.workers.collector import relax_collector

_DIGEST = hashlib.sha256().digest_size


class DamagedAnswerError(Exception):
    """An answer is not what the worker sent."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of a call: its `value`, or the name and message of its error."""

    value: Any = None
    error: str = ""
    message: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()

    def get_result(self) -> Any:
        """Returns the value; raises the `BriefError` that the call ended with, or WorkerError for any other."""
        if not self.error:
            return self.value
        if self.diagnostics:
            raise ContentError(self.diagnostics)
        known = getattr(diagnostics, self.error, None)
        if isinstance(known, type) and issubclass(known, BriefError) and known is not ContentError:
            raise known(self.message)
        raise WorkerError(f"a worker failed: {self.message}")


def pack_call(function: Callable[..., Any], *args: Any) -> bytes:
    """Serialises a call; raises what pickle raises."""
    return pickle.dumps((function, args), pickle.HIGHEST_PROTOCOL)


def run_call(message: bytes) -> bytes:
    """Runs a call and returns its answer, serialised with a digest."""
    return _run_and_seal(message)[0]


def _run_and_seal(message: bytes) -> tuple[bytes, bool]:
    """Runs a call; returns its sealed answer, and whether it ended in a value or an expected error.

    Calls and answers contain pictures, so each copy is released before the next is made.
    """
    try:
        function, args = pickle.loads(message)  # noqa: S301 - from the process that started this one
        del message
        answer = Answer(function(*args))
        del args
        return _seal_answer(answer), True
    except BriefError as problem:
        reported = problem.diagnostics if isinstance(problem, ContentError) else ()
        answer = Answer(error=type(problem).__name__, message=str(problem), diagnostics=reported)
    except MemoryError:
        answer = Answer(error="MemoryError", message="out of memory")
    except BaseException as problem:
        answer = Answer(error=type(problem).__name__, message=traceback.format_exc().strip())
    return _seal_answer(answer), hasattr(diagnostics, answer.error)


def open_answer(sealed: bytes) -> Answer:
    """Reads an answer from its bytes.

    Raises:
        DamagedAnswerError: the bytes do not match their digest.
    """
    body = memoryview(sealed)[_DIGEST:]
    if hashlib.sha256(body).digest() != sealed[:_DIGEST]:
        raise DamagedAnswerError("its answer does not match its digest")
    answer = pickle.loads(body)  # noqa: S301 - from a process that this one started, and whole
    if not isinstance(answer, Answer):
        raise DamagedAnswerError("its answer is of another type")
    return answer


def _seal_answer(answer: Answer) -> bytes:
    buffer = io.BytesIO(bytes(_DIGEST))
    buffer.seek(_DIGEST)
    pickle.dump(answer, buffer, pickle.HIGHEST_PROTOCOL)
    with buffer.getbuffer() as sealed:
        sealed[:_DIGEST] = hashlib.sha256(sealed[_DIGEST:]).digest()
    return buffer.getvalue()


def main() -> None:
    """Serves calls from the connection whose descriptor is the first argument; the others are those of `serve_calls`."""
    descriptor, *arguments = sys.argv[1:]
    serve_calls(Connection(int(descriptor)), *arguments)


def serve_calls(connection: Connection, memory: str, *modules: str) -> NoReturn:
    """Serves calls from the connection until it is closed, and ends the process.

    `memory` is what this process may take, in bytes, 0 for no limit; `modules` are imported while it is idle. Standard
    input is the lifeline: it ends when the starting process does.
    """
    # An interrupt from the terminal goes to all; the starting process decides whether its workers end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _watch_lifeline()
    _limit_memory(int(memory))
    with connection:
        for module in modules:
            with suppress(Exception):
                importlib.import_module(module)
        with relax_collector():
            _serve(connection)
    # Skips exit handlers, because unloading libraries is slow.
    os._exit(0)


def _serve(connection: Connection) -> None:
    while True:
        try:
            sealed, is_sound = _run_and_seal(connection.recv_bytes())
        except (EOFError, OSError):
            return
        connection.send_bytes(sealed)
        # After an unexpected error the process may be in an inconsistent state, so it is replaced.
        if not is_sound:
            return
        del sealed


def _watch_lifeline() -> None:
    """Ends this process when standard input ends, even while it is busy."""
    threading.Thread(target=_end_with_lifeline, daemon=True).start()
    # A thread cannot run while native code holds the interpreter lock. If possible, the kernel kills the process:
    # pipe(7), fcntl(2) on F_SETSIG.
    if hasattr(fcntl, "F_SETSIG"):
        with suppress(OSError):
            fcntl.fcntl(0, fcntl.F_SETSIG, signal.SIGKILL)
            fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
            fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)


def _end_with_lifeline() -> None:
    with suppress(OSError):
        while os.read(0, 1):
            pass
    os._exit(1)


def _limit_memory(memory: int) -> None:
    if memory:
        import resource

        # Not RLIMIT_AS: libraries reserve far more address space than they use.
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))


if __name__ == "__main__":
    main()
