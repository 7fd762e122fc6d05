"""A process that imports modules once and starts each worker as a copy of itself, on Linux.

The fork server of `multiprocessing` also imports the main module of the program, and gives its workers the environment,
folder and output with which it was started itself. This fork server gives its workers those of the request. It has only
one thread, so that its copies work (fork(2)), and ends with the process that started it. A request is one message: the
arguments and environment of a worker as JSON, and the descriptors in `_Descriptors`.
"""

import atexit
import importlib
import json
import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import field
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple, NoReturn

from brief.model.record import dataclass
from brief.workers import worker
from brief.workers.interpreter import build_command, build_environment
from brief.workers.process import can_copy, close_all_but, start_copy, start_interpreter

_START = f"from {__name__} import main; main()"
_NAME = Path("/proc/self/comm")
_MAX_MESSAGE_BYTES = 1 << 17
# Prefixes of the environment variables that a process reads when it starts. A server that was started with other values
# would make different workers.
_READ_AT_START = ("PYTHON", "LC_", "LANG", "LD_", "MALLOC_", "TZ")


class ForkServerError(Exception):
    """The fork server cannot start a worker; a new interpreter may."""


class _Descriptors(NamedTuple):
    """The descriptors for a worker: the connection for calls, the lifeline that becomes its standard input, the pipe
    for its exit status, the working folder, and standard output and error.
    """

    connection: int
    lifeline: int
    status: int
    folder: int
    output: int
    errors: int


@dataclass(slots=True)
class ForkedWorker:
    """A worker that ends when its lifeline is closed. The server, whose child it is, sends its exit status."""

    lifeline: int
    status: Connection
    _exit_status: int | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def kill(self) -> None:
        with self._lock:
            if self.lifeline >= 0:
                os.close(self.lifeline)
                self.lifeline = -1

    def wait(self, timeout: float | None) -> int:
        if self._exit_status is None:
            if not self.status.poll(timeout):
                raise TimeoutError
            try:
                self._exit_status = int(self.status.recv_bytes())
            except (EOFError, OSError):
                # The server has ended.
                self._exit_status = -signal.SIGKILL
        return self._exit_status

    def end(self) -> None:
        self.kill()
        self.wait(None)
        self.status.close()


class ForkServer:
    """The server, as seen by the process that started it.

    It is a new interpreter or, with `is_copy`, a copy of this process, for which `can_copy` must be true.

    Raises:
        OSError: it cannot be started.
    """

    def __init__(self, *, is_copy: bool = False) -> None:
        self.owner = os.getpid()
        self.needs = _list_needs()
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            number = theirs.fileno()
            self._process = (
                start_copy(lambda: _serve(theirs), number)
                if is_copy
                else start_interpreter("-c", _START, str(number), keep_fd=number, has_output=False)
            )

    def start_worker(self, arguments: Sequence[str]) -> tuple[ForkedWorker, Connection]:
        """Starts a worker with the environment, folder and output of this process, and the modules of the server.

        Raises:
            ForkServerError: it cannot be started, or the request is too large for one message.
        """
        with ExitStack() as closing, ExitStack() as failed:
            ours, theirs = Pipe()
            closing.enter_context(theirs)
            failed.callback(ours.close)
            status, status_writer = Pipe(duplex=False)
            closing.enter_context(status_writer)
            failed.callback(status.close)
            lifeline_end, lifeline = os.pipe()
            closing.callback(os.close, lifeline_end)
            failed.callback(os.close, lifeline)
            request = json.dumps({"arguments": list(arguments), "environment": dict(os.environ)}).encode()
            try:
                folder = os.open(".", os.O_PATH)
                closing.callback(os.close, folder)
                descriptors = _Descriptors(theirs.fileno(), lifeline_end, status_writer.fileno(), folder, 1, 2)
                if len(request) > _MAX_MESSAGE_BYTES:
                    raise ForkServerError
                socket.send_fds(self._socket, [request], list(descriptors))
            except OSError as problem:
                raise ForkServerError from problem
            failed.pop_all()
        return ForkedWorker(lifeline, status), ours

    def is_usable(self) -> bool:
        """Returns whether the server runs, and would make the same workers as one that is started now."""
        if self.needs != _list_needs():
            return False
        try:
            self._process.wait(0)
        except TimeoutError:
            return True
        return False

    def close(self) -> None:
        """Ends the server; its workers end with their lifelines."""
        self._socket.close()
        self._process.end()


