"""Every unit in every locale, with every kind of value and every option: no exception, and the same value read back."""

import itertools
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from babel import Locale
from catalogues import load_packaged_catalogue
from figure_reader import SIGNS, agrees, read_back

from brief.model.catalogue import Catalogue
from brief.model.figures.quantity import Qualifier, Quantity
from brief.model.figures.units import PRINTED_SYMBOLS, SYMBOLS, UNITS
from brief.resolve.figures import quantities, units
from brief.resolve.figures.rounding import round_quantity

LOCALES = tuple(SIGNS)
# Scales of languages whose catalogues a project brings; other languages here count in English.
BROUGHT: dict[str, dict[str, tuple[str, ...]]] = {
    "de": {"1e6": ("{n} Million", "{n} Millionen"), "1e9": ("{n} Milliarde", "{n} Milliarden")},
    "fr": {"1e6": ("{n} million", "{n} millions", "{n} millions"), "1e9": ("{n} milliard", "{n} milliards", "{n} milliards")},
    "ja": {"1e4": ("{n}万",), "1e8": ("{n}億",), "1e12": ("{n}兆",)},
    "ko": {"1e4": ("{n}만",), "1e8": ("{n}억",), "1e12": ("{n}조",)},
}  # fmt: skip
CURRENCIES = ("CNY", "USD", "EUR", "TWD", "JPY", "GBP", "HKD", "KRW", "CHF", "INR", "KWD", "BRL")
QUOTIENTS = ("CNY/km", "USD/kWh", "kWh/100 km", "people/km2", "EUR/MWh", "t/ha", "CNY/person", "JPY/kWh", "USD/t")
VALUES = ("0", "1", "2", "1.5", "-3", "-1.5", "1e4", "1e8", "-1e8", "12345678", "1e-3", "-1e-3", "87.50")
RANGES = (("1", "2"), ("1.5", "2.5"), ("-5", "-2"), ("-2", "3"), ("0", "1e4"), ("1e4", "1e8"), ("1e6", "2.5e6"))
LOOSE = tuple(qualifier for qualifier in Qualifier if qualifier is not Qualifier.SEVERAL)


def cldr_patterns(locale: str) -> Any:
    # English without a region is international English.
    return Locale.parse("en_001" if locale == "en" else locale.replace("-", "_"))._data["unit_patterns"]


CLDR_UNITS = {name.partition("-")[2]: name for name in cldr_patterns("en")}


def is_worded(forms: dict[str, str]) -> bool:
    """Whether there is a pattern for many, with the number as a word of its own: a decade is {0}0年 in Chinese."""
    return bool(forms.get("other")) and not re.search(r"\}[0-9]", forms["other"])


def units_of(locale: str) -> tuple[str, ...]:
    """Every unit; of those in CLDR the ones that have words in the locale."""
    patterns = cldr_patterns(locale)
    worded = [
        unit
        for unit, name in CLDR_UNITS.items()
        if any(is_worded(patterns.get(name, {}).get(length, {})) for length in ("short", "long"))
    ]
    return (*UNITS, *SYMBOLS, *sorted(PRINTED_SYMBOLS), *worded, *CURRENCIES, *QUOTIENTS)


def catalogue(locale: str) -> Catalogue:
    scales = {f"scale\x04{key}": forms for key, forms in BROUGHT.get(locale, {}).items()}
    found = load_packaged_catalogue(locale)
    return Catalogue(locale, {**found.messages, **scales})


def cases(locale: str) -> Iterator[tuple[str, Quantity]]:
    """Every unit with every value and range, the qualifiers in turn."""
    turn = itertools.cycle(LOOSE)
    for unit in units_of(locale):
        for value in VALUES:
            yield unit, Quantity(value=Decimal(value), unit=unit, qualifier=next(turn))
        for low, high in RANGES:
            yield unit, Quantity(low=Decimal(low), high=Decimal(high), unit=unit, qualifier=next(turn))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_figure_reads_back(locale: str) -> None:
    words = catalogue(locale)
    wrong, count = [], 0
    for number, (unit, quantity) in enumerate(cases(locale)):
        option = number % 4
        printed = quantities.format_quantity(
            quantity,
            words,
            bare=option == 1,
            is_full=option == 2,
            decimals=4 if option == 3 and quantity.value is not None else None,
        )
        count += 1
        if (
            not agrees(printed, quantity, locale)
            or "{" in printed
            or "-" in re.sub(r"(?<=\w)-(?=\w| bis )", "", printed)
        ):
            wrong.append((unit, str(quantity.value), str(quantity.low), str(quantity.high), option, printed))
    assert count >= 6000
    assert not wrong, (len(wrong), wrong[:40])


@pytest.mark.parametrize("locale", LOCALES)
def test_a_unit_without_words_is_unknown(locale: str) -> None:
    # Which is a name of our unit 'age'.
    without = CLDR_UNITS.keys() - set(units_of(locale)) - set(UNITS) - {"year-person"}
    assert "month-person" in without
    assert len(without) < 10
    assert not [unit for unit in without if units.is_known(unit, catalogue(locale))]
    assert all(units.is_known(unit, catalogue(locale)) for unit in units_of(locale))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_rounded_figure_is_near(locale: str) -> None:
    words = catalogue(locale)
    for unit in ("count", "USD", "percent", "kWh", "CNY/km"):
        for value in ("1234567", "-98765.4321", "0.00123456", "99999999", "123456789012.123456789"):
            for digits in range(1, 8):
                rounded = round_quantity(Quantity(value=Decimal(value), unit=unit), digits)
                (printed, *_) = read_back(quantities.format_quantity(rounded, words), locale)
                assert abs(abs(printed) - abs(Decimal(value))) <= Decimal(5).scaleb(Decimal(value).adjusted() - digits)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_figure_of_29_digits_keeps_them_all(locale: str) -> None:
    value = "999999999999999.12345678901234"
    for unit in ("count", "USD", "kg"):
        for decimals in (None, 20):
            text = quantities.format_quantity(
                Quantity(value=Decimal(value), unit=unit), catalogue(locale), decimals=decimals
            )
            assert read_back(text, locale)[:1] == [Decimal(value)]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_magnitude_of_every_unit_has_words(locale: str) -> None:
    for unit in units_of(locale):
        for power in range(13):
            several = Quantity(value=Decimal(10) ** power, unit=unit, qualifier=Qualifier.SEVERAL)
            assert quantities.format_quantity(several, catalogue(locale))
