"""A worker process, from the inside: receives calls, sends answers, and ends with the process that started it.

A call and its answer are each sent in several messages, so that no process holds a second copy of all pictures, or of a
whole artifact. An answer begins with a record, which is never an exception, so that an error that cannot be pickled
does no harm. The spooled bytes in the record follow in chunks. The record and each of its spooled contents are sent with
a digest, so that a damaged answer is recognised.
"""

import fcntl
import gc
import hashlib
import importlib
import io
import os
import pickle
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import chain
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any, NoReturn

from brief.model import diagnostics
from brief.model.diagnostics import BriefError, ContentError, Diagnostic, WorkerError
from brief.model.record import dataclass
from brief.store.spooled_bytes import SpooledBytes, spool_chunks
from brief.workers.collector import relax_collector
from brief.workers.frame_stack import call_with_room

# The exit status of a worker whose memory limit leaves no room for a new thread.
OUT_OF_MEMORY = 77
# What a worker sends when it is ready for the next call.
READY = b"ready"
# Besides the objects of the last call, also those that outlived the calls before it are searched from time to time.
_CALLS_BETWEEN_LARGER_SEARCHES = 10
START = f"from {__name__} import main; main()"


class DamagedAnswerError(Exception):
    """An answer or a call is incomplete, or does not match its digest."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of a call: its `value`, or the name and message of its error."""

    value: Any = None
    error: str = ""
    message: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()

    def get_result(self) -> Any:
        """Returns the value.

        Raises:
            ContentError: the call ended with diagnostics; subclasses are not kept.
            BriefError: the call ended with another error of `brief.model.diagnostics`.
            WorkerError: the call ended with any other error.
        """
        if not self.error:
            return self.value
        if self.diagnostics:
            raise ContentError(self.diagnostics)
        error_class = getattr(diagnostics, self.error, None)
        if isinstance(error_class, type) and issubclass(error_class, BriefError) and error_class is not ContentError:
            raise error_class(self.message)
        raise WorkerError(f"a worker failed: {self.message}")


def write_call(send: Callable[[bytes], None], function: Callable[..., Any], *args: Any) -> None:
    """Serialises a call and sends it in messages, of which the last is empty. Raises as pickle and `send` do.

    Every picture of a document is sent from its own bytes: serialising the whole call first would copy all pictures.
    """
    pickle.Pickler(_MessageWriter(send), pickle.HIGHEST_PROTOCOL).dump((function, args))
    send(b"")


def run_call(messages: Iterator[bytes]) -> list[bytes]:
    """Runs a call that `write_call` sent, and returns its answer as messages for `open_answer`."""
    return list(_run_and_seal(messages)[0])


def _run_and_seal(messages: Iterator[bytes]) -> tuple[Iterator[bytes], bool]:
    """Runs a call; returns the messages of its answer, and whether it ended in a value or an expected error."""
    try:
        reader = _MessageReader(messages)
        try:
            function, args = pickle.Unpickler(io.BufferedReader(reader)).load()  # noqa: S301 - the starting process sent it
        finally:
            # The other process sends all of it before it reads the answer.
            reader.skip_rest()
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


