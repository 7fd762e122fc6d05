"""A project and its workers that stay while sentences are edited: held_open.py PROJECT EDITS [ENGINE] (JSON on standard output).

EDITS is JSON: a list of [file, text, replacement]. With the name of a PDF engine, only PDFs are built, by this engine.
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
    """Seconds of this process, of its workers, and of the processes that these have started."""
    ticks = 0
    for process in [each for worker in workers._processes for each in (worker, *_children(worker))]:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def _children(process: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def main() -> None:
    root, edits, engine = Path(sys.argv[1]), json.loads(sys.argv[2]), "".join(sys.argv[3:])
    formats = ["pdf"] if engine else []
    project = Project.load(root, pdf_engine=engine)
    costs = []
    with ProcessPoolExecutor(os.cpu_count(), get_context("forkserver")) as workers:
        # Other words everywhere, so that nothing comes from the cache and every worker has printed before.
        replace(project, brief=_renamed(project.brief)).build(formats=formats, executor=workers)
        for file, text, replacement in edits:
            path = Path(file)
            path.write_text(path.read_text("utf-8").replace(text, replacement, 1), "utf-8")
            wall, used = time.perf_counter(), cpu(workers)
            project = project.reload()
            project.build(formats=formats, executor=workers)
            wall = time.perf_counter() - wall
            costs.append({"wall": wall, "cpu": cpu(workers) - used, "peak": 0})
    print(json.dumps(costs))


def _renamed(brief: Brief) -> Brief:
    return replace(brief, settings=replace(brief.settings, date=date(2000, 1, 1)))


# Workers import this file too.
if __name__ == "__main__":
    main()
