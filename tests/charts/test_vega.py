"""Blocks of Vega-Lite: their words, data and looks in projects of energy and finance, and what they refuse."""

import json
import re
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html
from projects import SEED, SETTINGS, THEME, ProjectCopy
from readback import docx_outline, html_main, html_text, pdf_text
from sample_projects import copy_sample_project, energy_rows, finance_rows

from brief import ContentError, Pack, Project
from brief.charts.vega import draw
from brief.charts.vega.overlap import find_overlaps
from brief.charts.vega.process import VegaError, draw_specification
from brief.diff.compare import compare_briefs
from brief.model.inline import to_plain_text
from brief.model.source_location import Ref
from brief.model.variant import Vega
from brief.project.checking import check_project
from brief.templating.template_set import find_template_set
from brief.writers import pdf

SPECIFICATIONS = Path(__file__).parents[1] / "kinds" / "vega"
MONTHLY = """\
  - kind: vega
    id: monthly
    title: {en: Output and price, de: Erzeugung und Preis, zh-Hant: 發電量與價格}
    specification: monthly.json
    description: {en: Output with the price., de: Erzeugung mit dem Preis., zh-Hant: 發電量與價格。}
    data:
      - name: months
        from: grid-office/meters
        where: {meter: m-001, month: ">= 2025-10"}
        columns:
          - {column: month, title: {en: Month, de: Monat, zh-Hant: 月份}}
          - {column: output, title: {en: Output, de: Erzeugung, zh-Hant: 發電量}}
          - {column: price, title: {en: Price, de: Preis, zh-Hant: 價格}}
      - name: target
        columns:
          - {column: name, title: {en: What, de: Was, zh-Hant: 項目}}
          - {column: output, title: {en: Output, de: Erzeugung, zh-Hant: 發電量}, align: end}
        rows:
          - [{en: Largest, de: Größte, zh-Hant: 最大}, "{grid-office/meters[m-001,2026-05].output}"]
"""
SPREAD = """\
  - kind: vega
    id: spread
    title: {en: Profit of branches, zh-Hans: 网点利润, ja: 支店の利益}
    specification: spread.json
    description: {en: Boxes., zh-Hans: 箱形图。, ja: 箱ひげ図。}
    data:
      - name: branches
        from: treasury/branches
        where: {month: ">= 2026-04"}
        top: 60
        columns:
          - {column: branch, title: {en: Branch, zh-Hans: 网点, ja: 支店}}
          - {column: month, title: {en: Month, zh-Hans: 月份, ja: 月}}
          - {column: profit, title: {en: Profit, zh-Hans: 利润, ja: 利益}}
"""


Files = dict[tuple[str, str], bytes]


def project_with(name: str, root: Path, theme: str, block: str) -> ProjectCopy:
    project = copy_sample_project(name, root)
    for path in SPECIFICATIONS.glob("*.json"):
        if path.name in block:
            project.write(f"content/vega/{path.name}", path.read_text("utf-8"))
    head = project.read(theme).partition("blocks:\n")[0]
    project.write(theme, f"{head}blocks:\n{block}")
    project.write(
        "content/brief.yaml",
        re.sub(r"themes: \[.*\]", f"themes: [{Path(theme).stem}]", project.read("content/brief.yaml")),
    )
    for audience in ("reader", "board"):
        name = f"content/audiences/{audience}.yaml"
        project.write(name, re.sub(r"themes: \[.*\]", f"themes: [{Path(theme).stem}]", project.read(name)))
    return project


@pytest.fixture(scope="module")
def energy(tmp_path_factory: pytest.TempPathFactory) -> Files:
    root = tmp_path_factory.mktemp("energy") / "project"
    loaded = Project.load(project_with("energy", root, "content/themes/meters.yaml", MONTHLY).root)
    packs = (
        loaded.build(jobs=1, audiences=("reader",), locales=("de",)),
        loaded.build(jobs=1, audiences=("reader",), locales=("zh-Hant",), formats=("html",)),
    )
    return {(made.locale, made.format): made.data for pack in packs for made in pack.artifacts}


