"""Chart data from claims: the scale of time, and the words that stand for a chart."""

import os
import re
from decimal import Decimal

import pytest
from catalogues import load_packaged_catalogue
from hypothesis import given, settings
from hypothesis import strategies as st

from brief.model.blocks import Chart, ChartKind, Series
from brief.model.figures.quantity import Period, Qualifier, Quantity
from brief.model.source_location import Ref, Slug
from brief.model.text import LocalisedText
from brief.resolve import charts
from brief.resolve.figures.quantities import format_quantity
from brief.resolve.localise.chart_words import compose_subtitle, describe_chart

# Set to a larger number for a thorough run, as in tests/charts/test_chart_labels.py.
EXAMPLES = int(os.environ.get("BRIEF_CHART_EXAMPLES", "2000"))


def ticks(*written: str, locale: str = "en") -> list[str]:
    drawn = charts.build_timeline_plot([[Period.parse(text) for text in written]], load_packaged_catalogue(locale))
    values = [tick.value for tick in drawn.ticks if tick.value is not None]
    assert len(values) == len(drawn.ticks)
    points = [point for row in drawn.points for point in row]
    assert values == sorted(set(values))
    assert all(values[0] <= (point.low or 0) < (point.high or 0) <= values[-1] for point in points)
    return [tick.text for tick in drawn.ticks]


def test_time_is_divided_by_whole_years_or_months() -> None:
    assert ticks("2024-early", "2026-03-09") == ["2024", "2025", "2026", "2027"]
    assert ticks("2015", "2025-10-01") == ["2014", "2016", "2018", "2020", "2022", "2024", "2026"]
    assert ticks("2025-01", "2025-12") == [
        *("January 2025", "March 2025", "May 2025", "July 2025", "September 2025", "November 2025", "January 2026"),
    ]
    assert ticks("2025-12-31") == ["December 2025", "January 2026"]
    assert ticks("1895-12-28", "2024") == ["1850", "1900", "1950", "2000", "2050"]
    assert ticks("2025-Q2", locale="zh-Hans") == ["2025年4月", "2025年5月", "2025年6月", "2025年7月"]


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", "Bar chart, US$600 million to about US$12.5 billion: Video grows. All of it."),
        ("zh-Hans", "条形图（6亿美元至约125亿美元）：Video grows。All of it."),
        ("zh-Hant", "長條圖（6億美元至約125億美元）：Video grows。All of it."),
    ],
)
def test_a_chart_is_described_by_kind_extent_and_title(locale: str, said: str) -> None:
    quantities = [
        Quantity(value=Decimal(12_500_000_000), unit="USD", qualifier=Qualifier.ABOUT),
        Quantity(value=Decimal(600_000_000), unit="USD"),
    ]
    drawn = charts.build_plot([quantities], load_packaged_catalogue(locale))
    assert describe_chart(ChartKind.BARS, "Video grows.", drawn, "All of it.", load_packaged_catalogue(locale)) == said


def test_ranges_reach_from_their_least_to_their_greatest_end() -> None:
    ranges = [Quantity(low=Decimal(5), high=Decimal(12), unit="second"), Quantity(value=Decimal(60), unit="second")]
    drawn = charts.build_plot([ranges], load_packaged_catalogue("en"))
    assert drawn.extent == ("5 seconds", "60 seconds")


@pytest.mark.parametrize(
    ("qualifiers", "extent"),
    [
        (("about", "exact"), ("about 5 km", "9 km")),
        (("nearly", "about"), ("nearly 5 km", "about 9 km")),
        (("under", "over"), ("less than 5 km", "more than 9 km")),
        (("exact", "exact"), ("5 km", "9 km")),
    ],
)
def test_the_extent_says_how_exact_its_figures_are(qualifiers: tuple[str, str], extent: tuple[str, str]) -> None:
    row = [
        Quantity(value=Decimal(value), unit="km", qualifier=Qualifier(qualifier))
        for value, qualifier in zip((5, 9), qualifiers, strict=True)
    ]
    assert charts.build_plot([row], load_packaged_catalogue("en")).extent == extent


