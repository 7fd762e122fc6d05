"""Tables and charts from datasets: each figure that a page shows is that of the workbook, and nothing withheld counts."""

import io
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from bus_workbook import HEADERS, TOP, bus_rows, bus_workbook, copy_bus_project, small_bus_workbook
from docx import Document
from lxml import html
from projects import ProjectCopy
from readback import html_main, pdf_text

from brief import Project
from brief.model.inline import to_plain_text
from brief.model.variant import Chart, Table

THEME = "content/themes/routes.yaml"
TABLE = """\
  - kind: table
    id: best
    title: {en: The best routes, zh-Hans: 最佳线路, zh-Hant: 最佳路線}
    from: bus-ledger/fleet
    columns:
      - column: route
        title: {en: Route, zh-Hans: 线路, zh-Hant: 路線}
        labels: [{value: route-07, text: {en: Seven, zh-Hans: 7路, zh-Hant: 7路}}]
      - {column: month, title: {en: Month, zh-Hans: 月份, zh-Hant: 月份}}
      - {column: income, title: {en: Fares, zh-Hans: 票款, zh-Hant: 票款}}
      - {column: cost, title: {en: Cost, zh-Hans: 成本, zh-Hant: 成本}}
      - {column: punctual, title: {en: On time, zh-Hans: 准点, zh-Hant: 準點}}
    where: {month: 2026-03, income: ">= 2000"}
    order: -income
    top: 5
    total: sum
"""
CHART = """\
  - kind: chart
    id: seven
    title: {en: Riders, zh-Hans: 乘客, zh-Hant: 乘客}
    chart: line
    description: {en: Riders of two routes., zh-Hans: 两条线路的乘客。, zh-Hant: 兩條路線的乘客。}
    from: bus-ledger/fleet
    category: month
    where: {month: ">= 2026-01"}
    series:
      - {title: "7", column: riders, where: {route: route-07}}
      - {title: "8", column: riders, where: {route: route-08}}
"""
MINUS = "\u2212"


def add(project: ProjectCopy, block: str) -> None:
    project.write(THEME, project.read(THEME).rstrip("\n") + "\n" + block)


@pytest.fixture(scope="module")
def buses(tmp_path_factory: pytest.TempPathFactory) -> ProjectCopy:
    project = copy_bus_project(tmp_path_factory.mktemp("buses") / "project")
    add(project, TABLE + CHART)
    for audience in ("public", "operator"):
        project.replace(f"content/audiences/{audience}.yaml", "[html, docx]", "[html, docx, pdf]")
    return project


@pytest.fixture(scope="module")
def loaded(buses: ProjectCopy) -> Project:
    return Project.load(buses.root)


