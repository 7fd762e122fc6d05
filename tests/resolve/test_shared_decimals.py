"""A chart prints the same figures as a column of a table, with the same number of decimals."""

import re

import pytest
from projects import SEED, THEME, ProjectCopy

from brief import Project
from brief.model.inline import to_plain_text
from brief.model.variant import Chart, Table
from brief.writers.docx.charts.chart_figures import format_chart_values

_CLAIM = "  - {{id: f{number}, says: {{en: F., zh-Hans: 事。, zh-Hant: 事。}}, quantity: {{{quantity}}}}}\n"
_WORDS = "{en: T, zh-Hans: 表, zh-Hant: 表}"

# The quantities, and what is printed in English, without the unit.
FIGURES = [
    (["value: 3, unit: kg", "value: 5.7, unit: kg", "value: 0, unit: kg"], ["3.0", "5.7", "0.0"]),
    (["value: 3, unit: kg", "value: 4, unit: kg"], ["3", "4"]),
    (["value: 2.25, unit: percent", "value: 4.125, unit: percent"], ["2.250", "4.125"]),
    (["value: -3, unit: percent", "value: 10_000.5, unit: percent"], ["−3.0", "10,000.5"]),
    (["value: 1_500_000, unit: kg", "value: 1_250_000, unit: kg"], ["1.50", "1.25"]),
    (["value: 4, unit: USD", "value: 19.9, unit: USD"], ["4.00", "19.90"]),
    # Zeros would be wrong after a figure that is approximate, or was rounded.
    (["value: 3, unit: kg, qualifier: about", "value: 5.7, unit: kg"], ["about 3", "5.7"]),
    (["value: 12.4, unit: kg, digits: 2", "value: 5.7, unit: kg"], ["12", "5.7"]),
    (
        ["value: 1_250, unit: kg, qualifier: about", "value: 7.25, unit: kg", "value: 40, unit: kg"],
        ["about 1,250", "7.25", "40.00"],
    ),
    (
        ["value: 0.00042, unit: kg, qualifier: about", "value: 7.25, unit: kg", "value: 40, unit: kg"],
        ["about 0.00042", "7.25", "40.00"],
    ),
    (["value: 5.6789, unit: kg, digits: 2", "value: 3, unit: kg"], ["about 5.7", "3.0"]),
    (["value: 1_250, unit: kg", "value: 0.00042, unit: kg"], ["1,250", "0.00042"]),
    (["value: 3.75, unit: percent", "value: 0.0437, unit: percent"], ["3.75", "0.0437"]),
    (["low: 3, high: 4, unit: kg", "value: 5.75, unit: kg", "value: 6, unit: kg"], ["3–4", "5.75", "6.00"]),
]


def print_figures(project: ProjectCopy, quantities: list[str]) -> None:
    claims = "".join(_CLAIM.format(number=at, quantity=quantity) for at, quantity in enumerate(quantities))
    project.write(SEED, project.read(SEED).rstrip("\n") + "\n" + claims)
    shown = range(len(quantities))
    rows = ", ".join(f'[{{en: R{at}, zh-Hans: 行{at}, zh-Hant: 列{at}}}, "{{reader-survey/f{at}}}"]' for at in shown)
    names = ", ".join(f"{{en: R{at}, zh-Hans: 行{at}, zh-Hant: 列{at}}}" for at in shown)
    project.write(
        THEME,
        project.read(THEME).rstrip("\n")
        + f"\n  - {{kind: table, id: rows, title: {_WORDS}, columns: [{_WORDS}, {{title: {_WORDS}, align: end}}],"
        + f" rows: [{rows}]}}\n"
        + f"  - {{kind: chart, id: bars, title: {_WORDS}, chart: bars, description: {_WORDS}, categories: [{names}],"
        + f" series: [{{title: {_WORDS}, claims: [{', '.join(f'reader-survey/f{at}' for at in shown)}]}}]}}\n",
    )


@pytest.mark.parametrize(("quantities", "printed"), FIGURES)
def test_chart_and_table_print_the_same_figures(
    project: ProjectCopy, quantities: list[str], printed: list[str]
) -> None:
    print_figures(project, quantities)
    for locale in ("en", "zh-Hans", "zh-Hant"):
        blocks = Project.load(project.root).make_variant("council", locale).sections[0].blocks
        (table,) = [block for block in blocks if isinstance(block, Table) and block.id == "rows"]
        (chart,) = [block for block in blocks if isinstance(block, Chart) and block.id == "bars"]
        labels = [point.text for point in chart.series[0].points]
        assert locale != "en" or labels == printed
        cells = [to_plain_text(row[1]) for row in table.rows]
        assert [re.findall(r"[0-9.,]+", cell) for cell in cells] == [re.findall(r"[0-9.,]+", each) for each in labels]
        rows = format_chart_values(chart)
        if rows is not None and locale == "en":
            codes = [re.sub(r'"[^"]*"', "", figure.code.partition(";")[0]) for figure in rows[0]]
            decimals = [len(re.sub("[^0-9.]", "", each).partition(".")[2]) for each in labels]
            assert [len(code.partition(".")[2]) for code in codes] == decimals
