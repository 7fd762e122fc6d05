"""Chart data from claims: the scale of time, and the words that stand for a chart."""

from decimal import Decimal

import pytest
from catalogues import packaged

from brief.model.blocks import ChartKind
from brief.model.quantity import Period, Qualifier, Quantity
from brief.resolve import charts


def ticks(*written: str, locale: str = "en") -> list[str]:
    drawn = charts.build_timeline_plot([[Period.parse(text) for text in written]], packaged(locale))
    values = [tick.value for tick in drawn.ticks]
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
        ("en", "Bar chart, US$600 million to US$12.5 billion: Video grows. All of it."),
        ("zh-Hans", "条形图（6亿美元至125亿美元）：Video grows。All of it."),
        ("zh-Hant", "橫條圖（6億美元至125億美元）：Video grows。All of it."),
    ],
)
def test_a_chart_is_described_by_kind_extent_and_title(locale: str, said: str) -> None:
    quantities = [
        Quantity(value=Decimal(12_500_000_000), unit="USD", qualifier=Qualifier.ABOUT),
        Quantity(value=Decimal(600_000_000), unit="USD"),
    ]
    drawn = charts.build_plot([quantities], packaged(locale))
    assert charts.describe_chart(ChartKind.BARS, "Video grows.", drawn, "All of it.", packaged(locale)) == said


def test_ranges_reach_from_their_least_to_their_greatest_end() -> None:
    ranges = [Quantity(low=Decimal(5), high=Decimal(12), unit="second"), Quantity(value=Decimal(60), unit="second")]
    drawn = charts.build_plot([ranges], packaged("en"))
    assert drawn.extent == ("5 seconds", "60 seconds")


def test_one_value_is_said_once() -> None:
    drawn = charts.build_timeline_plot([[Period.parse("2024")]], packaged("en"))
    assert charts.describe_chart(ChartKind.TIMELINE, "A year?", drawn, "", packaged("en")) == "Timeline, 2024: A year."
