"""Checks the sums in a waterfall chart: the changes after a start must add up to the totals."""

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple


class Disagreement(NamedTuple):
    """A wrong total: the figures from the total at `start` add up to `reached`, which differs from the figure at `end`."""

    start: int
    end: int
    reached: Decimal


def find_disagreements(values: Sequence[Decimal], totals: Collection[int]) -> Iterator[Disagreement]:
    """Yields each total, and the last figure, that differs from the sum of the figures since the previous total.

    Each figure may be off by half a unit of its last digit, and the sum by the sum of these errors.
    """
    ends = sorted({0, len(values) - 1, *totals})
    for start, end in pairwise(ends):
        reached = sum(values[start:end], Decimal(0))
        rounding = sum(Decimal(5).scaleb(int(value.as_tuple().exponent) - 1) for value in values[start : end + 1])
        if abs(reached - values[end]) > rounding:
            yield Disagreement(start, end, reached)
