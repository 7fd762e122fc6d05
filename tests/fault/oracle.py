"""What must hold of an output folder whatever happened to the builds that wrote there."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from publisher import BRIEF, pack

from brief.press.verify import verify

PUBLISHER = Path(__file__).with_name("publisher.py")
# More in the long run: BRIEF_FAULT_RUNS=1000 pytest tests/fault
RUNS = int(os.environ.get("BRIEF_FAULT_RUNS", "50"))


def start(folder: Path, state: int, times: int = 1, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, PUBLISHER, folder, str(state), str(times)],
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def state_of(folder: Path) -> int | None:
    """Which state is published; None where nothing is. Fails where it is neither whole nor absent."""
    link = folder / BRIEF
    if not os.path.lexists(link):
        return None
    verdict = verify(link)
    assert verdict.is_consistent, verdict.faults
    return int((link / "one/demo.0.html").read_text().partition("-")[0])


def assert_clean(folder: Path) -> None:
    """The link, what it leads to, and nothing else but the pack that it led to before, which is whole too."""
    current = os.readlink(folder / BRIEF)
    others = set(os.listdir(folder)) - {BRIEF, current}
    assert len(others) <= 1, others
    for earlier in others:
        assert verify(folder / earlier).is_consistent
        assert number(earlier) < number(current)


def number(generation: str) -> int:
    return int(generation.rpartition(".")[2])


def assert_recovers(folder: Path, state: int = 9) -> None:
    """The next build succeeds by itself, and clears away what the last one left."""
    pack(state).write(folder)
    assert state_of(folder) == state
    assert_clean(folder)


def children(pid: int) -> list[int]:
    """The processes that any thread of a process started."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(child) for child in task.read_text().split()]
    return found
