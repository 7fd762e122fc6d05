"""Finds the qualifier of a computed figure ("more than", "up to", "about") from the qualifiers of its inputs.

An input may be open: "more than 200" has no upper bound and "up to 200" no lower one, but both are positive. An operation has a
slope for each input: the sign of the change of the result if the input grows. An input that is open above makes the result open
above if its slope is positive, and open below if it is negative. A result that is open on both sides has no bound, and is
refused.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal

from brief.model.figures.quantity import Qualifier
from brief.model.record import dataclass
from brief.resolve.figures.operands import DerivationError, Input

_ABOVE, _BELOW = 1, -1
_OPEN = {
    Qualifier.OVER: _ABOVE,
    Qualifier.AT_LEAST: _ABOVE,
    Qualifier.UNDER: _BELOW,
    Qualifier.UP_TO: _BELOW,
    Qualifier.NEARLY: _BELOW,
}
# The bound itself is a possible value.
_CLOSED = (Qualifier.AT_LEAST, Qualifier.UP_TO)
_OPPOSITES = {
    Qualifier.OVER: Qualifier.UNDER,
    Qualifier.UNDER: Qualifier.OVER,
    Qualifier.NEARLY: Qualifier.OVER,
    Qualifier.AT_LEAST: Qualifier.UP_TO,
    Qualifier.UP_TO: Qualifier.AT_LEAST,
}

# The least and the greatest sign (-1, 0 or 1) that a number can have: (0, 1) means zero or positive.
Signs = tuple[int, int]
Slopes = Callable[[Sequence[Input]], Sequence[Signs]]
_GROWS, _SHRINKS = (1, 1), (-1, -1)


@dataclass(frozen=True, slots=True)
class Exactness:
    """The qualifier of a result, and which of its possible values is the bound: the least (-1), the greatest (1), or
    neither (0).
    """

    qualifier: Qualifier
    bound: int = 0


def reverse_qualifier(qualifier: Qualifier) -> Qualifier:
    """Returns the qualifier of the negative of a figure with this qualifier: "under" for "over"."""
    return _OPPOSITES.get(qualifier, qualifier)


def slope_of_sum(inputs: Sequence[Input]) -> Sequence[Signs]:
    """Slopes of a sum and of a mean."""
    return [_GROWS] * len(inputs)


def slope_of_difference(_: Sequence[Input]) -> Sequence[Signs]:
    """Slopes of the first input minus the second."""
    return _GROWS, _SHRINKS


def slope_of_product(inputs: Sequence[Input]) -> Sequence[Signs]:
    """Slopes of a product: for each factor, the sign of all the others."""
    signs = list(map(_find_signs, inputs))
    before, after = [(1, 1)], [(1, 1)]
    for at in range(len(signs) - 1):
        before.append(_multiply(before[-1], signs[at]))
        after.append(_multiply(after[-1], signs[-1 - at]))
    return [_multiply(first, last) for first, last in zip(before, reversed(after), strict=True)]


def slope_of_quotient(inputs: Sequence[Input]) -> Sequence[Signs]:
    """Slopes of the first input over the second, which is not zero."""
    first, second = map(_find_signs, inputs)
    return second, _negate(first)


def slope_of_growth(inputs: Sequence[Input]) -> Sequence[Signs]:
    """Slopes of the change from the first input, which is positive, to the second, which is not negative."""
    _, last = map(_find_signs, inputs)
    return _negate(last), _GROWS


def find_exactness(name: str, slopes: Slopes, inputs: Sequence[Input], least: Decimal, greatest: Decimal) -> Exactness:
    """Finds the qualifier of the result of the operation `name`. Without qualifiers, its values are from `least` to
    `greatest`.

    Raises:
        DerivationError: the result has no bound, or an input can be read in two ways.
    """
    uncertain = [given for given in inputs if given.quantity.qualifier is not Qualifier.EXACT]
    if not uncertain:
        return Exactness(Qualifier.EXACT)
    _refuse_ambiguous(uncertain)
    effects = [(given, slope) for given, slope in zip(inputs, slopes(inputs), strict=True) if slope != (0, 0)]
    vague = [given for given, _ in effects if given.quantity.qualifier is Qualifier.ABOUT]
    open_sides: dict[int, list[tuple[Input, Signs]]] = {_ABOVE: [], _BELOW: []}
    for given, slope in effects:
        side = _find_open_side(given)
        if not side:
            continue
        for sign in {sign for sign in slope if sign}:
            open_sides[side * sign].append((given, slope))
    above, below = open_sides[_ABOVE], open_sides[_BELOW]
    if (above and below) or (vague and (above or below)):
        _refuse_unbounded(name, inputs, [given for given, _ in (*above, *below)], vague)
    if not above and not below:
        return Exactness(Qualifier.ABOUT if vague else Qualifier.EXACT)
    found = above or below
    # With a slope that may be zero, the result may be the bound, whatever the input is.
    is_strict = any(given.quantity.qualifier not in _CLOSED and 0 not in slope for given, slope in found)
    if above:
        is_near = greatest < 0 and _is_near(name, found, inputs)
        qualifier = Qualifier.OVER if is_strict else Qualifier.AT_LEAST
        return Exactness(Qualifier.NEARLY if is_near else qualifier, _BELOW)
    is_near = least > 0 and _is_near(name, found, inputs)
    qualifier = Qualifier.UNDER if is_strict else Qualifier.UP_TO
    return Exactness(Qualifier.NEARLY if is_near else qualifier, _ABOVE)


def _is_near(name: str, found: Sequence[tuple[Input, Signs]], inputs: Sequence[Input]) -> bool:
    """Returns whether the result is nearly its bound: all open inputs are, and nothing is subtracted, which leaves less of it."""
    are_near = all(given.quantity.qualifier is Qualifier.NEARLY for given, _ in found)
    if name in ("difference", "change", "cagr"):
        return False
    is_whole = name not in ("sum", "mean") or len({given.low < 0 for given in inputs if given.low}) == 1
    return are_near and is_whole and all(given.low == given.high for given in inputs)


def _find_open_side(given: Input) -> int:
    """Returns the side on which an input has no bound. "Nearly" is on the side of zero."""
    side = _OPEN.get(given.quantity.qualifier, 0)
    return _ABOVE if given.quantity.qualifier is Qualifier.NEARLY and given.high < 0 else side


def _find_signs(given: Input) -> Signs:
    """Returns the signs of an input's possible values. An open figure has the sign that it is written with."""
    qualifier = given.quantity.qualifier
    least, greatest = _sign(given.low), _sign(given.high)
    side = _find_open_side(given)
    if qualifier is Qualifier.ABOUT and 0 in (least, greatest):
        return _BELOW, _ABOVE
    is_strict = qualifier not in _CLOSED and given.low == given.high
    if side == _ABOVE and greatest == 0:
        return (_ABOVE if is_strict else least), _ABOVE
    if side == _BELOW and least == 0:
        return _BELOW, (_BELOW if is_strict else greatest)
    return least, greatest