def test_the_extent_is_exact_if_one_of_its_figures_is() -> None:
    row = [Quantity(value=Decimal(5), unit="km", qualifier=Qualifier.ABOUT), Quantity(value=Decimal(5), unit="km")]
    assert charts.build_plot([row], load_packaged_catalogue("en")).extent == ("5 km", "5 km")
    ranged = [Quantity(low=Decimal(5), high=Decimal(9), unit="km", qualifier=Qualifier.ABOUT)]
    assert charts.build_plot([ranged], load_packaged_catalogue("en")).extent == ("about 5 km", "about 9 km")


def test_the_ends_of_a_range_of_money_have_its_decimals() -> None:
    ranges = [Quantity(low=Decimal(-1500), high=Decimal("2250.50"), unit="USD/day")]
    drawn = charts.build_plot([ranges], load_packaged_catalogue("en"))
    assert drawn.extent == ("−US$1,500.00/day", "US$2,250.50/day")


def test_the_extent_has_the_scale_of_the_labels() -> None:
    values = [Quantity(value=Decimal(text), unit="kWh") for text in ("238500", "270075")]
    drawn = charts.build_plot([values], load_packaged_catalogue("ko"))
    assert drawn.extent == tuple(f"{point.text}kWh" for point in drawn.points[0]) == ("238,500kWh", "270,075kWh")


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", "Scatter chart, Distance: 5 km to 9 km; Fare: €3.00 to €12.50: Far is dear."),
        ("zh-Hant", "散佈圖（Distance：5公里至9公里；Fare：3.00歐元至12.50歐元）：Far is dear。"),
        ("de", "Streudiagramm, Distance: 5 km bis 9 km; Fare: 3,00\u00a0€ bis 12,50\u00a0€: Far is dear."),
    ],
)
def test_a_scatter_chart_is_described_by_both_of_its_axes(locale: str, said: str) -> None:
    series = [Series(title=LocalisedText(phrases={}), claims=(Ref("s/a"), Ref("s/b"))) for _ in range(2)]
    block = Chart(
        id=Slug("dots"),
        title=LocalisedText(phrases={}),
        chart=ChartKind.SCATTER,
        categories=(),
        series=tuple(series),
        description=LocalisedText(phrases={}),
    )
    rows = [
        [Quantity(value=Decimal(number), unit="km") for number in ("9", "5")],
        [Quantity(value=Decimal(number), unit="EUR") for number in ("3", "12.5")],
    ]
    catalogue = load_packaged_catalogue(locale)
    drawn = charts.build_chart_plot(block, rows, catalogue)
    told = describe_chart(ChartKind.SCATTER, "Far is dear.", drawn, "", catalogue, axes=["Distance", "Fare"])
    assert told.replace("\u00a0km", " km") == said


def test_one_value_is_printed_once() -> None:
    drawn = charts.build_timeline_plot([[Period.parse("2024")]], load_packaged_catalogue("en"))
    assert (
        describe_chart(ChartKind.TIMELINE, "A year?", drawn, "", load_packaged_catalogue("en"))
        == "Timeline, 2024: A year."
    )


def test_the_extent_of_a_timeline_is_one_stretch() -> None:
    periods = [Period.parse(text) for text in ("2026/2028", "2026", "2027-Q2", "2028-12")]
    drawn = charts.build_timeline_plot([periods], load_packaged_catalogue("en"))
    assert (
        describe_chart(ChartKind.TIMELINE, "T", drawn, "", load_packaged_catalogue("en"))
        == "Timeline, 2026 to 2028: T."
    )


