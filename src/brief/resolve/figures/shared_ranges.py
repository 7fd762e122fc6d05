"""Finds the range of a figure that rests on another range in two ways: a total less a part of it, the share of a part in a total.

Arithmetic with ranges takes each input for independent: 40 to 50 less a part of 10 to 20 would be 20 to 40, where the rest is 30.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from brief.resolve.figures.rounding import round_to_significant

# A range is tried at nine places: from 0, its lower end, to its upper one.
STEPS = 8
# More ranges than these would take long; the result then remains as wide as arithmetic makes it.
_MOST_SHARED = 12
# Quotients differ in their last digits, of 28, where the figures are equal.
_TOLERANCE = Decimal("1e-20")
_CERTAIN_DIGITS = 20

Places = Mapping[str, int]


def find_extremes(
    shared: Sequence[str], evaluate: Callable[[Places], tuple[Decimal, Decimal]]
) -> tuple[Decimal, Decimal] | None:
    """Returns the least and the greatest value of a figure that rests on the ranges `shared`, if it grows or shrinks with each of
    them all along; None if it does not.

    `evaluate` returns the least and the greatest value for given places in these ranges.
    """
    if len(shared) > _MOST_SHARED:
        return None

    def find_greatest(at: Places) -> Decimal:
        return evaluate(at)[1]

    def find_least(at: Places) -> Decimal:
        return -evaluate(at)[0]

    least, greatest = _maximise(shared, find_least), _maximise(shared, find_greatest)
    if least is None or greatest is None:
        return None
    least = -least
    if abs(greatest - least) <= _TOLERANCE * max(abs(least), abs(greatest)):
        least = greatest = round_to_significant(greatest, _CERTAIN_DIGITS)
    return least, greatest


def _maximise(shared: Sequence[str], compute: Callable[[Places], Decimal]) -> Decimal | None:
    middle = dict.fromkeys(shared, STEPS // 2)
    slopes = {name: _find_slope(name, middle, compute) for name in shared}
    corner = {name: 0 if slope == -1 else STEPS for name, slope in slopes.items()}
    for name, slope in slopes.items():
        if slope is None or _find_slope(name, corner, compute) not in (slope, 0):
            return None
    return compute(corner)


def _find_slope(name: str, at: Places, compute: Callable[[Places], Decimal]) -> int | None:
    """Returns the sign of the slope along one range, 0 if it is level; None if it rises and falls."""
    values = [compute({**at, name: place}) for place in range(STEPS + 1)]
    slack = _TOLERANCE * max(map(abs, values))
    rises = [later - earlier for earlier, later in itertools.pairwise(values)]
    signs = {(rise > slack) - (rise < -slack) for rise in rises} - {0}
    return None if len(signs) > 1 else signs.pop() if signs else 0
