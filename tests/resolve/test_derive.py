"""Our own arithmetic on claims and dataset cells."""

import itertools
import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from brief.model.access import DEFAULT_CLEARANCES, Clearance
from brief.model.brief import Audience, Brief, Glossary, Settings
from brief.model.evidence import Claim, Source
from brief.model.figures.quantity import Derived, Period, Qualifier, Quantity
from brief.model.source_location import DecimalPlaces, LocaleTag, Ref, Sha256, Slug
from brief.model.text import LocalisedText
from brief.resolve.figures import derive
from brief.resolve.figures.operands import DerivationError
from brief.resolve.figures.rounding import choose_mean_precision
from brief.resolve.select import select

WORDS = LocalisedText(phrases={})


def source(**quantities: Quantity | None) -> Brief:
    return brief(s=quantities)


def brief(**sources: Mapping[str, Quantity | None]) -> Brief:
    made = {name: _source(name, quantities) for name, quantities in sources.items()}
    settings = Settings(
        id=Slug("b"),
        title=WORDS,
        publisher=WORDS,
        date=date(2026, 1, 1),
        locales=(),
        source_locale=LocaleTag("en"),
        themes=(),
        audiences=(),
    )
    return Brief(settings=settings, themes={}, audiences={}, sources=made, glossary=Glossary(), catalogues={})


def _source(source_id: str, quantities: Mapping[str, Quantity | None]) -> Source:
    claims = tuple(Claim(id=Slug(name), says=WORDS, quantity=quantity) for name, quantity in quantities.items())
    return Source(
        id=Slug(source_id),
        title=WORDS,
        publisher=WORDS,
        date=Period.parse("2025"),
        language=LocaleTag("en"),
        sha256=Sha256("0" * 64),
        claims=claims,
    )


def value(number: str, unit: str = "count") -> Quantity:
    return Quantity(value=Decimal(number), unit=unit)


def make_derived(unit: str, **operation: list[str]) -> Quantity:
    refs: dict[str, Any] = {name: tuple(Ref(other) for other in others) for name, others in operation.items()}
    return Quantity(derived=Derived(**refs), unit=unit)


def result(**quantities: Quantity | None) -> Decimal | None:
    """The value of the claim `x`."""
    quantity = derive.derive_quantity(source(**quantities), "s/x")
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
    assert result(a=value("40"), b=value("10"), x=make_derived(unit, **operation)) == Decimal(wanted)


@pytest.mark.parametrize(
    ("unit", "amounts", "wanted"),
    [
        ("count/100000 person", ("1240", "83456000"), "1.49"),
        ("count/person", ("1240", "83456000"), "0.0000149"),
        # A rate that is too small to print for one person.
        ("count/100000 person", ("5", "83000000"), "0.0060"),
    ],
)
def test_a_quotient_may_be_for_an_amount(unit: str, amounts: tuple[str, str], wanted: str) -> None:
    cases, people = value(amounts[0]), value(amounts[1], "person")
    assert str(result(a=cases, b=people, x=make_derived(unit, per=["a", "b"]))) == wanted


@pytest.mark.parametrize(
    ("parts", "unit", "wanted"),
    [
        ([("12.5", "percent"), ("8000", "EUR")], "EUR", "1000"),
        ([("5.00", "permille"), ("8000", "count")], "count", "40"),
        ([("25.0", "bp"), ("1250000", "EUR")], "EUR", "3130"),
        ([("50", "percent"), ("50", "percent"), ("8000", "count")], "count", "2.0E+3"),
        ([("50", "percent"), ("50", "percent")], "percent", "25"),
    ],
)
def test_a_share_of_something_is_a_part_of_it(parts: list[tuple[str, str]], unit: str, wanted: str) -> None:
    inputs = {f"i{at}": value(*part) for at, part in enumerate(parts)}
    found = result(**inputs, x=make_derived(unit, product=list(inputs)))
    assert found == Decimal(wanted)


def test_a_sum_is_exact_and_a_quotient_rounds_half_up() -> None:
    assert result(a=value("0.1"), b=value("0.2"), x=make_derived("count", sum=["a", "b"])) == Decimal("0.3")
    assert result(a=value("1"), b=value("80"), x=make_derived("percent", share=["a", "b"])) == Decimal("1.3")


