"""Periods and days as each locale writes them."""

from datetime import date

import pytest
from catalogues import LOCALES, packaged

from brief.model.quantity import Period
from brief.resolve import periods

PERIODS = {
    "2025": ("2025", "2025年", "2025年", "2025年"),
    "2025-Q2": ("Q2 2025", "2025年第二季度", "2025年第2季", "2025年第2季"),
    "2025-H1": ("first half of 2025", "2025年上半年", "2025年上半年", "2025年上半年"),
    "2025-H2": ("second half of 2025", "2025年下半年", "2025年下半年", "2025年下半年"),
    "2024-early": ("early 2024", "2024年初", "2024年初", "2024年初"),
    "2024-mid": ("mid-2024", "2024年年中", "2024年中", "2024年中"),
    "2024-late": ("late 2024", "2024年底", "2024年底", "2024年底"),
    "2024-03": ("March 2024", "2024年3月", "2024年3月", "2024年3月"),
    "2025-10-01": ("1 October 2025", "2025年10月1日", "2025年10月1日", "2025年10月1日"),
    "2024-06/2024-08": ("June–August 2024", "2024年6月至8月", "2024年6月至8月", "2024年6月至8月"),
    "2023-11/2024-02": ("November 2023 to February 2024", *["2023年11月至2024年2月"] * 3),
    "2024/2027": ("2024 to 2027", *["2024年至2027年"] * 3),
    "2025-Q1/2025-Q2": ("Q1 2025 to Q2 2025", "2025年第一季度至2025年第二季度", *["2025年第1季至2025年第2季"] * 2),
    "2025-10-01/2025-10-05": ("1 October 2025 to 5 October 2025", *["2025年10月1日至2025年10月5日"] * 3),
}


@pytest.mark.parametrize("period", PERIODS)
def test_every_form_of_period(period: str) -> None:
    written = tuple(periods.format_period(Period.parse(period), packaged(locale)) for locale in LOCALES)
    assert written == PERIODS[period]


@pytest.mark.parametrize(
    ("period", "first", "after"),
    [
        ("2025", date(2025, 1, 1), date(2026, 1, 1)),
        ("2025-Q4", date(2025, 10, 1), date(2026, 1, 1)),
        ("2025-H1", date(2025, 1, 1), date(2025, 7, 1)),
        ("2024-early", date(2024, 1, 1), date(2024, 4, 1)),
        ("2024-mid", date(2024, 5, 1), date(2024, 9, 1)),
        ("2024-late", date(2024, 10, 1), date(2025, 1, 1)),
        ("2024-02", date(2024, 2, 1), date(2024, 3, 1)),
        ("2023-12", date(2023, 12, 1), date(2024, 1, 1)),
        ("2025-12-31", date(2025, 12, 31), date(2026, 1, 1)),
        ("2023-11/2024-02", date(2023, 11, 1), date(2024, 3, 1)),
    ],
)
def test_a_period_has_a_first_day_and_one_after_its_last(period: str, first: date, after: date) -> None:
    assert periods.period_bounds(Period.parse(period)) == (first, after)


def test_a_day_is_british_in_plain_english() -> None:
    assert periods.format_day(date(2026, 3, 31), packaged("en")) == "31 March 2026"
    assert periods.format_day(date(2026, 3, 31), packaged("zh-Hant")) == "2026年3月31日"
