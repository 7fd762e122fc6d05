"""Every unit in every locale, with every kind of value and every option: no exception, and the same value read back.

The reader here knows the signs of numbers of each language from its grammar books, and nothing of the code that prints.
"""

import itertools
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from babel import Locale
from catalogues import packaged

from brief.model.catalogue import Catalogue
from brief.model.quantity import Qualifier, Quantity
from brief.model.units import PRINTED_SYMBOLS, SYMBOLS, UNITS
from brief.resolve import quantities, units
from brief.resolve.rounding import round_quantity

# The sign between thousands and the decimal sign.
SIGNS = {
    **dict.fromkeys(("en", "zh-Hans", "zh-Hant", "zh-Hant-HK", "ja", "ko"), (",", ".")),
    **dict.fromkeys(("de", "es"), (".", ",")),
    **dict.fromkeys(("fr",), ("\u202f", ",")),
    **dict.fromkeys(("pl", "ru"), ("\u00a0", ",")),
}
LOCALES = tuple(SIGNS)
SCALES = {
    "million": 6, "millions": 6, "billion": 9, "trillion": 12, "Million": 6, "Millionen": 6, "Milliarde": 9,
    "Milliarden": 9, "milliard": 9, "milliards": 9, "万": 4, "亿": 8, "万亿": 12, "萬": 4, "億": 8, "兆": 12, "萬億": 12,
    "만": 4, "억": 8, "조": 12,
}  # fmt: skip
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
    found = packaged(locale)
    return Catalogue(locale, {**found.messages, **scales})


def strip_unit_numbers(text: str) -> str:
    """The text without the numbers that are part of the name of a unit: 100 km, CO2, 1e9."""
    return re.sub(r"(?<=/)100|100(?= ?[kKcqк킬公千])|CO2|1e9", "", text)


def read_back(text: str, locale: str) -> list[Decimal]:
    """The numbers of a text as a reader of the language reads them; a scale after the second end of a range is of both."""
    group, point = (re.escape(sign) for sign in SIGNS[locale])
    # No word goes on after a scale, and 兆 before the name of a unit is the unit's own: 兆瓦 is a megawatt.
    ends = {**dict.fromkeys(SCALES, ""), "兆": "(?![瓦赫字位焦帕歐欧伏像比元升])"}
    ends |= dict.fromkeys(filter(str.isascii, SCALES), "(?![a-z])")
    scale = "|".join(f"{word}{ends[word]}" for word in sorted(SCALES, key=len, reverse=True))
    number = re.compile(rf"(−)?([0-9]{{1,3}}(?:{group}[0-9]{{3}})+|[0-9]+)({point}[0-9]+)?(?:[ \u00a0]?({scale}))?")
    found = []
    for sign, whole, part, word in number.findall(strip_unit_numbers(text)):
        digits = Decimal(re.sub(r"\D", "", whole) + "." + (part[1:] or "0"))
        found.append((-digits if sign else digits, SCALES.get(word, 0), word))
    if len(found) > 1 and not found[0][2] and found[1][2] and "–" in text:
        found[0] = (found[0][0], found[1][1], found[1][2])
    return [digits.scaleb(power) if power else digits for digits, power, _ in found]


def cases(locale: str) -> Iterator[tuple[str, Quantity]]:
    """Every unit with every value and range, the qualifiers in turn."""
    turn = itertools.cycle(LOOSE)
    for unit in units_of(locale):
        for value in VALUES:
            yield unit, Quantity(value=Decimal(value), unit=unit, qualifier=next(turn))
        for low, high in RANGES:
            yield unit, Quantity(low=Decimal(low), high=Decimal(high), unit=unit, qualifier=next(turn))


def agrees(text: str, quantity: Quantity, locale: str) -> bool:
    text = strip_unit_numbers(text)
    wanted = [quantity.value] if quantity.value is not None else [quantity.low, quantity.high]
    printed = read_back(text, locale)[: len(wanted)]
    if quantity.value is not None and "−" in text and printed:
        # The sign may stand before the currency: −US$5.
        printed = [-abs(printed[0])]
    elif "−" in text and len(printed) == 2:
        # A minus before the first end's currency; no other sign stands so early.
        head, second = text[: text.index(re.search(r"[0-9]", text)[0])], wanted[1]  # type: ignore[index]
        signs = [-1 if "−" in head else 1, -1 if second is not None and second < 0 else 1]
        printed = [abs(number) * sign for number, sign in zip(printed, signs, strict=True)]
        if text.count("−") != sum(end is not None and end < 0 for end in wanted):
            return False
    return printed == wanted


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
        if not agrees(printed, quantity, locale) or "{" in printed or "-" in re.sub(r"(?<=\w)-(?=\w)", "", printed):
            wrong.append((unit, str(quantity.value), str(quantity.low), str(quantity.high), option, printed))
    assert count > 6000
    assert not wrong, (len(wrong), wrong[:40])


@pytest.mark.parametrize("locale", LOCALES)
def test_a_unit_without_words_is_unknown(locale: str) -> None:
    without = CLDR_UNITS.keys() - set(units_of(locale)) - set(UNITS)
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