def test_a_result_has_the_digits_of_the_least_exact_input_and_two_at_least() -> None:
    share = make_derived("percent", share=["a", "b"])
    assert str(result(a=value("2.00"), b=value("3.000"), x=share)) == "66.7"
    assert str(result(a=value("2"), b=value("3"), x=share)) == "67"
    assert str(result(a=value("2_000".replace("_", "")), b=value("3001"), x=share)) == "67"
    assert str(result(a=value("1234567"), b=value("7654321"), x=share)) == "16.12902"
    assert str(result(a=value("234"), b=value("4000"), x=make_derived("count", product=["a", "b"]))) == "9.4E+5"


@pytest.mark.parametrize(
    ("unit", "operation", "parts", "wanted"),
    [
        # Twelve months are twelve, however many digits a price has.
        ("EUR", "product", [("14.85", "EUR"), ("12", "count")], "178.20"),
        ("EUR", "product", [("14.85", "EUR/month"), ("12", "month")], "178.20"),
        ("EUR", "per", [("178.20", "EUR"), ("12", "count")], "14.85"),
        ("count", "product", [("1234", "count"), ("5678", "count")], "7006652"),
        ("person/year", "per", [("842", "person"), ("3", "year")], "281"),
        ("percent", "change", [("100", "count"), ("118.3", "count")], "18.3"),
        # What may have been rounded limits the result.
        ("EUR", "product", [("14.85", "EUR"), ("1500", "count")], "2.2E+4"),
        ("EUR", "product", [("14.85", "EUR/kWh"), ("12", "kWh")], "1.8E+2"),
    ],
)
def test_a_count_that_nobody_rounded_is_exact(
    unit: str, operation: str, parts: list[tuple[str, str]], wanted: str
) -> None:
    inputs = {f"i{at}": value(*part) for at, part in enumerate(parts)}
    assert str(result(**inputs, x=make_derived(unit, **{operation: list(inputs)}))) == wanted


def test_an_approximate_or_computed_count_is_not_exact() -> None:
    about = Quantity(value=Decimal(12), qualifier=Qualifier.ABOUT)
    price = value("14.85", "EUR")
    assert str(result(a=price, b=about, x=make_derived("EUR", product=["a", "b"]))) == "1.8E+2"
    mean = make_derived("count", mean=["c", "d"])
    found = result(a=price, b=mean, c=value("12"), d=value("13"), x=make_derived("EUR", product=["a", "b"]))
    assert str(found) == "1.9E+2"


def test_a_mean_keeps_the_decimals_that_all_have() -> None:
    mean = make_derived("°C", mean=["a", "b", "c"])
    assert str(result(a=value("0.4", "°C"), b=value("20.3", "°C"), c=value("20.35", "°C"), x=mean)) == "13.7"


@pytest.mark.parametrize(
    ("unit", "operation", "parts", "wanted"),
    [
        ("EUR/GB", "per", [("15.0", "EUR/month"), ("20.0", "GB/month")], "0.750"),
        ("EUR", "per", [("783.14", "CNY"), ("7.8314", "CNY/EUR")], "100.00"),
        ("USD/EUR", "product", [("7.80", "CNY/EUR"), ("0.140", "USD/CNY")], "1.09"),
        ("EUR/100 km", "product", [("18.0", "kWh/100 km"), ("0.350", "EUR/kWh")], "6.30"),
        ("km/h", "per", [("120.0", "km"), ("90.0", "minute")], "80.0"),
        ("km", "product", [("80.0", "km/h"), ("1.50", "hour")], "120"),
        ("kWh", "product", [("50.0", "kW"), ("3.00", "hour")], "150"),
        ("MW", "per", [("438.0", "GWh"), ("8760.0", "hour")], "50.00"),
        ("km", "per", [("30.0", "pkm"), ("2.00", "person")], "15.0"),
        ("person", "product", [("250.0", "person/km²"), ("2.00", "km²")], "500"),
        ("m", "per", [("18.0", "m³"), ("2.00", "m²")], "9.00"),
        ("t/ha", "per", [("6300", "kg"), ("1.00", "ha")], "6.3"),
        ("l/100 km", "per", [("30.0", "l"), ("400.0", "km")], "7.50"),
        ("count/1000 person", "per", [("842", "person"), ("6712345", "person")], "0.125"),
        ("person/1000 person", "per", [("842", "person"), ("6712345", "person")], "0.125"),
        ("permille", "share", [("842", "person"), ("6712345", "person")], "0.125"),
        ("EUR", "per", [("20.0", "EUR"), ("12.5", "percent")], "160"),
        ("percent/year", "per", [("12.5", "percent"), ("5", "year")], "2.50"),
        ("basis-point", "difference", [("3.75", "percent"), ("3.5", "percent")], "25"),
        ("percent", "sum", [("3.75", "percent"), ("25", "basis-point")], "4.00"),
        ("percent", "difference", [("3.75", "percent"), ("0.5", "percentage-point")], "3.25"),
        ("percentage-point", "sum", [("0.5", "percentage-point"), ("25", "basis-point")], "0.75"),
    ],
)
def test_units_cancel(unit: str, operation: str, parts: list[tuple[str, str]], wanted: str) -> None:
    inputs = {f"i{at}": value(*part) for at, part in enumerate(parts)}
    assert result(**inputs, x=make_derived(unit, **{operation: list(inputs)})) == Decimal(wanted)