@pytest.mark.parametrize(
    ("locale", "measure", "title", "said"),
    [
        ("en", "Revenue", "Video grows", "Revenue · US$ million · 2024 to 2025"),
        ("en", "Video grows", "Video grows.", "US$ million · 2024 to 2025"),
        ("zh-Hans", "收入", "视频增长", "收入 · 亿美元 · 2024年至2025年"),
        ("zh-Hant", "", "影片成長", "億美元 · 2024年至2025年"),
    ],
)
def test_the_subtitle_says_measure_unit_and_period(locale: str, measure: str, title: str, said: str) -> None:
    row = [
        Quantity(value=Decimal(value), unit="USD", period=Period.parse(period))
        for value, period in (("250000000", "2024"), ("300000000", "2025"))
    ]
    drawn = charts.build_plot([row], load_packaged_catalogue(locale))
    assert compose_subtitle(ChartKind.BARS, measure, title, drawn, load_packaged_catalogue(locale)) == said


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant", "de", "ja"])
@pytest.mark.parametrize("unit", ["USD", "percent", "kWh", "count"])
@pytest.mark.parametrize("value", ["3.5", "-3.5", "12.25", "1200.5", "0"])
def test_a_label_has_the_words_and_digits_of_the_running_text(locale: str, unit: str, value: str) -> None:
    quantity = Quantity(value=Decimal(value), unit=unit, qualifier=Qualifier.ABOUT)
    (point,) = charts.build_plot([[quantity]], load_packaged_catalogue(locale)).points[0]
    text = format_quantity(quantity, load_packaged_catalogue(locale))
    digits = re.search(r"[0-9][0-9.,\u202f\u00a0]*", point.text)
    assert digits is not None
    assert digits[0] in text
    assert (point.text.split(digits[0])[0].rstrip("\u2212 ")) in text


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (["0.5", "9.5"], ["0", "2", "4", "6", "8", "10"]),
        (["91", "94"], ["91.0", "91.5", "92.0", "92.5", "93.0", "93.5", "94.0"]),
        (["-35", "25"], ["−40", "−20", "0", "20", "40"]),
        (["0", "0"], ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (["1000000", "9000000"], ["0", "2", "4", "6", "8", "10"]),
    ],
)
def test_an_axis_is_divided_by_round_numbers(values: list[str], said: list[str]) -> None:
    row = [Quantity(value=Decimal(value), unit="kWh") for value in values]
    drawn = charts.build_plot([row], load_packaged_catalogue("en"), ChartKind.LINE)
    assert [tick.text for tick in drawn.ticks] == said


def labels(*written: str, unit: str = "USD", locale: str = "en") -> tuple[str, list[str]]:
    """The unit of a chart, and the labels of its values."""
    row = [Quantity(value=Decimal(each), unit=unit) for each in written]
    drawn = charts.build_plot([row], load_packaged_catalogue(locale))
    return drawn.unit, [point.text for point in drawn.points[0]]


@pytest.mark.parametrize(
    ("locale", "unit", "written", "axis", "printed"),
    [
        ("en", "USD", ("1200000000", "4000000", "900000"), "US$ million", ["1,200.0", "4.0", "0.9"]),
        ("zh-Hans", "USD", ("1200000000", "4000000"), "万美元", ["120,000", "400"]),
        ("zh-Hant", "JPY", ("2000000000", "5000000"), "萬日圓", ["200,000", "500"]),
        ("zh-Hans", "count", ("45000", "220"), "", ["45,000", "220"]),
        ("en", "JPY", ("2000000000", "5000000"), "¥ million", ["2,000", "5"]),
        ("en", "count", ("2999000", "2650000"), "million", ["2.999", "2.650"]),
        ("en", "count", ("1200000", "4300"), "", ["1.2 million", "4,300"]),
        ("en", "count", ("1500000000000", "350"), "", ["1.5 trillion", "350"]),
        ("en", "count", ("1500000000000", "2250000000000", "350"), "", ["1.50 trillion", "2.25 trillion", "350"]),
        ("zh-Hans", "percent", ("2000000", "1500000"), "%", ["2,000,000", "1,500,000"]),
        ("en", "percent", ("4.125", "87.50", "-0.0437"), "%", ["4.125", "87.50", "−0.0437"]),
        ("en", "percent", ("3.75", "0.0437"), "%", ["3.75", "0.0437"]),
        ("en", "g", ("1250", "0.00042"), "g", ["1,250", "0.00042"]),
        ("de", "g", ("0.25", "0.333333333333333"), "g", ["0,25", "0,333333333333333"]),
        ("en", "percent", ("100", "33.3", "0"), "%", ["100.0", "33.3", "0.0"]),
        ("en", "EUR", ("1234567", "19.95"), "€", ["1,234,567.00", "19.95"]),
        ("en", "EUR", ("0.6", "0.0825"), "€", ["0.60", "0.0825"]),
        ("en", "EUR/kWh", ("3.75", "0.0437"), "€/kWh", ["3.75", "0.0437"]),
    ],
)
def test_labels_keep_every_digit(
    locale: str, unit: str, written: tuple[str, ...], axis: str, printed: list[str]
) -> None:
    assert labels(*written, unit=unit, locale=locale) == (axis, printed)


