"""Every label of a chart, wherever it is printed, reads back as the figure of its claim."""

import itertools
import os
import re
from dataclasses import replace
from decimal import Decimal

import pytest
from catalogues import load_packaged_catalogue
from chart_samples import LOOK, make_chart
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from test_geometry import text_boxes

from brief.charts.draw import draw_svg
from brief.charts.text_alternative import describe_chart_data
from brief.model.blocks import ChartKind
from brief.model.diagnostics import ContentError
from brief.model.figures.quantity import Quantity
from brief.model.variant import Chart
from brief.writers.docx.charts.chart_figures import FormattedValue, format_chart_values

# Set to a larger number for a thorough run: BRIEF_CHART_EXAMPLES=20000 pytest tests/charts/test_chart_labels.py
EXAMPLES = int(os.environ.get("BRIEF_CHART_EXAMPLES", "600"))

_SCALES = {"": 0, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_SCALES |= {"万": 4, "亿": 8, "万亿": 12, "萬": 4, "億": 8, "兆": 12}
_SCALES |= {"Mio.": 6, "Mrd.": 9, "Bio.": 12}
_LABEL = re.compile(r"([−-]?)([0-9][0-9,]*(?:\.[0-9]+)?)[ \u00a0]?([^\d\s]*)")

figures = st.builds(
    lambda digits, exponent, sign: Decimal(sign * digits).scaleb(exponent),
    st.integers(0, 10**6),
    st.integers(-3, 7),
    st.sampled_from([1, -1]),
)


def read(label: str, unit: str, locale: str) -> Decimal:
    """The figure that a label says, in the scale that it names or else its chart's unit."""
    if locale == "de":
        label = label.translate(str.maketrans(".,", ",."))
        # The full stop of an abbreviation does not separate thousands.
        label = re.sub(",$", ".", label)
    match = _LABEL.fullmatch(label)
    assert match, label
    shared = max((word for word in _SCALES if word and word in unit), key=len, default="")
    value = Decimal(match[2].replace(",", "")).scaleb(_SCALES[match[3] or shared])
    return -value if match[1] else value


def chart_of(values: list[Decimal], unit: str, locale: str, kind: ChartKind = ChartKind.BARS) -> Chart:
    names = [(f"Category {at}",) * 3 for at in range(len(values))]
    row: list[Quantity | None] = [Quantity(value=value, unit=unit) for value in values]
    return make_chart(kind, locale, names, [("Series",) * 3], [row])


@given(
    values=st.lists(figures, min_size=1, max_size=6),
    unit=st.sampled_from(["count", "USD", "CNY", "JPY", "percent", "kWh", "km", "CNY/km"]),
    locale=st.sampled_from(["en", "zh-Hans", "zh-Hant", "de", "ja"]),
)
@settings(max_examples=EXAMPLES, deadline=None)
def test_labels_of_every_format_read_back(values: list[Decimal], unit: str, locale: str) -> None:
    chart = chart_of(values, unit, locale)
    points = chart.series[0].points
    assert [read(point.text, chart.unit, locale) for point in points] == values

    drawn = " ".join(line for line, _ in text_boxes(draw_svg(chart, "en", LOOK)))
    said = describe_chart_data(chart, load_packaged_catalogue(locale))
    for point in points:
        assert re.sub(r"\s", "", point.text) in re.sub(r"\s", "", drawn)
        assert point.text in said

    rows = format_chart_values(chart)
    assert rows is not None
    factor = _factor(chart, values)
    for figure, value, point in zip(rows[0], values, points, strict=True):
        assert figure.value is not None
        assert figure.value * factor == value
        assert format_as_word(figure) == point.text


def _factor(chart: Chart, values: list[Decimal]) -> Decimal:
    """What a number of the workbook is counted in, by the chart's unit."""
    named = [word for word in _SCALES if word and word in chart.unit]
    return Decimal(1).scaleb(_SCALES[max(named, key=len, default="")]) if values else Decimal(1)


def format_as_word(figure: FormattedValue) -> str:
    """What Word prints: fixed words, or the number by its code, of which the second part is for what is negative."""
    if figure.label is not None or figure.value is None:
        return figure.label or ""
    positive, _, negative = figure.code.partition(";")
    code = negative if negative and figure.value < 0 else positive
    number = abs(figure.value) if negative and figure.value < 0 else figure.value
    pattern = re.sub(r'"[^"]*"', "", code)
    decimals = len(pattern.partition(".")[2])
    digits = f"{number:,.{decimals}f}" if "," in pattern else f"{number:.{decimals}f}"
    return re.sub(r"[#,0.]+", digits, re.sub(r'"([^"]*)"', r"\1", code), count=1)


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant", "de"])
@pytest.mark.parametrize("kind", [ChartKind.BARS, ChartKind.SLOPE, ChartKind.LINE, ChartKind.DUMBBELL])
def test_no_figure_is_broken_between_digits_on_a_narrow_screen(kind: ChartKind, locale: str) -> None:
    for digits in range(9, 15):
        largest = Decimal("229409871123456"[:digits])
        values = [largest, -largest - 1]
        made = chart_of(values, "EUR", locale, kind)
        if kind is ChartKind.DUMBBELL:
            made = replace(made, series=(made.series[0], made.series[0]))
        root = etree.fromstring(draw_svg(replace(made, width=340), locale, LOOK).encode())
        lines = [[str(line) for line in text.itertext()] for text in root.iter("{*}text")]
        for first, second in ((one, two) for each in lines for one, two in itertools.pairwise(each)):
            assert not re.search("[0-9.,]$", first) or not re.match("[0-9.,]", second), (first, second)
        printed = re.sub("[^0-9]", "", "|".join("".join(each) for each in lines))
        assert str(largest) in printed


@pytest.mark.parametrize("kind", [ChartKind.BARS, ChartKind.DUMBBELL, ChartKind.WATERFALL])
@pytest.mark.parametrize("name", ["Name", "A long name of a category that wraps"])
def test_values_that_leave_no_room_for_the_axis_are_refused(kind: ChartKind, name: str) -> None:
    """On a narrow screen, the largest value would be drawn left of the least, and beyond the edge."""
    for digits in (6, 12, 15):
        value = Decimal("229409871123456"[:digits])
        values = [value, -value * 2, -value] if kind is ChartKind.WATERFALL else [value, -value]
        made = chart_of(values, "EUR", "de", kind)
        series = (made.series[0], made.series[0]) if kind is ChartKind.DUMBBELL else made.series
        made = replace(made, width=340, categories=tuple(f"{name} {at}" for at in range(len(values))), series=series)
        refused = []
        try:
            boxes = text_boxes(draw_svg(made, "de", LOOK))
        except ContentError as problem:
            boxes, refused = [], [each.code for each in problem.diagnostics]
        assert refused in ([], ["chart-labels"])
        assert digits > 6 or not refused
        assert all(box.left >= -0.5 and box.right <= 340.5 for _, box in boxes), boxes