@pytest.fixture(scope="module")
def finance(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    root = tmp_path_factory.mktemp("finance") / "project"
    loaded = Project.load(project_with("finance", root, "content/themes/branches.yaml", SPREAD).root)
    return loaded.build(jobs=1, audiences=("reader",), locales=("zh-Hans", "ja"), formats=("html",))


def svg_texts(data: bytes) -> list[str]:
    page: Any = html.fromstring(html_main(data))
    return ["".join(node.itertext()) for node in page.xpath("//figure//*[local-name()='text']")]


def test_numbers_of_all_guides_are_localised(tmp_path: Path) -> None:
    project = project_with("energy", tmp_path / "project", "content/themes/meters.yaml", MONTHLY)
    output = {"field": "output", "type": "quantitative"}
    place: dict[str, object] = {"x": {"field": "price", "type": "ordinal"}, "y": output}
    views: list[dict[str, object]] = [
        {"color": {**output, "scale": {"type": "threshold", "domain": [1500.5, 2000]}}},
        {"shape": {"field": "output", "type": "nominal"}},
        {"size": {"field": "output", "bin": True, "type": "ordinal"}},
    ]
    months = [{"data": {"name": "months"}, "height": 90, "mark": "point", "encoding": place | view} for view in views]
    target = {"data": {"name": "target"}, "height": 90, "mark": "point", "encoding": {"y": output}}
    specification = {
        "vconcat": [*months, target],
        "resolve": {"scale": {"color": "independent", "size": "independent"}},
    }
    project.write("content/vega/monthly.json", json.dumps(specification))
    pack = Project.load(project.root).build(jobs=1, audiences=("reader",), locales=("de",), formats=("html",))
    texts = svg_texts(pack.artifacts[0].data)
    assert {"6,75", "1.500,5", "1.323,32", "1.200 – 1.400"} <= set(texts)
    assert not [text for text in texts if "Infinity" in text or re.search(r"[0-9]\.[0-9]{1,2}\b", text)]


def test_a_share_of_a_stack_is_not_in_the_unit_of_its_parts(tmp_path: Path) -> None:
    project = project_with("energy", tmp_path / "project", "content/themes/meters.yaml", MONTHLY)
    output = {"field": "output", "type": "quantitative"}
    views = [
        {"data": {"name": name}, "mark": "bar", "encoding": {"y": {**output, "stack": stack}}}
        for name in ("months", "target")
        for stack in ("normalize", "zero")
    ]
    project.write("content/vega/monthly.json", json.dumps({"vconcat": views}))
    blocks = Project.load(project.root).make_variant("reader", "de").sections[0].blocks
    (block,) = [each for each in blocks if isinstance(each, Vega)]
    titles = [each["encoding"]["y"]["title"] for each in json.loads(block.specification)["vconcat"]]
    assert titles == ["Erzeugung", "Erzeugung (MWh)"] * 2


@pytest.mark.parametrize("transform", [False, True])
def test_drawn_figures_have_the_decimals_of_the_table(tmp_path: Path, transform: bool) -> None:
    project = project_with("energy", tmp_path / "project", "content/themes/meters.yaml", MONTHLY)
    output = {"field": "output", "type": "quantitative"}
    target: dict[str, object] = {"data": {"name": "target"}, "mark": "text", "encoding": {"y": output, "text": output}}
    if transform:
        target["transform"] = [{"calculate": "datum.output + 0.125", "as": "output"}]
    months = {"data": {"name": "months"}, "mark": "point", "encoding": {"y": output}}
    project.write("content/vega/monthly.json", json.dumps({"vconcat": [target, months]}))
    blocks = Project.load(project.root).make_variant("reader", "de").sections[0].blocks
    (block,) = [each for each in blocks if isinstance(each, Vega)]
    (text,) = [
        each["encoding"]["text"] for each in json.loads(block.specification)["vconcat"] if each["mark"] == "text"
    ]
    (row,) = block.tables[1].rows
    decimals = len(re.findall(",([0-9]*)", to_plain_text(row[1]))[0])
    assert text.get("format") == (None if transform else f",.{decimals}f")


@pytest.mark.parametrize(
    ("quantity", "locale", "said"),
    [
        ("value: 2_650_000, qualifier: over", "en", "more than 2.65 million"),
        ("value: 2_650_000, qualifier: about", "zh-Hans", "约265万"),
        ("low: 2_000_000, high: 3_000_000", "zh-Hant", "200萬至300萬"),
    ],
)
def test_a_drawn_figure_has_its_qualifier(tmp_path: Path, quantity: str, locale: str, said: str) -> None:
    marks = {"mark": "text", "encoding": {"y": {"field": "year"}, "text": {"field": "riders", "type": "quantitative"}}}
    project = starter(
        tmp_path, json.dumps({"data": {"name": "riders"}, **marks}), SIMPLE.replace("riders-after", "vague")
    )
    project.write(
        SEED,
        project.read(SEED).rstrip("\n")
        + f"\n  - {{id: vague, says: {{en: V., zh-Hans: 约。, zh-Hant: 約。}}, quantity: {{{quantity}}}}}\n",
    )
    made = Project.load(project.root).build(["public"], [locale], ["html"], jobs=1)
    texts = [text.replace("\u00a0", " ").lower() for text in svg_texts(made.artifacts[0].data)]
    assert said in texts
    assert not [text for text in texts if re.fullmatch("2[,.]?[56]5?0*[0,.]*", text)]


def test_drawn_figures_that_differ_too_much_keep_their_digits(tmp_path: Path) -> None:
    marks = {"mark": "text", "encoding": {"y": {"field": "year"}, "text": {"field": "riders", "type": "quantitative"}}}
    block = SIMPLE.replace("riders-after", "little").replace("riders-before", "much")
    project = starter(tmp_path, json.dumps({"data": {"name": "riders"}, **marks}), block)
    claims = "".join(
        f"\n  - {{id: {name}, says: {{en: V., zh-Hans: 量。, zh-Hant: 量。}}, quantity: {{value: {value}, unit: g}}}}"
        for name, value in (("much", "1250"), ("little", "0.00042"))
    )
    project.write(SEED, project.read(SEED).rstrip("\n") + claims + "\n")
    made = Project.load(project.root).build(["public"], ["en"], ["html"], jobs=1)
    assert {"1,250 g", "0.00042 g"} <= {text.replace("\u00a0", " ") for text in svg_texts(made.artifacts[0].data)}


def test_an_energy_chart_is_localised(energy: Files) -> None:
    german, chinese = (svg_texts(energy[locale, "html"]) for locale in ("de", "zh-Hant"))
    assert {"Erzeugung (MWh)", "Preis (€/MWh)", "Monat", "Plan", "2.000", "Dez 2025"} <= set(german)
    assert {"發電量（MWh）", "價格（歐元/MWh）", "月份", "計畫", "2000"} <= set(chinese)
    assert not {"output", "price", "month"} & {text.lower() for text in (*german, *chinese)}


def test_all_formats_print_the_figures_of_the_workbook_as_a_table(energy: Files) -> None:
    wanted = [row for row in energy_rows() if row[0] == "m-001" and f"{row[1]:%Y-%m}" >= "2025-10"]
    assert len(wanted) == 8
    texts = {
        "html": html_text(energy["de", "html"]),
        "pdf": pdf_text(energy["de", "pdf"]),
        "docx": docx_outline(energy["de", "docx"]),
    }
    for name, text in texts.items():
        for row in wanted:
            said = f"{row[2]:,.2f}".translate(str.maketrans(".,", ",."))
            assert said in text, (name, said)


def test_a_chart_uses_the_colours_and_fonts_of_its_set(energy: Files) -> None:
    page = energy["de", "html"].decode()
    svg = page[page.index("<svg") : page.index("</svg>")]
    assert "#12355b" in svg
    assert "Inter" in svg
    assert "sans-serif" not in svg.replace("Inter, Noto Sans CJK", "")
    assert 'role="img"' in svg
    assert "Erzeugung mit dem Preis." in svg


def test_a_boxplot_of_finance_in_two_languages(finance: Pack) -> None:
    shown = {locale: svg_texts(finance["reader", locale, "html"].data) for locale in ("zh-Hans", "ja")}
    assert "半数网点位于箱内" in shown["zh-Hans"]
    assert "支店の半数は箱の中" in shown["ja"]
    assert any(text.startswith("利润") for text in shown["zh-Hans"])
    for locale, texts in shown.items():
        assert any(re.fullmatch("[\u2212-]?[0-9.,]+万", text) for text in texts), locale
    rows = [row for row in finance_rows() if f"{row[1]:%Y-%m}" >= "2026-04"][:60]
    page: Any = html.fromstring(html_main(finance["reader", "ja", "html"].data))
    printed = page.xpath("//figure//tbody/tr")
    assert len(printed) == len(rows)


SIMPLE = """\
  - kind: vega
    id: own
    depth: summary
    title: {en: Own, zh-Hans: 自, zh-Hant: 自}
    specification: own.json
    description: {en: Own., zh-Hans: 自。, zh-Hant: 自。}
    data:
      - name: riders
        columns:
          - {column: year, title: {en: Year, zh-Hans: 年, zh-Hant: 年}}
          - {column: riders, title: {en: Riders, zh-Hans: 乘客, zh-Hant: 乘客}, align: end}
        rows: [["2024", "{reader-survey/riders-before}"], ["2025", "{reader-survey/riders-after}"]]
"""
OWN: dict[str, Any] = {
    "data": {"name": "riders"},
    "mark": "bar",
    "encoding": {"x": {"field": "year"}, "y": {"field": "riders", "type": "quantitative"}},
}


def starter(root: Path, specification: str, block: str = SIMPLE) -> ProjectCopy:
    project = ProjectCopy(root / "project")
    project.write("content/vega/own.json", specification)
    project.write(THEME, project.read(THEME).rstrip("\n") + "\n" + block)
    for audience in ("public", "council"):
        project.replace(f"content/audiences/{audience}.yaml", "[html, pdf, docx]", "[html]")
    return project


def make_specification(**keys: Any) -> str:
    return json.dumps({**OWN, **keys})


REFUSED = [
    ("{", "bad-specification", "the specification is not JSON"),
    ("[]", "bad-specification", "is not a JSON object"),
    ('{"mark": "bar", "mark": "point"}', "bad-specification", "the key 'mark' twice"),
    (make_specification(data={"url": "https://example.org/a.csv"}), "bad-specification", "'url'"),
    (make_specification(data={"name": "riders", "values": [{"riders": 5}]}), "bad-specification", "contains or loads figures"),
    (make_specification(datasets={"riders": [{"riders": 5}]}), "bad-specification", "contains figures"),
    (make_specification(mark={"type": "image"}), "bad-specification", "image marks"),
    (make_specification(encoding={"href": {"field": "riders"}}), "bad-specification", "'href'"),
    (make_specification(mark={"type": "bar", "color": {"colour": "acent"}}), "bad-specification", "'acent'"),
    (make_specification(title="Riders of the night"), "missing-translation", "in every language"),
    (make_specification(title={"en": "Riders", "zh-Hans": "乘客"}), "missing-translation", "no 'zh-Hant' text"),
    (make_specification(data={"name": "rider"}), "unknown-data", "'rider'"),
    (make_specification(encoding={"x": {"field": "yaer"}}), "unknown-data", "'yaer'"),
    (json.dumps({"$schema": "https://vega.github.io/schema/vega/v5.json", "data": {"name": "riders"}}), "bad-specification", "for Vega"),
    (make_specification(pad="x" * 300_000), "bad-specification", "bytes"),
]  # fmt: skip


RIDERS: dict[str, Any] = {"field": "riders", "type": "quantitative"}
HIDING: list[tuple[dict[str, Any], str]] = [
    ({"encoding": {"y": {**RIDERS, "axis": {"format": ".1s"}}}}, ".1s"),
    ({"encoding": {"y": {**RIDERS, "axis": {"format": "~s"}}}}, "~s"),
    ({"encoding": {"x": RIDERS, "text": {**RIDERS, "format": ",.2~s"}}, "mark": "text"}, ",.2~s"),
    ({"encoding": {"text": {**RIDERS, "format": "d"}}, "mark": "text"}, "d"),
    ({"encoding": {"text": {**RIDERS, "format": ".0f"}}, "mark": "text"}, ".0f"),
    ({"encoding": {"text": {**RIDERS, "aggregate": "sum", "format": ".0f"}}, "mark": "text"}, ".0f"),
    ({"encoding": {"tooltip": [{**RIDERS, "format": ".2r"}]}}, ".2r"),
    ({"encoding": {"color": {**RIDERS, "legend": {"format": ".2"}}}}, ".2"),
    ({"encoding": {"row": {**RIDERS, "header": {"format": "$,.0f"}}}}, "$,.0f"),
    ({"encoding": {"y": {**RIDERS, "axis": {"labelExpr": "format(datum.value, '.1s')"}}}}, ".1s"),
    ({"encoding": {"y": {**RIDERS, "axis": {"labelExpr": "format(datum.value / 1e3, 'd') + 'k'"}}}}, "d"),
    ({"encoding": {"y": {**RIDERS, "axis": {"labelExpr": "format(datum.value, datum.f)"}}}}, "format(...)"),
    ({"encoding": {"y": {**RIDERS, "axis": {"labelExpr": "round(datum.value)"}}}}, "round("),
    ({"encoding": {"y": {**RIDERS, "formatType": "own"}}}, "own"),
    ({"encoding": {"y": {**RIDERS, "axis": {"format": {"expr": "'.1s'"}}}}}, "'format'"),
    ({"transform": [{"calculate": "format(datum.riders, '.1e')", "as": "t"}]}, ".1e"),
    ({"transform": [{"calculate": "round(datum.riders)", "as": "t"}], "encoding": {"text": {"field": "t"}}}, "that it rounds"),
    ({"transform": [{"calculate": "datum.riders", "as": "t"}], "encoding": {"text": {"field": "t", "format": ".0f"}}}, ".0f"),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "said"), HIDING, ids=range(len(HIDING)))
