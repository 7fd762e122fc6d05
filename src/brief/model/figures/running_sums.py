"""Sums that a waterfall chart draws: changes upon a start, and totals that they have to come to."""

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple


class Disagreement(NamedTuple):
    """The figures from the total at `start` up to the one at `end` come to `reached`, which is not the figure there."""

    start: int
    end: int
    reached: Decimal


def find_disagreements(values: Sequence[Decimal], totals: Collection[int]) -> Iterator[Disagreement]:
    """Compares each total, and the last figure, with what the figures since the total before it come to.

    Each figure may be out by half a unit of its last digit; the sum by as much of all.
    """
    ends = sorted({0, len(values) - 1, *totals})
    for start, end in pairwise(ends):
        reached = sum(values[start:end], Decimal(0))
        rounding = sum(Decimal(5).scaleb(int(value.as_tuple().exponent) - 1) for value in values[start : end + 1])
        if abs(reached - values[end]) > rounding:
            yield Disagreement(start, end, reached)
