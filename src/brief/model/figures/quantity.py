"""Quantities and periods: the facts that must read the same in every language."""

import enum
import re
from dataclasses import field, replace
from datetime import date, timedelta
from decimal import Decimal

from brief.model.access import Clearance
from brief.model.record import dataclass
from brief.model.source_location import DecimalPlaces, Located, Ref


class Qualifier(enum.StrEnum):
    """How exactly a source states a quantity. `SEVERAL` gives only the order of magnitude: value 10 is "dozens"."""

    EXACT = "exact"
    ABOUT = "about"
    OVER = "over"
    AT_LEAST = "at-least"
    UNDER = "under"
    NEARLY = "nearly"
    UP_TO = "up-to"
    SEVERAL = "several"


_PERIOD = re.compile(
    r"(?P<fiscal>FY)?(?P<year>[12][0-9]{3})(/(?P<next>[0-9]{2}))?"
    r"(-(?:Q(?P<quarter>[1-4])|H(?P<half>[12])|W(?P<week>0[1-9]|[1-4][0-9]|5[0-3])|(?P<part>early|mid|late)"
    r"|(?P<month>0[1-9]|1[0-2])(-(?P<day>0[1-9]|[12][0-9]|3[01]))?))?"
)
# The separator of two periods, but not that within a fiscal year such as 2025/26.
_BETWEEN = re.compile(r"/(?=FY|[12][0-9]{3})")

_PART_MONTHS = {"early": (1, 3), "mid": (5, 8), "late": (10, 12)}


class FiscalYear(enum.StrEnum):
    """How a fiscal year is named: by the year that it ends in (FY2025), or by both of its years (2025/26)."""

    BY_END = "FY"
    BY_BOTH = "/"


@dataclass(frozen=True, slots=True, order=True)
class CalendarPeriod:
    """A calendar period: a year, or a quarter, half, part, month, ISO 8601 week or day of it.

    `year` is the year that a fiscal year is named by: FY2025 is the fiscal year that ends in 2025, 2025/26 the one
    that begins in 2025. It begins with the month `fiscal_start`.
    """

    year: int
    quarter: int | None = None
    half: int | None = None
    part: str | None = None
    month: int | None = None
    day: int | None = None
    week: int | None = None
    fiscal: FiscalYear | None = None
    fiscal_start: int = 1

    @property
    def first_month(self) -> int:
        """Returns the first month, as a count from January of year 0."""
        return self._first_month_of_year + self._months[0] - 1

    @property
    def last_month(self) -> int:
        """Returns the last month, as a count from January of year 0."""
        return self._first_month_of_year + self._months[1] - 1

    @property
    def first_day(self) -> date:
        """Returns the first day."""
        if self.week:
            return date.fromisocalendar(self.year, self.week, 1)
        year, month = divmod(self.first_month, 12)
        return date(year, month + 1, self.day or 1)

    @property
    def day_after(self) -> date:
        """Returns the day after the last day."""
        if self.week:
            return self.first_day + timedelta(days=7)
        if self.day:
            return self.first_day + timedelta(days=1)
        year, month = divmod(self.last_month + 1, 12)
        return date(year, month + 1, 1)

    @property
    def notation(self) -> str:
        """Returns the period as authors write it: `2025-Q2`, `FY2025`, `2025/26`."""
        year = f"{self.year:04}"
        if self.fiscal is FiscalYear.BY_END:
            year = f"FY{year}"
        elif self.fiscal is FiscalYear.BY_BOTH:
            year = f"{year}/{(self.year + 1) % 100:02}"
        named = (
            (self.quarter, f"Q{self.quarter}"),
            (self.half, f"H{self.half}"),
            (self.week, f"W{self.week or 0:02}"),
            (self.part, self.part or ""),
            (self.month, f"{self.month or 0:02}"),
            (self.day, f"{self.day or 0:02}"),
        )
        return "-".join([year, *(text for is_given, text in named if is_given)])

    @property
    def _first_month_of_year(self) -> int:
        shift = self.fiscal_start - 1 if self.fiscal else 0
        starts_before = 1 if self.fiscal is FiscalYear.BY_END and shift else 0
        return (self.year - starts_before) * 12 + shift

    @property
    def _months(self) -> tuple[int, int]:
        """Returns the first and the last month within its year, counted from 1.

        Early and late in a year are its first and last quarter, and its middle is May to August: sources are no more
        precise, but sorting and drawing to scale need a first and a last month.
        """
        if self.month:
            return self.month, self.month
        if self.part:
            return _PART_MONTHS[self.part]
        if self.half:
            return 6 * self.half - 5, 6 * self.half
        if self.quarter:
            return 3 * self.quarter - 2, 3 * self.quarter
        return 1, 12