def test_a_format_that_hides_digits_is_refused(tmp_path: Path, keys: dict[str, Any], said: str) -> None:
    errors = [each for each in starter(tmp_path, make_specification(**keys)).check()[1] if each.severity == "error"]
    assert {each.code for each in errors} == {"bad-specification"}
    assert said in errors[0].message
    assert errors[0].hint


LOSSLESS: list[dict[str, Any]] = [
    {"encoding": {"x": {"field": "year", "axis": {"format": "%b %Y"}}, "y": RIDERS}},
    {"encoding": {"y": {**RIDERS, "axis": {"format": ",.10~f"}}}},
    {"encoding": {"y": {**RIDERS, "stack": "normalize", "axis": {"format": ".4~%"}}}},
    {"encoding": {"text": {**RIDERS, "aggregate": "mean", "format": ".1f"}}, "mark": "text"},
    {
        "transform": [{"calculate": "datum.riders / 7", "as": "t"}],
        "encoding": {"text": {"field": "t", "format": ".1f"}},
    },
]


@pytest.mark.parametrize("keys", LOSSLESS, ids=range(len(LOSSLESS)))
def test_a_format_that_hides_nothing_is_possible(tmp_path: Path, keys: dict[str, Any]) -> None:
    found = starter(tmp_path, make_specification(**keys)).check()[1]
    assert not [each for each in found if each.code in ("bad-specification", "bare-figure")]


