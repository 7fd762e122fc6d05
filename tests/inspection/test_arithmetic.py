"""A total beside all but one of its parts gives away the part; the check says of which claims."""

import pytest
from projects import SEED, THEME, ProjectCopy

SAYS = "says: {en: A figure., zh-Hans: 数字。, zh-Hant: 數字。}"


def add_claims(project: ProjectCopy, **claims: tuple[str, str]) -> None:
    written = "".join(
        f"  - id: {name}\n    clearance: {clearance}\n    {SAYS}\n    quantity: {{{quantity}}}\n"
        for name, (clearance, quantity) in claims.items()
    )
    project.replace(SEED, "claims:\n", f"claims:\n{written}")


def warnings(project: ProjectCopy) -> list[str]:
    status, found = project.check()
    assert status == 0
    return [diagnostic.message for diagnostic in found if diagnostic.code == "withheld-arithmetic"]


def test_a_part_that_is_left_of_a_total(project: ProjectCopy) -> None:
    add_claims(
        project,
        total=("public", "value: 9_100, unit: CNY"),
        east=("public", "value: 4_000, unit: CNY"),
        west=("public", "value: 3_000, unit: CNY"),
        north=("internal", "value: 2_100, unit: CNY"),
    )
    found = warnings(project)
    assert len(found) == 2, "one for each of the two audiences"
    for name in ("north", "east", "west", "total"):
        assert f"'reader-survey/{name}'" in found[0]


@pytest.mark.parametrize(
    "north", ["value: 2_200, unit: CNY", "value: 2_100, unit: USD", "value: 2_100, unit: CNY, period: 2024"]
)
def test_figures_that_do_not_add_up_give_nothing_away(project: ProjectCopy, north: str) -> None:
    add_claims(
        project,
        total=("public", "value: 9_100, unit: CNY"),
        east=("public", "value: 4_000, unit: CNY"),
        west=("public", "value: 3_000, unit: CNY"),
        north=("internal", north),
    )
    assert warnings(project) == []


def test_two_withheld_parts_give_nothing_away(project: ProjectCopy) -> None:
    add_claims(
        project,
        total=("public", "value: 9_100, unit: CNY"),
        east=("public", "value: 4_000, unit: CNY"),
        west=("internal", "value: 3_000, unit: CNY"),
        north=("internal", "value: 2_100, unit: CNY"),
    )
    assert warnings(project) == []


@pytest.mark.parametrize("operation", ["difference", "ratio"])
def test_a_result_of_what_is_visible(project: ProjectCopy, operation: str) -> None:
    unit = "CNY" if operation == "difference" else "times"
    add_claims(
        project,
        total=("public", "value: 9_100, unit: CNY"),
        east=("public", "value: 4_000, unit: CNY"),
        margin=("internal", f"derived: {{{operation}: [total, east]}}, unit: {unit}"),
    )
    found = warnings(project)
    assert found
    assert "claim 'reader-survey/margin', which it may not see, from 'reader-survey/total' and" in found[0]


def test_percentages_that_make_up_a_hundred(project: ProjectCopy) -> None:
    add_claims(
        project,
        bus=("public", "value: 40, unit: percent"),
        tram=("public", "value: 35, unit: percent"),
        rail=("internal", "value: 25, unit: percent"),
    )
    assert "from 100%" in warnings(project)[0]


TABLE = """\
  - kind: table
    id: money
    title: {{en: Money, zh-Hans: 钱, zh-Hant: 錢}}
    columns: [{{en: Line, zh-Hans: 线, zh-Hant: 線}}, {{en: Cost, zh-Hans: 支出, zh-Hant: 支出}}]
    rows:
      - ["A", "1,200"]
      - ["B", "340"]
      - {{cells: ["C", "{third}"], clearance: internal}}
      - ["D", "2,000"]
"""


