"""A program that publishes small packs, to be killed, run out of resources and raced: `publisher.py FOLDER STATE [COUNT]`.

With a COUNT it publishes that many packs, of STATE and its successors in turn; 0 means without end.
"""

import io
import resource
import sys
from collections.abc import Callable
from contextlib import redirect_stderr
from hashlib import sha256
from itertools import count, islice
from multiprocessing.connection import Connection
from pathlib import Path

from brief.cli.failure import report_failure
from brief.model.artifact import Artifact
from brief.publish import failpoints
from brief.publish.pack import Pack
from brief.store import spool

BRIEF = "demo"
FILES = 6


def pack(state: int, size: int = 20_000) -> Pack:
    """Makes a pack whose files all differ from those of every other state."""
    return Pack(BRIEF, "2026-01-01", tuple(_artifact(state, number, size) for number in range(FILES)), {"brief": "1"})


def _artifact(state: int, number: int, size: int) -> Artifact:
    data = f"{state}-{number};".encode() * (size // 4)
    return Artifact(
        name=f"{BRIEF}.{number}.html",
        audience=("one", "two")[number % 2],
        locale="en",
        format="html",
        media_type="text/html",
        sha256=sha256(data[:size]).hexdigest(),
        inputs=sha256(str(state).encode()).hexdigest(),
        content=spool(data[:size]),
    )


def publish(folder: Path, state: int, times: int, tell: Callable[[int], object]) -> int:
    """Publishes, reports each published state, and returns the exit status of the command line."""
    try:
        for offset in islice(count(), times or None):
            pack(state + offset % 2).write(folder)
            tell(state + offset % 2)
    except Exception as problem:
        return report_failure(problem)
    return 0


def child(told: Connection, folder: Path, state: int, times: int, crash_at: str, limit: tuple[int, int] | None) -> None:
    """Does the same in a process started by a test, which receives each state and the final error message."""
    failpoints.set_failpoint(crash_at)
    if limit is not None:
        kind, most = limit
        resource.setrlimit(kind, (most, most))
    said = io.BytesIO()
    with redirect_stderr(io.TextIOWrapper(said, encoding="utf-8", write_through=True)):
        status = publish(folder, state, times, told.send)
        told.send(said.getvalue().decode())
    sys.exit(status)


if __name__ == "__main__":
    number = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    sys.exit(publish(Path(sys.argv[1]), int(sys.argv[2]), number, lambda state: print(state, flush=True)))