TYPED: list[tuple[dict[str, Any], str]] = [
    ({"mark": {"type": "text", "text": "2,500"}}, "2,500"),
    ({"mark": {"type": "text", "text": 2500}}, "2,500"),
    ({"mark": "text", "encoding": {"text": {"value": "12.5%"}}}, "12.5%"),
    ({"mark": "text", "encoding": {"text": {"value": 2500}}}, "2,500"),
    ({"mark": "text", "encoding": {"text": {"condition": {"test": "datum.riders > 5", "value": "75%"}, "value": ""}}}, "75%"),
    ({"mark": "rule", "encoding": {"y": {"datum": 2_400_000}}}, "2,400,000"),
    ({"transform": [{"calculate": "datum.riders * 1.15", "as": "t"}]}, "1.15"),
    ({"transform": [{"calculate": "'of 2,500 MWh'", "as": "t"}]}, "2,500 MWh"),
    ({"encoding": {"y": {**RIDERS, "axis": {"labelExpr": "datum.label + ' of 75%'"}}}}, "75%"),
    ({"mark": {"type": "text", "text": {"expr": "2500 + ''"}}}, "2500"),
    ({"title": {"en": "Of 2,500 MWh", "zh-Hans": "共2,500兆瓦时", "zh-Hant": "共2,500百萬瓦時"}}, "2,500 MWh"),
    ({"title": "2,500"}, "2,500"),
    ({"params": [{"name": "limit", "value": 2500}]}, "2,500"),
    ({"transform": [{"impute": "riders", "key": "year", "value": 500}]}, "500"),
    ({"transform": [{"calculate": "datum.riders + 2000", "as": "t"}]}, "2000"),
    ({"transform": [{"calculate": "1000", "as": "t"}]}, "1000"),
    ({"transform": [{"calculate": "datum.riders > 100 ? 60 : datum.riders", "as": "t"}]}, "60"),
    ({"transform": [{"calculate": "max(datum.riders, 100)", "as": "t"}]}, "100"),
    ({"transform": [{"calculate": "datum.riders * (12 + 1)", "as": "t"}]}, "12"),
    ({"encoding": {"y": {**RIDERS, "axis": {"values": [777]}}}}, "777"),
    ({"encoding": {"y": {**RIDERS, "axis": {"values": [0, 412_500, 1_000_000]}}}}, "412,500"),
    ({"encoding": {"size": {**RIDERS, "legend": {"values": [1.23, 40]}}}}, "1.23"),
    ({"mark": "rule", "encoding": {"y": {"datum": 100}}}, "100"),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "figure"), TYPED, ids=range(len(TYPED)))