@dataclass(frozen=True, slots=True)
class Period:
    """One calendar period, or the time from one to another."""

    start: CalendarPeriod
    end: CalendarPeriod | None = None

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Reads `2025`, `2025-Q2`, `2025-H1`, `2025-04`, `2025-W12`, `2026-03-09`, `2024-early`, `FY2025`, `FY2025-Q2`,
        `2025/26`, or two such periods as `A/B`.

        Raises:
            ValueError: the text has none of these forms.
        """
        periods = [_parse_calendar_period(part) for part in _BETWEEN.split(text)]
        if len(periods) > 2:
            raise ValueError(f"{text!r} has more than two ends")
        return cls(*periods)

    def start_fiscal_years(self, month: int) -> "Period":
        """Returns the period with its fiscal years, if it has any, beginning in this month."""
        start, end = self.start, self.end
        return Period(
            replace(start, fiscal_start=month) if start.fiscal else start,
            replace(end, fiscal_start=month) if end and end.fiscal else end,
        )


def _parse_calendar_period(text: str) -> CalendarPeriod:
    match = _PERIOD.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a period")

    def number(group: str) -> int | None:
        return int(match[group]) if match[group] else None

    year, following = int(match["year"]), number("next")
    fiscal = FiscalYear.BY_BOTH if match["next"] else FiscalYear.BY_END if match["fiscal"] else None
    within = any(match[group] for group in ("month", "week", "part"))
    if (match["next"] and (match["fiscal"] or following != (year + 1) % 100)) or (fiscal and within):
        raise ValueError(f"{text!r} is not a fiscal year")
    week = number("week")
    if week:
        date.fromisocalendar(year, week, 1)
    quarter, half, month, day = (number(group) for group in ("quarter", "half", "month", "day"))
    return CalendarPeriod(year, quarter, half, match["part"], month, day, week, fiscal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived(Located):
    """Our own arithmetic on claims and dataset cells; exactly one operation is given.

    A claim of the same source is named by its id, any other as `source/claim` or `source/dataset[key].column`.

    `sum` adds, `product` multiplies and `mean` averages any number of claims. The others take two: `difference` is
    first minus second, `ratio` first over second, `per` the first for each unit of the second (CNY over km is CNY/km),
    `share` the percentage of the second that the first makes up, `change` the percentage from first to second, and
    `cagr` that change as a yearly rate over the time between their periods.

    The result is withheld from everyone from whom an input is withheld, unless `disclose` says why it may be seen.
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
    disclose: str | None = None


class UnstatedUnit(str):
    """The unit of a quantity whose record states none: a count or, if it is computed, what follows from its inputs."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity(Located):
    """A number with its unit, once for all locales.

    Either `value`, or `low` and `high` for a range, or `derived`, or only a `period` if the fact is a date. `unit` is
    any that `brief.model.figures.units` describes; a percentage of 15 is written 15. Without it, a number is a
    count, and a computed figure has the unit that follows from its inputs. The number keeps the digits that
    it is written with, trailing zeros too, and prints them all unless `digits` asks for that many significant digits,
    or `decimals` for that many after the point.
    """

    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = UnstatedUnit("count")
    qualifier: Qualifier = Qualifier.EXACT
    period: Period | None = None
    digits: int | None = None
    decimals: DecimalPlaces | None = None
    derived: Derived | None = field(default=None)


@dataclass(frozen=True, slots=True)
class FullQuantity:
    """A claim's quantity with every digit that is stated or computed, and what else follows from its inputs.

    `digits` counts the significant digits of the least exact figure that it rests on; it `is_exact` if no division was
    needed to compute it. `sources` lists the sources of the claim and of all its inputs. `negative_part` names an
    addend below zero, if it is a sum with such an addend. `inputs` names the claims that it is computed from directly,
    `ranges` the stated ranges that make it a range, and `shared_ranges` those of them that it rests on in several ways.
    """

    quantity: Quantity
    digits: int
    is_exact: bool = True
    clearance: Clearance = Clearance.PUBLIC
    sources: tuple[str, ...] = ()
    negative_part: str = ""
    inputs: tuple[str, ...] = ()
    ranges: frozenset[str] = frozenset()
    shared_ranges: frozenset[str] = frozenset()


# Claims whose quantities are ranges, each with a place in its range, in eighths of it.
PlacesInRanges = tuple[tuple[str, int], ...]
