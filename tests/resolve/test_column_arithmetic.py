"""Sums and means of whole columns and of filtered ones: exact, with their unit, and withheld as their cells are."""

from decimal import Decimal
from pathlib import Path

import pytest
from projects import SEED, THEME, ProjectCopy

from brief import Project
from brief.resolve.figures import derive
from brief.resolve.select import select

ROWS = [
    (route, f"2026-{month:02}", 100 * month + route, Decimal(route) / 4) for route in (7, 8, 9) for month in range(1, 7)
]
DATASET = """\
datasets:
  - id: fleet
    file: data/fleet.csv
    key: [route, month]
    columns:
      income: CNY
      trips: count
      distance: {unit: km, clearance: client}
    rows: [{where: {route: r9}, clearance: client}]
"""
CLAIMS = {
    "all": ("CNY", "{sum: ['fleet[*].income']}", sum(row[2] for row in ROWS)),
    "seven": ("CNY", "{sum: ['fleet[route=r7].income']}", sum(row[2] for row in ROWS if row[0] == 7)),
    "late": (
        "CNY", "{sum: ['fleet[route=r7, month>=2026-03].income', 'fleet[r8,2026-01].income']}",
        sum(row[2] for row in ROWS if row[0] == 7 and row[1] >= "2026-03") + 108,
    ),
    "rich": ("CNY", "{sum: ['reader-survey/fleet[income > 500, route != r9].income']}",
             sum(row[2] for row in ROWS if row[2] > 500 and row[0] != 9)),
    "average": ("CNY", "{mean: ['fleet[route=r7, month<=2026-02].income', 'fleet[r8,2026-01].income']}", Decimal("140.67")),
    "told": ("CNY", "{sum: ['fleet[*].income'], disclose: The board published the total.}", sum(row[2] for row in ROWS)),
    "hidden-filter": ("CNY", "{sum: ['fleet[distance >= 2, route=r8].income']}", sum(row[2] for row in ROWS if row[0] == 8)),
    "per-km": ("CNY/km", "{per: [told, span]}", None),
    "span": ("km", "{sum: ['fleet[route=r7].distance']}", Decimal("10.50")),
}  # fmt: skip


def make_project(root: Path, **claims: str) -> ProjectCopy:
    project = ProjectCopy(root / "project")
    lines = ["route,month,income,trips,distance"]
    lines += [f"r{route},{month},{income},{income % 50},{distance}" for route, month, income, distance in ROWS]
    lines.append("r10,2026-01,,5,1.25")
    project.write("data/fleet.csv", "\n".join(lines) + "\n")
    given = {name: (unit, text) for name, (unit, text, _) in CLAIMS.items()}
    given |= {name: ("CNY", text) for name, text in claims.items()}
    written = "".join(
        f"  - id: {name}\n    says: {{en: It., zh-Hans: 它。, zh-Hant: 它。}}\n"
        f"    quantity: {{unit: {unit}, derived: {text}}}\n"
        for name, (unit, text) in given.items()
    )
    project.write(SEED, project.read(SEED).rstrip("\n") + "\n" + written + DATASET)
    return project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> ProjectCopy:
    return make_project(tmp_path_factory.mktemp("columns"))


@pytest.mark.parametrize(("name", "wanted"), [(name, wanted) for name, (_, _, wanted) in CLAIMS.items() if wanted])
def test_a_column_adds_up(project: ProjectCopy, name: str, wanted: int | Decimal) -> None:
    quantity = derive.derive_quantity(Project.load(project.root).brief, f"reader-survey/{name}")
    assert quantity is not None
    assert quantity.value == wanted


def test_a_mean_of_money_has_the_decimals_that_print(project: ProjectCopy) -> None:
    brief = Project.load(project.root).brief
    assert str(getattr(derive.derive_quantity(brief, "reader-survey/average"), "value", "")) == "140.67"


def test_withheld_rows_and_conditions_withhold_the_result(project: ProjectCopy) -> None:
    loaded = Project.load(project.root)
    seen = {name.partition("/")[2] for name in select(loaded.brief, "public").claims}
    # Of "rich" a condition leaves out the rows that are withheld, which then tell nothing.
    assert seen & CLAIMS.keys() == {"seven", "late", "average", "told", "rich"}
    council = {name.partition("/")[2] for name in select(loaded.brief, "council").claims}
    assert CLAIMS.keys() <= council


def test_the_ledger_shows_the_formula_and_how_many_cells(project: ProjectCopy) -> None:
    shown = project.run("evidence").stdout
    assert "sum of fleet[route=r7, month>=2026-03].income (4 cells), fleet[r8,2026-01].income = 1,936" in shown.replace(
        "\n", " "
    )


WRONG = [
    ("{sum: ['fleet[*].incme']}", "unknown-cell", "did you mean 'income'?"),
    ("{sum: ['flet[*].income']}", "unknown-cell", "did you mean 'reader-survey/fleet'?"),
    ("{sum: ['fleet[route=r77].income']}", "unknown-cell", "compare its values with the values in the file"),
    ("{sum: ['fleet[income>=much].income']}", "unknown-cell", "write {column"),
    ("{sum: ['fleet[month>=2026-01, r7].income']}", "unknown-cell", "write [month>=2026-01, route=route-07]"),
    ("{sum: ['fleet[*].month']}", "unknown-cell", ""),
    ("{ratio: ['fleet[*].income', 'fleet[*].income']}", "bad-derivation", ""),
    ("{sum: ['fleet[*].income', 'fleet[*].distance']}", "bad-derivation", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "hint"), WRONG)
def test_a_selection_that_has_no_sum_is_refused(tmp_path: Path, text: str, code: str, hint: str) -> None:
    _, found = make_project(tmp_path, wrong=text).check()
    errors = [each for each in found if each.severity == "error"]
    assert {each.code for each in errors} == {code}, errors
    assert {each.file for each in errors} == {SEED}
    assert any(hint in each.hint for each in errors), errors


def test_an_empty_cell_causes_a_warning(project: ProjectCopy) -> None:
    _, found = project.check()
    warned = [each for each in found if each.code == "incomplete-total"]
    assert any("'reader-survey/fleet[*].income' leaves out 1 of 19 rows" in each.message for each in warned)
    assert THEME not in {each.file for each in warned}