def test_a_typed_figure_is_reported_as_in_a_text(tmp_path: Path, keys: dict[str, Any], figure: str) -> None:
    found = starter(tmp_path, make_specification(**keys)).check()[1]
    messages = [each.message for each in found if each.code == "bare-figure"]
    assert any(f"'{figure}' is typed" in message for message in messages), [(each.code, each.message) for each in found]
    assert {each.file for each in found if each.code == "bare-figure"} == {"content/vega/own.json"}


PLAIN: list[dict[str, Any]] = [
    {"mark": "rule", "encoding": {"y": {"datum": 0}}},
    {"transform": [{"calculate": "100 * datum.riders / 1000", "as": "t"}, {"filter": "datum.riders > 2500"}]},
    {"encoding": {"y": {**RIDERS, "axis": {"labelExpr": "datum.value >= 2500 ? datum.label : ''"}}}},
    {
        "encoding": {
            "y": {**RIDERS, "scale": {"domain": [0, 4_000_000]}},
            "x": {"field": "year"},
            "size": {"value": 250},
        }
    },
    {"transform": [{"filter": "datum.year == 2026"}], "height": 250, "mark": {"type": "bar", "size": 25}},
    {"transform": [{"calculate": "(datum.riders - 0) / 24 / 365 * pow(10, 3)", "as": "t"}]},
    {"transform": [{"calculate": "year(datum.year) - 2000 + 1", "as": "t"}]},
    {"transform": [{"calculate": "substring(datum.year, 0, 4)", "as": "t"}]},
    {"encoding": {"y": {**RIDERS, "axis": {"values": [0, 350_000, 700_000]}}}},
    {"encoding": {"y": {**RIDERS, "axis": {"values": [1, 2, 5, 10, 25, 100, 0.5]}}}},
    {"encoding": {"y": RIDERS, "x": {"field": "year", "axis": {"values": [1998, 2003, 2026]}}}},
    {"mark": "rule", "encoding": {"x": {"datum": 2026}}},
]


