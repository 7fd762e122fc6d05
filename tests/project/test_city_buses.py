"""A project whose figures come from a workbook: each printed one is that of its cell, in every locale and format."""

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from bus_workbook import HEADERS, bus_rows, bus_workbook, copy_bus_project, small_bus_workbook
from lxml import etree, html
from projects import ProjectCopy
from readback import docx_parts, html_main

from brief import ContentError, Pack, Project
from brief.inspection.leaks import Inspector
from brief.model.artifact import Artifact, BuildSelection
from brief.project import project_fingerprint
from brief.resolve.select import select
from brief.resolve.withheld import SourceStrings, WithheldKind
from brief.store import spool

ROUTES = "content/themes/routes.yaml"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

# The words before each figure in each locale, and the row and header of its cell; a percentage is stored as a part.
PRINTED = [
    (
        {"en": "Route 7 carried ", "zh-Hans": "7路公交3月运送乘客", "zh-Hant": "7路公車3月載客"},
        "route-07",
        "2026-03",
        "Riders",
    ),
    ({"en": "Of its trips, ", "zh-Hans": "准点率为", "zh-Hant": "準點率為"}, "route-07", "2026-03", "On time"),
    ({"en": "brought RMB ", "zh-Hans": "票款收入", "zh-Hant": "票款收入人民幣"}, "route-12", "2025-11", "Fares (CNY)"),
]
# The cells of the table, row by row, and of the chart.
IN_TABLE = [
    (route, "2026-03", header) for route in ("route-07", "route-12") for header in ("Mean delay", "Hours driven")
]
IN_CHART = [(route, "2026-03", "Seats") for route in ("route-07", "route-12")]


@pytest.fixture(scope="module")
def buses(tmp_path_factory: pytest.TempPathFactory) -> ProjectCopy:
    return copy_bus_project(tmp_path_factory.mktemp("buses") / "project")


@pytest.fixture(scope="module")
def loaded(buses: ProjectCopy) -> Project:
    return Project.load(buses.root)


@pytest.fixture(scope="module")
def pack(loaded: Project) -> Pack:
    return loaded.build(jobs=1)


def read_cell(route: str, month: str, header: str) -> Decimal:
    """What the workbook holds, in the unit that it is printed in."""
    row = next(row for row in bus_rows() if (row[0], f"{row[1]:%Y-%m}") == (route, month))
    value = Decimal(str(row[HEADERS.index(header)]))
    return 100 * value if header == "On time" else value


def paragraphs(data: bytes, form: str) -> list[str]:
    """The words of each paragraph and table cell of an artifact."""
    if form == "docx":
        found = list(etree.fromstring(docx_parts(data)["word/document.xml"]).iter(f"{W}p"))
        words = ["".join(text.text or "" for text in part.iter(f"{W}t")) for part in found]
        charts = [data for name, data in docx_parts(data).items() if name.startswith("word/charts/chart")]
        words += [value.text or "" for chart in charts for value in etree.fromstring(chart).iter(f"{C}v")]
    else:
        page: Any = html.fromstring(html_main(data))
        found = page.xpath("//p|//li|//td|//dd")
        words = ["".join(part.itertext()) for part in found]
    return [re.sub(r"\s+", " ", text.replace("\u2060", "")).strip() for text in words]


def number(text: str) -> Decimal:
    """The figure that a text begins with."""
    match = re.match(r"[0-9][0-9,]*(\.[0-9]+)?", text)
    assert match, text
    return Decimal(match[0].replace(",", ""))


@pytest.mark.parametrize("form", ["html", "docx"])
@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
def test_every_printed_figure_is_that_of_its_cell(pack: Pack, locale: str, form: str) -> None:
    said = paragraphs(pack["public", locale, form].data, form)
    for lead, *cell in PRINTED:
        (sentence,) = [text for text in said if lead[locale] in text]
        assert number(sentence.partition(lead[locale])[2].lstrip()) == read_cell(*cell)
    cells = [text for text in said if re.match(r"[0-9.,]+ ?(minutes|hours|分钟|分鐘|小时|小時)", text)]
    assert [number(text) for text in cells] == [read_cell(*cell) for cell in IN_TABLE]
    seats = [str(read_cell(*cell)) for cell in IN_CHART]
    assert [text for text in said if text in seats] == seats


def test_a_cell_is_cited_as_its_source(pack: Pack) -> None:
    page: Any = html.fromstring(html_main(pack["public", "en", "html"].data))
    (summary,) = [part for part in page.xpath("//p") if "Route 7 carried" in part.text_content()]
    assert summary.xpath(".//a/@href") == ["#source-1"]
    assert "Ledger of the bus routes" in page.get_element_by_id("source-1").text_content()


def test_rows_and_columns_above_the_clearance_are_withheld(loaded: Project, pack: Pack) -> None:
    brief = loaded.brief
    seen = select(brief, "public").datasets["bus-ledger/fleet"]
    assert "cost" not in [column.name for column in seen.columns]
    assert len(seen.rows) == 1975
    assert not any(key.startswith("harbour-shuttle") for key in seen.rows)
    assert {len(row.figures) for row in seen.rows.values()} == {len(seen.columns)}
    assert len(select(brief, "operator").datasets["bus-ledger/fleet"].rows) == 2000
    cost = f"{read_cell('harbour-shuttle', '2026-03', 'Cost (CNY)'):,}"
    for form in ("html", "docx"):
        assert any(cost in text for text in paragraphs(pack["operator", "en", form].data, form))
        assert not any(cost in text for text in paragraphs(pack["public", "en", form].data, form))


