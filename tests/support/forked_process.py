"""Runs programs in processes of their own that are copies of one which has imported the modules they need.

A new interpreter imports them again, which takes a second for a server and another for its workers.
"""

import atexit
import io
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import IO

FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        *(
            "brief.publish.pack",
            "brief.publish.output",
            "brief.cli.failure",
            "brief.cli.main",
            "brief.cli.commands.serve",
        ),
        *(
            "brief.web.project",
            "brief.web.pages",
            "brief.web.api.application",
            "brief.web.api.work",
            "brief.web.server",
        ),
        *("brief.build.render", "brief.writers.html", "brief.writers.docx", "brief.writers.pdf.weasyprint.engine"),
        *("hypercorn.asyncio", "starlette.applications", "watchfiles", __name__),
    ]
)


class ForkedProcess:
    """A process that runs a Python `program` with arguments, with the interface of `subprocess.Popen` as far as tests use it."""

    def __init__(self, program: str, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        self.args = [program, *arguments]
        output, written = FORKS.Pipe(duplex=False)
        errors, complained = FORKS.Pipe(duplex=False)
        self._process = FORKS.Process(
            target=_run, args=(program, list(arguments), dict(environment), written, complained), daemon=False
        )
        self._process.start()
        written.close()
        complained.close()
        self.pid: int = self._process.pid or 0
        self.stdout = _open(output)
        self.stderr = _open(errors)

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if (status := self._process.exitcode) is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return status

    def send_signal(self, number: int) -> None:
        # The process may end before the signal arrives.
        with suppress(ProcessLookupError):
            if self.poll() is None:
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def __enter__(self) -> "ForkedProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self.stdout.close()
        self.stderr.close()
        self.wait()


def _open(connection: Connection) -> IO[str]:
    with connection:
        return open(os.dup(connection.fileno()), encoding="utf-8")


def _run(
    program: str, arguments: list[str], environment: dict[str, str], output: Connection, errors: Connection
) -> None:
    for number, connection in ((1, output), (2, errors)):
        os.dup2(connection.fileno(), number)
        connection.close()
    # Those of the copied process may be files, which can seek.
    sys.stdout, sys.stderr = (
        io.TextIOWrapper(io.BufferedWriter(io.FileIO(number, "w", closefd=False)), encoding="utf-8")
        for number in (1, 2)
    )
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["-c", *arguments]
    try:
        exec(program, {"__name__": "__main__"})  # noqa: S102 - written by tests
    finally:
        # A process of `multiprocessing` ends without them.
        atexit._run_exitfuncs()
