"""Quantities in words, by the rules of each locale.

Digits, grouping and plurals are Babel's (CLDR). What CLDR lacks or gets wrong is here: the myriad scales (99,999,999
is 1亿, never 10000万), the currency words of Chinese, ranges, and "about" and its kin. The words themselves stand in the
message catalogues, under the contexts `scale`, `currency`, `unit`, `several` and `quantity`.
"""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

import babel.numbers
from babel import Locale
from babel.numbers import format_decimal, get_currency_name

from brief.model.catalogue import Catalogue
from brief.model.locale import babel_identifier, primary_language
from brief.model.quantity import Qualifier, Quantity

# Beyond two decimals a scaled number is no easier to read than the full one.
DECIMALS = 2
# From a million on a figure is rounded, and to as many digits in every language: no two editions print different ones.
_ROUNDED_FROM = 1_000_000
_SIGNIFICANT = 5
# Languages that name the scale, and the percent sign, at both ends of a range (GB/T 15835-2011, 5.1.3): 5亿至12亿.
_SCALE_AT_BOTH_ENDS = ("ja", "ko", "zh")

# English; other catalogues list the scales that their language counts in.
_ENGLISH_SCALES = {"1e6": "{n} million", "1e9": "{n} billion", "1e12": "{n} trillion"}
_SCALES = ("1e3", "1e4", "1e5", "1e6", "1e7", "1e8", "1e9", "1e12")
_ENGLISH_CURRENCIES = {
    "CNY": "RMB {n}",
    "EUR": "€{n}",
    "GBP": "£{n}",
    "HKD": "HK${n}",
    "JPY": "¥{n}",
    "TWD": "NT${n}",
    "USD": "US${n}",
}
_ENGLISH_SEVERAL = {
    "1e0": "several",
    "1e1": "dozens",
    "1e2": "hundreds",
    "1e3": "thousands",
    "1e4": "tens of thousands",
    "1e5": "hundreds of thousands",
    "1e6": "millions",
    "1e7": "tens of millions",
    "1e8": "hundreds of millions",
    "1e9": "billions",
    "1e10": "tens of billions",
    "1e11": "hundreds of billions",
    "1e12": "trillions",
}
_QUALIFIED = {
    Qualifier.ABOUT: "about {n}",
    Qualifier.OVER: "more than {n}",
    Qualifier.UNDER: "less than {n}",
    Qualifier.NEARLY: "nearly {n}",
    Qualifier.UP_TO: "up to {n}",
}
_UNITS = {
    "percent": ("{n}%", "{n}%"),
    "times": ("{n} times", "{n} times"),
    "second": ("{n} second", "{n} seconds"),
    "minute": ("{n} minute", "{n} minutes"),
    "hour": ("{n} hour", "{n} hours"),
    "day": ("{n} day", "{n} days"),
    "week": ("{n} week", "{n} weeks"),
    "month": ("{n} month", "{n} months"),
    "year": ("{n} year", "{n} years"),
    "fps": ("{n} fps", "{n} fps"),
    "line": ("{n}p", "{n}p"),
    "P": ("{n}P", "{n}P"),
}


@dataclass(frozen=True, slots=True)
class NumberScale:
    """A power of ten that a language counts in, and the pattern that names it: `{n}亿`."""

    factor: Decimal
    pattern: str


_UNSCALED = NumberScale(Decimal(1), "{n}")


def format_quantity(quantity: Quantity, catalogue: Catalogue, *, bare: bool = False) -> str:
    """The quantity as the locale writes it; without "about" and its kin where `bare`.

    The quantity must hold a value or a range (see `brief.resolve.derive`).
    """
    if quantity.qualifier is Qualifier.SEVERAL and quantity.value is not None:
        return _format_several(quantity.value, quantity.unit, catalogue)
    text = _append_unit(quantity, catalogue)
    return text if bare else apply_qualifier(quantity.qualifier, text, catalogue)