def test_withheld_cells_are_looked_for_in_every_artifact(loaded: Project, pack: Pack) -> None:
    found = SourceStrings.from_brief(loaded.brief).list_withheld("public")
    cost = f"RMB {read_cell('route-33', '2025-01', 'Cost (CNY)'):,}"
    assert cost in [said.text for said in found if said.kind is WithheldKind.FIGURE]
    assert "harbour-shuttle" in [said.text for said in found if said.kind is WithheldKind.TEXT]
    assert "Cost (CNY)" in [said.text for said in found]
    shown = f"RMB {read_cell('route-33', '2025-01', 'Fares (CNY)'):,}"
    assert shown not in [said.text for said in found]
    prover = Inspector(loaded.brief, loaded.get_template_set)
    assert prover.inspect_artifact(pack["public", "en", "html"]) == ()
    assert [found.code for found in prover.inspect_artifact(make_leaking_page(pack, cost))] == ["withheld-text"]


def make_leaking_page(pack: Pack, words: str) -> Artifact:
    page = pack["public", "en", "html"]
    return replace(page, content=spool(page.data.replace(b"Route 7 carried", f"{words}. Route 7 carried".encode())))


def test_a_text_must_not_print_a_cell_that_its_audience_may_not_see(tmp_path: Path) -> None:
    project = copy_bus_project(tmp_path / "project", small_bus_workbook())
    project.replace(ROUTES, "    clearance: internal\n", "")
    with pytest.raises(ContentError) as caught:
        Project.load(project.root)
    assert {found.code for found in caught.value.diagnostics} == {"withheld-claim"}
    assert "bus-ledger/fleet[harbour-shuttle,2026-03].cost" in caught.value.diagnostics[0].message


def test_a_changed_workbook_is_another_input(tmp_path: Path) -> None:
    project = copy_bus_project(tmp_path / "project")
    order = BuildSelection(("public",), ("en",), ("html",))
    before = project_fingerprint.fingerprint_project(project.root, order)
    loaded = Project.load(project.root)
    # The cell of riders on route 7 in March 2026.
    row = 3 + 1 + [(row[0], f"{row[1]:%Y-%m}") for row in bus_rows()].index(("route-07", "2026-03"))
    project.write("data/fleet.xlsx", bus_workbook({f"F{row}": 7654}))
    assert project_fingerprint.fingerprint_project(project.root, order) != before
    assert project.root / "data" in project_fingerprint.list_input_folders(project.root)
    for again in (loaded.reload(), Project.load(project.root)):
        quantity = again.brief.claims["bus-ledger/fleet[route-07,2026-03].riders"][1].quantity
        assert quantity is not None
        assert quantity.value == 7654


def test_an_unchanged_workbook_is_not_read_again(loaded: Project) -> None:
    again = loaded.reload()
    assert again.brief.datasets == loaded.brief.datasets
    table = loaded.brief.datasets["bus-ledger/fleet"].rows
    assert again.brief.datasets["bus-ledger/fleet"].rows is table


def test_a_figure_is_computed_from_cells_of_another_source(tmp_path: Path) -> None:
    project = copy_bus_project(tmp_path / "project", small_bus_workbook())
    cell = "bus-ledger/fleet[{}, 2026-03].{}".format
    riders, trips, cost = (cell("route-07", column) for column in ("riders", "trips", "cost"))
    says = "says: {en: Ours., zh-Hans: 自算。, zh-Hant: 自行計算。}"
    seed = project.read("seeds/bus-ledger.yaml").partition("datasets:")[0].replace("id: bus-ledger", "id: sums")
    project.write(
        "seeds/sums.yaml",
        f"{seed}claims:\n"
        f'  - id: all\n    {says}\n    quantity: {{derived: {{sum: ["{riders}", "{cell("route-12", "riders")}"]}}}}\n'
        f'  - id: each\n    {says}\n    quantity: {{derived: {{per: ["{cost}", "{trips}"]}}, unit: CNY}}\n',
    )
    project.replace(ROUTES, "zh-Hans: 7路公交3月运送", "zh-Hans: 合计{sums/all}，7路公交3月运送")
    project.replace(ROUTES, "zh-Hant: 7路公車3月載客", "zh-Hant: 合計{sums/all}，7路公車3月載客")
    project.replace(ROUTES, 'en: "Route 7 carried', 'en: "Together {sums/all}; route 7 carried')
    assert project.run("translate", "accept").status == 0
    loaded = Project.load(project.root)
    both = read_cell("route-07", "2026-03", "Riders") + read_cell("route-12", "2026-03", "Riders")
    page: Any = html.fromstring(html_main(loaded.build(jobs=1, formats=("html",))["public", "en", "html"].data))
    (summary,) = [part for part in page.xpath("//p") if "Together" in part.text_content()]
    assert f"Together {both:,}" in summary.text_content()
    assert summary.xpath(".//a/@href") == ["#source-1", "#source-2", "#source-2"]
    assert "sums/each" in select(loaded.brief, "operator").claims
    assert "sums/each" not in select(loaded.brief, "public").claims
    ran = project.run("evidence")
    assert f"formula: sum of {riders.replace(', ', ',')}" in ran.stdout
