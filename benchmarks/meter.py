"""Running a command and adding up what it and everything that it started cost."""

import ctypes
import os
import resource
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h


@dataclass(frozen=True)
class Cost:
    """`wall` and `cpu` in seconds, `cpu` of all processes together; `peak` is the largest process's memory in MiB."""

    wall: float
    cpu: float
    peak: float

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.wall + other.wall, self.cpu + other.cpu, max(self.peak, other.peak))

    def plain(self) -> dict[str, float]:
        return {name: round(value, 3) for name, value in asdict(self).items()}


def adopt_orphans() -> None:
    """Makes this process the parent of whatever outlives its own parent, such as the server that forks workers."""
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "cannot adopt orphans; this benchmark needs Linux")


def run(
    command: Sequence[str | Path], cwd: Path, environment: Mapping[str, str] | None = None, expected: int | None = 0
) -> Cost:
    """The cost of the command, which must end with the `expected` status, or with any. What it prints goes to `last.log` in `cwd`.

    Raises:
        RuntimeError: it ended with another one; with the end of what it printed.
    """
    log = cwd / "last.log"
    start = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(
            list(map(str, command)), cwd=cwd, env={**os.environ, **(environment or {})}, stdout=output, stderr=output
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    usages = [usage, *_orphans()]
    if expected is not None and process.returncode != expected:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}:\n{log.read_text(errors='replace')[-2000:]}")
    return Cost(wall, sum(u.ru_utime + u.ru_stime for u in usages), max(u.ru_maxrss for u in usages) / 1024)


def _orphans() -> list[resource.struct_rusage]:
    usages = []
    while True:
        try:
            usages.append(os.wait4(-1, 0)[2])
        except ChildProcessError:
            return usages
