"""What it costs to plan mail for many people: python benchmarks/mailing.py [--people N].

A list with two errors is refused, and a good one is planned: CPU seconds of the whole command, and its peak memory. Each
of the six variants of the starter project is sent as PDF to a sixth of the people.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from meter import Cost, run

from brief.project.new_project import NewProject, create_project

BRIEF = (sys.executable, "-m", "brief")
NAMES = ("Ann Lee", "李安", "Zoë Łukasz")
AUDIENCES = ("public", "council")
LOCALES = ("en", "zh-Hans", "zh-Hant")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000, help="how many recipients (default: 100,000)")
    people = parser.parse_args().people
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        create_project(folder / "project", NewProject())
        run([*BRIEF, "build", "-C", "project", "-f", "pdf"], folder)
        run([*BRIEF, "approve", "project/output/night-buses"], folder)
        rows = _rows(people)
        wrong = [*rows]
        wrong[people // 2] = wrong[people // 2].replace("@", "@@")
        wrong[-1] = wrong[-1].replace("council", "counsil").replace("public", "publik")
        print(f"{people:,} recipients, two errors: {_say(_plan(folder, wrong, expected=1))}")
        print(f"{people:,} recipients, planned: {_say(_plan(folder, rows))}")
        print(f"the plan has {(folder / 'plan.json').stat().st_size / 1e6:.0f} MB")


def _plan(folder: Path, rows: list[str], expected: int = 0) -> Cost:
    (folder / "people.csv").write_text("\n".join(["name,address,audience,locale,formats", *rows]) + "\n", "utf-8")
    order = ["mail", "plan", "people.csv", "--from", "research@example.org", "-C", "project", "--yes"]
    return run([*BRIEF, *order], folder, expected=expected)


def _rows(people: int) -> list[str]:
    return [
        f"{NAMES[n % 3]} {n},person{n:06}@example{n % 50}.net,{AUDIENCES[n // 3 % 2]},{LOCALES[n % 3]},pdf"
        for n in range(people)
    ]


def _say(cost: Cost) -> str:
    return f"{cost.cpu:.1f} s, {cost.peak:.0f} MiB"


if __name__ == "__main__":
    main()
