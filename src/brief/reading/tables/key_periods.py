"""Converts periods in key columns from the notations of files to that of the project, which sorts: `2026-Q1`."""

import re

from brief.model.figures.quantity import Period

_YEAR = r"(?P<fiscal>FY)?\s?(?P<year>[12][0-9]{3})"
_PART = r"(?P<part>[QTH][1-4]|[1-4][QTH]|W[0-9]{1,2})"
# Quarters (T in French and Spanish), halves and weeks before or after their year, months that cannot be taken for a
# fiscal year such as 2009/10, and dates with the year first, or last after points.
_NOTATIONS = (
    re.compile(rf"{_YEAR}[\s/-]?{_PART}", re.IGNORECASE),
    re.compile(rf"{_PART}[\s/-]?{_YEAR}", re.IGNORECASE),
    re.compile(r"(?P<fiscal>FY)\s?(?P<year>[12][0-9]{3})", re.IGNORECASE),
    re.compile(r"(?P<year>[12][0-9]{3})M(?P<month>[0-9]{1,2})", re.IGNORECASE),
    re.compile(r"(?P<month>[0-9]{1,2})[./](?P<year>[12][0-9]{3})"),
    re.compile(r"(?P<day>[0-9]{1,2})\.\s?(?P<month>[0-9]{1,2})\.\s?(?P<year>[12][0-9]{3})"),
    re.compile(r"(?P<year>[12][0-9]{3})(?P<mark>[./])\s?(?P<month>[0-9]{1,2})(?P=mark)\s?(?P<day>[0-9]{1,2})\.?"),
    re.compile(r"(?P<year>[12][0-9]{3})年((?P<month>[0-9]{1,2})月((?P<day>[0-9]{1,2})日)?)?"),
    re.compile(r"(?P<year>[12][0-9]{3})년( ?(?P<month>[0-9]{1,2})월( ?(?P<day>[0-9]{1,2})일)?)?"),
)
# Years of the calendars of Taiwan and Japan: the last year before each era, and how many years it has.
_ERAS = {
    "民國": (1911, 999),
    "民国": (1911, 999),
    "令和": (2018, 99),
    "平成": (1988, 31),
    "昭和": (1925, 64),
    "大正": (1911, 15),
}
_ERA_YEAR = re.compile(rf"(?P<era>{'|'.join(_ERAS)})(?P<year>元|[0-9]{{1,3}})(?=年)")
# The day is first for most of the world, and the month for the United States.
_DAY_OR_MONTH_FIRST = re.compile(r"[0-9]{1,2}/[0-9]{1,2}/([12][0-9])?[0-9]{2}|[0-9]{1,2}-[0-9]{1,2}-[12][0-9]{3}")


def find_period_notation(text: str) -> str | None:
    """Returns a period in the notation of the project, `2026-Q1` for `Q1 2026` or `2026Q1`; None if it is not one period."""
    text = _ERA_YEAR.sub(_convert_era, text.strip())
    for notation in _NOTATIONS:
        match = notation.fullmatch(text)
        if match is None:
            continue
        groups = match.groupdict()
        part = (groups.get("part") or "").upper()
        if part.startswith("W"):
            part = f"W{int(part[1:]):02}"
        elif part[:1].isdigit():
            part = part[::-1]
        month_and_day = [f"{int(groups[name]):02}" for name in ("month", "day") if groups.get(name)]
        ending = "".join(f"-{division}" for division in ([part.replace("T", "Q")] if part else month_and_day))
        text = f"{'FY' if groups.get('fiscal') else ''}{match['year']}{ending}"
        break
    try:
        period = Period.parse(text)
        return None if period.end else period.start.notation if period.start.first_day else None
    except ValueError:
        return None


def _convert_era(match: re.Match[str]) -> str:
    """Returns the year of the common era, 2024 for 令和6; the text unchanged if the era does not have that year."""
    year_before, years = _ERAS[match["era"]]
    year = 1 if match["year"] == "元" else int(match["year"])
    return str(year_before + year) if 1 <= year <= years else match[0]


def looks_like_other_notation(text: str) -> bool:
    """Returns whether a text is a period, but in another notation than the project's, such as `2026Q1`."""
    return not text.isdigit() and find_period_notation(text) not in (None, text.strip())


def is_day_or_month_first(text: str) -> bool:
    """Returns whether a text is a date that may have the day or the month first: `02/01/2026`."""
    return _DAY_OR_MONTH_FIRST.fullmatch(text.strip()) is not None
