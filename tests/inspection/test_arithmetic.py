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


DATASET = """
datasets:
  - id: fleet
    file: data/fleet.csv
    key: [{key}]
    columns:
      diesel: CNY
      power: {{unit: CNY, clearance: {power}}}
      all: CNY
    rows: [{rows}]
"""
FLEET = {"east": (1_210, 310), "north": (2_420, 205), "south": (4_035, 512)}


def add_dataset(
    project: ProjectCopy,
    *lines: str,
    rows: tuple[str, ...] = ("route: north",),
    power: str = "public",
    key: str = "route",
    claim: str = "",
) -> None:
    written = [f"{route},{diesel},{more},{diesel + more}" for route, (diesel, more) in FLEET.items()]
    withheld = ", ".join(f"{{where: {{{row}}}, clearance: internal}}" for row in rows)
    project.write("data/fleet.csv", "\n".join([f"{key.replace(' ', '')},diesel,power,all", *(lines or written)]) + "\n")
    project.write(
        SEED, project.read(SEED).rstrip("\n") + "\n" + claim + DATASET.format(rows=withheld, power=power, key=key)
    )


TOTALS = tuple(f"{route},{diesel},{more},{diesel + more}" for route, (diesel, more) in FLEET.items())
SUM = "city,7665,1027,8692"


def test_a_row_of_a_dataset_with_a_row_of_totals(project: ProjectCopy) -> None:
    add_dataset(project, *TOTALS, SUM)
    assert any(
        "row 'north' of dataset 'reader-survey/fleet'" in found and "'city'" in found for found in warnings(project)
    )


def test_two_withheld_rows_of_a_dataset_give_nothing_away(project: ProjectCopy) -> None:
    add_dataset(project, *TOTALS, SUM, rows=("route: north", "route: south"))
    assert warnings(project) == []


def test_rows_that_do_not_add_up_to_the_last_give_nothing_away(project: ProjectCopy) -> None:
    add_dataset(project, *TOTALS, "city,7666,1028,8694")
    assert warnings(project) == []


def test_a_row_of_one_month_with_a_row_of_totals(project: ProjectCopy) -> None:
    lines = [f"{line.replace(',', f',2026-0{month},', 1)}" for month in (1, 2) for line in (*TOTALS, SUM)]
    lines[-1] = "city,2026-02,7666,1028,8694"
    add_dataset(project, *lines, rows=("route: north, month: 2026-01",), key="route, month")
    assert any("row 'north,2026-01'" in found for found in warnings(project))


def test_a_column_of_a_dataset_with_a_column_of_totals(project: ProjectCopy) -> None:
    add_dataset(project, rows=(), power="internal")
    assert any("column 'power' of dataset" in found and "column 'all'" in found for found in warnings(project))


def test_a_column_that_does_not_add_up_in_every_row_gives_nothing_away(project: ProjectCopy) -> None:
    add_dataset(project, *TOTALS[:2], "south,4035,512,4550", rows=(), power="internal")
    assert warnings(project) == []


@pytest.mark.parametrize(("value", "is_given_away"), [("7_665", True), ("7_666", False)])
def test_a_claim_that_is_the_total_of_a_column(project: ProjectCopy, value: str, is_given_away: bool) -> None:
    claim = f"  - id: stated\n    clearance: public\n    {SAYS}\n    quantity: {{value: {value}, unit: CNY}}\n"
    add_dataset(project, claim=claim)
    found = [message for message in warnings(project) if "'reader-survey/stated'" in message]
    assert any("row 'north'" in message for message in found) is is_given_away


@pytest.mark.parametrize(
    ("derived", "is_given_away"),
    [
        ("sum: ['fleet[*].diesel']", True),
        ("mean: ['fleet[*].diesel']", True),
        ("sum: ['fleet[east].diesel', 'fleet[north].diesel']", True),
        ("ratio: ['fleet[north].diesel', 'fleet[south].diesel']", True),
        ("difference: ['fleet[south].diesel', 'fleet[east].diesel']", False),
    ],
)
def test_a_result_that_is_disclosed(project: ProjectCopy, derived: str, is_given_away: bool) -> None:
    unit = "times" if "ratio" in derived else "CNY"
    claim = (
        f"  - id: told\n    clearance: public\n    {SAYS}\n"
        f"    quantity: {{unit: {unit}, derived: {{{derived}, disclose: The board published it.}}}}\n"
    )
    add_dataset(project, claim=claim)
    found = [message for message in warnings(project) if "'reader-survey/told'" in message]
    assert any("'reader-survey/fleet[north].diesel'" in message for message in found) is is_given_away
