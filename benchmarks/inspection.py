"""What the inspection of artifacts costs of a cold build: python benchmarks/inspection.py [--runs N] [--against SRC] [PROJECT].

A run is one `brief build` of every file with an empty cache, by a worker for each core. The share is the CPU seconds of the inspection
(see `scripts/measured_build.py`) over those of the command with all of its processes. A busy machine raises both alike,
so compare shares. With `--against`, the folder `src` of another state of this program is measured in turn with this one.
Without a PROJECT, it is the briefing of this repository.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

import briefing
from meter import adopt_orphans, run

ROOT = Path(__file__).parents[1]
_SCRIPT = Path(__file__).parent / "scripts/measured_build.py"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("project", nargs="?", type=Path, default=ROOT)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--against", type=Path, help="the folder src of another state")
    given = parser.parse_args()
    states = {"this state": ROOT / "src"}
    if given.against:
        states["the other"] = given.against.resolve()
    adopt_orphans()
    shares: dict[str, list[float]] = {}
    for number in range(given.runs):
        for name, source in states.items():
            inspection, build = _measure(given.project.resolve(), source)
            shares.setdefault(name, []).append(inspection / build)
            print(f"{name}, run {number + 1}: {inspection:.2f} of {build:.2f} s, {inspection / build:.1%}", flush=True)
    for name, each in shares.items():
        print(f"{name}: {statistics.median(each):.1%} (median), {min(each):.1%} to {max(each):.1%}")


def _measure(project: Path, source: Path) -> tuple[float, float]:
    """Returns the CPU seconds of the inspection and of the whole build."""
    with tempfile.TemporaryDirectory() as folder:
        copy = briefing.copy(project, Path(folder) / "project")
        spent = Path(folder) / "spent"
        environment = {
            "BRIEF_CACHE_DIR": f"{folder}/cache",
            "PYTHONPATH": str(source),
            "PYTHONDONTWRITEBYTECODE": "",
        }
        cost = run([sys.executable, _SCRIPT, spent, "build"], copy, environment)
        return float(spent.read_text()), cost.cpu


if __name__ == "__main__":
    main()