@pytest.mark.parametrize("keys", PLAIN, ids=range(len(PLAIN)))
def test_numbers_that_are_not_printed_are_not_reported(tmp_path: Path, keys: dict[str, Any]) -> None:
    assert "bare-figure" not in {each.code for each in starter(tmp_path, make_specification(**keys)).check()[1]}


@pytest.mark.parametrize(("text", "code", "said"), REFUSED, ids=range(len(REFUSED)))
def test_a_specification_that_states_or_loads_something_is_refused(
    tmp_path: Path, text: str, code: str, said: str
) -> None:
    _, found = starter(tmp_path, text).check()
    errors = [each for each in found if each.severity == "error"]
    assert {each.code for each in errors} == {code}
    assert any(said in each.message for each in errors)
    assert all(each.hint for each in errors)


def test_it_is_as_wide_as_the_page_in_a_set_with_columns(tmp_path: Path) -> None:
    project = project_with("finance", tmp_path / "project", "content/themes/branches.yaml", SPREAD)
    settings = re.sub(r"template_set: .*\n", "", project.read("content/brief.yaml")) + "\ntemplate_set: paper\n"
    project.write("content/brief.yaml", settings)
    made = Project.load(project.root).build(jobs=1, audiences=("reader",), locales=("ja",), formats=("html",))
    page: Any = html.fromstring(html_main(made["reader", "ja", "html"].data))
    assert page.xpath("//figure[@id='spread']/ancestor::div[@class='across']")


def test_a_file_that_is_not_there_and_one_that_nothing_draws_are_reported(tmp_path: Path) -> None:
    project = starter(tmp_path, make_specification(), SIMPLE.replace("own.json", "owm.json"))
    found = {each.code: each for each in project.check()[1]}
    assert found["missing-specification"].hint == "did you mean 'own.json'?"
    assert found["unused-file"].file == "content/vega/own.json"


WITHHELD = """\
datasets:
  - id: lines
    file: data/lines.csv
    key: [line]
    columns: {riders: count, cost: {unit: CNY, clearance: client}}
    rows: [{where: {line: harbour}, clearance: client}]
"""


@pytest.mark.parametrize(("columns", "sees"), [(("riders",), True), (("riders", "cost"), False)])
def test_nothing_withheld_is_in_a_specification(tmp_path: Path, columns: tuple[str, ...], sees: bool) -> None:
    listed = "".join(
        f"          - {{column: {name}, title: {{en: {name} x, zh-Hans: 甲, zh-Hant: 甲}}}}\n"
        for name in ("line", *columns)
    )
    block = SIMPLE.partition("      - name: riders\n")[0]
    block += f"      - name: riders\n        from: reader-survey/lines\n        columns:\n{listed}"
    project = starter(tmp_path, make_specification(encoding={"x": {"field": "line"}, "y": {"field": "riders"}}), block)
    project.write(SEED, project.read(SEED).rstrip("\n") + "\n" + WITHHELD)
    project.write("data/lines.csv", "line,riders,cost\nnorth,12345,7654321\nharbour,98765,1234567\n")
    loaded = Project.load(project.root)
    blocks = [each for each in loaded.make_variant("public", "en").sections[0].blocks if isinstance(each, Vega)]
    assert bool(blocks) is sees
    for each in blocks:
        assert json.loads(each.specification)["datasets"] == {"riders": [{"line": "north", "riders": 12345}]}
        assert "98765" not in each.specification
        assert [len(table.rows) for table in each.tables] == [1]
    (council,) = [each for each in loaded.make_variant("council", "en").sections[0].blocks if isinstance(each, Vega)]
    assert len(json.loads(council.specification)["datasets"]["riders"]) == 2
    assert [each.numbers for each in council.citation if hasattr(each, "numbers")]
    warned = {each.code for each in project.check()[1]} if not sees else {"chart-left-out"}
    assert "chart-left-out" in warned


def test_a_chart_of_which_every_row_is_withheld_is_left_out(tmp_path: Path) -> None:
    rows = """\
        rows:
          - {cells: ["2024", "{reader-survey/riders-before}"], clearance: client}
          - {cells: ["2025", "{reader-survey/riders-after}"], clearance: client}
"""
    project = starter(tmp_path, make_specification(), SIMPLE.partition("        rows:")[0] + rows)
    loaded = Project.load(project.root)
    drawn = {
        audience: [each for each in loaded.make_variant(audience, "en").sections[0].blocks if isinstance(each, Vega)]
        for audience in ("public", "council")
    }
    assert not drawn["public"]
    assert len(drawn["council"]) == 1


