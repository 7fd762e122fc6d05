"""A range that a figure rests on in two ways is the same range in both: a total less a part of it is the rest."""

import itertools
import math
import os
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_derive import brief, make_derived, value

from brief.model.figures.quantity import Quantity
from brief.resolve.figures import derive
from brief.resolve.figures.operands import DerivationError

EXAMPLES = int(os.environ.get("BRIEF_BOUND_EXAMPLES", "150"))


def between(low: str, high: str, unit: str = "EUR") -> Quantity:
    return Quantity(low=Decimal(low), high=Decimal(high), unit=unit)


def find_ends(**quantities: Quantity) -> list[Decimal]:
    """The value of the claim `x`, or the ends of its range."""
    found = derive.derive_fully(brief(s=quantities), "s/x")
    assert found is not None
    return [end for end in (found.value, found.low, found.high) if end is not None]


TOTAL = make_derived("EUR", sum=["part", "other"])
PART = {"part": between("10", "20"), "other": value("30", "EUR"), "total": TOTAL}
LARGER = {"second": between("5", "6"), "larger": make_derived("EUR", sum=["part", "other", "second"])}


@pytest.mark.parametrize(
    ("quantities", "wanted"),
    [
        ({**PART, "x": make_derived("EUR", difference=["total", "part"])}, ["30"]),
        ({**PART, "x": make_derived("EUR", difference=["part", "part"])}, ["0"]),
        ({**PART, "x": make_derived("percent", share=["part", "total"])}, ["25", "40"]),
        ({**PART, "x": make_derived("percent", share=["other", "total"])}, ["60", "75"]),
        ({**PART, "x": make_derived("times", ratio=["total", "part"])}, ["2.5", "4"]),
        ({**PART, "x": make_derived("times", ratio=["part", "part"])}, ["1"]),
        ({**PART, **LARGER, "x": make_derived("percent", change=["total", "larger"])}, ["10", "15"]),
        ({**PART, **LARGER, "x": make_derived("EUR", difference=["larger", "total"])}, ["5", "6"]),
        ({**PART, **LARGER, "x": make_derived("EUR", mean=["larger", "total"])}, ["42.5", "53"]),
        # Where a range is not shared, its ends are as independent as before.
        ({**PART, **LARGER, "x": make_derived("EUR", difference=["part", "second"])}, ["4", "15"]),
        # The difference of the rest is the same, one step further.
        (
            {
                **PART,
                "rest": make_derived("EUR", difference=["total", "part"]),
                "x": make_derived("percent", share=["rest", "total"]),
            },
            ["60", "75"],
        ),
        # In another unit.
        (
            {
                "part": between("10", "20", "km"),
                "other": value("30000", "m"),
                "total": make_derived("m", sum=["part", "other"]),
                "x": make_derived("km", difference=["total", "part"]),
            },
            ["30"],
        ),
    ],
)
def test_a_range_that_occurs_twice_is_the_same(quantities: Mapping[str, Quantity], wanted: list[str]) -> None:
    assert find_ends(**quantities) == [Decimal(each) for each in wanted]


def test_many_shared_ranges_take_a_moment() -> None:
    months = {f"m{at}": between(str(at), str(at + 1)) for at in range(1, 13)}
    first, second = list(months)[:6], list(months)[6:]
    found = find_ends(
        **months,
        first=make_derived("EUR", sum=first),
        year=make_derived("EUR", sum=[*first, *second]),
        x=make_derived("percent", share=["first", "year"]),
    )
    assert found == [Decimal(25), Decimal("32.1428571429")]


def test_what_rises_and_falls_with_a_range_remains_as_wide_as_arithmetic_makes_it() -> None:
    """a (3 − a) is greatest within the range of a, and not at one of its ends."""
    shares = {
        "a": between("0.5", "2", "count"),
        "three": value("3"),
        "rest": make_derived("count", difference=["three", "a"]),
    }
    assert find_ends(**shares, x=make_derived("count", product=["a", "rest"])) == [Decimal("0.5"), Decimal(5)]


OPERATIONS: dict[str, Callable[[Sequence[Fraction]], Fraction]] = {
    "sum": lambda values: sum(values, Fraction(0)),
    "difference": lambda values: values[0] - values[1],
    "product": lambda values: math.prod(values, start=Fraction(1)),
    "mean": lambda values: sum(values, Fraction(0)) / len(values),
    "ratio": lambda values: values[0] / values[1],
    "share": lambda values: 100 * values[0] / values[1],
    "change": lambda values: 100 * (values[1] - values[0]) / values[0],
}
RANGES = ("a", "b")


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_a_result_has_all_that_is_possible_and_no_more(data: st.DataObject) -> None:
    number = st.integers(-20, 40)
    ends = {
        name: sorted(data.draw(st.tuples(number, number).filter(lambda pair: pair[0] != pair[1]))) for name in RANGES
    }
    fixed = data.draw(st.integers(1, 50))
    quantities = {name: between(str(low), str(high), "count") for name, (low, high) in ends.items()}
    quantities["c"] = value(str(fixed))
    steps: list[tuple[str, str, list[str]]] = []
    for at in range(data.draw(st.integers(1, 3))):
        names = [*quantities]
        steps.append(
            (
                f"d{at}",
                data.draw(st.sampled_from(("sum", "difference", "product", "mean"))),
                data.draw(st.lists(st.sampled_from(names), min_size=2, max_size=2)),
            )
        )
        quantities[f"d{at}"] = make_derived("count", **{steps[-1][1]: steps[-1][2]})
    last = data.draw(st.sampled_from(list(OPERATIONS)))
    inputs = data.draw(st.lists(st.sampled_from([*quantities]), min_size=2, max_size=2))
    unit = {"ratio": "times", "share": "percent", "change": "percent"}.get(last, "count")
    quantities["x"] = make_derived(unit, **{last: inputs})
    try:
        found = find_ends(**quantities)
    except DerivationError:
        return
    possible: list[Fraction] = []
    grid = {name: [Fraction(low * (7 - at) + high * at, 7) for at in range(8)] for name, (low, high) in ends.items()}
    for point in itertools.product(*grid.values()):
        values = dict(zip(RANGES, point, strict=True)) | {"c": Fraction(fixed)}
        for name, operation, operands in [*steps, ("x", last, inputs)]:
            values[name] = OPERATIONS[operation]([values[each] for each in operands])
        possible.append(values["x"])
    # Results are rounded to twelve digits.
    slack = max(map(abs, possible)) / 10**11
    low, high = Fraction(min(found)), Fraction(max(found))
    assert low - slack <= min(possible)
    assert max(possible) <= high + slack
