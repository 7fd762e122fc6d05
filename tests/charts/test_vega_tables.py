"""On paper, the table of a chart of many rows lists the notable ones, and its alternative text has every figure."""

import re
from dataclasses import replace
from typing import Any

import pytest
from lxml import html
from projects import SEED, THEME, ProjectCopy
from readback import docx_outline, html_main, pdf_text

from brief import Project
from brief.charts.vega.short_tables import find_notable_rows, shorten_tables
from brief.model.source_location import Ref
from brief.model.variant import Vega
from brief.templating.template_set import find_template_set
from brief.writers import docx, pdf

VALUES = [10_000 + (at * 7919) % 5000 for at in range(120)]
BLOCK = """\
  - kind: vega
    id: days
    depth: summary
    title: {en: Days, zh-Hans: 天数, zh-Hant: 天數}
    specification: days.json
    description: {en: A line., zh-Hans: 折线。, zh-Hant: 折線。}
    data:
      - name: days
        from: reader-survey/days
        columns:
          - {column: day, title: {en: Day, zh-Hans: 日, zh-Hant: 日}}
          - {column: riders, title: {en: Riders, zh-Hans: 乘客, zh-Hant: 乘客}}
"""
SPECIFICATION = (
    '{"data": {"name": "days"}, "mark": "line", "encoding": {"x": {"field": "day", "type": "quantitative"},'
    ' "y": {"field": "riders", "type": "quantitative"}}}'
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    copy = ProjectCopy(tmp_path_factory.mktemp("days") / "project")
    copy.write("content/vega/days.json", SPECIFICATION)
    copy.write(THEME, copy.read(THEME).rstrip("\n") + "\n" + BLOCK)
    declared = "datasets:\n  - {id: days, file: data/days.csv, key: [day], columns: {riders: count}}\n"
    copy.write(SEED, copy.read(SEED).rstrip("\n") + "\n" + declared)
    rows = "".join(f"{at + 1},{value}\n" for at, value in enumerate(VALUES))
    copy.write("data/days.csv", f"day,riders\n{rows}")
    return Project.load(copy.root)


def list_printed(text: str) -> set[int]:
    return {int(each.replace(",", "")) for each in re.findall(r"\b1[0-4],[0-9]{3}\b", text)}


NOTABLE = {VALUES[0], VALUES[-1], min(VALUES), max(VALUES)}


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_a_pdf_lists_the_notable_rows(project: Project, engine: str) -> None:
    base = find_template_set("base")
    chosen = replace(base, look=replace(base.look, pdf_engine=Ref(engine)))
    text = pdf_text(pdf.write(project.make_variant("council", "en"), chosen).data)
    assert list_printed(text) - {10_000, 12_000, 14_000, 11_000, 13_000} <= NOTABLE
    assert list_printed(text) >= NOTABLE
    assert "all 120 rows" in " ".join(text.split())


def test_word_lists_the_notable_rows_and_describes_all(project: Project) -> None:
    made = docx.write(project.make_variant("council", "en"), find_template_set("base")).data
    printed = list_printed(docx_outline(made))
    assert printed >= NOTABLE
    assert "all 120 rows" in docx_outline(made)


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
def test_the_description_has_every_figure(project: Project, locale: str) -> None:
    variant = project.make_variant("council", locale)
    (block,) = [each for each in variant.sections[0].blocks if isinstance(each, Vega)]
    short = shorten_tables(block, variant.catalogue)
    found = [int(each.replace(",", "")) for each in re.findall(r"1[0-4],?[0-9]{3}", short.description)]
    assert found == VALUES
    assert len(short.tables[0].rows) == len({0, 119, VALUES.index(min(VALUES)), VALUES.index(max(VALUES))})


def test_a_page_has_the_whole_table(project: Project) -> None:
    made = project.build(["council"], ["en"], ["html"], jobs=1)
    page: Any = html.fromstring(html_main(made["council", "en", "html"].data))
    assert len(page.xpath("//figure[@id='days']//tbody/tr")) == 120


def test_notable_rows_are_those_of_each_field() -> None:
    records = [
        {"a": 3, "b": "x"},
        {"a": None, "b": "y"},
        {"a": 9, "c": 1},
        {"a": 1, "c": 1},
        {"a": 3, "c": 7},
        {"a": 4},
    ]
    assert find_notable_rows(records) == [0, 2, 3, 4, 5]