@pytest.mark.parametrize(("third", "is_given_away"), [("460", True), ("470", False)])
def test_a_row_of_a_table_with_a_total(project: ProjectCopy, third: str, is_given_away: bool) -> None:
    project.write(THEME, project.read(THEME) + TABLE.format(third=third))
    assert any("row 3 of table 'money'" in message for message in warnings(project)) is is_given_away


def test_a_column_of_a_table_with_a_total(project: ProjectCopy) -> None:
    columns = "".join(
        f"      - {{title: {{en: {name}, zh-Hans: 甲, zh-Hant: 甲}}{', clearance: client' * (name == 'Y')}}}\n"
        for name in ("X", "Y", "Sum")
    )
    table = (
        "  - kind: table\n    id: money\n    depth: summary\n    title: {en: Money, zh-Hans: 钱, zh-Hant: 錢}\n"
        f'    columns:\n{columns}    rows:\n      - ["120", "80", "200"]\n      - ["10", "7", "17"]\n'
    )
    project.write(THEME, project.read(THEME) + table)
    assert any("column 2 of table 'money'" in message for message in warnings(project))


QUARTERS = {f"q{number}": ("public", f"value: {number}_100, unit: CNY, period: 2024-Q{number}") for number in (1, 2, 3)}


@pytest.mark.parametrize(
    "last",
    [
        {"q4": ("internal", "value: 4_100, unit: CNY, period: 2024-Q4")},
        {"h2": ("internal", "value: 7_200, unit: CNY, period: 2024-H2")},
        {
            "oct": ("public", "value: 1_050, unit: CNY, period: 2024-10"),
            "nov": ("public", "value: 1_025, unit: CNY, period: 2024-11"),
            "dec": ("internal", "value: 2_025, unit: CNY, period: 2024-12"),
        },
    ],
    ids=["quarter", "half", "month"],
)
def test_the_part_of_a_year_that_is_left(project: ProjectCopy, last: dict[str, tuple[str, str]]) -> None:
    add_claims(project, year=("public", "value: 10_400, unit: CNY, period: 2024"), **QUARTERS, **last)
    name = list(last)[-1]
    assert any(f"'reader-survey/{name}'" in message and "/year'" in message for message in warnings(project))


def test_a_year_of_which_all_quarters_are_seen(project: ProjectCopy) -> None:
    fourth = ("public", "value: 4_100, unit: CNY, period: 2024-Q4")
    add_claims(project, year=("internal", "value: 10_400, unit: CNY, period: 2024"), **QUARTERS, q4=fourth)
    assert any("claim 'reader-survey/year'" in message for message in warnings(project))


@pytest.mark.parametrize(
    "last",
    ["value: 4_200, unit: CNY, period: 2024-Q4", "value: 4_100, unit: CNY, period: 2025-Q4"],
    ids=["other sum", "other year"],
)
def test_quarters_that_do_not_make_up_the_year_give_nothing_away(project: ProjectCopy, last: str) -> None:
    year = ("public", "value: 10_400, unit: CNY, period: 2024")
    add_claims(project, year=year, **QUARTERS, q4=("internal", last))
    assert warnings(project) == []


def test_a_withheld_total_of_visible_parts(project: ProjectCopy) -> None:
    add_claims(
        project,
        total=("internal", "value: 9_170, unit: CNY"),
        east=("public", "value: 4_020, unit: CNY"),
        west=("public", "value: 3_040, unit: CNY"),
        north=("public", "value: 2_110, unit: CNY"),
    )
    assert "by adding" in warnings(project)[0]


@pytest.mark.parametrize("wording", ["CNY {}", "{} km", "¥{}"])
def test_a_row_of_a_table_whose_figures_have_units(project: ProjectCopy, wording: str) -> None:
    table = TABLE.format(third=wording.format("460"))
    for figure in ("1,200", "340", "2,000"):
        table = table.replace(f'"{figure}"', f'"{wording.format(figure)}"')
    project.write(THEME, project.read(THEME) + table)
    assert any("row 3 of table 'money'" in message for message in warnings(project))