def test_a_drawn_specification_is_used_and_its_place_is_not_reported(tmp_path: Path) -> None:
    project = starter(tmp_path, make_specification())
    assert "unused-file" not in {each.code for each in project.check()[1]}
    project.replace("content/audiences/public.yaml", "[html]", "[json]")
    (made,) = Project.load(project.root).build(["public"], ["en"], ["json"], jobs=1)
    assert b".yaml" not in made.data


def test_words_are_inherited_by_a_regional_locale(tmp_path: Path) -> None:
    words = {"en": "Riders", "zh-Hans": "乘客", "zh-Hant": "乘客人次"}
    project = starter(tmp_path, make_specification(title=words))
    project.replace(SETTINGS, "locales: [en, zh-Hans, zh-Hant]", "locales: [en, zh-Hans, zh-Hant, zh-Hant-HK]")
    blocks = Project.load(project.root).make_variant("public", "zh-Hant-HK").sections[0].blocks
    assert ["乘客人次" in each.specification for each in blocks if isinstance(each, Vega)] == [True]


def test_a_missing_cell_that_prints_the_source_s_figure_draws_it(tmp_path: Path) -> None:
    block = SIMPLE.replace('"{reader-survey/riders-after}"', '{en: "{reader-survey/riders-after}"}')
    project = starter(tmp_path, make_specification(), block)
    for audience in ("public", "council"):
        name = f"content/audiences/{audience}.yaml"
        project.write(name, project.read(name) + "gates: {missing: mark}\n")
    blocks = Project.load(project.root).make_variant("public", "zh-Hans").sections[0].blocks
    (drawn,) = (json.loads(each.specification) for each in blocks if isinstance(each, Vega))
    assert [row["riders"] for row in drawn["datasets"]["riders"]] == [1_800_000, 2_650_000]


def test_a_column_of_several_units_is_refused(tmp_path: Path) -> None:
    block = SIMPLE.replace("{reader-survey/riders-after}", "{reader-survey/yearly-cost}")
    found = [each for each in starter(tmp_path, make_specification(), block).check()[1] if each.severity == "error"]
    assert [(each.code, "CNY and count" in each.message) for each in found] == [("mixed-units", True)]


def test_a_specification_that_changed_is_a_change_of_its_chart(tmp_path: Path) -> None:
    words = {"en": "Riders", "zh-Hans": "乘客", "zh-Hant": "乘客"}
    project = starter(tmp_path, make_specification(title=words))
    earlier = Project.load(project.root)
    project.write("content/vega/own.json", make_specification(title={**words, "en": "All riders"}, mark="point"))
    later = Project.load(project.root)
    (record,) = compare_briefs(earlier.brief, later.brief).records
    assert [each.part for each in record.settings] == ["specification"]
    assert [(each.part, each.locale) for each in record.wordings] == [("words 1", "en")]
    (told,) = later.build(["public"], ["en"], ["html"], since=earlier, jobs=1)
    assert "What changed" in html_main(told.data)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Project, Vega]]:
    def made(text: str) -> tuple[Project, Vega]:
        loaded = Project.load(starter(tmp_path_factory.mktemp("own"), text).root)
        (block,) = [each for each in loaded.make_variant("public", "en").sections[0].blocks if isinstance(each, Vega)]
        return loaded, block

    return made


def test_the_colour_bar_of_a_legend_is_a_rectangle(own: Callable[[str], tuple[Project, Vega]]) -> None:
    """In a path, WeasyPrint draws no gradient."""
    from chart_samples import LOOK

    encoding = {
        "x": {"field": "year", "type": "ordinal"},
        "color": {"field": "riders", "type": "quantitative"},
    }
    _, block = own(make_specification(mark="rect", encoding=encoding, height=200))
    svg = etree.fromstring(draw.draw_vega(block, "en", LOOK))
    (bar,) = [each for each in svg.iter() if "url(#" in each.get("fill", "")]
    assert bar.tag.endswith("}rect")
    assert float(bar.get("width", "")) > 5
    assert float(bar.get("height", "")) > 20


