"""Arithmetic with figures in different units of one kind: they are converted exactly, or refused."""

from decimal import Decimal

import pytest

from brief.model.figures.quantity import Quantity
from brief.resolve.evidence import list_evidence
from brief.resolve.figures import derive
from brief.resolve.figures.operands import DerivationError
from tests.resolve.test_derive import make_derived, result, source, value


@pytest.mark.parametrize(
    ("unit", "parts", "wanted"),
    [
        ("km", [("3", "km"), ("500", "m")], "3.5"),
        ("m", [("3", "km"), ("500", "m")], "3500"),
        ("kg", [("2.5", "kg"), ("250", "g")], "2.75"),
        ("MWh", [("1.2", "MWh"), ("350", "kWh")], "1.55"),
        ("kWh", [("1.2", "MWh"), ("350", "kilowatt-hour")], "1550"),
        ("GJ", [("1", "MWh"), ("0.4", "GJ")], "4.0"),
        ("hour", [("2", "hour"), ("15", "min")], "2.25"),
        ("minute", [("2", "h"), ("20", "min")], "140"),
        ("hour", [("2", "hour"), ("20", "minute")], "2.3"),
        ("day", [("2", "week"), ("3", "day")], "17"),
        ("year", [("2", "year"), ("6", "month")], "2.5"),
        ("percent", [("3", "percent"), ("5", "permille")], "3.5"),
        ("permille", [("3", "percent"), ("5", "permille")], "35"),
        ("t", [("1.250", "t"), ("40", "kg")], "1.290"),
        ("ktCO2", [("1.2", "ktCO2"), ("300", "tCO2")], "1.5"),
        ("ha", [("5", "ha"), ("2", "km²")], "205"),
        ("l", [("5", "l"), ("500", "mL")], "5.5"),
        ("GB", [("1.5", "GB"), ("200", "MB")], "1.7"),
        ("km", [("20000", "km"), ("3", "nmi")], "20006"),
        ("kg", [("1", "kg"), ("10", "lb")], "5.5"),
        ("EUR/MWh", [("40", "EUR/MWh"), ("0.05", "EUR/kWh")], "90"),
        ("CNY/km", [("40", "CNY/km"), ("800", "CNY/100 km")], "48"),
        ("m", [("1", "m"), ("2", "m")], "3"),
        ("km", [("1500", "m"), ("2500", "m")], "4.0"),
    ],
)
def test_a_sum_of_units_of_one_kind(unit: str, parts: list[tuple[str, str]], wanted: str) -> None:
    inputs = {f"i{at}": value(*part) for at, part in enumerate(parts)}
    found = result(**inputs, x=make_derived(unit, sum=list(inputs)))
    assert f"{found:f}" == wanted


@pytest.mark.parametrize(
    ("unit", "operation", "parts", "wanted"),
    [
        ("km", "difference", [("3", "km"), ("500", "m")], "2.5"),
        ("km", "mean", [("3", "km"), ("500", "m")], "1.8"),
        ("times", "ratio", [("3.00", "km"), ("500", "m")], "6.0"),
        ("percent", "share", [("500", "kWh"), ("2.00", "MWh")], "25"),
        ("permille", "share", [("5", "g"), ("2", "kg")], "2.5"),
        ("percent", "change", [("800", "kWh"), ("1.2", "MWh")], "50"),
        ("percentage-point", "difference", [("3", "percent"), ("5", "permille")], "2.5"),
        ("times", "ratio", [("7", "ha"), ("9", "km²")], "0.0078"),
        ("times", "ratio", [("3", "hour"), ("90", "minute")], "2"),
        ("minute", "sum", [("1.5", "hour"), ("45", "minute")], "135"),
    ],
)
def test_a_comparison_of_units_of_one_kind(
    unit: str, operation: str, parts: list[tuple[str, str]], wanted: str
) -> None:
    inputs = {f"i{at}": value(*part) for at, part in enumerate(parts)}
    found = result(**inputs, x=make_derived(unit, **{operation: list(inputs)}))
    assert found == Decimal(wanted)


@pytest.mark.parametrize(
    ("unit", "operation", "parts", "reason"),
    [
        ("°C", "sum", [("3", "°C"), ("50", "°F")], "derive their mean"),
        ("°C", "mean", [("3", "°C"), ("50", "°F")], "cannot average °C and °F; state all of them in one unit"),
        ("dB", "sum", [("60", "dB"), ("60", "dB")], "their scale is logarithmic"),
        ("percent", "change", [("60", "dB"), ("66", "dB")], "their scale is logarithmic"),
        (
            "person",
            "sum",
            [("60", "person"), ("66", "thousand-person")],
            "claim in 'person/thousand-person' [(]product",
        ),
        (
            "CNY",
            "sum",
            [("60", "CNY"), ("66", "USD")],
            "cannot add CNY and USD; .* multiply it by a claim in 'CNY/USD'",
        ),
        ("EUR/MWh", "sum", [("60", "EUR/MWh"), ("66", "g/kWh")], "cannot add EUR/MWh and g/kWh$"),
        ("percent", "change", [("-4", "EUR/MWh"), ("6", "EUR/MWh")], "write: from {s/i0} to {s/i1}"),
        ("day", "sum", [("60", "day"), ("2", "month")], "cannot add day and month"),
        ("count", "sum", [("60", "count"), ("2", "times")], "cannot add count and times"),
        ("tCO2", "sum", [("60", "tCO2"), ("2", "tCO2e")], "cannot add tCO2 and tCO2e"),
        ("count", "sum", [("60", "m"), ("2", "km")], "its unit is 'm', and not 'count'"),
    ],
)
def test_units_of_other_kinds_are_refused(unit: str, operation: str, parts: list[tuple[str, str]], reason: str) -> None:
    inputs = {f"i{at}": value(*part) for at, part in enumerate(parts)}
    with pytest.raises(DerivationError, match=reason):
        result(**inputs, x=make_derived(unit, **{operation: list(inputs)}))


def test_a_range_and_a_result_are_converted() -> None:
    found = source(
        a=Quantity(low=Decimal(200), high=Decimal(300), unit="m"),
        b=value("1.5", "km"),
        c=make_derived("km", sum=["b", "a"]),
        x=make_derived("m", sum=["a", "c"]),
    )
    quantity = derive.derive_quantity(found, "s/x")
    assert quantity is not None
    assert (quantity.low, quantity.high, quantity.unit) == (Decimal(1900), Decimal(2100), "m")


def test_a_result_of_a_division_keeps_the_places_of_the_other_figures() -> None:
    assert result(
        a=value("1"),
        b=value("3"),
        c=value("12345", "times"),
        y=make_derived("times", ratio=["a", "b"]),
        x=make_derived("times", sum=["c", "y"]),
    ) == Decimal(12345)


def test_the_ledger_shows_what_was_converted() -> None:
    found = source(a=value("3", "km"), b=value("500", "m"), x=make_derived("km", sum=["a", "b"]))
    (line,) = [line for line in list_evidence(found) if line.name == "s/x"]
    assert line.formula == "sum of a, b (500 m = 0.5 km) = 3.5 km"