@pytest.mark.parametrize(
    ("unit", "operation", "parts", "reason"),
    [
        ("EUR/GB", "per", [("15", "EUR/month"), ("20", "GB/day")], "cannot divide EUR/month by GB/day"),
        ("kWh", "product", [("50", "kW"), ("3", "month")], "cannot multiply kW and month"),
        ("EUR", "per", [("783", "CNY"), ("7.8", "CNY/USD")], "its unit is 'USD', and not 'EUR'"),
        ("times", "per", [("7", "person"), ("9", "person")], "such as 'count/1000 person'"),
        ("percent", "difference", [("0.5", "percentage-point"), ("3", "percent")], "cannot subtract"),
    ],
)
def test_units_that_do_not_cancel_are_refused(
    unit: str, operation: str, parts: list[tuple[str, str]], reason: str
) -> None:
    inputs = {f"i{at}": value(*part) for at, part in enumerate(parts)}
    with pytest.raises(DerivationError, match=reason):
        result(**inputs, x=make_derived(unit, **{operation: list(inputs)}))


def test_zeros_that_a_figure_prints_count_as_digits() -> None:
    """A workbook stores 90.0 as 90; the decimals of its column say that it is known to a tenth."""
    mean = make_derived("count", mean=["a", "b", "c"])
    tenths = replace(value("90"), decimals=DecimalPlaces(1))
    assert str(result(a=value("84.5"), b=tenths, c=value("7.25"), x=mean)) == "60.6"
    assert str(result(a=value("84.5"), b=value("90"), c=value("7.25"), x=mean)) == "61"


def test_digits_on_a_result_take_precedence() -> None:
    share = replace(make_derived("percent", share=["a", "b"]), digits=4)
    assert str(result(a=value("2"), b=value("3"), x=share)) == "66.67"


def test_a_full_result_keeps_what_was_rounded_away() -> None:
    made = source(a=value("2"), b=value("3"), x=make_derived("percent", share=["a", "b"]))
    quantity = derive.derive_fully(made, "s/x")
    assert quantity is not None
    assert quantity.value == Decimal("66.6666666667")


@pytest.mark.parametrize(
    ("unit", "operation", "wanted"),
    [
        ("CNY/km", {"per": ["cost", "way"]}, "0.50"),
        ("CNY", {"product": ["price", "way"]}, "12"),
        ("kWh", {"product": ["use", "way"]}, "6"),
        ("CNY", {"product": ["rate", "cost"]}, "0.50"),
        ("percentage-point", {"difference": ["rate", "lower"]}, "1.5"),
        ("CNY", {"difference": ["cost", "less"]}, "-10"),
        ("CNY", {"mean": ["cost", "less"]}, "25"),
        ("percent", {"cagr": ["before", "after"]}, "10"),
    ],
)
def test_units_are_carried(unit: str, operation: dict[str, list[str]], wanted: str) -> None:
    inputs = {
        "cost": value("20", "CNY"),
        "less": value("30", "CNY"),
        "way": value("40", "km"),
        "price": value("0.30", "CNY/km"),
        "use": value("15", "kWh/100 km"),
        "rate": value("2.5", "percent"),
        "lower": value("1.0", "percent"),
        "before": Quantity(value=Decimal("100"), period=Period.parse("2023")),
        "after": Quantity(value=Decimal("121"), period=Period.parse("2025")),
    }
    assert result(**inputs, x=make_derived(unit, **operation)) == Decimal(wanted)


