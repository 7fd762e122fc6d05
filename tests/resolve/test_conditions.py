"""Conditions on keys and figures: each comparison has one meaning, or is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brief.resolve.datasets.conditions import ConditionError, meets, sort_keys

MET = [
    ("2026-03", "2026-03"),
    ("2026-03", ">= 2026-01"),
    ("2026-Q1", ">= 2025"),
    ("2025-12", "<= 2025"),
    ("2025-01", ">= 2025"),
    ("2026-01-31", "<= 2026-01"),
    ("2026-01", "> 2025"),
    ("10", "> 9"),
    ("9", "< 10"),
    ("-3", "< 2"),
    ("07", "!= 7"),
    ("beta", "> alpha"),
    (Decimal("0.5"), ">= .5"),
    (Decimal(1000), ">= 1e3"),
]
NOT_MET = [
    ("7", ">= 10"),
    ("2025-12", ">= 2026-01"),
    ("07", "7"),
    (None, ">= 0"),
    (Decimal(9), "> 9"),
    ("2024", ">= 2025-01"),
    ("2025-01", "> 2025"),
    ("2025-Q4", "< 2025"),
    ("2026-01-01", "> 2026-01"),
]
REFUSED = [
    ("total", ">= 2025"),
    ("2025", "< total"),
    ("2026-03", "> 2026-Q1"),
    ("route-07", "> 7"),
    (Decimal(5), ">= much"),
    (None, "much"),
]


@pytest.mark.parametrize(("held", "condition"), MET)
def test_a_value_meets(held: str | Decimal | None, condition: str) -> None:
    assert meets(held, condition)


@pytest.mark.parametrize(("held", "condition"), NOT_MET)
def test_a_value_does_not_meet(held: str | Decimal | None, condition: str) -> None:
    assert not meets(held, condition)


@pytest.mark.parametrize(("held", "condition"), REFUSED)
def test_a_comparison_without_meaning_is_refused(held: str | Decimal | None, condition: str) -> None:
    with pytest.raises(ConditionError) as refusal:
        meets(held, condition)
    assert refusal.value.hint


@given(held=st.integers(), wanted=st.integers())
def test_numbers_are_ordered_as_numbers(held: int, wanted: int) -> None:
    assert meets(str(held), f"> {wanted}") == (held > wanted)
    assert meets(str(held), f"<= {wanted}") == (held <= wanted)


@given(numbers=st.lists(st.integers(), unique=True))
def test_keys_that_are_numbers_are_sorted_as_numbers(numbers: list[int]) -> None:
    assert sort_keys(map(str, numbers)) == [str(number) for number in sorted(numbers)]


def test_other_keys_are_sorted_as_texts_with_their_numbers() -> None:
    assert sort_keys(["total", "10", "9"]) == ["9", "10", "total"]
    assert sort_keys(["route-12", "route-7", "2026-W10", "2026-W9"]) == ["2026-W9", "2026-W10", "route-7", "route-12"]
    assert meets("route-12", "> route-7")


@pytest.mark.parametrize("value", ["31.12.2025", "12/2025", "Q4 2025", "4Q 2025", "31/12/25", "December 2025"])
def test_dates_that_do_not_begin_with_the_year_are_not_ordered(value: str) -> None:
    """As a text, 31.12.2025 is after 01.03.2026."""
    other = value.replace("2025", "2026").replace("/25", "/26")
    with pytest.raises(ConditionError, match="year is not first"):
        sort_keys([value, other])
    with pytest.raises(ConditionError):
        meets(value, f">= {other}")
    assert meets(value, f"= {value}")
