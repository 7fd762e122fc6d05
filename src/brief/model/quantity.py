"""Quantities and periods: the facts that must read the same in every language."""

import enum
import re
from dataclasses import dataclass, field
from decimal import Decimal

from brief.model.source_location import Located, Ref


class Qualifier(enum.StrEnum):
    """How exactly a source states a quantity. `SEVERAL` gives the order of magnitude only: value 10 is "dozens"."""

    EXACT = "exact"
    ABOUT = "about"
    OVER = "over"
    UNDER = "under"
    NEARLY = "nearly"
    UP_TO = "up-to"
    SEVERAL = "several"


_PERIOD = re.compile(
    r"(?P<year>[12][0-9]{3})"
    r"(-(?:Q(?P<quarter>[1-4])|H(?P<half>[12])|(?P<part>early|mid|late)"
    r"|(?P<month>0[1-9]|1[0-2])(-(?P<day>0[1-9]|[12][0-9]|3[01]))?))?"
)

_PARTS = {"early": (1, 3), "mid": (5, 8), "late": (10, 12)}


@dataclass(frozen=True, slots=True, order=True)
class CalendarPeriod:
    """A point or stretch on the calendar: a year, or a quarter, half, part, month or day of it."""

    year: int
    quarter: int | None = None
    half: int | None = None
    part: str | None = None
    month: int | None = None
    day: int | None = None

    @property
    def months(self) -> tuple[int, int]:
        """The first and the last month of the stretch, counted from 1.

        Early and late in a year are its first and last quarter, and its middle lasts from May to August: nobody says
        it more exactly, but what is put in order or drawn to scale needs ends.
        """
        if self.month:
            return self.month, self.month
        if self.part:
            return _PARTS[self.part]
        if self.half:
            return 6 * self.half - 5, 6 * self.half
        if self.quarter:
            return 3 * self.quarter - 2, 3 * self.quarter
        return 1, 12


@dataclass(frozen=True, slots=True)
class Period:
    """One moment, or the stretch from one to another."""

    start: CalendarPeriod
    end: CalendarPeriod | None = None

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Reads `2025`, `2025-Q2`, `2025-H1`, `2025-04`, `2026-03-09`, `2024-early`, or two of them as `A/B`.

        Raises:
            ValueError: the text has none of these forms.
        """
        moments = [_parse_calendar_period(part) for part in text.split("/")]
        if len(moments) > 2:
            raise ValueError(f"{text!r} has more than two ends")
        return cls(*moments)


def _parse_calendar_period(text: str) -> CalendarPeriod:
    match = _PERIOD.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a period")

    def number(group: str) -> int | None:
        return int(match[group]) if match[group] else None

    return CalendarPeriod(
        int(match["year"]), number("quarter"), number("half"), match["part"], number("month"), number("day")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived(Located):
    """Our own arithmetic on claims of the same source; exactly one operation is given.

    `sum` adds, `product` multiplies and `mean` averages any number of claims. The others take two: `difference` is
    first minus second, `ratio` first over second, `per` the first for each unit of the second (CNY over km is CNY/km),
    `share` the percentage of the second that the first makes up, `change` the percentage from first to second, and
    `cagr` that change as a rate a year over the years between their periods.
    """

    sum: tuple[Ref, ...] = ()
    difference: tuple[Ref, ...] = ()
    product: tuple[Ref, ...] = ()
    ratio: tuple[Ref, ...] = ()
    share: tuple[Ref, ...] = ()
    change: tuple[Ref, ...] = ()
    per: tuple[Ref, ...] = ()
    mean: tuple[Ref, ...] = ()
    cagr: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity(Located):
    """A number with its unit, once for all locales.

    Either `value`, or `low` and `high` for a range, or `derived`, or a bare `period` where the fact is a date.
    `unit` is any that `brief.model.units` describes; a percentage of 15 is written 15. The number keeps the digits
    that it is written with, trailing zeros too, and prints them all unless `digits` asks for that many significant ones.
    """

    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = "count"
    qualifier: Qualifier = Qualifier.EXACT
    period: Period | None = None
    digits: int | None = None
    derived: Derived | None = field(default=None)