QUALIFIED = [
    ({"sum": ["over", "exact"]}, "count", Qualifier.OVER),
    ({"sum": ["over", "over"]}, "count", Qualifier.OVER),
    ({"sum": ["over", "at-least", "exact"]}, "count", Qualifier.OVER),
    ({"sum": ["nearly", "up-to"]}, "count", Qualifier.UNDER),
    ({"difference": ["at-least", "under"]}, "count", Qualifier.OVER),
    ({"ratio": ["up-to", "over"]}, "times", Qualifier.UNDER),
    ({"difference": ["exact", "over"]}, "count", Qualifier.UNDER),
    ({"ratio": ["exact", "over"]}, "times", Qualifier.UNDER),
    ({"share": ["over", "exact"]}, "percent", Qualifier.OVER),
    ({"change": ["over", "exact"]}, "percent", Qualifier.UNDER),
    ({"change": ["exact", "nearly"]}, "percent", Qualifier.UNDER),
    ({"sum": ["exact", "exact"]}, "count", Qualifier.EXACT),
]


@pytest.mark.parametrize(("operation", "unit", "wanted"), QUALIFIED)
def test_qualifiers_pass_through(operation: dict[str, list[str]], unit: str, wanted: Qualifier) -> None:
    inputs = {q.value: Quantity(value=Decimal(12), qualifier=q) for q in Qualifier if q is not Qualifier.SEVERAL}
    made = source(**inputs, x=make_derived(unit, **operation))
    quantity = derive.derive_quantity(made, "s/x")
    assert quantity is not None
    assert quantity.qualifier is wanted


@pytest.mark.parametrize(
    ("operation", "wanted"),
    [
        ({"per": ["cost", "way"]}, "0.5 CNY/km"),
        ({"share": ["cost", "less"]}, "67 percent"),
        ({"sum": ["cost", "less"]}, "50 CNY"),
        ({"change": ["less", "cost"]}, "-33 percent"),
        ({"difference": ["rate", "lower"]}, "1.5 percentage-point"),
        ({"product": ["price", "way"]}, "12 CNY"),
        ({"ratio": ["less", "cost"]}, "1.5 times"),
        ({"mean": ["rate", "lower"]}, "1.8 percent"),
        ({"product": ["power", "time"]}, "120 kWh"),
        ({"product": ["time", "power"]}, "120 kWh"),
        ({"product": ["power", "time", "plants"]}, "1.20E+3 kWh"),
        ({"product": ["rate", "power", "time"]}, "3.0 kWh"),
        ({"product": ["way", "way"]}, "1600 km2"),
        ({"product": ["load", "way"]}, "1.0E+3 tkm"),
    ],
)
def test_a_computed_figure_without_a_unit_has_that_of_its_inputs(operation: dict[str, list[str]], wanted: str) -> None:
    inputs = {
        "cost": value("20", "CNY"),
        "less": value("30", "CNY"),
        "way": value("40", "km"),
        "price": value("0.30", "CNY/km"),
        "rate": value("2.5", "percent"),
        "lower": value("1.0", "percent"),
        "power": value("5.00", "kW"),
        "time": value("24.0", "hour"),
        "plants": value("10"),
        "load": value("25.0", "tonne"),
    }
    computed = replace(make_derived("", **operation), unit=Quantity().unit)
    made = source(**inputs, x=computed)
    quantity = derive.derive_quantity(made, "s/x")
    assert quantity is not None
    assert f"{quantity.value} {quantity.unit}" == wanted
    assert derive.find_unit(made, "s/x") == wanted.partition(" ")[2]


def test_whole_digits_that_rounding_hides_are_marked() -> None:
    """1.2 GW for 8,760 hours are 10,512 GWh, which prints as 11,000."""
    power, time = value("1.2", "GW"), value("8760", "hour")
    product = make_derived("GWh", product=["a", "b"])
    quantity = derive.derive_quantity(source(a=power, b=time, x=product), "s/x")
    assert quantity is not None
    assert (quantity.value, quantity.qualifier) == (Decimal(11000), Qualifier.ABOUT)
    share = derive.derive_quantity(
        source(a=value("2"), b=value("3"), x=make_derived("percent", share=["a", "b"])), "s/x"
    )
    assert share is not None
    assert share.qualifier is Qualifier.EXACT


def test_a_loss_has_a_share_of_what_it_is_no_part_of() -> None:
    loss, revenue = value("-12.0", "EUR"), value("96.0", "EUR")
    assert result(a=loss, b=revenue, x=make_derived("percent", share=["a", "b"])) == Decimal("-12.5")


