"""Periods and days as each locale writes them."""

from dataclasses import replace
from datetime import date

import pytest
from catalogues import LOCALES, load_packaged_catalogue

from brief.model.figures.quantity import Period
from brief.resolve.figures import periods

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
    "FY2025": ("FY2025", "2025财年", "2025財年", "2025財年"),
    "FY2025-Q2": ("Q2 FY2025", "2025财年第二季度", "2025財年第2季", "2025財年第2季"),
    "FY2025-H1": ("first half of FY2025", "2025财年上半年", "2025財年上半年", "2025財年上半年"),
    "2025/26": ("2025/26", "2025/26年度", "2025/26年度", "2025/26年度"),
    "2025/26-H1": ("first half of 2025/26", "2025/26财年上半年", "2025/26財年上半年", "2025/26財年上半年"),
    "2025-W07": ("week 7 of 2025", "2025年第7周", "2025年第7週", "2025年第7週"),
    "FY2023/FY2025": ("FY2023 to FY2025", "2023财年至2025财年", "2023財年至2025財年", "2023財年至2025財年"),
    "2023/24/2025/26": ("2023/24 to 2025/26", "2023/24年度至2025/26年度", *["2023/24年度至2025/26年度"] * 2),
    "2025-10-01/2025-10-05": ("1 October 2025 to 5 October 2025", *["2025年10月1日至2025年10月5日"] * 3),
}


@pytest.mark.parametrize("period", PERIODS)
def test_every_form_of_period(period: str) -> None:
    written = tuple(periods.format_period(Period.parse(period), load_packaged_catalogue(locale)) for locale in LOCALES)
    assert written == PERIODS[period]


@pytest.mark.parametrize(
    ("locale", "period", "written"),
    [
        ("fr", "2025-10-01/2025-11-05", "1er octobre 2025 au 5 novembre 2025"),
        ("fr", "2025-Q1/2025-Q3", "1er trimestre 2025 au 3e trimestre 2025"),
        ("fr", "2025-H1/2026-H2", "1er semestre 2025 au 2e semestre 2026"),
        ("fr", "2023-11/2024-02", "novembre 2023 à février 2024"),
        ("fr", "2024/2027", "2024 à 2027"),
        ("es", "2025-10-01/2025-11-05", "1 de octubre de 2025 al 5 de noviembre de 2025"),
        ("es", "2023-11/2024-02", "noviembre de 2023 a febrero de 2024"),
        ("de", "2025-10-01/2025-11-05", "1. Oktober 2025 bis 5. November 2025"),
    ],
)
def test_a_range_has_the_article_of_its_end(locale: str, period: str, written: str) -> None:
    found = periods.format_period(Period.parse(period), load_packaged_catalogue(locale))
    assert found.replace("\u00a0", " ") == written


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
    assert periods.find_bounds(Period.parse(period)) == (first, after)


@pytest.mark.parametrize(
    ("period", "start", "first", "after"),
    [
        ("FY2025", 4, date(2024, 4, 1), date(2025, 4, 1)),
        ("FY2025", 1, date(2025, 1, 1), date(2026, 1, 1)),
        ("FY2025-Q2", 10, date(2025, 1, 1), date(2025, 4, 1)),
        ("2025/26", 4, date(2025, 4, 1), date(2026, 4, 1)),
        ("2025/26-H2", 7, date(2026, 1, 1), date(2026, 7, 1)),
        ("2025-W01", 4, date(2024, 12, 30), date(2025, 1, 6)),
    ],
)
def test_a_fiscal_year_begins_with_its_month(period: str, start: int, first: date, after: date) -> None:
    moment = replace(Period.parse(period).start, fiscal_start=start)
    assert periods.find_bounds(Period(moment)) == (first, after)


@pytest.mark.parametrize("written", PERIODS)
def test_a_period_is_written_as_it_was_read(written: str) -> None:
    period = Period.parse(written)
    assert "/".join(moment.notation for moment in (period.start, period.end) if moment) == written


@pytest.mark.parametrize("text", ["2025/27", "FY2025/26", "FY2025-04", "2025-W54", "2025-W53", "FY25", "2025/26-early"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a|week"):
        Period.parse(text)


def test_a_day_is_british_in_plain_english() -> None:
    assert periods.format_day(date(2026, 3, 31), load_packaged_catalogue("en")) == "31 March 2026"
    assert periods.format_day(date(2026, 3, 31), load_packaged_catalogue("zh-Hant")) == "2026年3月31日"


def test_the_first_day_of_a_month_is_an_ordinal_in_french() -> None:
    written = [periods.format_day(date(2026, 3, day), load_packaged_catalogue("fr")) for day in (1, 2, 11)]
    assert written == ["1er mars 2026", "2 mars 2026", "11 mars 2026"]


@pytest.mark.parametrize(
    ("locale", "printed"),
    [
        *[(locale, "2025/26") for locale in ("en", "de", "fr", "es")],
        *[(locale, "2025/26年度") for locale in ("zh-Hans", "zh-Hant", "ja")],
        ("ko", "2025/26년도"),
    ],
)
def test_a_year_named_by_both_may_be_of_a_school_or_a_crop(locale: str, printed: str) -> None:
    assert periods.format_period(Period.parse("2025/26"), load_packaged_catalogue(locale)) == printed