def apply_qualifier(qualifier: Qualifier, text: str, catalogue: Catalogue) -> str:
    """The text with "about" or its kin, as the qualifier asks."""
    pattern = _QUALIFIED.get(qualifier)
    return catalogue.get(pattern, "quantity").format(n=text) if pattern else text


def format_number(value: Decimal, scale: NumberScale, catalogue: Catalogue) -> str:
    """The bare number in the given scale, rounded and grouped: `2.5`."""
    return _format_digits(_round_value(value / scale.factor), catalogue.locale)


def choose_scale(values: list[Decimal], catalogue: Catalogue) -> NumberScale:
    """The one scale that suits all the values, as the axis of a chart needs it."""
    return _choose_scale(max((abs(value) for value in values), default=Decimal(0)), catalogue)


def unit_label(unit: str, scale: NumberScale, catalogue: Catalogue) -> str:
    """What every value is counted in, for an axis or a table head: `US$ billion`, `亿美元`; empty for bare counts."""
    scale_word = scale.pattern.replace("{n}", "").strip()
    if is_currency(unit):
        pattern = _currency_pattern(unit, catalogue)
        glue = " " if pattern.endswith("{n}") and scale_word else ""
        return pattern.replace("{n}", glue + scale_word).strip()
    if unit == "count":
        return scale_word
    return _format_unit(unit, scale_word, 2, catalogue).strip()


def _append_unit(quantity: Quantity, catalogue: Catalogue) -> str:
    if quantity.low is not None and quantity.high is not None:
        largest = _round_as_printed(quantity.high)
        amount = _format_range(_round_as_printed(quantity.low), largest, quantity.unit, catalogue)
    elif quantity.value is not None:
        largest = _round_as_printed(quantity.value)
        amount = _format_amount(largest, quantity.unit, _exact_scale([largest], catalogue), catalogue)
    else:
        raise ValueError("a quantity without a number has no words")
    if is_currency(quantity.unit):
        return _currency_pattern(quantity.unit, catalogue).format(n=amount)
    return amount if quantity.unit == "count" else _format_unit(quantity.unit, amount, largest, catalogue)


def _format_range(low: Decimal, high: Decimal, unit: str, catalogue: Catalogue) -> str:
    pattern = catalogue.get("{low}–{high}", "quantity")
    if primary_language(catalogue.locale) in _SCALE_AT_BOTH_ENDS:
        scales = [_exact_scale([end], catalogue) for end in (low, high)]
        # A bare 1 before 10亿 reads as 1亿.
        if scales[0] != scales[1] and abs(low) * scales[1].factor < high:
            scales = [_UNSCALED, _UNSCALED]
        ends = zip((low, high), scales, strict=True)
        first, last = (_format_amount(end, unit, scale, catalogue) for end, scale in ends)
        return pattern.format(low=_format_unit(unit, first, low, catalogue) if unit == "percent" else first, high=last)
    scale = _exact_scale([low, high], catalogue)
    first, last = (_format_amount(end, unit, replace(scale, pattern="{n}"), catalogue) for end in (low, high))
    return scale.pattern.format(n=pattern.format(low=first, high=last))


def _format_amount(value: Decimal, unit: str, scale: NumberScale, catalogue: Catalogue) -> str:
    # A resolution is a name rather than a count: 1080p, never 1,080p.
    digits = f"{value:f}" if unit == "line" else _format_digits(value / scale.factor, catalogue.locale)
    return scale.pattern.format(n=digits)


def _round_as_printed(value: Decimal) -> Decimal:
    """The value as every language prints it: to two decimals, or two digits where it is small; see `_SIGNIFICANT`."""
    location = -DECIMALS
    if abs(value) >= _ROUNDED_FROM:
        location = value.adjusted() - _SIGNIFICANT + 1
    elif 0 < abs(value) < Decimal("0.1"):
        location = value.adjusted() - 1
    rounded = value.quantize(Decimal(1).scaleb(location), ROUND_HALF_UP)
    return rounded if rounded % 1 else rounded.quantize(Decimal(1))