def month_rows(month: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [dict(zip(HEADERS, row, strict=True)) for row in bus_rows()]
    return [row for row in rows if f"{row['Month']:%Y-%m}" == month]


def best_rows(*, withheld: bool) -> list[dict[str, Any]]:
    """The five rows that the table asks for, by the test's own reading of the figures."""
    march = [row for row in month_rows("2026-03") if row["Fares (CNY)"] >= 2000]
    seen = [row for row in march if withheld or row["Route"] != "harbour-shuttle"]
    return sorted(seen, key=lambda row: -row["Fares (CNY)"])[:5]


@pytest.fixture(scope="module")
def pages(loaded: Project) -> dict[tuple[str, str], bytes]:
    """The page of each audience in each locale."""
    pack = loaded.build(jobs=1, formats=("html",))
    return {(artifact.audience, artifact.locale): artifact.data for artifact in pack.artifacts}


def read_table(data: bytes) -> list[list[str]]:
    page: Any = html.fromstring(html_main(data))
    (table,) = page.xpath("//table[ancestor-or-self::*[@id='best']]")
    return [
        [re.sub(r"\s+", " ", cell.text_content()).strip() for cell in row.xpath("./th|./td")]
        for row in table.xpath(".//tr")
    ]


def number(text: str) -> Decimal:
    assert re.fullmatch(rf"{MINUS}?[0-9][0-9,]*(\.[0-9]+)?", text), text
    return Decimal(text.replace(",", "").replace(MINUS, "-"))


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("audience", ["public", "operator"])
def test_a_table_shows_the_rows_that_it_asks_for(
    pages: dict[tuple[str, str], bytes], audience: str, locale: str
) -> None:
    head, *rows = read_table(pages[audience, locale])
    wanted = best_rows(withheld=audience == "operator")
    has_cost = audience == "operator"
    heads = {
        "en": ["Route", "Month", "Fares (RMB)", "Cost (RMB)", "On time (%)"],
        "zh-Hans": ["线路", "月份", "票款（元）", "成本（元）", "准点（%）"],
        "zh-Hant": ["路線", "月份", "票款（人民幣元）", "成本（人民幣元）", "準點（%）"],
    }[locale]
    assert head == (heads if has_cost else [*heads[:3], heads[4]])
    *body, last = rows
    # The name of the total spans the columns of keys.
    assert len(last) == len(head) - 1
    last.insert(1, "")
    months = {"en": "March 2026", "zh-Hans": "2026年3月", "zh-Hant": "2026年3月"}
    assert [row[:2] for row in body] == [[row["Route"], months[locale]] for row in wanted]
    fares = [Decimal(str(row["Fares (CNY)"])) for row in wanted]
    assert [number(row[2]) for row in body] == fares
    decimals = {len(row[2].partition(".")[2]) for row in (*body, last)}
    assert decimals == {2}
    assert number(last[2]) == sum(fares)
    if has_cost:
        assert [number(row[3]) for row in body] == [Decimal(str(row["Cost (CNY)"])) for row in wanted]
    assert [number(row[-1]) for row in body] == [100 * Decimal(str(row["On time"])) for row in wanted]
    totals = {"en": "Total of the rows shown", "zh-Hans": "以上各行合计", "zh-Hant": "以上各列合計"}
    assert (last[0], last[-1]) == (totals[locale], "–")
    whole: Any = html.fromstring(html_main(pages[audience, locale]))
    (marked,) = whole.xpath("//*[@id='best']//tr[@class='total']")
    assert totals[locale] in marked.text_content()


def test_the_source_is_cited_once(pages: dict[tuple[str, str], bytes]) -> None:
    whole: Any = html.fromstring(html_main(pages["public", "en"]))
    (block,) = whole.xpath("//*[@id='best']")
    assert block.xpath(".//a/@href") == ["#source-1"]


def test_word_and_pdf_show_the_same_table(loaded: Project) -> None:
    pack = loaded.build(jobs=1, audiences=("operator",), locales=("en",), formats=("docx", "pdf"))
    fares = [f"{Decimal(str(row['Fares (CNY)'])):,.2f}" for row in best_rows(withheld=True)]
    text = pdf_text(pack["operator", "en", "pdf"].data)
    assert all(fare in text for fare in fares)
    tables = Document(io.BytesIO(pack["operator", "en", "docx"].data)).tables
    (table,) = [table for table in tables if "Fares" in [cell.text[:5] for cell in table.rows[0].cells]]
    assert [row.cells[2].text for row in table.rows][1:-1] == fares


def test_a_chart_has_a_series_for_each_column_and_condition(loaded: Project) -> None:
    variant = loaded.make_variant("public", "en")
    (chart,) = [block for block in variant.sections[0].blocks if isinstance(block, Chart) and block.id == "seven"]
    months = [f"2026-{number:02}" for number in range(1, 7)]
    wanted = [
        [row["Riders"] for month in months for row in month_rows(month) if row["Route"] == route]
        for route in ("route-07", "route-08")
    ]
    assert chart.categories[:2] == ("January 2026", "February 2026")
    assert [[point.value for point in series.points] for series in chart.series] == wanted


def test_a_mean_is_of_the_rows_shown(tmp_path: Path) -> None:
    project = copy_bus_project(tmp_path / "project")
    add(project, TABLE.replace("total: sum", "total: mean").replace("    top: 5\n", ""))
    variant = Project.load(project.root).make_variant("public", "en")
    (table,) = [block for block in variant.sections[0].blocks if isinstance(block, Table) and block.id == "best"]
    march = [row for row in month_rows("2026-03") if row["Route"] != "harbour-shuttle"]
    fares = [Decimal(str(row["Fares (CNY)"])) for row in march if row["Fares (CNY)"] >= 2000]
    # The public may not see every row of the workbook.
    assert to_plain_text(table.rows[-1][0]) == "Mean of the rows shown"
    assert abs(number(to_plain_text(table.rows[-1][2])) - sum(fares, Decimal(0)) / len(fares)) <= Decimal("0.005")


def test_round_figures_keep_the_decimals_of_their_column(tmp_path: Path) -> None:
    rows = list(bus_rows())
    # In a scale of their own, five million would have no decimal and 5.1 million one.
    months = [number for number, row in enumerate(rows) if f"{row[1]:%Y-%m}" == "2026-03"][1:3]
    cells: dict[str, object] = {f"G{months[0] + TOP + 2}": 5_000_000, f"G{months[1] + TOP + 2}": 5_100_000}
    project = copy_bus_project(tmp_path / "project", bus_workbook(cells))
    add(project, TABLE)
    variant = Project.load(project.root).make_variant("public", "en")
    (table,) = [block for block in variant.sections[0].blocks if isinstance(block, Table) and block.id == "best"]
    assert [to_plain_text(row[2]) for row in table.rows[:2]] == ["5,100,000.00", "5,000,000.00"]


WRONG = [
    ("from: bus-ledger/fleet\n    columns", "from: bus-ledger/float\n    columns", "unknown-cell", "did you mean 'bus-ledger/fleet'?"),
    ("column: income", "column: incme", "unknown-column", "did you mean 'income'?"),
    ("month: 2026-03, income", "mnth: 2026-03, income", "unknown-column", "did you mean 'month'?"),
    ("month: 2026-03, income", "month: 2036-03, income", "bad-query", "compare its values with the values in the file"),
    ('">= 2000"', '">= much"', "bad-query", "write {column:"),
    ("order: -income", "order: -incomes", "unknown-column", "did you mean 'income'?"),
    ("    from: bus-ledger/fleet\n    columns", "    columns", "bad-query", "write from: source/dataset"),
    ("    where: {month: 2026-03", '    rows: [["1"]]\n    where: {month: 2026-03', "bad-query", "remove one of them"),
    ("{month: 2026-03, income", "{month: [2026-03, 2036-03], income", "bad-query", "compare its values with the values"),
    ("{month: 2026-03, income", '{month: "> total 2", income', "bad-query", "list the values that you want"),
    ("category: month", "category: riders", "bad-query", "write category: route or month"),
    ("riders, where: {route: route-07}", "riders", "bad-query", "select one with 'where:'"),
    ('title: "7", column: riders', 'title: "7", column: drivers', "unknown-column", "did you mean"),
    ("total: sum", "total: product", "unknown-total", "known: mean, sum"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "hint"), WRONG)
def test_a_query_that_cannot_be_answered_is_refused(tmp_path: Path, old: str, new: str, code: str, hint: str) -> None:
    project = copy_bus_project(tmp_path / "project", small_bus_workbook())
    add(project, TABLE + CHART)
    project.replace(THEME, old, new)
    _, found = project.check()
    errors = [diagnostic for diagnostic in found if diagnostic.severity == "error"]
    assert {diagnostic.code for diagnostic in errors} == {code}
    assert any(hint in diagnostic.hint for diagnostic in errors), errors
    assert {diagnostic.file for diagnostic in errors} == {THEME}
