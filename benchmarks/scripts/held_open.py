"""A project and its workers that stay while sentences are edited: held_open.py PROJECT EDITS (JSON on standard output).

EDITS is JSON: a list of [file, text, replacement].
"""

import json
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from multiprocessing import get_context
from pathlib import Path

from brief import Project
from brief.model.brief import Brief


def cpu(workers: ProcessPoolExecutor) -> float:
    """Seconds of this process and of its workers."""
    ticks = 0
    for process in workers._processes:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def main() -> None:
    root, edits = Path(sys.argv[1]), json.loads(sys.argv[2])
    project = Project.load(root)
    costs = []
    with ProcessPoolExecutor(os.cpu_count(), get_context("forkserver")) as workers:
        # Other words everywhere, so that nothing comes from the cache and every worker has printed before.
        replace(project, brief=_renamed(project.brief)).build(executor=workers)
        for file, text, replacement in edits:
            path = Path(file)
            path.write_text(path.read_text("utf-8").replace(text, replacement, 1), "utf-8")
            wall, used = time.perf_counter(), cpu(workers)
            project = project.reload()
            project.build(executor=workers)
            wall = time.perf_counter() - wall
            costs.append({"wall": wall, "cpu": cpu(workers) - used, "peak": 0})
    print(json.dumps(costs))


def _renamed(brief: Brief) -> Brief:
    return replace(brief, settings=replace(brief.settings, date=date(2000, 1, 1)))


# Workers import this file too.
if __name__ == "__main__":
    main()