SCALE_WORDS = {
    "": 0, "thousand": 3, "million": 6, "billion": 9, "trillion": 12, "万": 4, "亿": 8, "万亿": 12, "萬": 4, "億": 8, "兆": 12,
    "Mio.": 6, "Mrd.": 9, "Bio.": 12,
}  # fmt: skip


@given(
    digits=st.lists(st.integers(1, 10**7), min_size=1, max_size=6),
    exponents=st.lists(st.integers(-9, 9), min_size=6, max_size=6),
    signs=st.lists(st.sampled_from([1, -1]), min_size=6, max_size=6),
    unit=st.sampled_from(["count", "USD", "CNY", "percent", "kWh", "km"]),
    locale=st.sampled_from(["en", "zh-Hans", "zh-Hant", "de", "ja"]),
)
@settings(max_examples=EXAMPLES, deadline=None)
def test_every_label_reads_back_as_its_value(
    digits: list[int], exponents: list[int], signs: list[int], unit: str, locale: str
) -> None:
    values = [Decimal(s * d).scaleb(e) for d, e, s in zip(digits, exponents, signs, strict=False)]
    axis, printed = labels(*map(str, values), unit=unit, locale=locale)
    # The longest scale word that the axis holds.
    shared = max((word for word in SCALE_WORDS if word and word in axis), key=len, default="")
    for value, label in zip(values, printed, strict=True):
        if locale == "de":
            label = label.translate(str.maketrans(".,", ",."))
        match = re.fullmatch(r"(−?)([0-9][0-9,]*(?:\.[0-9]+)?)[ \u00a0]?(\D*)", label)
        assert match, label
        word = match[3].replace(",", ".") if locale == "de" else match[3]
        read = Decimal(match[2].replace(",", "")).scaleb(SCALE_WORDS[word or shared])
        assert (-read if match[1] else read) == value


def test_a_range_below_zero_is_joined_by_a_word() -> None:
    row = [Quantity(low=Decimal(-5), high=Decimal(-2), unit="percent")]
    assert charts.build_plot([row], load_packaged_catalogue("en")).points[0][0].text == "−5 to −2"


def test_the_extent_prints_in_the_scale_of_the_labels() -> None:
    row = [Quantity(value=Decimal(value), unit="EUR") for value in ("84300000", "1260750000", "999950000")]
    drawn = charts.build_plot([row], load_packaged_catalogue("de"))
    assert [text.replace("\xa0", " ") for text in drawn.extent] == ["84,30 Mio. €", "1.260,75 Mio. €"]
    assert [point.text for point in drawn.points[0]] == ["84,30", "1.260,75", "999,95"]


@pytest.mark.parametrize(
    ("kind", "names", "years", "upright"),
    [
        ("bars", ["2023", "2024", "2025"], ["2023", "2024", "2025"], True),
        ("grouped-bars", ["2023/24", "2024/25", "2025/26"], ["2023/24", "2024/25", "2025/26"], True),
        ("stacked", ["Q1 2025", "Q2 2025", "Q3 2025"], ["2025-Q1", "2025-Q2", "2025-Q3"], True),
        ("bars", ["2024", "2025"], ["2024", "2025"], False),
        ("bars", ["2025", "2024", "2023"], ["2025", "2024", "2023"], False),
        ("bars", ["Kling", "Hailuo", "Vidu"], ["2023", "2024", "2025"], False),
        ("range", ["2023", "2024", "2025"], ["2023", "2024", "2025"], False),
        ("bars", [str(year) for year in range(2015, 2025)], [str(year) for year in range(2015, 2025)], False),
    ],
)
def test_bars_of_a_few_periods_in_order_are_upright(
    kind: str, names: list[str], years: list[str], upright: bool
) -> None:
    rows = [[Quantity(value=Decimal(1), period=Period.parse(year)) for year in years]] * 2
    assert charts.are_few_periods(ChartKind(kind), names, rows) is upright
