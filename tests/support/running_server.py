"""Runs servers, each in a separate process."""

import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from forked_process import ForkedProcess
from processes import list_workers

import brief

_MESSAGES = """
import signal, sys
from pathlib import Path
from brief.web.mail_preview import serve_messages
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
serve_messages(Path(sys.argv[1]), open_browser=len(sys.argv) > 2, on_ready=lambda address: print(address, flush=True))
"""
_GATED = """
import signal, sys
from pathlib import Path
from gated_workers import GatedPool
from brief.web.build_service import BuildService
from brief.web.launch import serve_page
from brief.web.pages import app
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
root, folder = map(Path, sys.argv[1:3])
service = BuildService(root, GatedPool(2, folder, float(sys.argv[3])), 2, waiting=2)
pages = lambda token: app(service, token=token, folder=folder / "state")
serve_page(pages, open_browser=False, on_ready=lambda address: print(address, flush=True))
"""


@dataclass(frozen=True)
class Served:
    """`address` ends with the secret and a slash."""

    address: str
    process: ForkedProcess

    @property
    def port(self) -> int:
        return urlsplit(self.address).port or 0

    @property
    def path(self) -> str:
        return urlsplit(self.address).path

    def raw(self, request: bytes, timeout: float = 8) -> bytes:
        """Sends these bytes and returns the answer until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            found = b""
            while piece := connection.recv(65536):
                found += piece
            return found

    def workers(self) -> list[int]:
        return list_workers(self.process.pid)


def serve_messages(folder: Path, **settings: str) -> AbstractContextManager[Served]:
    """The messages of a folder; in a browser if the environment's `settings` name one."""
    return _run_server(_MESSAGES, [str(folder), *settings], settings)


def serve_project(root: Path, *options: str, **settings: str) -> AbstractContextManager[Served]:
    """The page of a project, by the command line; with one worker process unless `options` have another number."""
    jobs = () if "--jobs" in options else ("--jobs", "1")
    arguments = ["serve", "--no-browser", "-C", str(root), *jobs, *options]
    return _run_server("from brief.cli import main; main()", arguments, settings)


def serve_gated_project(root: Path, folder: Path, seconds: float = 600) -> AbstractContextManager[Served]:
    """The page of a project, made by two `gated_workers`, with two requests in the queue behind them.

    A call that takes longer than `seconds` is ended.
    """
    return _run_server(_GATED, [str(root), str(folder), str(seconds)], {})


@contextmanager
def _run_server(program: str, arguments: Sequence[str], settings: dict[str, str]) -> Iterator[Served]:
    paths = (Path(brief.__file__).parents[1], Path(__file__).parent)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths)), **settings}
    with ForkedProcess(program, arguments, environment) as process:
        try:
            yield Served(process.stdout.readline().partition("  ")[0].strip(), process)
        finally:
            process.terminate()
            process.wait(timeout=10)
