"""A process that imports modules once and starts each worker as a copy of itself, on Linux.

The fork server of `multiprocessing` imports the main module of the program too, and gives its workers the environment,
folder and output that it was started with. This fork server has only one thread, so that its copies work (fork(2)), and
ends with the process that started it. A request is one message: what the worker needs as JSON, and the descriptors in
`_Sent`.
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
_MOST_BYTES = 1 << 17
# What a process reads when it starts: a server that was started without it would make other workers.
_READ_AT_START = ("PYTHON", "LC_", "LANG", "LD_", "MALLOC_", "TZ")


class ForkServerError(Exception):
    """No worker can be started in this way."""


class _Sent(NamedTuple):
    """The descriptors that a worker is given, which the process that started it has open too."""

    connection: int
    lifeline: int
    status: int
    folder: int
    output: int
    errors: int


@dataclass(slots=True)
class ForkedWorker:
    """A worker that ends when its lifeline is closed. Its status arrives from the server, whose child it is."""

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
    """The server, as seen by the process that started it: a new interpreter, or a copy of this process, if `can_copy`."""

    def __init__(self, *, is_copy: bool = False) -> None:
        self.owner = os.getpid()
        self.needs = _list_needs()
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            number = theirs.fileno()
            self._process = (
                start_copy(lambda: _serve(theirs), number)
                if is_copy
                else start_interpreter("-c", _START, str(number), kept=number, has_output=False)
            )

    def start_worker(self, arguments: Sequence[str]) -> tuple[ForkedWorker, Connection]:
        """Starts a worker with the environment, folder and output of this process, and the modules of the server.

        Raises:
            ForkServerError: it cannot be started.
        """
        with ExitStack() as closing, ExitStack() as failed:
            ours, theirs = Pipe()
            closing.enter_context(theirs)
            failed.callback(ours.close)
            status, told = Pipe(duplex=False)
            closing.enter_context(told)
            failed.callback(status.close)
            end, lifeline = os.pipe()
            closing.callback(os.close, end)
            failed.callback(os.close, lifeline)
            request = json.dumps({"arguments": list(arguments), "environment": dict(os.environ)}).encode()
            try:
                folder = os.open(".", os.O_PATH)
                closing.callback(os.close, folder)
                given = _Sent(theirs.fileno(), end, told.fileno(), folder, 1, 2)
                if len(request) > _MOST_BYTES:
                    raise ForkServerError
                socket.send_fds(self._socket, [request], list(given))
            except OSError as problem:
                raise ForkServerError from problem
            failed.pop_all()
        return ForkedWorker(lifeline, status), ours

    def is_usable(self) -> bool:
        """Returns whether the server runs, and would make workers as they would be made by another one now."""
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
    return {name: value for name, value in build_environment().items() if name.startswith(_READ_AT_START)}


_LOCK = threading.Lock()
_SERVERS: list[ForkServer] = []


def find_server() -> ForkServer:
    """Returns the server that all pools of this process share, and starts it if it does not run.

    Raises:
        ForkServerError: the system has no way to copy a process safely.
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
                woken.recv(_MOST_BYTES)
            _report_ends(statuses)
        if requests in ready:
            message, descriptors, _, _ = socket.recv_fds(requests, _MOST_BYTES, len(_Sent._fields))
            if not message:
                os._exit(0)
            given = _Sent(*descriptors)
            pid = _start_worker(**json.loads(message), given=given)
            statuses[pid] = Connection(given.status, readable=False)
            for name, descriptor in given._asdict().items():
                if name != "status":
                    os.close(descriptor)


def _report_ends(statuses: dict[int, Connection]) -> None:
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            if told := statuses.pop(ended[0], None):
                with told, suppress(OSError):
                    told.send_bytes(str(os.waitstatus_to_exitcode(ended[1])).encode())


def _start_worker(arguments: list[str], environment: dict[str, str], given: _Sent) -> int:
    for module in arguments[1:]:
        with suppress(Exception):
            importlib.import_module(module)
    is_safe = can_copy()
    pid = os.fork()
    if pid:
        return pid
    with suppress(BaseException):
        for number, descriptor in enumerate((given.lifeline, given.output, given.errors)):
            os.dup2(descriptor, number)
        os.fchdir(given.folder)
        os.set_inheritable(given.connection, True)
        close_all_but(0, 1, 2, given.connection)
        signal.set_wakeup_fd(-1)
        for each in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(each, signal.SIG_DFL)
        os.environ.clear()
        os.environ.update(environment)
        time.tzset()
        if not is_safe:
            # A library has started a thread, which may hold a lock that nothing would release here.
            command = build_command("-c", worker.START, str(given.connection), *arguments)
            os.execve(command[0], command, build_environment())  # noqa: S606 - our own interpreter
        with suppress(OSError):
            _NAME.write_text("brief-worker")
        worker.serve_calls(Connection(given.connection), *arguments)
    os._exit(1)
