"""Divides the axes of charts by round numbers and by whole months or years."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from brief.model.figures.quantity import CalendarPeriod

# A time scale is divided into about this many parts: months if it spans at most two years, otherwise years.
_TIME_PARTS = 6
_MONTHS = (1, 2, 3, 6)
_YEARS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
_MONTHS_IN_YEARS = 18
# A value axis is divided into at most this many parts; the step is one of these numbers times a power of ten.
_VALUE_PARTS = 5
_VALUE_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


def divide_time(first: date, end: date) -> Iterator[CalendarPeriod]:
    """Yields whole years or months, from the one that contains `first` to the one that begins at or after `end`."""
    start, stop = first.year * 12 + first.month - 1, end.year * 12 + end.month - 1 + (end.day > 1)
    in_months = stop - start <= _MONTHS_IN_YEARS
    steps = _MONTHS if in_months else [12 * years for years in _YEARS]
    step = next((step for step in steps if (stop - start) / step <= _TIME_PARTS), steps[-1])
    at = start - start % step
    while True:
        year, month = divmod(at, 12)
        yield CalendarPeriod(year, month=month + 1) if in_months else CalendarPeriod(year)
        if at >= stop:
            return
        at += step


def divide_values(low: Decimal, high: Decimal) -> list[Decimal]:
    """Returns multiples of a round step; the first is at most `low`, the last at least `high`."""
    if low == high:
        low, high = (low, low + 1) if low >= 0 else (low - 1, low)
    power = Decimal(1).scaleb(((high - low) / _VALUE_PARTS).adjusted())
    for step in (power * step for step in _VALUE_STEPS):
        first, last = low // step - (low % step < 0), -(-high // step) + (-(-high % step) > 0)
        if last - first <= _VALUE_PARTS + 1:
            break
    decimals = max(0, -int(step.normalize().as_tuple().exponent))
    return [(step * at).quantize(Decimal(1).scaleb(-decimals)) + 0 for at in range(int(first), int(last) + 1)]
