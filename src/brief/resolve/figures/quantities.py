"""Quantities in words, by the rules of each locale.

Digits, grouping and plurals are Babel's (CLDR). What CLDR lacks or gets wrong is here: the myriad scales (10,000 is
1万), negative amounts, ranges, and "about" and its kin. No digit is lost here: a figure prints every digit that its
`Quantity` holds, and a scale such as "million" is used only where it needs few decimals. Rounding is done before, by
`brief.resolve.figures.rounding`. The words are in the message catalogues, under the contexts `scale`, `several` and `quantity`,
and those of `brief.resolve.figures.units`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import lru_cache

from babel.numbers import format_decimal, get_currency_precision

from brief.model.catalogue import CONTEXT_SEPARATOR, Catalogue
from brief.model.figures.quantity import Qualifier, Quantity
from brief.model.han import EAST_ASIAN
from brief.model.locale import babel_identifier, primary_language
from brief.resolve.figures import units
from brief.resolve.figures.plurals import plural_index
from brief.resolve.figures.rounding import EXACT, count_significant
from brief.resolve.figures.units import is_currency

MINUS = "\u2212"
# A scaled number of more decimals, or more digits from a million on, is harder to read than the full one.
_DECIMALS_BELOW_MILLION = 2
_DECIMALS = 4
_SIGNIFICANT = 5
_MILLION = 1_000_000
# A label of a chart shows so many decimals, rather few than more, and at most so many digits before its point.
_LABEL_DECIMALS = (2, 3)
_LONGEST_LABEL = 1_000_000
# Languages that name the scale, and the percent sign, at both ends of a range (GB/T 15835-2011, 5.1.3): 5亿至12亿.
_SCALE_AT_BOTH_ENDS = ("ja", "ko", "zh")
# Numbers from here on have their thousands set off in Chinese.
_GROUPED_IN_CHINESE = 10_000
# A resolution is a name rather than a count: never 100 millionp.
_UNSCALED_UNITS = ("line", "P")
_HAN = re.compile(f"[{EAST_ASIAN}]")

# English; other catalogues list the scales that their language counts in.
_ENGLISH_SCALES = {"1e6": ("{n} million",), "1e9": ("{n} billion",), "1e12": ("{n} trillion",)}
_SCALES = ("1e3", "1e4", "1e5", "1e6", "1e7", "1e8", "1e9", "1e12")
_SCALE_KEYS = tuple(f"scale{CONTEXT_SEPARATOR}{key}" for key in _SCALES)
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


@dataclass(frozen=True, slots=True)
class NumberScale:
    """A power of ten that a language counts in, and the pattern that names it: `{n}亿`.

    `forms` are the patterns of the locale's plural forms, where it has several: 1 million, 2 millions.
    """

    factor: Decimal
    pattern: str
    forms: tuple[str, ...] = ()


_UNSCALED = NumberScale(Decimal(1), "{n}")


def format_quantity(
    quantity: Quantity,
    catalogue: Catalogue,
    *,
    bare: bool = False,
    is_full: bool = False,
    decimals: int | None = None,
    is_grouped: bool = False,
) -> str:
    """The quantity as the locale writes it, with every digit that it holds: `about RMB 42 million`, `−4.125%`.

    `bare` leaves out "about" and its kin, and `is_full` words such as "million". With `decimals` the number gets zeros
    up to so many decimals, for a column of figures, and with `is_grouped` thousands are set off as in its longer
    numbers. The quantity must hold a value or a range: see
    `brief.resolve.figures.derive.derive_quantity`, which also rounds where rounding was asked for.

    Raises:
        ValueError: the quantity has no number, or its unit is unknown.
    """
    if quantity.qualifier is Qualifier.SEVERAL and quantity.value is not None:
        return _format_several(quantity.value, quantity.unit, catalogue)
    if quantity.low is not None and quantity.high is not None:
        is_full = is_full or quantity.unit in _UNSCALED_UNITS
        text = _format_range(quantity.low, quantity.high, quantity.unit, catalogue, is_full)
    elif quantity.value is not None:
        scale = _UNSCALED if is_full or quantity.unit in _UNSCALED_UNITS else _exact_scale([quantity.value], catalogue)
        text = _format_single(quantity.value, quantity.unit, scale, catalogue, decimals, is_grouped=is_grouped)
    else:
        raise ValueError("a quantity without a number has no words")
    return text if bare else apply_qualifier(quantity.qualifier, text, catalogue)


def printed_decimals(quantity: Quantity, catalogue: Catalogue, *, is_full: bool = False) -> tuple[Decimal, int] | None:
    """The factor of the scale in which a single value prints, and its decimals; None if it prints in another way."""
    if quantity.value is None or quantity.qualifier is Qualifier.SEVERAL:
        return None
    scale = _UNSCALED if is_full or quantity.unit in _UNSCALED_UNITS else _exact_scale([quantity.value], catalogue)
    scaled = _scale_value(quantity.value, scale)
    return scale.factor, _count_decimals(_pad_money(scaled, quantity.unit, scale))


def apply_qualifier(qualifier: Qualifier, text: str, catalogue: Catalogue) -> str:
    """The text with "about" or its kin, as the qualifier asks."""
    pattern = _QUALIFIED.get(qualifier)
    return catalogue.get(pattern, "quantity").replace("{n}", text) if pattern else text


def needs_grouping(values: Iterable[Decimal], scale: NumberScale | None, catalogue: Catalogue) -> bool:
    """Whether thousands are set off in some of the numbers, each in the scale or in its own, so that all are to be alike.

    Chinese sets them off in numbers of five digits and more only.
    """
    return any(
        _scale_value(value, scale or _exact_scale([value], catalogue)).copy_abs() >= _GROUPED_IN_CHINESE
        for value in values
    )


def format_number(value: Decimal, scale: NumberScale | None, catalogue: Catalogue, *, is_grouped: bool = False) -> str:
    """The bare number with every digit and a true minus sign, in the given scale: `2.5`, `−0.004`.

    Without a scale the number names the one that it reads best in: `1.5 trillion`.
    """
    if scale is None:
        own = _exact_scale([value], catalogue)
        digits = _format_amount(_scale_value(value, own).copy_abs(), "count", own, catalogue, is_grouped)
    else:
        digits = _format_digits(_scale_value(value, scale).copy_abs(), catalogue.locale, is_alike=is_grouped)
    return MINUS + digits if value < 0 else digits


def format_label(
    quantity: Quantity, scale: NumberScale | None, catalogue: Catalogue, *, is_grouped: bool = False
) -> str:
    """The quantity as `format_quantity` writes it, in the given scale and without its unit: `about 3.50`, `−5 to −2`.

    Without a scale each number names the one that it reads best in.

    Raises:
        ValueError: the quantity has no number.
    """
    if quantity.value is not None:
        text = _format_bare(quantity.value, quantity.unit, scale, catalogue, is_grouped)
    elif quantity.low is not None and quantity.high is not None:
        first, last = (
            _format_bare(end, quantity.unit, scale, catalogue, is_grouped) for end in (quantity.low, quantity.high)
        )
        # A dash beside a minus sign is misread.
        joined = "{low} to {high}" if quantity.low < 0 else "{low}–{high}"
        text = catalogue.get(joined, "quantity").replace("{low}", first).replace("{high}", last)
    else:
        raise ValueError("a quantity without a number has no words")
    return apply_qualifier(quantity.qualifier, text, catalogue)


def choose_shared_scale(values: list[Decimal], catalogue: Catalogue) -> NumberScale | None:
    """The largest scale in which all values of a chart print with every digit, few decimals and no long number.

    None if there is no such scale: the values are too far apart, and each is to name its own.
    """
    magnitudes = [value.copy_abs() for value in values] or [Decimal(0)]
    largest = max(magnitudes)
    scales = [scale for scale in reversed(_list_scales(catalogue)) if scale.factor <= largest]
    for decimals in _LABEL_DECIMALS:
        for scale in scales:
            is_short = largest < scale.factor * _LONGEST_LABEL
            # 220 beside 45,000 is 220, and not 0.022万.
            is_near = all(value < 1 or value * 10 >= scale.factor for value in magnitudes)
            fits = all(_count_decimals(_scale_value(value, scale)) <= decimals for value in magnitudes)
            if is_short and is_near and fits:
                return scale
    return _UNSCALED if largest < _LONGEST_LABEL else None


def choose_column_scale(values: list[Decimal], unit: str, catalogue: Catalogue) -> tuple[NumberScale, int]:
    """The scale that a column of figures shares, and the decimals that each of them is printed with."""
    scale = _UNSCALED if unit in _UNSCALED_UNITS else choose_shared_scale(values, catalogue) or _UNSCALED
    padded = (_pad_money(_scale_value(value.copy_abs(), scale), unit, scale) for value in values)
    return scale, max(map(_count_decimals, padded), default=0)


def find_scale(factor: Decimal, catalogue: Catalogue) -> NumberScale:
    """The scale of a factor that the locale counts in."""
    return next((scale for scale in _list_scales(catalogue) if scale.factor == factor), _UNSCALED)


def format_column_number(
    value: Decimal, scale: int, decimals: int, catalogue: Catalogue, *, is_grouped: bool = False
) -> str:
    """The bare number in a scale, with zeros up to so many decimals."""
    scaled = _scale_value(value.copy_abs(), NumberScale(Decimal(scale), "{n}"))
    if decimals > _count_decimals(scaled):
        scaled = scaled.quantize(Decimal(1).scaleb(-decimals), context=EXACT)
    digits = _format_digits(scaled, catalogue.locale, is_alike=is_grouped)
    return MINUS + digits if value < 0 else digits


def unit_label(unit: str, scale: NumberScale | None, catalogue: Catalogue) -> str:
    """What every value is counted in, for an axis or a table head: `US$ billion`, `亿美元`; empty for bare counts."""
    scale = scale or _UNSCALED
    scale_word = scale.pattern.replace("{n}", "").strip()
    pattern = units.unit_pattern(unit, 2, catalogue, scaled=scale.factor >= _MILLION)
    prefix, _, suffix = pattern.partition("{n}")
    glue = " " if prefix and not suffix.startswith(" ") and scale_word and not _HAN.search(scale_word) else ""
    return f"{prefix.strip()}{glue}{scale_word}{suffix}".strip()


def _format_bare(value: Decimal, unit: str, scale: NumberScale | None, catalogue: Catalogue, is_grouped: bool) -> str:
    own = scale or _exact_scale([value], catalogue)
    scaled = _pad_money(_scale_value(abs(value), own), unit, own)
    amount = _format_amount(scaled, unit, _UNSCALED if scale else own, catalogue, is_grouped)
    return MINUS + amount if value < 0 else amount


def _format_single(
    value: Decimal,
    unit: str,
    scale: NumberScale,
    catalogue: Catalogue,
    decimals: int | None = None,
    *,
    is_grouped: bool = False,
) -> str:
    scaled = _pad_money(_scale_value(value.copy_abs(), scale), unit, scale)
    if decimals is not None and decimals > _count_decimals(scaled):
        scaled = scaled.quantize(Decimal(1).scaleb(-decimals), context=EXACT)
    amount = _format_amount(scaled, unit, scale, catalogue, is_grouped)
    return _append_unit(amount, unit, scaled, scale, catalogue, is_negative=value < 0)


def _format_range(low: Decimal, high: Decimal, unit: str, catalogue: Catalogue, is_full: bool) -> str:
    if primary_language(catalogue.locale) in _SCALE_AT_BOTH_ENDS:
        return _format_full_ends(low, high, unit, catalogue, is_full)
    if low < 0:
        # A dash beside a minus sign is misread, so the ends are joined by a word and each has its unit.
        first, last = (
            _format_single(end, unit, _UNSCALED if is_full else _exact_scale([end], catalogue), catalogue)
            for end in (low, high)
        )
        return catalogue.get("{low} to {high}", "quantity").replace("{low}", first).replace("{high}", last)
    scale = _UNSCALED if is_full else _exact_scale([low, high], catalogue)
    first, last = (
        _format_amount(_pad_money(_scale_value(end, scale), unit, scale), unit, _UNSCALED, catalogue)
        for end in (low, high)
    )
    joined = catalogue.get("{low}–{high}", "quantity").replace("{low}", first).replace("{high}", last)
    scaled = _scale_value(high, scale)
    amount = _scale_pattern(scale, scaled, catalogue).replace("{n}", joined)
    return _append_unit(amount, unit, scaled, scale, catalogue)


def _format_full_ends(low: Decimal, high: Decimal, unit: str, catalogue: Catalogue, is_full: bool) -> str:
    """A range with the scale, and the percent sign, at both ends: `5亿至12亿元`, `15%至30%`."""
    scales = [_UNSCALED if is_full else _exact_scale([end], catalogue) for end in (low, high)]
    # A bare 1 before 10亿 reads as 1亿.
    if scales[0] != scales[1] and low.copy_abs() * scales[1].factor < high:
        scales = [_UNSCALED, _UNSCALED]
    words = []
    for end, scale in zip((low, high), scales, strict=True):
        amount = _format_amount(_pad_money(_scale_value(end.copy_abs(), scale), unit, scale), unit, scale, catalogue)
        words.append(MINUS + amount if end < 0 else amount)
    pattern = units.unit_pattern(unit, high, catalogue)
    first = pattern.replace("{n}", words[0]) if unit in ("percent", "permille") else words[0]
    # A dash beside a minus sign is misread.
    joint = catalogue.get("{low} to {high}" if low < 0 else "{low}–{high}", "quantity")
    joined = joint.replace("{low}", first).replace("{high}", words[1])
    return pattern.replace("{n}", joined)


def _append_unit(
    amount: str, unit: str, count: Decimal, scale: NumberScale, catalogue: Catalogue, *, is_negative: bool = False
) -> str:
    pattern = units.unit_pattern(unit, count, catalogue, scaled=scale.factor >= _MILLION)
    if not is_negative:
        return pattern.replace("{n}", amount)
    prefix = pattern.partition("{n}")[0].rstrip()
    # The sign stands before a currency sign (−US$5), and after a currency's name in Han characters (人民幣−5元).
    if prefix and is_currency(unit.partition("/")[0]) and not _HAN.match(prefix[-1]):
        return MINUS + pattern.replace("{n}", amount)
    return pattern.replace("{n}", MINUS + amount)


def _format_amount(scaled: Decimal, unit: str, scale: NumberScale, catalogue: Catalogue, is_alike: bool = False) -> str:
    # A resolution is a name rather than a count: 1080p, never 1,080p.
    digits = _format_digits(scaled, catalogue.locale, is_grouped=unit != "line", is_alike=is_alike)
    return _scale_pattern(scale, scaled, catalogue).replace("{n}", digits)


def _scale_pattern(scale: NumberScale, scaled: Decimal, catalogue: Catalogue) -> str:
    if len(scale.forms) < 2:
        return scale.pattern
    return scale.forms[min(plural_index(scaled, catalogue.locale), len(scale.forms) - 1)]


def _scale_value(value: Decimal, scale: NumberScale) -> Decimal:
    """The value in the scale, exactly; zeros at the end of a whole number are not decimals of the scaled one."""
    scaled = value.scaleb(-scale.factor.adjusted(), EXACT)
    if value.as_tuple().exponent == 0 and scale.factor != 1:
        scaled = scaled.normalize(EXACT)
    return scaled


def _count_decimals(value: Decimal) -> int:
    return max(0, -int(value.as_tuple().exponent))


def _pad_money(value: Decimal, unit: str, scale: NumberScale) -> Decimal:
    """Money in full that has decimals has at least those of its currency: US$19.90."""
    code = unit.partition("/")[0]
    if scale.factor != 1 or not _count_decimals(value) > 0 or not is_currency(code):
        return value
    precision = get_currency_precision(code)
    return (
        value if _count_decimals(value) >= precision else value.quantize(Decimal(1).scaleb(-precision), context=EXACT)
    )


def _exact_scale(values: list[Decimal], catalogue: Catalogue) -> NumberScale:
    """The largest scale in which every value prints with all its digits and few decimals."""
    largest = max(value.copy_abs() for value in values)
    decimals = _DECIMALS_BELOW_MILLION if largest < _MILLION else _DECIMALS
    chosen = _UNSCALED
    for scale in _list_scales(catalogue):
        fits = largest >= scale.factor and not any(
            _count_decimals(_scale_value(value, scale)) > decimals or count_significant(value) > _SIGNIFICANT
            for value in values
        )
        if fits:
            chosen = scale
    return chosen


def _format_several(magnitude: Decimal, unit: str, catalogue: Catalogue) -> str:
    key = f"1e{magnitude.adjusted()}"
    translated = catalogue.messages.get(f"several\x04{key}")
    word = translated[0] if translated else _ENGLISH_SEVERAL[key]
    if unit == "count":
        return word
    word += " of" if translated is None and word != "several" else ""
    if is_currency(unit) and translated is None:
        name = {"CNY": "yuan", "USD": "US dollars"}.get(unit) or units.currency_name(unit, "en")
        return f"{word} {name}"
    is_linked = magnitude > 1 and units.links_nouns(catalogue.locale)
    return units.unit_pattern(unit, magnitude * 2, catalogue, scaled=is_linked).replace("{n}", word)


def _list_scales(catalogue: Catalogue) -> tuple[NumberScale, ...]:
    return _make_scales(tuple(catalogue.messages.get(key) for key in _SCALE_KEYS))


@lru_cache(maxsize=100)
def _make_scales(own: tuple[tuple[str, ...] | None, ...]) -> tuple[NumberScale, ...]:
    patterns = {key: forms for key, forms in zip(_SCALES, own, strict=True) if forms} or _ENGLISH_SCALES
    # The pattern of a scale by itself is that of many.
    scales = (NumberScale(Decimal(key), forms[-1], forms) for key, forms in patterns.items())
    return tuple(sorted(scales, key=lambda scale: scale.factor))


def _format_digits(value: Decimal, locale: str, *, is_grouped: bool = True, is_alike: bool = False) -> str:
    # Chinese sets off digits from five on; up to there a comma only disturbs, save beside longer numbers.
    is_long = is_alike or value.copy_abs() >= _GROUPED_IN_CHINESE
    grouped = is_grouped and (primary_language(locale) != "zh" or is_long)
    return _format_written(f"{value if value else value.copy_abs():f}", locale, grouped)


@lru_cache(maxsize=50_000)
def _format_written(written: str, locale: str, grouped: bool) -> str:
    """By the number as it is written, for 87.5 and 87.50 are equal, and print differently."""
    value = Decimal(written)
    decimals = _count_decimals(value)
    pattern = ("#,##0" if grouped else "0") + ("." + "0" * decimals if decimals else "")
    # Babel rounds in the context that it finds.
    with localcontext(EXACT):
        return format_decimal(value, format=pattern, locale=babel_identifier(locale))