def _list_needs() -> dict[str, str]:
    """Returns the environment variables on which the workers of a server depend."""
    return {name: value for name, value in build_environment().items() if name.startswith(_READ_AT_START)}


_LOCK = threading.Lock()
_SERVERS: list[ForkServer] = []


def find_server() -> ForkServer:
    """Returns the server that all pools of this process share, and starts it if it does not run.

    Raises:
        ForkServerError: this is not Linux, or the server cannot be started.
    """
    if sys.platform != "linux":
        raise ForkServerError
    with _LOCK:
        # A copy of the process that started a server has no server itself. The objects are kept, because closing them
        # would close files that have their numbers here.
        for server in [each for each in _SERVERS if each.owner == os.getpid()]:
            if server.is_usable():
                return server
            server.close()
            _SERVERS.remove(server)
        try:
            _SERVERS.append(ForkServer())
        except OSError as problem:
            raise ForkServerError from problem
        return _SERVERS[-1]


def _close_servers() -> None:
    for server in _SERVERS:
        if server.owner == os.getpid():
            server.close()


atexit.register(_close_servers)


def main() -> None:
    """Serves requests from the socket whose descriptor is the argument."""
    _serve(socket.socket(fileno=int(sys.argv[1])))


def _serve(requests: socket.socket) -> NoReturn:
    """Serves requests until the socket is closed."""
    # A name in lists of processes that distinguishes the server from its starter and its workers.
    with suppress(OSError):
        _NAME.write_text("brief-forks")
    # An interrupt from the terminal goes to all; the starting process decides whether its workers end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    woken, waker = socket.socketpair()
    for each in (woken, waker):
        each.setblocking(False)
    signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    statuses: dict[int, Connection] = {}
    while True:
        ready, _, _ = select.select([requests, woken], [], [])
        if woken in ready:
            with suppress(BlockingIOError):
                woken.recv(_MAX_MESSAGE_BYTES)
            _report_ends(statuses)
        if requests in ready:
            request, received, _, _ = socket.recv_fds(requests, _MAX_MESSAGE_BYTES, len(_Descriptors._fields))
            if not request:
                os._exit(0)
            descriptors = _Descriptors(*received)
            pid = _start_worker(**json.loads(request), descriptors=descriptors)
            statuses[pid] = Connection(descriptors.status, readable=False)
            for name, descriptor in descriptors._asdict().items():
                if name != "status":
                    os.close(descriptor)


def _report_ends(statuses: dict[int, Connection]) -> None:
    """Sends the exit status of each worker that has ended, and removes it from `statuses`, which is keyed by process
    id.
    """
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            if status_writer := statuses.pop(ended[0], None):
                with status_writer, suppress(OSError):
                    status_writer.send_bytes(str(os.waitstatus_to_exitcode(ended[1])).encode())


def _start_worker(arguments: list[str], environment: dict[str, str], descriptors: _Descriptors) -> int:
    """Imports the modules in `arguments`, and starts a worker as a copy; returns its process id. Does not return in the
    copy.
    """
    for module in arguments[1:]:
        with suppress(Exception):
            importlib.import_module(module)
    is_safe = can_copy()
    pid = os.fork()
    if pid:
        return pid
    with suppress(BaseException):
        for number, descriptor in enumerate((descriptors.lifeline, descriptors.output, descriptors.errors)):
            os.dup2(descriptor, number)
        os.fchdir(descriptors.folder)
        os.set_inheritable(descriptors.connection, True)
        close_all_but(0, 1, 2, descriptors.connection)
        signal.set_wakeup_fd(-1)
        for each in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(each, signal.SIG_DFL)
        os.environ.clear()
        os.environ.update(environment)
        time.tzset()
        if not is_safe:
            # A library has started a thread, which may hold a lock that nothing would release here.
            command = build_command("-c", worker.START, str(descriptors.connection), *arguments)
            os.execve(command[0], command, build_environment())  # noqa: S606 - our own interpreter
        with suppress(OSError):
            _NAME.write_text("brief-worker")
        worker.serve_calls(Connection(descriptors.connection), *arguments)
    os._exit(1)
