"""Formats quantities in words, by the rules of each locale.

Digits, grouping and plurals come from CLDR through Babel. This module adds what CLDR lacks or gets wrong: the myriad
scales (10,000 is 1万), negative amounts, ranges, and qualifiers such as "about". No digit is lost here: a figure prints
every digit of its `Quantity`. Rounding comes before, in `brief.resolve.figures.rounding`. The words are in the message
catalogues, in the contexts `scale`, `several` and `quantity`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from babel.numbers import get_currency_precision

from brief.model.catalogue import Catalogue
from brief.model.figures.quantity import Qualifier, Quantity
from brief.model.han import EAST_ASIAN_CHARACTER
from brief.model.locale import get_primary_language
from brief.resolve.figures import units
from brief.resolve.figures.locale_data import LONG_NUMBER, keeps_four_digits_together, write_number
from brief.resolve.figures.rates import format_rate_label, split_rate
from brief.resolve.figures.rounding import EXACT_CONTEXT
from brief.resolve.figures.scales import (
    UNSCALED,
    NumberScale,
    choose_end_scales,
    choose_exact_scale,
    choose_pattern,
    count_decimals,
    names_both_scales,
    scale_value,
)
from brief.resolve.figures.several import format_several
from brief.resolve.figures.units import is_currency

MINUS = "\u2212"
_MILLION = 1_000_000
# A resolution is a name and not a count, and a word does not join a sign: never 100 millionp or 100 million%.
UNSCALED_UNITS = ("line", "P", "percent", "permille")
# Languages in which no line may break at a space within a figure. English and Chinese text is joined when it is typeset.
_NUMBER_WITH_UNIT = ("de", "es", "fr", "it", "nl", "pl", "pt", "ru")
_SPACE_AFTER_NUMBER = re.compile(r"(?<=[0-9.]) (?=\S)")
# Korean writes a unit without a space after digits, and with one after a word for ten thousand or more: 3명, 300만 명
# (한글 맞춤법, 43).
_AFTER_KOREAN_SCALE = re.compile(r"(?<=[0-9][만억조])(?=[^\s%‰°~/])")

# Japanese: 3日間, but 3日超.
_DAYS_WITHOUT_SPAN = re.compile("(?<=[0-9万億兆]日)間(?=超|未満|以上|近く)")
# After a word for ten thousand or more, Chinese and Japanese write a symbol without a space: 1万MWh.
_AFTER_MYRIADS = re.compile(r"(?<=[万萬亿億兆]) (?=[A-Za-z°µ])")
# Chinese and Japanese put the words of some units before the number (每小时3公里); without a number, they follow a stroke:
# 公里/小时.
_SPEED = re.compile(r"(?:每(?P<of>.+)|(?P<by>.+)速)\{n\}(?P<above>.+)")

_QUALIFIED = {
    Qualifier.ABOUT: "about {n}",
    Qualifier.OVER: "more than {n}",
    Qualifier.AT_LEAST: "at least {n}",
    Qualifier.UNDER: "less than {n}",
    Qualifier.NEARLY: "nearly {n}",
    Qualifier.UP_TO: "up to {n}",
}


def format_quantity(
    quantity: Quantity,
    catalogue: Catalogue,
    *,
    bare: bool = False,
    is_full: bool = False,
    decimals: int | None = None,
    is_grouped: bool = False,
    shared: NumberScale | None = None,
) -> str:
    """Formats a quantity for the locale, with every digit: `about RMB 42 million`, `−4.125%`.

    `bare` omits qualifiers such as "about", and `is_full` omits words such as "million". `decimals` pads the number
    with zeros to this many decimals, for a column of figures; `is_grouped` groups thousands even in a short number. A
    large value that no scale shortens prints in the scale `shared` with other figures: 1,260.75 million. The quantity
    must have a value or a range, as `derive_quantity` returns it.

    Raises:
        ValueError: the quantity has no number, or its unit is unknown.
    """
    rate = split_rate(quantity.unit, catalogue)
    if rate is not None:
        above = format_quantity(
            replace(quantity, unit=rate.numerator),
            catalogue,
            bare=bare,
            is_full=is_full,
            decimals=decimals,
            is_grouped=is_grouped,
            shared=shared,
        )
        return _space_figure(rate.pattern.replace("{n}", above), catalogue.locale)
    if quantity.qualifier is Qualifier.SEVERAL and quantity.value is not None:
        return format_several(quantity.value, quantity.unit, catalogue)
    if quantity.low is not None and quantity.high is not None:
        is_full = is_full or quantity.unit in UNSCALED_UNITS
        text = _format_range(quantity.low, quantity.high, quantity.unit, catalogue, is_full)
    elif quantity.value is not None:
        scale = choose_printed_scale(quantity.value, quantity.unit, catalogue, is_full=is_full, shared=shared)
        text = _format_single(quantity.value, quantity.unit, scale, catalogue, decimals, is_grouped=is_grouped)
    else:
        raise ValueError("a quantity without a number has no words")
    text = _space_figure(text, catalogue.locale)
    if bare:
        return text
    # What precedes a number in Chinese and Japanese precedes "about" too: 每小时约3公里.
    speed = _SPEED.fullmatch(units.find_unit_pattern(quantity.unit, 2, catalogue))
    before, text = (text[: speed.start("above") - 3], text[speed.start("above") - 3 :]) if speed else ("", text)
    return before + apply_qualifier(quantity, text, catalogue)


def choose_printed_scale(
    value: Decimal, unit: str, catalogue: Catalogue, *, is_full: bool = False, shared: NumberScale | None = None
) -> NumberScale:
    """Returns the scale in which `format_quantity` prints a single value."""
    scale = UNSCALED if is_full or unit in UNSCALED_UNITS else choose_exact_scale([value], catalogue)
    is_shared = shared is not None and scale.factor == 1 and shared.factor <= abs(value)
    return shared if shared is not None and is_shared else scale


def apply_qualifier(quantity: Quantity, text: str, catalogue: Catalogue) -> str:
    """Returns the words of a quantity's number with those of its qualifier, such as "about".

    What is counted is "fewer than" a number, not "less than". Some languages say "up to" of durations in words of their own:
    最长12小时, but 最多12人.
    """
    pattern, context = _QUALIFIED.get(quantity.qualifier), "quantity"
    if quantity.qualifier is Qualifier.UNDER and _is_counted(quantity, catalogue):
        pattern = "fewer than {n}"
    elif quantity.qualifier is Qualifier.UP_TO and units.is_duration(quantity.unit):
        context = "duration"
    return _DAYS_WITHOUT_SPAN.sub("", catalogue.get(pattern, context).replace("{n}", text)) if pattern else text


def _is_counted(quantity: Quantity, catalogue: Catalogue) -> bool:
    """Returns whether a quantity is a whole number of people or things, rather than of units of measurement."""
    value = quantity.value
    is_whole = value is not None and value > 0 and value == value.to_integral_value()
    return is_whole and units.is_noun(quantity.unit, catalogue)


def format_number(value: Decimal, scale: NumberScale | None, catalogue: Catalogue, *, is_grouped: bool = False) -> str:
    """Formats the bare number with every digit and a true minus sign, in the given scale: `2.5`, `−0.004`.

    Without a scale, the number is printed in the scale in which it reads best, with the word of the scale: `1.5 trillion`.
    """
    if scale is None:
        own = choose_exact_scale([value], catalogue)
        digits = _format_amount(scale_value(value, own).copy_abs(), "count", own, catalogue, is_grouped)
    else:
        digits = _format_digits(scale_value(value, scale).copy_abs(), catalogue.locale, is_grouped=is_grouped)
    return MINUS + digits if value < 0 else digits


def format_label(
    quantity: Quantity,
    scale: NumberScale | None,
    catalogue: Catalogue,
    *,
    decimals: Mapping[Decimal, int] | None = None,
    is_grouped: bool = False,
) -> str:
    """Formats a quantity as `format_quantity` does, in the given scale and without its unit: `about 3.50`, `−5 to −2`.

    Without a scale, each number is printed in the scale in which it reads best, with the word of the scale. `decimals` maps
    the factor of a scale to the decimals to which a single number is padded.

    Raises:
        ValueError: the quantity has no number.
    """
    if quantity.value is not None:
        text = _format_bare(quantity.value, quantity.unit, scale, catalogue, is_grouped, decimals)
    elif quantity.low is not None and quantity.high is not None:
        text = _format_bare_range(quantity.low, quantity.high, quantity.unit, scale, catalogue, is_grouped)
    else:
        raise ValueError("a quantity without a number has no words")
    text = _space_figure(text, catalogue.locale)
    return apply_qualifier(quantity, text, catalogue)


def pad_range(quantity: Quantity, scale: NumberScale | None) -> tuple[Decimal, ...]:
    """Returns the value, or the ends of a range, with the decimals of money that they print: 1.50 and 2.25."""
    ends = [end for end in (quantity.value, quantity.low, quantity.high) if end is not None]
    if len(ends) != 2 or scale is None or scale.factor != 1:
        return tuple(ends)
    return tuple(_pad_ends((ends[0], ends[1]), quantity.unit, (scale, scale)))


def format_column_number(
    value: Decimal, scale: int, decimals: int, catalogue: Catalogue, *, is_grouped: bool = False
) -> str:
    """Formats the bare number in a scale, padded with zeros to this many decimals."""
    scaled = _pad_decimals(scale_value(value.copy_abs(), NumberScale(Decimal(scale), "{n}")), decimals)
    digits = _format_digits(scaled, catalogue.locale, is_grouped=is_grouped)
    return MINUS + digits if value < 0 else digits


def format_unit_label(unit: str, scale: NumberScale | None, catalogue: Catalogue) -> str:
    """Returns the unit and scale of all values, for an axis or a table header: `US$ billion`, `亿美元`.

    Empty for bare counts.
    """
    rate = split_rate(unit, catalogue)
    if rate is not None:
        label = format_rate_label(rate, format_unit_label(rate.numerator, scale, catalogue))
        return _space_figure(label, catalogue.locale)
    scale = scale or UNSCALED
    scale_word = scale.pattern.replace("{n}", "").strip()
    head = units.find_head(unit, catalogue)
    if head:
        return f"{scale_word} {head}".strip() if scale_word[-1:].isascii() else f"{scale_word}{head}"
    pattern = units.find_unit_pattern(unit, 2, catalogue, scaled=scale.factor >= _MILLION)
    if per := _SPEED.fullmatch(pattern):
        pattern = f"{{n}}{per['above']}/{per['of'] or per['by']}"
    prefix, _, suffix = pattern.partition("{n}")
    has_spaced_scale = scale_word != "" and EAST_ASIAN_CHARACTER.search(scale_word) is None
    glue = " " if prefix and has_spaced_scale and not suffix.startswith(" ") else ""
    label = f"{prefix.strip()}{glue}{scale_word}{suffix}".strip()
    language = get_primary_language(catalogue.locale)
    return label if language in _NUMBER_WITH_UNIT else _space_figure(label, catalogue.locale)


def _space_figure(text: str, locale: str) -> str:
    """Returns the text with the spaces of its language: in Korean, one between a word for a large number and a unit; in
    Chinese and Japanese, none there before a symbol; in others, no-break spaces after numbers.
    """
    language = get_primary_language(locale)
    if language == "ko":
        return _AFTER_KOREAN_SCALE.sub(" ", text)
    if language in ("ja", "zh"):
        return _AFTER_MYRIADS.sub("", text)
    return _SPACE_AFTER_NUMBER.sub("\u00a0", text) if language in _NUMBER_WITH_UNIT else text


def _format_bare(
    value: Decimal,
    unit: str,
    scale: NumberScale | None,
    catalogue: Catalogue,
    is_grouped: bool,
    decimals: Mapping[Decimal, int] | None = None,
) -> str:
    own = scale or choose_exact_scale([value], catalogue)
    scaled = pad_money(scale_value(abs(value), own), unit, own)
    scaled = _pad_decimals(scaled, decimals.get(own.factor) if decimals else None)
    amount = _format_amount(scaled, unit, UNSCALED if scale else own, catalogue, is_grouped)
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
    scaled = _pad_decimals(pad_money(scale_value(value.copy_abs(), scale), unit, scale), decimals)
    amount = _format_amount(scaled, unit, scale, catalogue, is_grouped)
    return _append_unit(amount, unit, scaled, scale, catalogue, is_negative=value < 0)


def _format_bare_range(
    low: Decimal, high: Decimal, unit: str, scale: NumberScale | None, catalogue: Catalogue, is_grouped: bool
) -> str:
    """Formats a range without its unit: in the given scale, otherwise with the words for the scales that it has in a text."""
    scales = (scale, scale) if scale else choose_end_scales(low, high, catalogue)
    has_two = scales[0] != scales[1] or low < 0 or names_both_scales(catalogue.locale)
    patterns = (UNSCALED, UNSCALED) if scale or not has_two else scales
    scaled = [scale_value(end, own) for end, own in zip(_pad_ends((low, high), unit, scales), scales, strict=True)]
    words = [
        (MINUS if end < 0 else "") + _format_amount(end.copy_abs(), unit, pattern, catalogue, is_grouped)
        for end, pattern in zip(scaled, patterns, strict=True)
    ]
    joined = _join_ends(low, words, scales, catalogue)
    return joined if scale or has_two else choose_pattern(scales[1], scaled[1], catalogue).replace("{n}", joined)


def _join_ends(low: Decimal, words: Sequence[str], scales: Sequence[NumberScale], catalogue: Catalogue) -> str:
    """Joins the ends of a range with a dash, or with a word if the ends have two scales, or if the dash would be misread
    beside a minus sign.
    """
    is_apart = scales[0] != scales[1] and not names_both_scales(catalogue.locale)
    joint = catalogue.get("{low} to {high}" if low < 0 or is_apart else "{low}–{high}", "quantity")
    return joint.replace("{low}", words[0]).replace("{high}", words[1])


def _format_range(low: Decimal, high: Decimal, unit: str, catalogue: Catalogue, is_full: bool) -> str:
    scales = choose_end_scales(low, high, catalogue, is_full=is_full)
    if names_both_scales(catalogue.locale):
        return _format_full_ends(low, high, unit, scales, catalogue)
    scale = scales[1]
    if low < 0 or scales[0] != scale:
        # Each end has its sign and its scale, but the noun is printed once.
        first, last = (
            _format_single(end, unit, scale, catalogue)
            for end, scale in zip(_pad_ends((low, high), unit, scales), scales, strict=True)
        )
        count = scale_value(low.copy_abs(), scales[0])
        pattern = units.find_unit_pattern(unit, count, catalogue, scaled=scales[0].factor >= _MILLION)
        after = pattern.partition("{n}")[2]
        if after.startswith("/") or after[1:2].isalpha():
            first = first.removesuffix(after)
        return _join_ends(low, (first, last), scales, catalogue)
    first, last = (
        _format_amount(scale_value(end, scale), unit, UNSCALED, catalogue)
        for end in _pad_ends((low, high), unit, scales)
    )
    joint = catalogue.get("{low}–{high}", "quantity")
    scaled = scale_value(high, scale)
    if scale.factor == 1 and units.find_unit_pattern(unit, scaled, catalogue).startswith("{n}-"):
        # German: 2- bis 5-fach.
        joint, first = catalogue.get("{low} to {high}", "quantity"), f"{first}-"
    joined = joint.replace("{low}", first).replace("{high}", last)
    amount = choose_pattern(scale, scaled, catalogue).replace("{n}", joined)
    return _append_unit(amount, unit, scaled, scale, catalogue)


def _format_full_ends(
    low: Decimal, high: Decimal, unit: str, scales: Sequence[NumberScale], catalogue: Catalogue
) -> str:
    """Formats a range with the scale, or the percent sign, at both ends: `5亿至12亿元`, `15%至30%`."""
    words = []
    for end, scale in zip(_pad_ends((low, high), unit, scales), scales, strict=True):
        amount = _format_amount(scale_value(end.copy_abs(), scale), unit, scale, catalogue)
        words.append(MINUS + amount if end < 0 else amount)
    pattern = units.find_unit_pattern(unit, high, catalogue, scaled=scales[1].factor >= _MILLION)
    if unit in ("percent", "permille"):
        words[0] = pattern.replace("{n}", words[0])
    return pattern.replace("{n}", _join_ends(low, words, scales, catalogue))


def _append_unit(
    amount: str, unit: str, count: Decimal, scale: NumberScale, catalogue: Catalogue, *, is_negative: bool = False
) -> str:
    pattern = units.find_unit_pattern(unit, count, catalogue, scaled=scale.factor >= _MILLION)
    if not is_negative:
        return pattern.replace("{n}", amount)
    prefix = pattern.partition("{n}")[0].rstrip()
    # The sign precedes a currency sign (−US$5), and after a currency's name in Han characters (人民幣−5元).
    if prefix and is_currency(unit.partition("/")[0]) and not EAST_ASIAN_CHARACTER.match(prefix[-1]):
        return MINUS + pattern.replace("{n}", amount)
    return pattern.replace("{n}", MINUS + amount)


def _format_amount(
    scaled: Decimal, unit: str, scale: NumberScale, catalogue: Catalogue, is_grouped: bool = False
) -> str:
    # A resolution is a name rather than a count: 1080p, never 1,080p.
    digits = _format_digits(scaled, catalogue.locale, can_group=unit != "line", is_grouped=is_grouped)
    return choose_pattern(scale, scaled, catalogue).replace("{n}", digits)


def _pad_decimals(scaled: Decimal, decimals: int | None) -> Decimal:
    if decimals is None or decimals <= count_decimals(scaled):
        return scaled
    return scaled.quantize(Decimal(1).scaleb(-decimals), context=EXACT_CONTEXT)


def pad_money(value: Decimal, unit: str, scale: NumberScale) -> Decimal:
    """Pads an unscaled amount with decimals to those of its currency: US$19.90."""
    code = unit.partition("/")[0]
    if scale.factor != 1 or not count_decimals(value) > 0 or not is_currency(code):
        return value
    precision = get_currency_precision(code)
    return (
        value
        if count_decimals(value) >= precision
        else value.quantize(Decimal(1).scaleb(-precision), context=EXACT_CONTEXT)
    )


def _pad_ends(ends: tuple[Decimal, Decimal], unit: str, scales: Sequence[NumberScale]) -> list[Decimal]:
    """Pads both ends of a range of money if one has decimals: US$1.50–2.00."""
    padded = [pad_money(end, unit, scale) for end, scale in zip(ends, scales, strict=True)]
    decimals = max(map(count_decimals, padded))
    if not is_currency(unit.partition("/")[0]) or any(scale.factor != 1 for scale in scales):
        return padded
    return [end.quantize(Decimal(1).scaleb(-decimals), context=EXACT_CONTEXT) for end in padded] if decimals else padded


def _format_digits(value: Decimal, locale: str, *, can_group: bool = True, is_grouped: bool = False) -> str:
    # In some languages numbers of four digits are grouped only beside longer ones.
    is_long = is_grouped or value.copy_abs() >= LONG_NUMBER
    grouped = can_group and (is_long or not keeps_four_digits_together(locale))
    return write_number(f"{value if value else value.copy_abs():f}", locale, is_grouped=grouped)