def _exact_scale(values: list[Decimal], catalogue: Catalogue) -> NumberScale:
    """The largest scale in which no value must be rounded again; below a million, in which none needs more decimals."""
    largest = max(abs(value) for value in values)
    decimals = DECIMALS if largest < _ROUNDED_FROM else _SIGNIFICANT - 1
    chosen = _UNSCALED
    for scale in _list_scales(catalogue):
        step = scale.factor.scaleb(-decimals)
        if largest >= scale.factor and not any(value % step for value in values):
            chosen = scale
    return chosen


def _format_unit(unit: str, amount: str, count: Decimal | int, catalogue: Catalogue) -> str:
    if unit not in _UNITS:
        raise ValueError(f"there is no unit '{unit}'")
    one, other = _UNITS[unit]
    return catalogue.plural(one, other, plural_index(count, catalogue.locale), "unit").format(n=amount)


@cache
def is_currency(unit: str) -> bool:
    """Whether the unit is a currency's code (ISO 4217, as CLDR lists them)."""
    return babel.numbers.is_currency(unit)


def _currency_pattern(code: str, catalogue: Catalogue) -> str:
    pattern = catalogue.messages.get(f"currency\x04{code}")
    if pattern is not None:
        return pattern[0]
    if primary_language(catalogue.locale) == "zh":
        return "{n}" + get_currency_name(code, locale=babel_identifier(catalogue.locale))
    return _ENGLISH_CURRENCIES.get(code, f"{code} {{n}}")


def _format_several(magnitude: Decimal, unit: str, catalogue: Catalogue) -> str:
    key = f"1e{magnitude.adjusted()}"
    translated = catalogue.messages.get(f"several\x04{key}")
    word = translated[0] if translated else _ENGLISH_SEVERAL[key]
    if unit == "count":
        return word
    if translated is None and word != "several":
        word += " of"
    if is_currency(unit):
        if translated is not None:
            return _currency_pattern(unit, catalogue).format(n=word)
        name = {"CNY": "yuan", "USD": "US dollars"}.get(unit) or get_currency_name(unit, count=2, locale="en")
        return f"{word} {name}"
    return _format_unit(unit, word, magnitude * 2, catalogue)


def _choose_scale(value: Decimal, catalogue: Catalogue) -> NumberScale:
    chosen = _UNSCALED
    for scale in _list_scales(catalogue):
        # Rounding first: what rounds up to the next scale belongs there.
        if _round_value(value / chosen.factor) * chosen.factor >= scale.factor:
            chosen = scale
    return chosen


def _list_scales(catalogue: Catalogue) -> list[NumberScale]:
    own = {key: catalogue.messages.get(f"scale\x04{key}") for key in _SCALES}
    patterns = {key: forms[0] for key, forms in own.items() if forms} or _ENGLISH_SCALES
    return sorted(
        (NumberScale(Decimal(key), pattern) for key, pattern in patterns.items()), key=lambda scale: scale.factor
    )


def _round_value(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-DECIMALS), ROUND_HALF_UP)


def _format_digits(value: Decimal, locale: str) -> str:
    # Chinese sets off digits from five on; up to there a comma only disturbs.
    grouped = primary_language(locale) != "zh" or abs(value) >= 10_000
    # Rounding is done; adding nothing turns a negative zero into a plain one.
    pattern = "#,##0.########" if grouped else "0.########"
    return format_decimal(value + 0, format=pattern, locale=babel_identifier(locale))


@cache
def _plural_categories(locale: str) -> tuple[str, ...]:
    order = ("zero", "one", "two", "few", "many", "other")
    tags = {*Locale.parse(babel_identifier(locale)).plural_form.tags, "other"}
    return tuple(tag for tag in order if tag in tags)


def plural_index(count: Decimal | int, locale: str) -> int:
    """Which of the locale's plural forms a count takes, in the order of its catalogue (CLDR, Language Plural Rules)."""
    rule = Locale.parse(babel_identifier(locale)).plural_form
    return _plural_categories(locale).index(rule(count))
