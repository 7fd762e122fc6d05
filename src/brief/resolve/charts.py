"""Chart data from claims: one scale for the whole chart, every value also in words, and how far they reach."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from brief.model.blocks import ChartKind
from brief.model.catalogue import Catalogue
from brief.model.quantity import CalendarPeriod, Period, Qualifier, Quantity
from brief.model.variant import Point
from brief.resolve import periods, quantities

_KINDS = {
    ChartKind.BARS: "Bar chart",
    ChartKind.GROUPED_BARS: "Grouped bar chart",
    ChartKind.LINE: "Line chart",
    ChartKind.SLOPE: "Slope chart",
    ChartKind.RANGE: "Range chart",
    ChartKind.TIMELINE: "Timeline",
}
_STOPS = ".。?？!！"

# A scale of time is divided into about so many parts: by months within two years, else by years.
_PARTS = 6
_MONTHS = (1, 2, 3, 6)
_YEARS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
_MONTHS_IN_YEARS = 18


@dataclass(frozen=True, slots=True)
class Plot:
    """`points` has one row a series, one point a category. `extent` is the least and the greatest value in words."""

    points: tuple[tuple[Point, ...], ...]
    extent: tuple[str, str]
    unit: str = ""
    ticks: tuple[Point, ...] = ()


def build_plot(rows: Sequence[Sequence[Quantity | None]], catalogue: Catalogue) -> Plot:
    """Scales the quantities of a chart, which must all have a number and share one unit.

    One scale is used for all labels if each prints in it with every digit and few decimals: US$1,200 million beside
    US$4 million. If no scale does, each label names its own: 1.5 trillion beside 350.

    Raises:
        ValueError: a quantity has no number.
    """
    bounds = [[_bounds(quantity) for quantity in row] for row in rows]
    scale = quantities.choose_shared_scale([end for row in bounds for pair in row for end in pair], catalogue)
    unit = next((quantity.unit for row in rows for quantity in row if quantity), "count")
    points = tuple(
        tuple(
            _point(quantity, low, high, scale, catalogue) for quantity, (low, high) in zip(row, row_bounds, strict=True)
        )
        for row, row_bounds in zip(rows, bounds, strict=True)
    )
    ends = [end for row in bounds for pair in row for end in pair] or [Decimal(0)]
    least, greatest = (
        quantities.format_quantity(Quantity(value=end, unit=unit), catalogue, bare=True)
        for end in (min(ends), max(ends))
    )
    return Plot(points, (least, greatest), quantities.unit_label(unit, scale, catalogue))


def build_timeline_plot(rows: Sequence[Sequence[Period]], catalogue: Catalogue) -> Plot:
    """Periods on a scale of time, and the marks that divide it."""
    points = tuple(tuple(_period_point(period, catalogue) for period in row) for row in rows)
    drawn = sorted(
        (periods.period_bounds(period), periods.format_period(period, catalogue)) for row in rows for period in row
    )
    first = drawn[0][0][0]
    (_, end), last = max(drawn, key=lambda found: found[0][1])
    ticks = tuple(_build_tick(moment, catalogue) for moment in _divide_time(first, end))
    return Plot(points, (drawn[0][1], last), ticks=ticks)


def describe_chart(kind: ChartKind, title: str, drawn: Plot, shows: str, catalogue: Catalogue) -> str:
    """What stands for a chart where it is not seen: its kind, how far it reaches and its title; then what it `shows`."""
    least, greatest = drawn.extent
    pattern = "{kind}, {low} to {high}: {title}. {shows}" if least != greatest else "{kind}, {low}: {title}. {shows}"
    return (
        catalogue.get(pattern, "chart")
        .format(
            kind=catalogue.get(_KINDS[kind], "chart"), low=least, high=greatest, title=title.rstrip(_STOPS), shows=shows
        )
        .rstrip()
    )


def _period_point(period: Period, catalogue: Catalogue) -> Point:
    low, high = (Decimal(day.toordinal()) for day in periods.period_bounds(period))
    return Point(value=(low + high) / 2, text=periods.format_period(period, catalogue), low=low, high=high)


def _build_tick(moment: CalendarPeriod, catalogue: Catalogue) -> Point:
    first, _ = periods.period_bounds(Period(moment))
    return Point(value=Decimal(first.toordinal()), text=periods.format_period(Period(moment), catalogue))


def _divide_time(first: date, end: date) -> Iterator[CalendarPeriod]:
    """Whole years or months from the one that holds `first` to the one that begins at `end` or after it."""
    start, stop = first.year * 12 + first.month - 1, end.year * 12 + end.month - 1 + (end.day > 1)
    in_months = stop - start <= _MONTHS_IN_YEARS
    steps = _MONTHS if in_months else [12 * years for years in _YEARS]
    step = next((step for step in steps if (stop - start) / step <= _PARTS), steps[-1])
    at = start - start % step
    while True:
        year, month = divmod(at, 12)
        yield CalendarPeriod(year, month=month + 1) if in_months else CalendarPeriod(year)
        if at >= stop:
            return
        at += step


def _bounds(quantity: Quantity | None) -> tuple[Decimal, Decimal]:
    if quantity is not None and quantity.value is not None:
        return quantity.value, quantity.value
    if quantity is not None and quantity.low is not None and quantity.high is not None:
        return quantity.low, quantity.high
    raise ValueError("a chart draws numbers, and a claim of it has none")


def _point(
    quantity: Quantity | None, low: Decimal, high: Decimal, scale: quantities.NumberScale | None, catalogue: Catalogue
) -> Point:
    first, last = (quantities.format_number(end, scale, catalogue) for end in (low, high))
    # A dash beside a minus sign is misread.
    joined = "{low} to {high}" if low < 0 else "{low}–{high}"
    text = first if low == high else catalogue.get(joined, "quantity").format(low=first, high=last)
    if quantity is not None and quantity.qualifier is not Qualifier.EXACT:
        text = quantities.apply_qualifier(quantity.qualifier, text, catalogue)
    factor = scale.factor if scale else 1
    return Point(value=(low + high) / 2 / factor, text=text, low=low / factor, high=high / factor)
