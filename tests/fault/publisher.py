"""A program that publishes small packs, to be killed, starved and raced: `publisher.py FOLDER STATE [COUNT]`.

With a COUNT it publishes that many packs, of STATE and its successors in turn; 0 means without end.
"""

import sys
from hashlib import sha256
from itertools import count, islice
from pathlib import Path

from brief.cli.failure import report_failure
from brief.model.artifact import Artifact
from brief.press.pack import Pack

BRIEF = "demo"
FILES = 6


def pack(state: int, size: int = 20_000) -> Pack:
    """A pack that differs from that of every other state in each of its files."""
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
        data=data[:size],
    )


def main() -> int:
    folder, state = Path(sys.argv[1]), int(sys.argv[2])
    times = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    try:
        for offset in islice(count(), times or None):
            pack(state + offset % 2).write(folder)
            print(state + offset % 2, flush=True)
    except Exception as problem:
        return report_failure(problem)
    return 0


if __name__ == "__main__":
    sys.exit(main())
