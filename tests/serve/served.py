"""The page of messages, served by a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import brief

_SCRIPT = """
import signal, sys
from pathlib import Path
from brief.serve.previews import serve_messages
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
serve_messages(Path(sys.argv[1]), open_browser=len(sys.argv) > 2, ready=lambda address: print(address, flush=True))
"""


@dataclass(frozen=True)
class Served:
    """`address` ends with the secret and a slash."""

    address: str
    process: subprocess.Popen[str]

    @property
    def port(self) -> int:
        return urlsplit(self.address).port or 0

    @property
    def path(self) -> str:
        return urlsplit(self.address).path


@contextmanager
def served(folder: Path, **settings: str) -> Iterator[Served]:
    """The messages of a folder, until the end of the block; in a browser if the environment's `settings` name one."""
    environment = {**os.environ, "PYTHONPATH": str(Path(brief.__file__).parents[1]), **settings}
    command = [sys.executable, "-c", _SCRIPT, str(folder), *settings]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield Served(process.stdout.readline().strip(), process)
        finally:
            process.terminate()
            process.wait(timeout=10)
