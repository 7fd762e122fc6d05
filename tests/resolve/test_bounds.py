"""Computed figures are as exact as they are said to be: compared with results for possible values of the inputs, by brute force."""

import itertools
import math
import os
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from brief.model.figures.quantity import Period, Qualifier, Quantity
from brief.resolve.figures.arithmetic import apply_operation
from brief.resolve.figures.operands import DerivationError, Input
from brief.resolve.figures.rounding import round_quantity

EXAMPLES = int(os.environ.get("BRIEF_BOUND_EXAMPLES", "150"))
_SMALL, _LARGE = Fraction(1, 10**9), Fraction(10**7)
_ROUNDING = Fraction(1, 10**18)
_OPEN = {Qualifier.OVER, Qualifier.AT_LEAST, Qualifier.UNDER, Qualifier.UP_TO, Qualifier.NEARLY}
_ABOVE = {Qualifier.OVER, Qualifier.AT_LEAST}
_CLOSED = {Qualifier.AT_LEAST, Qualifier.UP_TO}

COMPUTE: dict[str, Callable[[Sequence[Fraction]], Fraction]] = {
    "sum": lambda values: sum(values, Fraction(0)),
    "difference": lambda values: values[0] - values[1],
    "product": lambda values: math.prod(values, start=Fraction(1)),
    "ratio": lambda values: values[0] / values[1],
    "share": lambda values: 100 * values[0] / values[1],
    "change": lambda values: 100 * (values[1] - values[0]) / values[0],
    "per": lambda values: values[0] / values[1],
    "mean": lambda values: sum(values, Fraction(0)) / len(values),
    # From 2020 to 2021 the yearly rate is the change.
    "cagr": lambda values: 100 * (values[1] - values[0]) / values[0],
}


def list_possible(quantity: Quantity) -> list[Fraction]:
    """Values that a figure may have: those between its ends and, if it is open, some near and some far beyond."""
    ends = [Fraction(end) for end in (quantity.value, quantity.low, quantity.high) if end is not None]
    low, high, qualifier = min(ends), max(ends), quantity.qualifier
    found = {low, high, (low + high) / 2} | ({Fraction(0)} if low < 0 < high else set())
    if qualifier not in _OPEN:
        is_of_either_sign = qualifier is Qualifier.ABOUT and 0 in (low, high)
        return sorted(found | ({-_SMALL, _SMALL} if is_of_either_sign else set()))
    if qualifier not in _CLOSED and low == high:
        found = set()
    is_above = qualifier in _ABOVE or (qualifier is Qualifier.NEARLY and high < 0)
    end = high if is_above else low
    beyond = {end + step * (1 if is_above else -1) for step in (_SMALL, Fraction(1), _LARGE)}
    # A figure has the sign that it is written with.
    if end and (end < 0) is is_above:
        beyond = {end * (1 - _SMALL), end / 2, end * _SMALL}
    return sorted(found | beyond)


def is_possible(result: Fraction, quantity: Quantity) -> bool:
    """Returns whether a reader who is told the quantity expects the result to be possible."""
    ends = [Fraction(end) for end in (quantity.value, quantity.low, quantity.high) if end is not None]
    slack = max(abs(end) for end in ends) * _ROUNDING
    low, high = min(ends) - slack, max(ends) + slack
    match quantity.qualifier:
        case Qualifier.OVER:
            return result > low and result != Fraction(ends[0])
        case Qualifier.AT_LEAST:
            return result >= low
        case Qualifier.UNDER:
            return result < high and result != Fraction(ends[0])
        case Qualifier.NEARLY:
            return result < high if ends[0] > 0 else result > low
        case Qualifier.UP_TO:
            return result <= high
        case _:
            return low <= result <= high


def list_results(name: str, quantities: Sequence[Quantity]) -> list[Fraction]:
    return [COMPUTE[name](values) for values in itertools.product(*map(list_possible, quantities))]


@st.composite
def draw_quantities(draw: st.DrawFn) -> Quantity:
    number = st.builds(
        lambda value, power: Decimal(value).scaleb(power), st.integers(-30, 30), st.sampled_from((-1, 0, 1))
    )
    first, second = draw(number), draw(number)
    qualifier = draw(st.sampled_from([each for each in Qualifier if each is not Qualifier.SEVERAL]))
    if draw(st.integers(0, 3)) == 0 and first != second:
        ranged = qualifier if qualifier is Qualifier.ABOUT else Qualifier.EXACT
        return Quantity(low=min(first, second), high=max(first, second), qualifier=ranged)
    return Quantity(value=first, qualifier=qualifier)


def compute(name: str, quantities: Sequence[Quantity]) -> Quantity:
    units = {"product": ("km", "count"), "per": ("km", "count")}.get(name, ("count", "count"))
    inputs = [
        Input(
            f"s/{at}",
            Quantity(
                value=each.value,
                low=each.low,
                high=each.high,
                qualifier=each.qualifier,
                unit=units[min(at, 1)],
                period=Period.parse(str(2020 + at)),
            ),
        )
        for at, each in enumerate(quantities)
    ]
    return apply_operation(name, inputs)


