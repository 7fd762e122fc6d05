"""A project that stays loaded while sentences are edited: held_open.py PROJECT EDITS (JSON on standard output).

EDITS is JSON: a list of [file, text, replacement].
"""

import json
import os
import sys
import time
from pathlib import Path

from brief import Project


def cpu() -> float:
    """Seconds of this process, of the server that forks its workers, and of those that it has buried."""
    ticks = 0
    for listed in Path("/proc/self/task").glob("*/children"):
        for child in listed.read_text().split():
            fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def main() -> None:
    root, edits = Path(sys.argv[1]), json.loads(sys.argv[2])
    project = Project.load(root)
    project.build()
    costs = []
    for file, text, replacement in edits:
        path = Path(file)
        path.write_text(path.read_text("utf-8").replace(text, replacement, 1), "utf-8")
        wall, used = time.perf_counter(), cpu()
        project = project.reload()
        pack = project.build()
        wall = time.perf_counter() - wall
        costs.append({"wall": wall, "cpu": cpu() - used, "peak": 0, "printed": len(pack) - pack.reused})
    print(json.dumps(costs))


# Workers import this file too.
if __name__ == "__main__":
    main()