def test_columns_of_figures_are_side_by_side_in_typst(tmp_path: Path) -> None:
    """Words of one column were on those of the next, because the figures took the whole width."""
    project = project_with("finance", tmp_path / "project", "content/themes/branches.yaml", SPREAD)
    template_set = find_template_set("base")
    by_typst = replace(template_set, look=replace(template_set.look, pdf_engine=Ref("typst")))
    made = pdf.write(Project.load(project.root).make_variant("reader", "en"), by_typst).data
    command = ["pdftotext", "-bbox", "-", "-"]
    words = list(
        etree.fromstring(subprocess.run(command, input=made, check=True, capture_output=True).stdout).iter("{*}word")
    )
    heads = {each.text: float(each.get("xMin", "")) for each in words if each.text in ("Branch", "Month", "Profit")}
    assert heads["Branch"] + 30 < heads["Month"] < heads["Profit"] - 30


def refusal(block: Vega) -> tuple[str, str, str]:
    from chart_samples import LOOK

    with pytest.raises(ContentError) as refused:
        draw.draw_vega(block, "en", LOOK)
    (found,) = refused.value.diagnostics
    assert found.location.file == THEME
    return found.code, found.message, found.hint or ""


def test_words_over_one_another_are_refused(own: Callable[[str], tuple[Project, Vega]]) -> None:
    over = {"type": "text", "text": {"en": "A long remark", "zh-Hans": "备注", "zh-Hant": "備註"}}
    _, block = own(
        make_specification(
            layer=[{"mark": over, "encoding": {"x": None}}, {"mark": {**over, "dx": 20}, "encoding": {"x": None}}]
        ).replace('"mark": "bar", ', "")
    )
    code, message, _ = refusal(block)
    assert code == "chart-labels"
    assert "has overlapping texts 'A long remark' and 'A long remark'" in message


def test_what_is_not_vega_lite_is_refused(own: Callable[[str], tuple[Project, Vega]]) -> None:
    _, block = own(make_specification(mark="banana"))
    assert refusal(block)[0] == "vega-not-drawn"


@pytest.mark.parametrize(("is_late", "times"), [(False, 1), (True, 2)], ids=["refused", "too slow"])
def test_only_a_refusal_need_not_be_found_again(
    own: Callable[[str], tuple[Project, Vega]], monkeypatch: pytest.MonkeyPatch, is_late: bool, times: int
) -> None:
    drawn: list[str] = []

    def draw_or_stop(specification: str, config: str, formats: str) -> str:
        drawn.append(specification)
        if is_late:
            raise VegaError("takes more than 60 seconds to draw")
        return draw_specification(specification, config, formats)

    monkeypatch.setattr(draw, "draw_specification", draw_or_stop)
    _, block = own(make_specification(mark=f"fruit, {is_late}"))
    assert refusal(block) == refusal(block)
    assert len(drawn) == times


def test_without_the_package_it_says_how_to_install_it(
    own: Callable[[str], tuple[Project, Vega]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, block = own(make_specification())
    monkeypatch.setattr(draw, "is_installed", lambda: False)
    code, _, hint = refusal(block)
    assert code == "vega-missing"
    assert "pip install" in hint


def test_a_check_says_that_the_package_is_not_installed(
    own: Callable[[str], tuple[Project, Vega]], monkeypatch: pytest.MonkeyPatch
) -> None:
    project, _ = own(make_specification())
    monkeypatch.setattr(draw, "is_installed", lambda: False)
    assert project.root is not None
    # No one has accepted the translations of the project.
    codes = {each.code for each in check_project(project.root)} - {"unreviewed-translation"}
    assert codes == {"vega-missing"}


def test_a_drawing_that_takes_too_long_is_ended() -> None:
    with pytest.raises(VegaError, match=r"more than 0\.001 seconds"):
        draw_specification(json.dumps(OWN), "{}", '{"numbers": {}, "times": {}}', seconds=0.001)


def test_a_drawing_does_not_depend_on_what_the_engine_has_drawn(own: Callable[[str], tuple[Project, Vega]]) -> None:
    from chart_samples import LOOK

    _, block = own(make_specification(mark={"type": "bar", "clip": True}))
    drawn = []
    for _ in range(2):
        drawn.append(draw.draw_vega(block, "en", LOOK))
        draw._draw_once.cache_clear()
    assert "url(#" in drawn[0]
    assert drawn[0] == drawn[1]


def test_rotated_texts_whose_bounding_boxes_overlap_are_not_reported() -> None:
    def text(x: int, turned: int) -> str:
        return f'<text transform="translate({x},50) rotate({turned})" font-size="10">A long word</text>'

    apart = ET.fromstring(f"<svg>{text(10, -45)}{text(30, -45)}</svg>")  # noqa: S314
    over = ET.fromstring(f"<svg>{text(10, 0)}{text(30, 0)}</svg>")  # noqa: S314
    hidden = ET.fromstring(f'<svg>{text(10, 0)}<g opacity="0">{text(30, 0)}</g></svg>')  # noqa: S314
    assert not list(find_overlaps(apart))
    assert list(find_overlaps(over)) == [("A long word", "A long word")]
    assert not list(find_overlaps(hidden))
