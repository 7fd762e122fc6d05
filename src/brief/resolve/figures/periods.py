"""Formats periods and dates with CLDR's patterns for the locale."""

import re
from datetime import date

from babel.dates import format_date, format_interval, format_skeleton

from brief.model.catalogue import Catalogue
from brief.model.figures.quantity import CalendarPeriod, FiscalYear, Period
from brief.model.locale import get_primary_language, make_babel_identifier

_PART_PATTERNS = {"early": "early {year}", "mid": "mid-{year}", "late": "late {year}"}
_FIRST = re.compile(r"^1\b")
_HALVES = {1: "first half of {year}", 2: "second half of {year}"}


def format_period(period: Period, catalogue: Catalogue) -> str:
    """Formats a period for the locale: `Q2 2025`, `2025年第二季度`, `9 March 2026`, `June to August 2024`."""
    start, end = period.start, period.end
    if end is None:
        return _format_calendar_period(start, catalogue)
    if start.month and end.month and not (start.day or end.day) and start.year == end.year:
        joined = format_interval(_make_date(start), _make_date(end), "yMMMM", locale=_find_identifier(catalogue.locale))
        joined = joined.replace(" – ", "–").replace("\u2009–\u2009", "–")
        # CLDR 48.2 has a dash in mainland China, where 至 is usual in print.
        return joined.replace("–", "至") if get_primary_language(catalogue.locale) == "zh" else joined
    pattern = catalogue.get("{start} to {end}", _find_context(end, catalogue))
    return pattern.format(start=_format_calendar_period(start, catalogue), end=_format_calendar_period(end, catalogue))


def _find_context(end: CalendarPeriod, catalogue: Catalogue) -> str:
    """Returns the context of the words between two periods: days, quarters and halves have an article in some languages."""
    has_article = end.day or end.quarter or end.half
    return (
        "period with article" if has_article and catalogue.has("{start} to {end}", "period with article") else "period"
    )


def find_bounds(period: Period) -> tuple[date, date]:
    """Returns the first day of the period, and the day after its last (see `CalendarPeriod`)."""
    return period.start.first_day, (period.end or period.start).day_after


def format_day(when: date, catalogue: Catalogue) -> str:
    """Formats a calendar day: `31 March 2026`, `2026年3月31日`."""
    formatted = format_date(when, "long", locale=_find_identifier(catalogue.locale))
    # CLDR has "1 mars", but the first day of a month is an ordinal in French.
    is_french = get_primary_language(catalogue.locale) == "fr"
    return _FIRST.sub("1er", formatted) if is_french and when.day == 1 else formatted


def _format_calendar_period(period: CalendarPeriod, catalogue: Catalogue) -> str:
    if period.part:
        return _format_part(_PART_PATTERNS[period.part], period, catalogue)
    if period.half:
        return _format_part(_HALVES[period.half], period, catalogue)
    if period.week:
        return _format_part("week {week} of {year}", period, catalogue)
    if period.day:
        return format_day(_make_date(period), catalogue)
    if period.quarter:
        # CLDR has 第2季度 for mainland China, where 第二季度 is usual in print, and Q2 for Hong Kong.
        return _format_part(f"Q{period.quarter} {{year}}", period, catalogue)
    if period.fiscal:
        pattern = "FY{year}" if period.fiscal is FiscalYear.BY_END else "{year} (fiscal year)"
        return catalogue.get(pattern, "period").format(year=_format_year_digits(period)).removesuffix(" (fiscal year)")
    skeleton = "yMMMM" if period.month else "y"
    return str(format_skeleton(skeleton, _make_date(period), locale=_find_identifier(catalogue.locale)))


def _format_part(message: str, period: CalendarPeriod, catalogue: Catalogue) -> str:
    """Formats a part of a year. A language whose words for parts of fiscal years differ has messages of context `fiscal
    period`.
    """
    if period.fiscal is not None and catalogue.has(message, "fiscal period"):
        return catalogue.get(message, "fiscal period").format(week=period.week, year=_format_year_digits(period))
    return catalogue.get(message, "period").format(week=period.week, year=_format_part_year(period, catalogue))


def _format_part_year(period: CalendarPeriod, catalogue: Catalogue) -> str:
    """Formats the year as written before its quarters and halves: `2025`, `FY2025`, `2025财` before 年."""
    if period.fiscal is None:
        return str(period.year)
    if period.fiscal is FiscalYear.BY_BOTH and not catalogue.has("FY{year}", "fiscal part"):
        return _format_year_digits(period)
    return catalogue.get("FY{year}", "fiscal part").format(year=_format_year_digits(period))


def _format_year_digits(period: CalendarPeriod) -> str:
    if period.fiscal is FiscalYear.BY_BOTH:
        return f"{period.year}/{(period.year + 1) % 100:02}"
    return str(period.year)


def _make_date(period: CalendarPeriod) -> date:
    return date(period.year, period.month or 1, period.day or 1)


def _find_identifier(locale: str) -> str:
    # In CLDR, `en` is the English of the United States; here, `en` without a region means international English.
    return "en_001" if locale == "en" else make_babel_identifier(locale)
