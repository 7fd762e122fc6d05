"""Thousands in Chinese are set off in numbers of five digits and more, and in one column or chart in all or in none."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from catalogues import load_packaged_catalogue
from chart_samples import make_chart
from projects import SEED, THEME, ProjectCopy

from brief import Project
from brief.model.blocks import ChartKind
from brief.model.figures.quantity import Quantity
from brief.model.inline import to_plain_text
from brief.model.variant import Table
from brief.resolve import vega
from brief.resolve.figures import quantities
from brief.resolve.figures.locale_data import write_number
from brief.resolve.figures.scales import UNSCALED
from brief.writers.docx.charts.chart_figures import format_chart_values

LONG, SHORT = ["9500", "12345", "-1234.5", "999"], ["6500", "5345", "-1234.5", "999"]
WANTED = {
    ("zh-Hans", True): ["9,500.0", "12,345.0", "−1,234.5", "999.0"],
    ("zh-Hans", False): ["6500.0", "5345.0", "−1234.5", "999.0"],
    ("en", True): ["9,500.0", "12,345.0", "−1,234.5", "999.0"],
    ("en", False): ["6,500.0", "5,345.0", "−1,234.5", "999.0"],
}
SPANISH = {
    ("es", True): ["9.500,0", "12.345,0", "−1.234,5", "999,0"],
    ("es", False): ["6500,0", "5345,0", "−1234,5", "999,0"],
}


@pytest.mark.parametrize(
    ("locale", "printed", "groups"),
    [
        ("en-IN", "12,34,567.50", [3, 2, 2]),
        ("hi", "12,34,567.50", [3, 2, 2]),
        ("de-CH", "1’234’567.50", [3]),
        ("de-LI", "1’234’567.50", [3]),
        ("de", "1.234.567,50", [3]),
        ("fr-CH", "1\u202f234\u202f567,50", [3]),
    ],
)
def test_digits_are_grouped_as_in_the_region(locale: str, printed: str, groups: list[int]) -> None:
    catalogue = replace(load_packaged_catalogue("en"), locale=locale)
    assert quantities.format_number(Decimal("1234567.50"), UNSCALED, catalogue) == printed
    assert json.loads(vega.write_formats(catalogue))["numbers"]["grouping"][:3] == groups


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("12", "12"),
        ("123456", "123’456"),
        ("1234567.5", "1’234’567.5"),
        ("1234567890", "1’234’567’890"),
        ("1234567890123.25", "1’234’567’890’123.25"),
    ],
)
def test_every_group_has_a_mark(written: str, printed: str) -> None:
    """Pairs of apostrophes are quotation marks in the patterns of CLDR."""
    assert write_number(written, "de-CH", is_grouped=True) == printed
    assert write_number(written, "de-CH", is_grouped=False) == written
    assert write_number(written, "en", is_grouped=True) == printed.replace("’", ",")


@pytest.mark.parametrize(
    ("locale", "short", "long"),
    [
        ("it", "1250", "12.500"),
        ("it-CH", "1250", "12’500"),
        ("es", "1250", "12.500"),
        ("es-MX", "1,250", "12,500"),
        ("pt", "1.250", "12.500"),
        ("pt-BR", "1.250", "12.500"),
        ("pt-PT", "1250", "12\u00a0500"),
        ("hu", "1250", "12\u00a0500"),
        ("pl", "1250", "12\u00a0500"),
        ("bg", "1250", "12\u00a0500"),
        ("sl", "1250", "12.500"),
        ("nl", "1.250", "12.500"),
        ("fr", "1\u202f250", "12\u202f500"),
    ],
)
def test_some_languages_set_off_thousands_from_five_digits_on(locale: str, short: str, long: str) -> None:
    """The forms are those that browsers write (`Intl.NumberFormat`)."""
    catalogue = replace(load_packaged_catalogue("en"), locale=locale)
    printed = [quantities.format_number(Decimal(value), UNSCALED, catalogue) for value in (1250, 12500)]
    assert printed == [short, long]


@pytest.mark.parametrize(("locale", "is_long"), WANTED | SPANISH)
def test_the_labels_of_a_chart_are_grouped_alike(locale: str, is_long: bool) -> None:
    row: list[Quantity | None] = [Quantity(value=Decimal(text), unit="kWh") for text in (LONG if is_long else SHORT)]
    names = [(f"C{at}",) * 3 for at in range(len(row))]
    chart = make_chart(ChartKind.LINE, locale, names, [("S",) * 3], [row])
    assert [point.text for point in chart.series[0].points] == (WANTED | SPANISH)[locale, is_long]
    ticks = [tick.text for tick in chart.ticks if abs(float(tick.value or 0)) >= 1000]
    mark = "." if locale == "es" else ","
    assert len({mark in text for text in ticks}) == 1
    assert (mark in ticks[-1]) == (mark in chart.series[0].points[0].text)
    assert format_chart_values(chart) is not None


def test_an_axis_up_to_ten_thousand_groups_the_labels_too() -> None:
    row: list[Quantity | None] = [Quantity(value=Decimal(value), unit="kWh") for value in (9800, 1200, 5600)]
    chart = make_chart(ChartKind.LINE, "zh-Hant", [(f"C{at}",) * 3 for at in range(3)], [("S",) * 3], [row])
    assert chart.ticks[-1].text == "10,000"
    assert [point.text for point in chart.series[0].points] == ["9,800", "1,200", "5,600"]


@pytest.mark.parametrize(("locale", "is_long"), WANTED)
def test_the_figures_of_a_column_are_grouped_alike(project: ProjectCopy, locale: str, is_long: bool) -> None:
    values = LONG if is_long else SHORT
    says = "says: {en: A fact., zh-Hans: 事实。, zh-Hant: 事實。}"
    claims = "".join(
        f"  - id: n{n}\n    {says}\n    quantity: {{value: {v}, unit: kWh}}\n" for n, v in enumerate(values)
    )
    dataset = "datasets:\n  - {id: meters, file: data/meters.csv, key: [meter], columns: {output: kWh}}\n"
    project.write(SEED, project.read(SEED).rstrip("\n") + "\n" + claims + dataset)
    project.write("data/meters.csv", "meter,output\n" + "".join(f"m{n},{v}\n" for n, v in enumerate(values)))
    rows = "".join(f"      - ['{{reader-survey/n{n}:full}}']\n" for n in range(len(values)))
    project.write(
        THEME,
        project.read(THEME).rstrip("\n")
        + "\n  - kind: table\n    id: typed\n    title: T\n    columns: [{title: V, align: end}]\n    rows:\n"
        + rows
        + "  - kind: table\n    id: from-file\n    title: T\n    from: reader-survey/meters\n"
        + "    columns: [{title: M, column: meter}, {title: V, column: output}]\n",
    )
    blocks = Project.load(project.root).make_variant("council", locale).sections[0].blocks
    tables = {block.id: block for block in blocks if isinstance(block, Table)}
    wanted = [text if "." in text else f"{text}.0" for text in WANTED[locale, is_long]]
    assert [to_plain_text(row[1]) for row in tables["from-file"].rows] == wanted
    typed = [to_plain_text(row[0]).removesuffix("千瓦时").removesuffix(" kWh").strip() for row in tables["typed"].rows]
    assert typed == wanted


@pytest.mark.parametrize("locale", ["en", "de", "ko"])
def test_no_label_has_a_scale_beside_a_greater_figure_in_full(locale: str) -> None:
    row: list[Quantity | None] = [
        Quantity(value=Decimal(text), unit="person") for text in ("1234567", "1228900", "804310")
    ]
    chart = make_chart(ChartKind.BARS, locale, [(f"C{at}",) * 3 for at in range(3)], [("S",) * 3], [row])
    texts = [point.text for point in chart.series[0].points]
    assert [text.replace(".", ",") for text in texts] == ["1,234,567", "1,228,900", "804,310"]


COLUMNS: dict[tuple[str, tuple[str, ...]], list[str]] = {
    # 90万 is not beside 900,001, and 4.5万 not beside 220.
    ("zh-Hans", ("900000", "900001")): ["900,000", "900,001"],
    ("zh-Hans", ("45000", "220")): ["45,000", "220"],
    ("zh-Hans", ("90000000", "12345678")): ["90,000,000", "12,345,678"],
    ("en", ("1200000", "1200001")): ["1,200,000", "1,200,001"],
    # All have a scale, or are too far apart for one form.
    ("zh-Hans", ("900000", "1250000")): ["90万", "125万"],
    ("zh-Hans", ("200000000", "900000")): ["2亿", "90万"],
    ("en", ("3000000000", "12")): ["3 billion", "12"],
}


@pytest.mark.parametrize(("locale", "values"), COLUMNS)
def test_the_figures_of_a_column_are_in_a_scale_in_all_or_in_none(
    project: ProjectCopy, locale: str, values: tuple[str, ...]
) -> None:
    says = "says: {en: A fact., zh-Hans: 事实。, zh-Hant: 事實。}"
    claims = "".join(
        f"  - id: n{n}\n    {says}\n    quantity: {{value: {v}, unit: count}}\n" for n, v in enumerate(values)
    )
    project.write(SEED, project.read(SEED).rstrip("\n") + "\n" + claims)
    rows = "".join(f"      - ['{{reader-survey/n{n}}}']\n" for n in range(len(values)))
    block = "\n  - kind: table\n    id: typed\n    title: T\n    columns: [{title: V, align: end}]\n    rows:\n"
    project.write(THEME, project.read(THEME).rstrip("\n") + block + rows)
    blocks = Project.load(project.root).make_variant("council", locale).sections[0].blocks
    (table,) = (block for block in blocks if isinstance(block, Table) and block.id == "typed")
    assert [to_plain_text(row[0]).strip() for row in table.rows] == COLUMNS[locale, values]
