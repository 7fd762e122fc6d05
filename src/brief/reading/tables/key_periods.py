"""Reads the periods in key columns as files write them, and gives them the notation that sorts and prints: `2026-Q1`."""

import re

from brief.model.figures.quantity import Period

_YEAR = r"(?P<fiscal>FY)?\s?(?P<year>[12][0-9]{3})"
_PART = r"(?P<part>[QH][1-4]|W[0-9]{1,2})"
# Quarters, halves and weeks before or after their year, and months that cannot be taken for a fiscal year such as 2009/10.
_FORMS = (
    re.compile(rf"{_YEAR}[\s/-]?{_PART}", re.IGNORECASE),
    re.compile(rf"{_PART}[\s/-]?{_YEAR}", re.IGNORECASE),
    re.compile(r"(?P<fiscal>FY)\s?(?P<year>[12][0-9]{3})", re.IGNORECASE),
    re.compile(r"(?P<year>[12][0-9]{3})M(?P<month>[0-9]{1,2})", re.IGNORECASE),
    re.compile(r"(?P<month>[0-9]{1,2})[./](?P<year>[12][0-9]{3})"),
    re.compile(r"(?P<year>[12][0-9]{3})年((?P<month>[0-9]{1,2})月)?"),
)


def find_period_notation(text: str) -> str | None:
    """Returns a period in the notation of the project, `2026-Q1` for `Q1 2026` or `2026Q1`; None if it is not one period."""
    text = text.strip()
    for form in _FORMS:
        match = form.fullmatch(text)
        if match is None:
            continue
        named = match.groupdict()
        part, month = (named.get("part") or "").upper(), named.get("month")
        if part.startswith("W"):
            part = f"W{int(part[1:]):02}"
        ending = f"-{part}" if part else f"-{int(month):02}" if month else ""
        text = f"{'FY' if named.get('fiscal') else ''}{match['year']}{ending}"
        break
    try:
        period = Period.parse(text)
        return None if period.end else period.start.notation if period.start.first_day else None
    except ValueError:
        return None


def looks_like_other_notation(text: str) -> bool:
    """Returns whether a text is a period in a notation that only a column of periods may have: `2026Q1`."""
    return not text.isdigit() and find_period_notation(text) not in (None, text.strip())