def test_a_stated_qualifier_replaces_what_nothing_bounds() -> None:
    over, under = (Quantity(value=Decimal(12), qualifier=each) for each in (Qualifier.OVER, Qualifier.UNDER))
    total = replace(make_derived("count", sum=["a", "b"]), qualifier=Qualifier.ABOUT)
    quantity = derive.derive_quantity(source(a=over, b=under, x=total), "s/x")
    assert quantity is not None
    assert (quantity.value, quantity.qualifier) == (Decimal(24), Qualifier.ABOUT)


def test_a_range_makes_a_range() -> None:
    span = Quantity(low=Decimal(10), high=Decimal(20))
    made = source(
        a=value("40"), r=span, x=make_derived("times", ratio=["a", "r"]), y=make_derived("count", sum=["a", "r"])
    )
    ratio, total = (derive.derive_quantity(made, name) for name in ("s/x", "s/y"))
    assert ratio is not None
    assert total is not None
    assert (ratio.low, ratio.high, ratio.value) == (Decimal(2), Decimal(4), None)
    assert (total.low, total.high) == (Decimal(50), Decimal(60))


def test_rounding_keeps_a_bound_true() -> None:
    share = make_derived("percent", share=["a", "b"])
    assert result(a=value("2"), b=value("3"), x=replace(share, qualifier=Qualifier.OVER)) == 66
    assert result(a=value("2"), b=value("3"), x=replace(share, qualifier=Qualifier.NEARLY)) == 67


@pytest.mark.parametrize(("digits", "wanted"), [(1, Qualifier.ABOUT), (2, Qualifier.EXACT), (3, Qualifier.EXACT)])
def test_rounding_that_changes_a_result_by_much_is_marked(digits: int, wanted: Qualifier) -> None:
    """32.1% that prints as 30% because one digit is asked for is about 30%."""
    share = replace(make_derived("percent", share=["a", "b"]), digits=digits)
    quantity = derive.derive_quantity(source(a=value("412"), b=value("1284"), x=share), "s/x")
    assert quantity is not None
    assert quantity.qualifier is wanted


@pytest.mark.parametrize(
    ("values", "unit", "decimals"),
    [
        (["12", "13"], "count", 1),
        (["12.25", "13"], "count", 2),
        (["12", "13"], "EUR", 2),
        (["1000", "2000", "4000"], "count", 1),
        (["250000", "300000"], "EUR", 2),
        # In millions, from a CSV file and from a workbook.
        (["125050E+4", "-325E+4", "0"], "EUR", -4),
        (["1250500000", "-3250000"], "EUR", -4),
        (["12E+6", "13E+6"], "EUR", -5),
        (["1250500000", "-3250001"], "EUR", 2),
    ],
)
def test_the_decimals_of_a_mean(values: list[str], unit: str, decimals: int) -> None:
    assert choose_mean_precision(map(Decimal, values), unit) == decimals


def test_derivations_with_zero() -> None:
    none, some = value("0"), value("80")
    assert result(a=none, b=some, x=make_derived("percent", share=["a", "b"])) == 0
    assert result(a=none, b=some, x=make_derived("times", ratio=["a", "b"])) == 0
    assert result(a=some, b=none, x=make_derived("percent", change=["a", "b"])) == -100


def test_a_result_may_be_computed_from_results() -> None:
    total = make_derived("CNY", sum=["a", "b"])
    assert result(
        a=value("6", "CNY"), b=value("4", "CNY"), t=total, x=make_derived("times", ratio=["t", "b"])
    ) == Decimal("2.5")


def test_what_is_not_derived_stays_as_it_is() -> None:
    assert result(x=value("7")) == 7
    assert result(x=None) is None


def test_the_period_and_the_qualifier_stay() -> None:
    made = source(
        a=value("2"), b=value("1"), x=Quantity(derived=Derived(sum=(Ref("a"), Ref("b"))), period=Period.parse("2024"))
    )
    quantity = derive.derive_quantity(made, "s/x")
    assert quantity is not None
    assert (quantity.value, quantity.period, quantity.derived) == (Decimal(3), Period.parse("2024"), None)