@pytest.mark.parametrize("name", COMPUTE)
@settings(max_examples=EXAMPLES)
@given(st.lists(draw_quantities(), min_size=2, max_size=3))
@example(
    [Quantity(value=Decimal(-20), qualifier=Qualifier.UNDER), Quantity(value=Decimal(200), qualifier=Qualifier.OVER)]
)
@example(
    [Quantity(value=Decimal(5), qualifier=Qualifier.AT_LEAST), Quantity(value=Decimal(7), qualifier=Qualifier.UP_TO)]
)
@example([Quantity(value=Decimal(5), qualifier=Qualifier.OVER), Quantity(low=Decimal(-1), high=Decimal(2))])
@example([Quantity(value=Decimal(5), qualifier=Qualifier.OVER), Quantity(value=Decimal(0))])
@example([Quantity(value=Decimal(5), qualifier=Qualifier.OVER), Quantity(low=Decimal(0), high=Decimal(2))])
def test_a_result_includes_all_that_is_possible(name: str, quantities: list[Quantity]) -> None:
    quantities = quantities if name in ("sum", "product", "mean") else quantities[:2]
    is_vague = any(each.qualifier is Qualifier.ABOUT for each in quantities)
    try:
        found = compute(name, quantities)
    except DerivationError as problem:
        if "nothing bounds" not in str(problem):
            return
        ends = [(each.low or Decimal(0), each.high or Decimal(0)) for each in quantities if each.value is None]
        if any(low <= 0 <= high for low, high in ends) or any(each.value == 0 for each in quantities):
            return  # A figure that may be zero may or may not undo that another is open.
        results = list_results(name, quantities)
        exact = [Quantity(value=each.value, low=each.low, high=each.high) for each in quantities]
        nominal = list_results(name, exact)
        is_above, is_below = max(results) > max(nominal), min(results) < min(nominal)
        assert (is_above and is_below) or (is_vague and (is_above or is_below))
        return
    if is_vague and any(0 in (each.value, each.low, each.high) for each in quantities):
        return
    assert all(is_possible(result, found) for result in list_results(name, quantities)), found
    assert not is_vague or found.qualifier in (Qualifier.ABOUT, Qualifier.EXACT)


@pytest.mark.parametrize(
    ("name", "inputs", "wanted"),
    [
        ("difference", ("under -20", "over 200"), "under -220"),
        ("difference", ("over 50", "up-to 20"), "over 30"),
        ("sum", ("nearly 50", "nearly 20"), "nearly 70"),
        ("sum", ("nearly 50", "exact -20"), "under 30"),
        ("difference", ("nearly 200", "exact 190"), "under 10"),
        ("product", ("over 5", "exact -3"), "under -15"),
        ("product", ("at-least 5", "at-least 3"), "at-least 15"),
        ("product", ("over 5", "exact 0"), "exact 0"),
        ("ratio", ("exact 100", "under 20"), "over 5"),
        ("ratio", ("exact -100", "under 20"), "under -5"),
        ("ratio", ("under -20", "exact 4"), "under -5"),
        ("change", ("at-least 100", "exact 50"), "up-to -50"),
        ("change", ("exact 100", "exact 0"), "exact -100"),
        ("change", ("over 100", "exact 0"), "exact -100"),
        ("mean", ("up-to 4", "exact 6"), "up-to 5"),
        ("share", ("exact -12", "exact 100"), "exact -12"),
        ("share", ("about 12", "exact 100"), "about 12"),
    ],
)
def test_bounds(name: str, inputs: tuple[str, ...], wanted: str) -> None:
    def read(written: str) -> Quantity:
        qualifier, number = written.split()
        return Quantity(value=Decimal(number), qualifier=Qualifier(qualifier))

    found = compute(name, [read(each) for each in inputs])
    assert (found.qualifier, found.value) == (read(wanted).qualifier, read(wanted).value)


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [
        ("sum", Qualifier.AT_LEAST, Qualifier.UP_TO),
        ("sum", Qualifier.OVER, Qualifier.UNDER),
        ("sum", Qualifier.ABOUT, Qualifier.OVER),
        ("difference", Qualifier.OVER, Qualifier.OVER),
        ("product", Qualifier.OVER, Qualifier.NEARLY),
        ("ratio", Qualifier.AT_LEAST, Qualifier.AT_LEAST),
        ("share", Qualifier.UP_TO, Qualifier.UP_TO),
        ("change", Qualifier.OVER, Qualifier.OVER),
        ("per", Qualifier.UNDER, Qualifier.UNDER),
        ("mean", Qualifier.OVER, Qualifier.UP_TO),
        ("cagr", Qualifier.OVER, Qualifier.OVER),
    ],
)
def test_what_nothing_bounds_is_refused_with_both_names(name: str, first: Qualifier, second: Qualifier) -> None:
    inputs = [Quantity(value=Decimal(5), qualifier=first), Quantity(value=Decimal(7), qualifier=second)]
    with pytest.raises(
        DerivationError, match=rf"nothing bounds the {name} of 's/0' \({first} 5\) and 's/1' \({second} 7\)"
    ):
        compute(name, inputs)


def test_rounding_keeps_what_nearly_means_on_both_sides_of_zero() -> None:
    loss = Quantity(value=Decimal("-19.96"), qualifier=Qualifier.NEARLY)
    gain = Quantity(value=Decimal("19.92"), qualifier=Qualifier.NEARLY)
    assert round_quantity(loss, 3).value == Decimal("-20.0")
    assert round_quantity(gain, 3).value == Decimal("20.0")
