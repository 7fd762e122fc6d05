"""Our own arithmetic on the claims of a source."""

from decimal import Decimal
from typing import Any

import pytest

from brief.model.evidence import Claim, Source
from brief.model.quantity import Derived, Period, Quantity
from brief.model.source_location import LocaleTag, Ref, Sha256, Slug
from brief.model.text import LocalisedText
from brief.resolve import derive

WORDS = LocalisedText(phrases={})


def source(**quantities: Quantity | None) -> Source:
    claims = tuple(Claim(id=Slug(name), says=WORDS, quantity=quantity) for name, quantity in quantities.items())
    return Source(
        id=Slug("s"),
        title=WORDS,
        publisher=WORDS,
        date=Period.parse("2025"),
        language=LocaleTag("en"),
        sha256=Sha256("0" * 64),
        claims=claims,
    )


def value(number: str, unit: str = "count") -> Quantity:
    return Quantity(value=Decimal(number), unit=unit)


def derived(unit: str, **operation: list[str]) -> Quantity:
    refs: dict[str, Any] = {name: tuple(Ref(other) for other in others) for name, others in operation.items()}
    return Quantity(derived=Derived(**refs), unit=unit)


def result(**quantities: Quantity | None) -> Decimal | None:
    """The value of the claim `x`."""
    made = source(**quantities)
    (claim,) = (claim for claim in made.claims if claim.id == "x")
    quantity = derive.derive_quantity(made, claim)
    return quantity.value if quantity else None


@pytest.mark.parametrize(
    ("unit", "operation", "wanted"),
    [
        ("count", {"sum": ["a", "b"]}, "50"),
        ("count", {"sum": ["a", "b", "a"]}, "90"),
        ("times", {"ratio": ["a", "b"]}, "4"),
        ("times", {"ratio": ["b", "a"]}, "0.25"),
        ("percent", {"change": ["a", "b"]}, "-75"),
        ("percent", {"change": ["b", "a"]}, "300"),
        ("percent", {"share": ["b", "a"]}, "25"),
    ],
)
def test_each_operation(unit: str, operation: dict[str, list[str]], wanted: str) -> None:
    assert result(a=value("40"), b=value("10"), x=derived(unit, **operation)) == Decimal(wanted)


def test_a_sum_is_exact_and_a_quotient_rounds_half_up() -> None:
    assert result(a=value("0.1"), b=value("0.2"), x=derived("count", sum=["a", "b"])) == Decimal("0.3")
    assert result(a=value("1"), b=value("80"), x=derived("percent", share=["a", "b"])) == Decimal("1.3")


def test_nothing_is_a_share_of_something_and_what_grew_from_something_may_be_gone() -> None:
    none, some = value("0"), value("80")
    assert result(a=none, b=some, x=derived("percent", share=["a", "b"])) == 0
    assert result(a=none, b=some, x=derived("times", ratio=["a", "b"])) == 0
    assert result(a=some, b=none, x=derived("percent", change=["a", "b"])) == -100


def test_a_result_may_be_computed_from_results() -> None:
    total = derived("CNY", sum=["a", "b"])
    assert result(a=value("6", "CNY"), b=value("4", "CNY"), t=total, x=derived("times", ratio=["t", "b"])) == Decimal(
        "2.5"
    )


def test_what_is_not_derived_stays_as_it_is() -> None:
    assert result(x=value("7")) == 7
    assert result(x=None) is None


def test_the_period_and_the_qualifier_stay() -> None:
    made = source(
        a=value("2"), b=value("1"), x=Quantity(derived=Derived(sum=(Ref("a"), Ref("b"))), period=Period.parse("2024"))
    )
    quantity = derive.derive_quantity(made, made.claims[-1])
    assert quantity is not None
    assert (quantity.value, quantity.period, quantity.derived) == (Decimal(3), Period.parse("2024"), None)


REFUSED = {
    "from itself": (derived("count", sum=["x", "a"]), "computed from itself: x -> x"),
    "in a circle": (derived("count", sum=["y"]), "computed from itself: x -> y -> x"),
    "by zero": (derived("times", ratio=["a", "zero"]), "divides by zero"),
    "zero by zero": (derived("percent", share=["zero", "zero"]), "divides by zero"),
    "change from zero": (derived("percent", change=["zero", "a"]), "divides by zero"),
    "unknown": (derived("count", sum=["a", "nope"]), "no claim 'nope'"),
    "of a range": (derived("count", sum=["a", "range"]), "no single value"),
    "of no figure": (derived("count", sum=["a", "none"]), "has no quantity"),
    "one input": (derived("times", ratio=["a"]), "takes two claims"),
    "three inputs": (derived("times", ratio=["a", "a", "a"]), "takes two claims"),
    "two operations": (derived("count", sum=["a"], ratio=["a", "a"]), "exactly one of"),
    "no operation": (derived("count"), "exactly one of"),
    "mixed units": (derived("CNY", sum=["yuan", "dollars"]), "different units: CNY, USD"),
    "sum of another unit": (derived("USD", sum=["yuan", "yuan"]), "its unit is 'CNY'"),
    "ratio with a unit": (derived("CNY", ratio=["yuan", "yuan"]), "its unit is 'times'"),
    "share in counts": (derived("count", share=["a", "a"]), "its unit is 'percent'"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_computed_says_why(what: str) -> None:
    quantity, reason = REFUSED[what]
    others = {
        "a": value("3"),
        "zero": value("0"),
        "range": Quantity(low=Decimal(1), high=Decimal(2)),
        "none": None,
        "yuan": value("5", "CNY"),
        "dollars": value("5", "USD"),
        "y": derived("count", sum=["x"]),
    }
    with pytest.raises(derive.DerivationError, match=reason):
        result(**others, x=quantity)