class _MessageWriter:
    """A file that sends what is written to it as messages."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send

    def write(self, data: bytes) -> None:
        if data:
            self._send(data)


class _MessageReader(io.RawIOBase):
    """A file that reads messages as one stream; the first empty message ends it."""

    def __init__(self, messages: Iterator[bytes]) -> None:
        self._messages = messages
        self._left = memoryview(b"")
        self._is_complete = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._left and not self._is_complete:
            self._receive()
        count = min(len(buffer), len(self._left))
        buffer[:count], self._left = self._left[:count], self._left[count:]
        return count

    def skip_rest(self) -> None:
        while not self._is_complete:
            self._receive()

    def _receive(self) -> None:
        self._left = memoryview(_receive_message(self._messages))
        self._is_complete = not self._left


def open_answer(messages: Iterator[bytes]) -> Answer:
    """Reads an answer from its messages.

    Raises:
        DamagedAnswerError: the messages do not match their digests.
        MachineError: the disk is full.
    """
    digest, body = _receive_message(messages), _receive_message(messages)
    _compare_digest(hashlib.sha256(body), digest)
    answer = _Unpickler(body, messages).load()
    if not isinstance(answer, Answer):
        raise DamagedAnswerError("its answer is of another type")
    return answer


def _seal_answer(answer: Answer) -> Iterator[bytes]:
    """Returns the messages of an answer: the digest of its record, the record, and the spooled bytes with their
    digests.
    """
    buffer = io.BytesIO()
    pickler = _Pickler(buffer, pickle.HIGHEST_PROTOCOL)
    pickler.dump(answer)
    body = buffer.getvalue()
    del buffer
    return chain((hashlib.sha256(body).digest(), body), *map(_seal_content, pickler.contents))


def _seal_content(content: SpooledBytes) -> Iterator[bytes]:
    """Yields the chunks of a content, then their digest."""
    digest = hashlib.sha256()
    for chunk in content.read_chunks():
        digest.update(chunk)
        yield chunk
    yield digest.digest()


def _open_content(size: int, messages: Iterator[bytes]) -> SpooledBytes:
    """Reads spooled bytes of the size, and their digest, from the messages."""
    digest = hashlib.sha256()

    def chunks() -> Iterator[bytes]:
        left = size
        while left > 0:
            chunk = _receive_message(messages)
            digest.update(chunk)
            left -= len(chunk)
            yield chunk

    content = spool_chunks(chunks())
    _compare_digest(digest, _receive_message(messages))
    return content


def _receive_message(messages: Iterator[bytes]) -> bytes:
    for message in messages:
        return message
    raise DamagedAnswerError("its messages are not complete")


def _compare_digest(digest: "hashlib._Hash", expected: bytes) -> None:
    if digest.digest() != expected:
        raise DamagedAnswerError("its answer does not match its digest")


class _Pickler(pickle.Pickler):
    """Pickles a record without its spooled contents, of which it writes the sizes, and collects them in `contents`."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.contents: list[SpooledBytes] = []

    def persistent_id(self, value: object) -> int | None:
        if not isinstance(value, SpooledBytes):
            return None
        self.contents.append(value)
        return value.size


class _Unpickler(pickle.Unpickler):
    """Unpickles a record, and reads its spooled contents from the messages that follow. The sender is a process of
    ours.
    """

    def __init__(self, body: bytes, messages: Iterator[bytes]) -> None:
        super().__init__(io.BytesIO(body))
        self._messages = messages

    def persistent_load(self, size: int) -> SpooledBytes:
        return _open_content(size, self._messages)


def main() -> None:
    """Serves calls from the connection whose descriptor is the first argument; the others are the arguments of
    `serve_calls`.
    """
    descriptor, *arguments = sys.argv[1:]
    serve_calls(Connection(int(descriptor)), *arguments)


def serve_calls(connection: Connection, memory: str, *modules: str) -> NoReturn:
    """Serves calls from the connection until it is closed, and ends the process.

    `memory` is how many bytes this process may take, as a decimal number, 0 for no limit. `modules` are imported first.
    Standard input is the lifeline: it ends when the starting process does.
    """
    # An interrupt from the terminal goes to all; the starting process decides whether its workers end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _watch_lifeline()
    _watch_threads()
    _limit_memory(int(memory))
    with connection:
        for module in modules:
            with suppress(Exception):
                importlib.import_module(module)
        with relax_collector():
            call_with_room(_serve, connection)
    # Skips exit handlers, because unloading libraries is slow.
    os._exit(0)


def _serve(connection: Connection) -> None:
    calls = 0
    while True:
        try:
            first = connection.recv_bytes()
        except (EOFError, OSError):
            return
        # The caller does not wait for the search for unused objects of a long document, which takes up to half a second.
        gc.disable()
        sealed, is_sound = _run_and_seal(chain([first], iter(connection.recv_bytes, None)))
        for message in sealed:
            connection.send_bytes(message)
        # After an unexpected error the process may be in an inconsistent state, so it is replaced.
        if not is_sound:
            return
        del sealed
        calls += 1
        gc.collect(0 if calls % _CALLS_BETWEEN_LARGER_SEARCHES else 1)
        gc.enable()
        connection.send_bytes(READY)


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


def _watch_threads() -> None:
    """Ends this process when a new thread has no memory to begin, for which the thread that starts it waits for ever.

    Such a thread cannot run any Python, but it can put the failure into a queue for a thread that has begun.
    """
    failures: SimpleQueue[Any] = SimpleQueue()
    sys.unraisablehook = failures.put
    threading.Thread(target=_end_with_threads, args=(failures,), daemon=True).start()


def _end_with_threads(failures: "SimpleQueue[Any]") -> None:
    while True:
        failure = failures.get()
        if failure.exc_type is MemoryError:
            os._exit(OUT_OF_MEMORY)
        with suppress(Exception):
            sys.__unraisablehook__(failure)
        del failure


def _limit_memory(memory: int) -> None:
    if memory:
        import resource

        # Not RLIMIT_AS: libraries reserve far more address space than they use.
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))


if __name__ == "__main__":
    main()