REFUSED = {
    "from itself": (make_derived("count", sum=["x", "a"]), "computed from itself: s/x -> s/x"),
    "in a circle": (make_derived("count", sum=["y"]), "computed from itself: s/x -> s/y -> s/x"),
    "by zero": (make_derived("times", ratio=["a", "zero"]), "cannot be divided by"),
    "zero by zero": (make_derived("percent", share=["zero", "zero"]), "a share of 's/zero', which is zero"),
    "change from zero": (make_derived("percent", change=["zero", "a"]), "from 's/zero', which is zero"),
    "unknown": (make_derived("count", sum=["a", "nope"]), "no claim 'nope'"),
    "of a magnitude": (make_derived("count", sum=["a", "dozens"]), "'s/dozens' gives a magnitude only"),
    "of a date": (make_derived("count", sum=["a", "date"]), "'s/date' has no number"),
    "of no figure": (make_derived("count", sum=["a", "none"]), "has no quantity"),
    "one input": (make_derived("times", ratio=["a"]), "takes two claims"),
    "three inputs": (make_derived("times", ratio=["a", "a", "a"]), "takes two claims"),
    "two operations": (make_derived("count", sum=["a"], ratio=["a", "a"]), "exactly one of"),
    "no operation": (make_derived("count"), "exactly one of"),
    "mixed units": (make_derived("CNY", sum=["yuan", "dollars"]), "cannot add CNY and USD"),
    "sum of another unit": (make_derived("USD", sum=["yuan", "yuan"]), "its unit is 'CNY'"),
    "ratio with a unit": (make_derived("CNY", ratio=["yuan", "yuan"]), "its unit is 'times'"),
    "change from a loss": (
        make_derived("percent", change=["loss", "yuan"]),
        r"from 's/loss' \(-50\) to 's/yuan' \(5\) .*from a loss of \{s/loss:abs\} to a profit of \{s/yuan\}",
    ),
    "change from a loss to a loss": (make_derived("percent", change=["loss", "loss"]), r"to a loss of \{s/loss:abs\}"),
    "change to a loss": (
        make_derived("percent", change=["yuan", "loss"]),
        r"second is negative; write: from a profit of \{s/yuan\} to a loss of \{s/loss:abs\}",
    ),
    "change from frost": (
        make_derived("percent", change=["frost", "warm"]),
        r"zero is arbitrary; derive their difference, or write: from \{s/frost\} to \{s/warm\}",
    ),
    "share of a total with a loss": (
        make_derived("percent", share=["yuan", "total"]),
        r"'s/yuan' as a share of 's/total' .* because 's/loss' within .* write: \{s/yuan\}, with a total of \{s/total\}",
    ),
    "too small": (make_derived("count/km", per=["a", "far"]), "the per is 3.*e-15, which is too small"),
    "quotient for an amount of another unit": (make_derived("CNY/100 km", per=["energy", "km"]), "its unit is 'kWh/km'"),
    "too large": (make_derived("CNY", product=["much", "yuan"]), "the product is 5e[+]15, which is too large"),
    "share of a loss": (make_derived("percent", share=["yuan", "loss"]), "'s/yuan' .* share of 's/loss' .* meaningless"),
    "a part as a share of a total with a loss": (make_derived("percent", share=["loss", "total"]), "'s/loss' within the total"),
    "a rest that is smaller than what is left open": (
        make_derived("count", difference=["roughly", "precisely"]),
        "smaller than what 'about' of 's/roughly' leaves open",
    ),
    "two bounds on both sides": (make_derived("count", sum=["least", "most"]), r"nothing bounds .* 's/least' \(at-least 5\) and 's/most' \(up-to 7\)"),
    "a limit of a loss": (make_derived("count", sum=["fall", "a"]), r"'s/fall' is over -20, .* state the amount \(20\)"),
    "ratio to a range about zero": (make_derived("times", ratio=["a", "range-over-zero"]), "which is or may be zero"),
    "growth rate of a loss": (make_derived("percent", cagr=["loss", "yuan"]), "'s/loss' is -50"),
    "growth rate without dates": (make_derived("percent", cagr=["yuan", "yuan"]), "needs the periods"),
    "growth rate within a year": (make_derived("percent", cagr=["early", "early"]), "is not after"),
    "money and energy": (make_derived("CNY", sum=["yuan", "energy"]), "cannot add CNY and kWh"),
    "difference of units": (make_derived("CNY", difference=["yuan", "energy"]), "cannot subtract CNY and kWh"),
    "product of units": (make_derived("CNY", product=["yuan", "energy"]), "cannot multiply CNY and kWh"),
    "quotient of one unit": (make_derived("times", per=["yuan", "yuan"]), "write ratio"),
    "quotient in another unit": (make_derived("USD/km", per=["yuan", "km"]), "its unit is 'CNY/km', and not 'USD/km'"),
    "share in counts": (make_derived("count", share=["a", "a"]), "its unit is 'percent'"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_errors_state_the_reason(what: str) -> None:
    quantity, reason = REFUSED[what]
    others = {
        "a": value("3"),
        "zero": value("0"),
        "dozens": Quantity(value=Decimal(10), qualifier=Qualifier.SEVERAL),
        "date": Quantity(period=Period.parse("2025")),
        "roughly": Quantity(value=Decimal(1_000_000), qualifier=Qualifier.ABOUT),
        "precisely": value("999999.99"),
        "least": Quantity(value=Decimal(5), qualifier=Qualifier.AT_LEAST),
        "most": Quantity(value=Decimal(7), qualifier=Qualifier.UP_TO),
        "fall": Quantity(value=Decimal(-20), qualifier=Qualifier.OVER),
        "loss": value("-50", "CNY"),
        "range-over-zero": Quantity(low=Decimal(-1), high=Decimal(2)),
        "km": value("5", "km"),
        "energy": value("5", "kWh"),
        "early": Quantity(value=Decimal(4), period=Period.parse("2020")),
        "none": None,
        "yuan": value("5", "CNY"),
        "dollars": value("5", "USD"),
        "y": make_derived("count", sum=["x"]),
        "frost": value("-5", "°C"),
        "warm": value("3", "°C"),
        "much": value("1e15"),
        "far": value("1e15", "km"),
        "total": make_derived("CNY", sum=["yuan", "loss", "gain"]),
        "gain": value("500", "CNY"),
    }
    with pytest.raises(DerivationError, match=reason):
        result(**others, x=quantity)


def test_inputs_come_from_any_source() -> None:
    made = brief(
        s={"x": make_derived("CNY/km", per=["cost", "roads/length"]), "cost": value("20", "CNY")},
        roads={"length": value("40", "km")},
    )
    quantity = derive.derive_quantity(made, "s/x")
    assert quantity is not None
    assert quantity.value == Decimal("0.50")
    assert derive.list_sources(made, "s/x") == ("s", "roads")


def test_a_circle_through_sources_is_named_once_with_its_chain() -> None:
    made = brief(
        s={"x": make_derived("count", sum=["other/y"]), "after": make_derived("count", sum=["x"])},
        other={"y": make_derived("count", sum=["s/x"])},
    )
    found = {}
    for name in made.claims:
        with pytest.raises(DerivationError) as caught:
            derive.compute_quantity(made, name)
        found[name] = caught.value
    assert str(found["s/x"]) == "'s/x' is computed from itself: s/x -> other/y -> s/x"
    assert {problem.claim for problem in found.values()} == {"s/x"}


def test_a_chain_of_thousands_is_worked_out() -> None:
    chain = {f"c{n}": make_derived("count", sum=[f"c{n - 1}", "c0"]) for n in range(1, 5000)}
    made = brief(s={**chain, "c0": value("1")})
    assert derive.compute_quantity(made, "s/c4999").quantity.value == 5000


def test_a_sum_with_an_approximate_figure_keeps_no_digit_beyond_its_last() -> None:
    rough = Quantity(value=Decimal("42e6"), qualifier=Qualifier.ABOUT)
    made = source(a=rough, b=value("3456789"), x=make_derived("count", sum=["a", "b"]))
    quantity = derive.derive_quantity(made, "s/x")
    assert quantity is not None
    assert (quantity.value, quantity.qualifier) == (Decimal("45e6"), Qualifier.ABOUT)


def make_brief_on_hidden(quantity: Quantity) -> Brief:
    """A brief in which `x` rests on `hidden`, which only those inside may see."""
    made = source(hidden=value("3"), b=value("4"), x=quantity)
    (own,) = made.sources.values()
    hidden, *rest = own.claims
    claims = (replace(hidden, clearance=Clearance.INTERNAL), *rest)
    audiences = {
        str(level): Audience(id=Slug(level.name.lower()), title=WORDS, clearance=level, themes=(), formats=())
        for level in DEFAULT_CLEARANCES
    }
    return replace(made, sources={"s": replace(own, claims=claims)}, audiences=audiences)


def test_what_rests_on_a_withheld_claim_is_withheld_too() -> None:
    made = make_brief_on_hidden(make_derived("count", sum=["hidden", "b"]))
    seen = {level: select(made, str(level)) for level in DEFAULT_CLEARANCES}
    assert [level for level, cut in seen.items() if "s/x" in cut.claims] == [Clearance.INTERNAL]


def test_a_reason_discloses_the_result_and_nothing_of_its_inputs() -> None:
    quantity = make_derived("count", sum=["hidden", "b"])
    assert quantity.derived is not None
    reason = replace(quantity.derived, disclose="The board published the sum.")
    seen = select(make_brief_on_hidden(replace(quantity, derived=reason)), str(Clearance.PUBLIC))
    assert set(seen.claims) == {"s/b", "s/x"}
    result = derive.derive_quantity(seen, "s/x")
    assert result is not None
    assert result.value == 7
    assert "hidden" not in repr(seen)
    assert "board" not in repr(seen)
    assert derive.derive_quantity(select(seen, str(Clearance.PUBLIC)), "s/x") == result


def test_ranges_are_added_and_multiplied_without_trying_every_combination() -> None:
    ranges = {f"r{at}": Quantity(low=Decimal(-at), high=Decimal(at + 1)) for at in range(1, 40)}
    few = dict(list(ranges.items())[:6])
    found = source(
        **ranges,
        total=make_derived("count", sum=list(ranges)),
        mean=make_derived("count", mean=list(few)),
        product=make_derived("count", product=list(few)),
    )
    total, mean, product = (
        derive.compute_quantity(found, f"s/{name}").quantity for name in ("total", "mean", "product")
    )
    assert (total.low, total.high) == (Decimal(-sum(range(1, 40))), Decimal(sum(range(2, 41))))
    assert (mean.low, mean.high) == (Decimal("-3.5"), Decimal("4.5"))
    # The largest product has an even number of negative factors, the least an odd one.
    ends = [math.prod(corner) for corner in itertools.product(*((-at, at + 1) for at in range(1, 7)))]
    assert (product.low, product.high) == (Decimal(min(ends)), Decimal(max(ends)))


@pytest.mark.parametrize(
    ("qualifier", "wanted"), [(Qualifier.AT_LEAST, Qualifier.UP_TO), (Qualifier.UP_TO, Qualifier.AT_LEAST)]
)
def test_what_is_subtracted_turns_at_least_into_up_to(qualifier: Qualifier, wanted: Qualifier) -> None:
    found = source(
        a=value("100"),
        b=replace(value("60"), qualifier=qualifier),
        total=make_derived("count", sum=["a", "b"]),
        rest=make_derived("count", difference=["a", "b"]),
    )
    total, rest = (derive.derive_quantity(found, f"s/{name}") for name in ("total", "rest"))
    assert total is not None
    assert (total.value, total.qualifier) == (Decimal(160), qualifier)
    assert rest is not None
    assert (rest.value, rest.qualifier) == (Decimal(40), wanted)


@pytest.mark.parametrize("unit", ["°C", "℃", "celsius", "temperature-celsius", "fahrenheit"])
def test_temperatures_have_no_sum(unit: str) -> None:
    found = source(a=value("10", unit), b=value("12", unit), x=make_derived(unit, sum=["a", "b"]))
    with pytest.raises(DerivationError, match="derive their mean"):
        derive.derive_quantity(found, "s/x")
    found = source(a=value("10", unit), b=value("12", unit), x=make_derived(unit, mean=["a", "b"]))
    mean = derive.derive_quantity(found, "s/x")
    assert mean is not None
    assert mean.value == Decimal(11)


@pytest.mark.parametrize("operation", ["ratio", "share", "change"])
def test_temperatures_have_no_ratio(operation: str) -> None:
    unit = "times" if operation == "ratio" else "percent"
    found = source(a=value("10", "°C"), b=value("12", "°C"), x=make_derived(unit, **{operation: ["a", "b"]}))
    with pytest.raises(DerivationError, match="derive their difference"):
        derive.derive_quantity(found, "s/x")


def test_a_percentage_of_a_number_is_a_number() -> None:
    found = source(a=value("8000"), b=value("12.5", "percent"), x=make_derived("count", product=["a", "b"]))
    assert derive.compute_quantity(found, "s/x").quantity.value == Decimal(1000)
