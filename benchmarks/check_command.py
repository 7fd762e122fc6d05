"""What the command `brief check` costs: python benchmarks/check_command.py [PROJECT ...].

CPU seconds of the process, which finds its byte code as that of an installed package does: with an empty cache, once more, and after an edit of one sentence; and those of `brief --help`,
which is what any command costs. Each is the least of some runs (`RUNS`). Without a PROJECT, it is the briefing of this
repository, and the projects energy and finance of the tests.
"""

import re
import shutil
import sys
import tempfile
from pathlib import Path

from meter import run

ROOT = Path(__file__).parents[1]
RUNS = 3
_READ = ("content", "seeds", "data", "templates")
_SENTENCE = re.compile(r"(\ben: [\"']?[A-Z][^\n{}]*?[a-z])\.")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        given = [Path(name) for name in sys.argv[1:]] or [ROOT, *_write_samples(Path(folder))]
        for project in given:
            copy = Path(folder) / "copies" / project.name
            for name in _READ:
                if (project / name).is_dir():
                    shutil.copytree(project / name, copy / name)
            costs = ", ".join(f"{what} {cost:.2f}" for what, cost in _measure(copy).items())
            print(f"{project.name}: {costs}")


def _write_samples(folder: Path) -> list[Path]:
    """Writes the projects of the tests with their workbooks."""
    sys.path.insert(0, str(ROOT / "tests/support"))
    from sample_projects import copy_sample_project

    return [copy_sample_project(name, folder / name).root for name in ("energy", "finance")]


def _measure(project: Path) -> dict[str, float]:
    theme, text = next(
        (path, found)
        for path in sorted((project / "content/themes").glob("*.yaml"))
        if _SENTENCE.search(found := path.read_text("utf-8"))
    )
    edited = _SENTENCE.sub(r"\1 again.", text, count=1)
    costs: dict[str, list[float]] = {}
    for number in range(RUNS):
        cache = {
            "BRIEF_CACHE_DIR": str(project.parent / f"cache of {project.name} {number}"),
            "PYTHONDONTWRITEBYTECODE": "",
        }
        for what, content in (("cold", text), ("unchanged", text), ("one sentence edited", edited)):
            theme.write_text(content, "utf-8")
            # What the edit causes is no matter here: a translation that is out of date, say.
            costs.setdefault(what, []).append(run([*_BRIEF, "check"], project, cache, expected=None).cpu)
        costs.setdefault("--help", []).append(run([*_BRIEF, "--help"], project, cache).cpu)
    theme.write_text(text, "utf-8")
    return {what: min(each) for what, each in costs.items()}


_BRIEF = (sys.executable, "-m", "brief")

if __name__ == "__main__":
    main()
