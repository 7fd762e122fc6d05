"""How the cost of `brief check` grows with claims, and what it costs to read a large dataset: python benchmarks/checking.py.

Every claim is printed in three locales, and each tenth is computed from two others. CPU seconds; the last line says how
the cost for a thousand claims grew between the smallest project and the largest: 1 is linear.
"""

import csv
import io
import sys
import tempfile
import time
from pathlib import Path

from brief.project.checking import check_project
from brief.project.new_project import NewProject, create_project
from brief.reading.project_files import read_project

COUNTS = (1000, 2500, 5000)
CLAIMS_A_SOURCE = 500
CLAIMS_A_PARAGRAPH = 5
ROWS, COLUMNS = 2000, 12


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        # What is loaded once, fonts and templates and languages, is no part of what a claim costs.
        _write_project(Path(folder) / "warm", CLAIMS_A_SOURCE)
        check_project(Path(folder) / "warm")
        costs = []
        for count in COUNTS:
            root = Path(folder) / str(count)
            _write_project(root, count)
            began = time.process_time()
            found = check_project(root)
            costs.append(1000 * (time.process_time() - began) / count)
            if found:
                sys.exit(f"the project has diagnostics: {found[:3]}")
            print(f"{count} claims: {costs[-1] * count / 1000:.2f} s, {costs[-1]:.2f} s a thousand")
        print(f"{ROWS} x {COLUMNS} dataset: {_time_dataset(Path(folder) / 'dataset'):.2f} s")
        print(f"growth: {costs[-1] / costs[0]:.2f}")


def _write_project(root: Path, count: int) -> None:
    create_project(root, NewProject())
    head = (root / "seeds/reader-survey.yaml").read_text("utf-8").partition("claims:")[0]
    theme = root / "content/themes/ridership.yaml"
    blocks = [theme.read_text("utf-8").rstrip("\n")]
    for source in range(count // CLAIMS_A_SOURCE):
        claims = [head.replace("id: reader-survey", f"id: source-{source}"), "claims:"]
        for number in range(CLAIMS_A_SOURCE):
            stated = f"value: {1000 + source * CLAIMS_A_SOURCE + 7 * number}"
            computed = f"derived: {{sum: [c{number - 1}, c{number - 2}]}}"
            says = f"{{en: Fact {number}., zh-Hans: 事实{number}。, zh-Hant: 事實{number}。}}"
            quantity = stated if number % 10 < 9 else computed
            claims.append(
                f"  - id: c{number}\n    clearance: public\n    says: {says}\n    quantity: {{{quantity}, unit: CNY}}"
            )
        (root / f"seeds/source-{source}.yaml").write_text("\n".join(claims) + "\n", "utf-8")
        for first in range(0, CLAIMS_A_SOURCE, CLAIMS_A_PARAGRAPH):
            names = range(first, first + CLAIMS_A_PARAGRAPH)
            figures = ", ".join(f"{{source-{source}/c{number}}}" for number in names)
            texts = f"{{en: 'In all {figures}.', zh-Hans: '共{figures}。', zh-Hant: '共{figures}。'}}"
            blocks.append(
                f"  - kind: paragraph\n    id: p-{source}-{first}\n    clearance: public\n    depth: full\n    text: {texts}"
            )
    theme.write_text("\n".join(blocks) + "\n", "utf-8")


def _time_dataset(root: Path) -> float:
    """The CPU seconds that a dataset adds to reading the project."""
    create_project(root, NewProject())
    costs = []
    for has_dataset in (False, True):
        if has_dataset:
            _add_dataset(root)
        began = time.process_time()
        reading = read_project(root)
        costs.append(time.process_time() - began)
        if any(found.severity == "error" for found in reading.diagnostics):
            sys.exit(f"the dataset has diagnostics: {reading.diagnostics[:3]}")
    return costs[1] - costs[0]


def _add_dataset(root: Path) -> None:
    names = [f"column-{number}" for number in range(COLUMNS - 1)]
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["row", *names])
    writer.writerows([f"r{row}", *(row * 31 + number / 8 for number in range(COLUMNS - 1))] for row in range(ROWS))
    (root / "data").mkdir()
    (root / "data/large.csv").write_text(table.getvalue(), "utf-8")
    columns = "".join(f"      {name}: count\n" for name in names)
    seed = root / "seeds/reader-survey.yaml"
    record = f"datasets:\n  - id: large\n    clearance: public\n    file: data/large.csv\n    key: [row]\n    columns:\n{columns}"
    seed.write_text(seed.read_text("utf-8").rstrip("\n") + "\n" + record, "utf-8")


if __name__ == "__main__":
    main()