def _sign(value: Decimal) -> int:
    return (value > 0) - (value < 0)


def _multiply(one: Signs, other: Signs) -> Signs:
    products = [first * second for first in one for second in other]
    return min(products), max(products)


def _negate(signs: Signs) -> Signs:
    return -signs[1], -signs[0]


def _refuse_ambiguous(inputs: Sequence[Input]) -> None:
    """Refuses "more than −20" of a source, which may be of the amount: a loss of more than 20."""
    for given in inputs:
        qualifier = given.quantity.qualifier
        if given.is_stated and given.low < 0 and qualifier in _OPEN:
            raise DerivationError(
                f"'{given.name}' is {_describe(given)}, of which it is unclear whether the figure or its amount is meant; state the amount"
                f" ({-given.low:,f}) and its qualifier as a claim, and subtract that"
            )


def _refuse_unbounded(name: str, inputs: Sequence[Input], open_inputs: Sequence[Input], vague: Sequence[Input]) -> None:
    first = (vague or open_inputs)[0]
    second = next(
        (given for given in open_inputs if given.quantity.qualifier is not first.quantity.qualifier),
        next((given for given in (*open_inputs, *inputs) if given is not first), first),
    )
    pair = [given for given in inputs if given in (first, second)]
    named = " and ".join(f"'{given.name}' ({_describe(given)})" for given in pair)
    raise DerivationError(
        f"nothing bounds the {name} of {named}: it may be greater or less; give exact figures, or state its 'qualifier:' if the"
        " source supports it"
    )


def _describe(given: Input) -> str:
    ends = f"{given.low:,f}" if given.low == given.high else f"{given.low:,f} to {given.high:,f}"
    return f"{given.quantity.qualifier} {ends}"
