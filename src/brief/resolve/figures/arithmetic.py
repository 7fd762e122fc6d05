"""Calculates with quantities: each operation with its units, its uncertainty and the inputs that it refuses.

A result is a range if an input is a range. It is "more than" or "up to" if its inputs bound it, see `brief.resolve.figures.bounds`.
"""

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from brief.model.counts import format_count
from brief.model.figures.quantity import Qualifier, Quantity
from brief.model.figures.units import canonicalise_unit, split_quotient
from brief.model.record import dataclass
from brief.resolve.figures.bounds import (
    Exactness,
    Slopes,
    find_exactness,
    slope_of_difference,
    slope_of_growth,
    slope_of_product,
    slope_of_quotient,
    slope_of_sum,
)
from brief.resolve.figures.common_units import suggest_conversion
from brief.resolve.figures.dimensions import (
    FRACTIONS,
    Dimension,
    find_dimension,
    find_product,
    make_decimal,
    multiply,
)
from brief.resolve.figures.operands import DerivationError, Input
from brief.resolve.figures.units import is_currency

_HUNDRED = Decimal(100)
# No language has words for larger figures (see `brief.reading.values.parse_number`).
_LARGEST, _SMALLEST = Decimal("1e15"), Decimal("1e-6")
# Units that can be added to a percentage, and how many percentage points one of each is: 3.75% and 25 basis points are 4.00%.
_POINTS = {"percent": Decimal(1), "percentage-point": Decimal(1), "basis-point": Decimal("0.01")}
# Units in which figures can be subtracted but not compared as ratios, with the reason: 20 °C is not twice 10 °C.
_ARBITRARY, _LOGARITHMIC = "their zero is arbitrary", "their scale is logarithmic"
_WITHOUT_ZERO = {"°C": _ARBITRARY, "°F": _ARBITRARY, "dB": _LOGARITHMIC, "dBA": _LOGARITHMIC}


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation: its arithmetic, its units, the number of its inputs, and the inputs that it refuses.

    `unit` takes the inputs and the wanted unit, and returns the unit of the result and the factor by which the result is
    multiplied for this unit. `slopes` returns for each input whether the result grows or shrinks with it. `is_exact` says that
    a result needs no rounding beyond that of its inputs.
    """

    unit: Callable[[Sequence[Input], str], tuple[str, Decimal]]
    compute: Callable[[Sequence[Decimal], Sequence[Input]], Decimal]
    slopes: Slopes
    takes_two: bool = True
    is_exact: bool = False
    refuse_inputs: Callable[[Sequence[Input]], None] = lambda _: None


def apply_operation(
    name: str, inputs: Sequence[Input], wanted: str = "", stated: Qualifier = Qualifier.EXACT
) -> Quantity:
    """Returns the full result of an operation: a value or a range, with its unit and its qualifier.

    The result is in the unit `wanted` if it can be: per an amount (`count/100000 person`), or in hours instead of minutes.
    If a record states a qualifier for the result, it is `stated`, and the qualifiers of the inputs do not count.

    Raises:
        DerivationError: the inputs do not suit the operation.
    """
    operation = OPERATIONS[name]
    if operation.takes_two and len(inputs) != 2:
        raise DerivationError(f"{name} takes two claims, and {format_count(len(inputs), 'is', 'are')} given")
    for given in inputs:
        if given.quantity.qualifier is Qualifier.SEVERAL:
            raise DerivationError(f"'{given.name}' gives a magnitude only; nothing can be computed from it")
    unit, factor = operation.unit(inputs, canonicalise_unit(wanted))
    operation.refuse_inputs(inputs)
    try:
        results = [
            _multiply_by(operation.compute(values, inputs), factor) for values in _list_corners(operation, inputs)
        ]
    except ArithmeticError:
        raise DerivationError(f"{name} divides by zero") from None
    low, high = min(results), max(results)
    for end in (low, high):
        if end and not _SMALLEST <= abs(end) <= _LARGEST:
            problem = "large" if abs(end) > _LARGEST else "small"
            raise DerivationError(f"the {name} is {end:.3g}, which is too {problem} to print; use another unit")
    found = Exactness(stated)
    if stated is Qualifier.EXACT:
        found = find_exactness(name, operation.slopes, inputs, low, high)
    qualifier = found.qualifier
    if found.bound:
        return Quantity(value=low if found.bound < 0 else high, unit=unit, qualifier=qualifier)
    if low == high:
        return Quantity(value=low, unit=unit, qualifier=qualifier)
    return Quantity(low=low, high=high, unit=unit, qualifier=qualifier)


def _multiply_by(value: Decimal, factor: Decimal) -> Decimal:
    """Multiplies without new digits if the factor is a power of ten: 0.25 by 100 is 25, and not 25.00."""
    is_power = factor.normalize().as_tuple().digits == (1,)
    return value.scaleb(factor.adjusted()) if is_power else value * factor


def _list_corners(operation: Operation, inputs: Sequence[Input]) -> list[tuple[Decimal, ...]]:
    """Returns combinations of the ends of ranges, among them those with the least and the greatest result.

    Because n ranges have 2^n combinations, only those are kept for a product that lead to the extremes of the product so far.
    """
    if operation.takes_two or operation.compute is not _multiply:
        ends = [dict.fromkeys((given.low, given.high)) for given in inputs]
        if operation.takes_two:
            return list(itertools.product(*ends))
        # A sum and a mean grow with each input.
        return list(dict.fromkeys((tuple(given.low for given in inputs), tuple(given.high for given in inputs))))
    corners: list[tuple[Decimal, ...]] = [()]
    for given in inputs:
        grown = [(*corner, end) for corner in corners for end in (given.low, given.high)]
        corners = list(dict.fromkeys((min(grown, key=math.prod), max(grown, key=math.prod))))
    return corners


def _require_same_unit(verb: str, inputs: Sequence[Input], cure: str = "") -> str:
    units = list(dict.fromkeys(given.unit for given in inputs))
    if len(units) > 1:
        cure = cure or suggest_conversion(units, without_zero=not _WITHOUT_ZERO.keys().isdisjoint(units))
        raise DerivationError(f"cannot {verb} {' and '.join(units)}{'; ' * bool(cure)}{cure}")
    return units[0]


def _find_sum_unit(inputs: Sequence[Input], _: str) -> tuple[str, Decimal]:
    units = {given.unit for given in inputs}
    if len(units) > 1 and units <= _POINTS.keys():
        return ("percent" if "percent" in units else "percentage-point"), Decimal(1)
    unit = next((given.unit for given in inputs if given.unit in _WITHOUT_ZERO), "")
    if unit and len(inputs) > 1:
        raise DerivationError(
            f"a sum of figures in {unit} has no meaning, because {_WITHOUT_ZERO[unit]}; "
            + (
                "derive their mean"
                if _WITHOUT_ZERO[unit] is _ARBITRARY
                else "state the level of all of them together as a claim"
            )
        )
    return _require_same_unit("add", inputs), Decimal(1)


def _find_difference_unit(inputs: Sequence[Input], wanted: str) -> tuple[str, Decimal]:
    first, second = (given.unit for given in inputs)
    if first != second and first in _POINTS and second in _POINTS and second != "percent":
        return ("percent" if first == "percent" else "percentage-point"), Decimal(1)
    unit = _require_same_unit("subtract", inputs)
    if unit == "percent":
        return ("basis-point", _HUNDRED) if wanted == "basis-point" else ("percentage-point", Decimal(1))
    return unit, Decimal(1)


def _compare(unit: str, *others: str) -> Callable[[Sequence[Input], str], tuple[str, Decimal]]:
    """Makes a function for results in `unit`, or in one of the `others` for which a share is another number."""

    def check(inputs: Sequence[Input], wanted: str) -> tuple[str, Decimal]:
        compared = _require_same_unit("compare", inputs, "'per' divides figures of two units" * (unit == "times"))
        if compared in _WITHOUT_ZERO:
            raise DerivationError(
                f"a ratio of figures in {compared} has no meaning, because {_WITHOUT_ZERO[compared]}; derive their difference, "
                f"or write: from {{{inputs[0].name}}} to {{{inputs[-1].name}}}"
            )
        return (wanted, FRACTIONS[wanted] / FRACTIONS[unit]) if wanted in others else (unit, Decimal(1))

    return check


def _find_quotient_unit(inputs: Sequence[Input], wanted: str) -> tuple[str, Decimal]:
    above, below = (given.unit for given in inputs)
    for divisor in (_make_dimension(below), _make_dimension(below, FRACTIONS)):
        factor = _make_dimension(above).times(divisor, -1).find_factor(wanted)
        if factor is not None and (above != below or "/" in wanted):
            return wanted, factor
    rate = split_quotient(wanted)
    if above == below:
        # 842 people of 6.7 million are 12.5 per 100,000 people.
        if rate is not None and (rate.numerator, rate.denominator) == ("count", below):
            return wanted, rate.amount
        raise DerivationError(
            f"both claims are in {above}; write ratio instead of per, or for a rate a unit such as 'count/1000 {below}'"
        )
    name = find_dimension(above, is_reduced=False).times(find_dimension(below, is_reduced=False), -1).name
    if not name:
        raise DerivationError(f"cannot divide {above} by {below}; if they have a quotient, state its 'unit:'")
    return name, Decimal(1)


def _find_product_unit(inputs: Sequence[Input], wanted: str) -> tuple[str, Decimal]:
    units = [given.unit for given in inputs]
    # 12.5% of 8,000 is 1,000, whether or not the 8,000 have a unit, but 50% of 50% is 25%.
    shares = [unit for unit in units if unit in FRACTIONS]
    is_part = len(shares) < sum(unit not in ("count", "times") for unit in units) or "count" in units
    parts = shares if is_part else shares[:-1]
    others = list(units)
    for unit in parts:
        others.remove(unit)
    share = 1 / math.prod((FRACTIONS[unit] for unit in parts), start=Decimal(1))
    factor = multiply(map(find_dimension, others)).find_factor(wanted)
    if factor is not None:
        return wanted, share * factor
    product = multiply(find_dimension(unit, is_reduced=False) for unit in others)
    name = product.name or find_product(others)
    if not name:
        raise DerivationError(f"cannot multiply {' and '.join(others)}; if they have a product, state its 'unit:'")
    return name, share * make_decimal(product.factor)


def _make_dimension(unit: str, numbers: Mapping[str, Decimal] = MappingProxyType({})) -> Dimension:
    """Returns the dimension of a unit. `numbers` has units that are mere numbers, with how many of each make 1."""
    return Dimension(factor=1 / Fraction(numbers[unit])) if unit in numbers else find_dimension(unit)


def _sum(values: Sequence[Decimal], inputs: Sequence[Input]) -> Decimal:
    return sum(_express_in_points(values, inputs), Decimal(0))


def _subtract(values: Sequence[Decimal], inputs: Sequence[Input]) -> Decimal:
    first, second = _express_in_points(values, inputs)
    return first - second


def _express_in_points(values: Sequence[Decimal], inputs: Sequence[Input]) -> Iterable[Decimal]:
    """Returns the values; percentages and basis points, if both are given, in one unit."""
    if len({given.unit for given in inputs}) == 1:
        return values
    return (value * _POINTS[given.unit] for value, given in zip(values, inputs, strict=True))


def _multiply(values: Sequence[Decimal], _: Sequence[Input]) -> Decimal:
    return math.prod(values, start=Decimal(1))


def _divide(values: Sequence[Decimal], _: Sequence[Input]) -> Decimal:
    return values[0] / values[1]


def _compute_share(values: Sequence[Decimal], _: Sequence[Input]) -> Decimal:
    return _HUNDRED * values[0] / values[1]


def _change(values: Sequence[Decimal], _: Sequence[Input]) -> Decimal:
    return _HUNDRED * (values[1] - values[0]) / values[0]


def _compute_cagr(values: Sequence[Decimal], inputs: Sequence[Input]) -> Decimal:
    years = _count_years(*inputs)
    return _HUNDRED * ((values[1] / values[0]) ** (1 / years) - 1)


def _count_years(first: Input, last: Input) -> Decimal:
    periods = [given.quantity.period for given in (first, last)]
    starts = [period.start.first_month if period else None for period in periods]
    if starts[0] is None or starts[1] is None:
        raise DerivationError(f"cagr needs the periods of '{first.name}' and '{last.name}'")
    if starts[1] <= starts[0]:
        raise DerivationError(f"the period of '{last.name}' is not after that of '{first.name}'")
    return Decimal(starts[1] - starts[0]) / 12


def _refuse_losses(inputs: Sequence[Input]) -> None:
    first, last = inputs
    if first.low > 0 and last.low >= 0:
        return
    if first.low <= 0 <= first.high:
        raise DerivationError(
            f"a percentage change of '{last.name}' from '{first.name}', which is zero, is meaningless"
        )
    below = "first is" if first.low <= 0 else "second is"
    raise DerivationError(
        f"a percentage change from '{first.name}' ({first.high:,f}) to '{last.name}' ({last.high:,f}) is meaningless, "
        f"because the {below} negative; write: {_suggest_wording(first, last)}"
    )


def _suggest_wording(first: Input, last: Input) -> str:
    """Suggests what to print instead of a percentage: a loss and a profit for money, both figures for anything else."""
    if not is_currency(first.unit) or last.low < 0 < last.high:
        return f"from {{{first.name}}} to {{{last.name}}}"
    before, after = (_name_result(given) for given in (first, last))
    return f"from {before} to {after}"


def _name_result(given: Input) -> str:
    return f"a loss of {{{given.name}:abs}}" if given.low < 0 else f"a profit of {{{given.name}}}"


def _refuse_negative_shares(inputs: Sequence[Input]) -> None:
    part, whole = inputs
    if whole.low <= 0 <= whole.high:
        raise DerivationError(f"'{part.name}' cannot be a share of '{whole.name}', which is zero")
    if whole.low < 0:
        raise DerivationError(
            f"'{part.name}' ({part.low:,f}) as a share of '{whole.name}' ({whole.low:,f}) is meaningless, "
            f"because the total is negative; write: {{{part.name}}}, with a total of {{{whole.name}}}"
        )
    if whole.negative_part:
        raise DerivationError(
            f"'{part.name}' as a share of '{whole.name}' is meaningless, because '{whole.negative_part}' within the total is "
            f"negative; write: {{{part.name}}}, with a total of {{{whole.name}}}"
        )


def _refuse_zero_divisor(inputs: Sequence[Input]) -> None:
    divisor = inputs[1]
    if divisor.low <= 0 <= divisor.high:
        zero = "is zero" if divisor.low == divisor.high else "is or may be zero"
        raise DerivationError(f"'{inputs[0].name}' cannot be divided by '{divisor.name}', which {zero}")


def _refuse_not_positive(inputs: Sequence[Input]) -> None:
    for given in inputs:
        if given.low <= 0:
            raise DerivationError(f"a growth rate needs positive figures, and '{given.name}' is {given.low:,f}")


OPERATIONS = {
    "sum": Operation(_find_sum_unit, _sum, slope_of_sum, takes_two=False, is_exact=True),
    "difference": Operation(_find_difference_unit, _subtract, slope_of_difference, is_exact=True),
    "product": Operation(_find_product_unit, _multiply, slope_of_product, takes_two=False),
    "ratio": Operation(_compare("times"), _divide, slope_of_quotient, refuse_inputs=_refuse_zero_divisor),
    "share": Operation(
        _compare("percent", "permille"), _compute_share, slope_of_quotient, refuse_inputs=_refuse_negative_shares
    ),
    "change": Operation(_compare("percent"), _change, slope_of_growth, refuse_inputs=_refuse_losses),
    "per": Operation(_find_quotient_unit, _divide, slope_of_quotient, refuse_inputs=_refuse_zero_divisor),
    "mean": Operation(
        lambda given, _: (_require_same_unit("average", given), Decimal(1)),
        lambda v, _: sum(v, Decimal(0)) / len(v),
        slope_of_sum,
        takes_two=False,
    ),
    "cagr": Operation(_compare("percent"), _compute_cagr, slope_of_growth, refuse_inputs=_refuse_not_positive),
}
