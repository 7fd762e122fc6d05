"""Finds the patterns for numbers with units: currencies, CLDR units, a project's own units and quotients.

The words come from the first place that has them: the project's own units, the message catalogue (contexts `unit`,
`cldr-unit`, `currency` and `scaled-currency`), then CLDR through Babel.
"""

import difflib
import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import babel.numbers
from babel import Locale
from babel.numbers import get_currency_name

from brief.model.catalogue import CONTEXT_SEPARATOR, Catalogue
from brief.model.figures import units
from brief.model.figures.units import PROJECT_UNITS
from brief.model.han import EAST_ASIAN
from brief.model.locale import get_primary_language, make_babel_identifier
from brief.resolve.figures.locale_data import LONG_NUMBER, keeps_four_digits_together, lower_name, write_number
from brief.resolve.figures.plurals import Count, find_plural_category, find_plural_index

_ENGLISH_CURRENCIES = {
    "CNY": "RMB {n}",
    "EUR": "€{n}",
    "GBP": "£{n}",
    "HKD": "HK${n}",
    "JPY": "¥{n}",
    "TWD": "NT${n}",
    "USD": "US${n}",
}
# The word that joins "million" to its noun, before a consonant and before a vowel (2 millions d'euros).
_SCALE_LINKS = {
    "ca": ("de ", "d'"),
    "es": ("de ", "de "),
    "fr": ("de ", "d’"),
    "it": ("di ", "di "),
    "pt": ("de ", "de "),
    "ro": ("de ", "de "),
}
# French counts years as "ans", and after "de" as "années"; and it writes "de hertz".
_LINKED_NOUNS = {"ans": "années"}
_ASPIRATED = ("hertz", "hz")
# Of ISO 4217 and of markets, which no territory has as legal tender, and metals. CLDR also has codes that are not in use (CNX).
_UNITS_OF_ACCOUNT = re.compile(
    "BOV|CHE|CHW|CLF|CNH|COU|MXV|USN|UYI|UYW|VED|XAG|XAU|XBA|XBB|XBC|XBD|XDR|XEU|XPD|XPT|XSU|XUA"
)
_CODE = re.compile("[A-Za-z]{3}")
_AMOUNT_AND_UNIT = re.compile(r"(?P<number>[0-9]+)(?P<unit>[^\W\d].*)")
_NOUN_AFTER = re.compile(r"\{n\}[ \u00a0\u202f](?=[^\W\d_])")
# Units after the stroke of a quotient, if the language has another word for these when it counts: 1か月, but ユーロ/月.
_DENOMINATORS = {
    "ja": {"day": "日", "month": "月", "week": "週"},
    "ko": {"month": "월"},
    "zh": {"month": "月"},
}
# Likewise after the word for "per": 1か月当たり, but 1日当たり and 每月.
_AFTER_PER = {"ja": {"day": "日"}, "ko": {"person": "인"}, "zh": {"month": "月"}}
_SHORT_TIMES = ("second", "minute", "hour")
# Concentrations such as µmol/L are written in symbols in every language.
_LITRES = ("l", "L", "dL", "mL")
# In English, a small letter beside digits reads as a 1.
_LITRE = re.compile(r"l$")
_LANGUAGES_OF_SMALL_L = ("de", "es", "fr")
# Languages that write no space between a number and its unit's word, and those whose scales are myriads.
_UNSPACED = ("ja", "zh")
_OF_MYRIADS = ("ja", "ko", "zh")
# Languages in which a word is followed by the words of these signs. For many others, CLDR has the English ones.
_HAVE_PERCENT_WORDS = ("de", "en", "fr")
# Units whose figures describe a state or a rate: the sum of two speeds or two temperatures is meaningless.
_NOT_ADDITIVE = frozenset(
    [
        *("percent", "permille", "percentage-point", "basis-point", "times", "ppm", "ppb"),
        *("age", "fps", "rpm", "line", "P", "kV", "mV", "dB", "dBA", "mg/dL", "mmol/L"),
    ]
)
_NOT_ADDITIVE_IN_CLDR = (
    *("acceleration-", "angle-", "concentr-", "consumption-", "frequency-", "pressure-", "speed-", "temperature-"),
    *("electric-volt", "graphics-dot-per", "graphics-pixel-per"),
)
_NOUNS = (units.OWN_UNITS["count"], units.OWN_UNITS["person"], units.OWN_UNITS["occurrence"])
# The plural forms of CLDR; its other patterns are for rates and genders.
_PLURALS = ("zero", "one", "two", "few", "many", "other")
_DIGIT_BESIDE = re.compile(r"\{0\}[0-9]|[0-9]\{0\}")
_SPACE_BESIDE_HAN = re.compile(f"(?<=[{EAST_ASIAN}]) +| +(?=[{EAST_ASIAN}])")


@cache
def list_tender() -> frozenset[str]:
    """Returns the currencies that are or were legal tender of a territory in CLDR."""
    territories = babel.core.get_global("territory_currencies")
    listed = (babel.numbers.get_territory_currencies(each, date.min, date.max) for each in territories)
    return frozenset(str(code) for codes in listed for code in codes)


@cache
def is_currency(unit: str) -> bool:
    """Returns whether the unit is the code of a currency (ISO 4217) that is or was legal tender, or of a unit of account."""
    return unit in list_tender() or _UNITS_OF_ACCOUNT.fullmatch(unit) is not None


def is_known(unit: str, catalogue: Catalogue) -> bool:
    """Returns whether the unit, or each of the two units of a quotient, can be printed in the catalogue's locale."""
    quotient = units.split_quotient(unit)
    if quotient is not None:
        return is_known(quotient.numerator, catalogue) and is_known(quotient.denominator, catalogue)
    if unit in units.PRINTED_SYMBOLS or units.find_own_unit(unit) is not None or is_currency(unit):
        return True
    name = _find_cldr_name(unit)
    return catalogue.has(unit, PROJECT_UNITS) or (name is not None and bool(_list_forms(name, catalogue.locale)))


@cache
def is_additive(unit: str) -> bool:
    """Returns whether figures in the unit can be added: amounts can, rates and temperatures cannot."""
    if units.split_quotient(unit) is not None or units.canonicalise_unit(unit) in _NOT_ADDITIVE:
        return False
    name = _find_cldr_name(unit)
    # Moles and parts of a whole are one category of CLDR.
    return name == "concentr-mole" or not (name or "").startswith(_NOT_ADDITIVE_IN_CLDR)


def is_noun(unit: str, catalogue: Catalogue) -> bool:
    """Returns whether figures in the unit are numbers of people or things: `count`, `person`, `occurrence`, or a noun that
    the project declares.
    """
    return catalogue.has(unit, PROJECT_UNITS) or units.find_own_unit(unit) in _NOUNS


def is_duration(unit: str) -> bool:
    """Returns whether the unit is one of time, such as `hour`."""
    return (_find_cldr_name(unit) or "").startswith("duration-")


def find_unknown_part(unit: str, catalogue: Catalogue) -> str:
    """Returns the unknown unit of a quotient, of which at least one is unknown, or an unknown unit itself."""
    quotient = units.split_quotient(unit)
    if quotient is None:
        return unit
    return quotient.denominator if is_known(quotient.numerator, catalogue) else quotient.numerator


def suggest_unit(unit: str, catalogue: Catalogue) -> str:
    """Returns a hint for an unknown unit: the closest known unit, and where units are declared."""
    declare = "declare it in content/units.yaml"
    unit = find_unknown_part(unit, catalogue)
    meant = units.find_meant_unit(unit)
    if meant:
        return f"did you mean '{meant}'? Otherwise {declare}"
    amount = _AMOUNT_AND_UNIT.fullmatch(unit)
    if amount and is_known(amount["unit"], catalogue):
        return f"did you mean '{amount['number']} {amount['unit']}'? Otherwise {declare}"
    currency = _find_near_currency(unit)
    if currency:
        return f"did you mean '{currency}'? Otherwise {declare}"
    prefix = f"{PROJECT_UNITS}{CONTEXT_SEPARATOR}"
    own = [key.removeprefix(prefix) for key in catalogue.messages if key.startswith(prefix) and "#" not in key]
    candidates = [*units.OWN_UNITS, *units.SYMBOLS, *sorted(units.PRINTED_SYMBOLS), *_list_cldr_names(), *own]
    near = [each for each in candidates if each.casefold() == unit.casefold()]
    if len(near) != 1:
        folded = {each.casefold(): each for each in reversed(candidates)}
        near = [folded[each] for each in difflib.get_close_matches(unit.casefold(), folded, n=1, cutoff=0.6)]
    return f"did you mean '{near[0]}'? Otherwise {declare}" if near else declare


def _find_near_currency(unit: str) -> str:
    """Returns a widely used currency whose code differs from the unit in one letter, in the order of letters or in case;
    empty if no such currency is known.
    """
    code = unit.upper()
    if is_currency(code) or not _CODE.fullmatch(unit):
        return code if is_currency(code) else ""
    near = [
        each
        for each in _ENGLISH_CURRENCIES
        if sum(one != other for one, other in zip(each, code, strict=True)) < 2 or sorted(each) == sorted(code)
    ]
    return near[0] if len(near) == 1 else ""


def find_unit_pattern(
    unit: str, count: Count, catalogue: Catalogue, *, scaled: bool = False, in_words: bool = False
) -> str:
    """Returns the pattern for a number with the unit, with `{n}` for the number: `{n}元`, `US${n}/kWh`.

    `count` chooses the plural form; `scaled` says that the number ends in the word for a million or the like, which
    some languages join to the noun (French: 500 euros, 2 millions d'euros). `in_words` avoids symbols: a word such as
    "hundreds" cannot precede one.

    Raises:
        ValueError: the unit is unknown.
    """
    quotient = units.split_quotient(unit)
    if quotient is None:
        pattern = _find_single_pattern(unit, count, catalogue, scaled, in_words)
        return _link_scale(pattern, catalogue.locale) if scaled else pattern
    above = find_unit_pattern(quotient.numerator, count, catalogue, scaled=scaled, in_words=in_words)
    own = _DENOMINATORS.get(get_primary_language(catalogue.locale), {}).get(quotient.denominator)
    if own is not None and quotient.amount == 1:
        return f"{above}/{own}"
    short = _find_short_time(quotient, catalogue.locale)
    if short:
        return short.replace("{0}", above)
    if quotient.numerator in units.PRINTED_SYMBOLS and quotient.denominator in _LITRES and quotient.amount == 1:
        litre = quotient.denominator if get_primary_language(catalogue.locale) in _LANGUAGES_OF_SMALL_L else "L"
        return f"{above}/{litre if quotient.denominator == 'l' else quotient.denominator}"
    below = _find_single_pattern(quotient.denominator, quotient.amount, catalogue, scaled=False)
    amount = "" if quotient.amount == 1 else format_denominator(quotient.amount, catalogue.locale)
    return f"{above}/{below.replace('{n}', amount).strip()}"


def find_head(unit: str, catalogue: Catalogue) -> str:
    """Returns the words for a unit in a header: 百分点, not 个百分点. Empty if they are the same as beside a figure."""
    own = catalogue.messages.get(f"unit-head{CONTEXT_SEPARATOR}{units.canonicalise_unit(unit)}")
    return own[0] if own else ""


def _find_short_time(quotient: units.Quotient, locale: str) -> str:
    """Returns the pattern for a symbol per second, minute or hour, which is written as a symbol too: m³/s, not m³/second.
    Empty for any other quotient.
    """
    is_symbol = quotient.numerator in units.PRINTED_SYMBOLS or (
        quotient.numerator in units.SYMBOLS and quotient.numerator not in units.LONG_NAMES
    )
    time = units.canonicalise_unit(quotient.denominator)
    if not is_symbol or time not in _SHORT_TIMES or quotient.amount != 1 or get_primary_language(locale) in _UNSPACED:
        return ""
    lengths: Any = _parse_locale(locale)._data["unit_patterns"].get(f"duration-{time}", {})
    return str(lengths.get("short", {}).get("per", ""))


def format_denominator(amount: Decimal, locale: str) -> str:
    """Formats the number before the unit of a denominator: `3.2/100,000 people`."""
    is_grouped = not keeps_four_digits_together(locale) or amount >= LONG_NUMBER
    # The amount is whole, but may have been divided by a scale: 10.0000 万.
    return write_number(f"{amount.to_integral_value():f}", locale, is_grouped=is_grouped)


def find_denominator(unit: str, catalogue: Catalogue, *, is_stroke: bool = False) -> str:
    """Returns the words for one of a unit, after "per" or after a stroke: `day`, `月`."""
    words = _DENOMINATORS if is_stroke else _AFTER_PER
    own = words.get(get_primary_language(catalogue.locale), {}).get(units.canonicalise_unit(unit))
    return own or _find_single_pattern(unit, 1, catalogue, scaled=False).replace("{n}", "").strip()


def find_currency_name(code: str, locale: str, count: Count = 2) -> str:
    """Returns the currency's name in the plural form of the count: `US dollars`, `美元`."""
    name = lower_name(str(get_currency_name(code, count=count, locale=make_babel_identifier(locale))), locale)
    return _SPACE_BESIDE_HAN.sub("", name) if get_primary_language(locale) in _UNSPACED else name


def list_currency_names(code: str, locale: str) -> Iterator[str]:
    """Yields the currency's name in each plural form of the locale, as CLDR has it: `US dollar`, `US dollars`."""
    data: Any = _parse_locale(locale)._data
    names = {*data["currency_names_plural"].get(code, {}).values(), data["currency_names"].get(code, code)}
    yield from (_SPACE_BESIDE_HAN.sub("", lower_name(str(name), locale)) for name in names)


def _find_single_pattern(unit: str, count: Count, catalogue: Catalogue, scaled: bool, in_words: bool = False) -> str:
    if catalogue.has(unit, PROJECT_UNITS):
        form = f"{unit}#{find_plural_category(count, catalogue.locale, scaled=scaled)}"
        return catalogue.get(form if catalogue.has(form, PROJECT_UNITS) else unit, PROJECT_UNITS)
    own = units.find_own_unit(unit)
    if in_words and unit in ("percent", "permille") and get_primary_language(catalogue.locale) in _HAVE_PERCENT_WORDS:
        return _find_cldr_pattern(f"concentr-{unit}", False, count, catalogue, scaled)
    if own is not None:
        if own.one == "{n}":
            return "{n}"
        index = find_plural_index(count, catalogue.locale, scaled=scaled)
        return catalogue.get_plural(own.one, own.other, index, "unit")
    if unit in units.PRINTED_SYMBOLS:
        own_words = catalogue.messages.get(f"cldr-unit{CONTEXT_SEPARATOR}{unit}")
        space = "" if get_primary_language(catalogue.locale) == "ko" else " "
        return own_words[0] if own_words else f"{{n}}{space}{unit.replace('CO2', 'CO₂')}"
    if is_currency(unit):
        pattern = _find_currency_pattern(unit, count, catalogue, scaled)
        is_sign = get_primary_language(catalogue.locale) != "en" and not any(
            map(str.isalpha, pattern.replace("{n}", ""))
        )
        return f"{{n}}\u00a0{find_currency_name(unit, catalogue.locale, count)}" if in_words and is_sign else pattern
    cldr = _find_cldr_name(unit)
    if cldr is None:
        raise ValueError(f"unknown unit '{unit}'")
    is_short = unit in units.SYMBOLS and unit not in units.LONG_NAMES and not in_words
    return _find_cldr_pattern(cldr, is_short, count, catalogue, scaled)


def joins_nouns(locale: str) -> bool:
    """Returns whether a word joins nouns to "million" and "thousands" in the language: `des milliers d’heures`."""
    return get_primary_language(locale) in _SCALE_LINKS


def _link_scale(pattern: str, locale: str) -> str:
    """Returns the pattern of a unit after "million", with the word that joins the noun to it, in languages that need one:
    `{n} d'euros`.
    """
    links = _SCALE_LINKS.get(get_primary_language(locale))
    noun = _NOUN_AFTER.match(pattern)
    if links is None or noun is None or pattern[noun.end() :].startswith((*links, "d'")):
        return pattern
    name = pattern[noun.end() :]
    name = _LINKED_NOUNS.get(name, name)
    begins_with_vowel = name[0].casefold() in "aeéèêiîoôuh" and not name.casefold().startswith(_ASPIRATED)
    return f"{{n}} {links[begins_with_vowel]}{name}"


def _find_plural_index(count: Count, catalogue: Catalogue, scaled: bool, forms: int) -> int:
    return min(find_plural_index(count, catalogue.locale, scaled=scaled), forms - 1)


def _find_currency_pattern(code: str, count: Count, catalogue: Catalogue, scaled: bool) -> str:
    contexts = ("scaled-currency", "currency") if scaled else ("currency",)
    for context in contexts:
        forms = catalogue.messages.get(f"{context}{CONTEXT_SEPARATOR}{code}")
        if forms:
            return forms[_find_plural_index(count, catalogue, scaled, len(forms))]
    language = get_primary_language(catalogue.locale)
    if language == "en":
        return _ENGLISH_CURRENCIES.get(code, f"{code} {{n}}")
    if language in _UNSPACED:
        return "{n}" + find_currency_name(code, catalogue.locale)
    names: Any = _parse_locale(catalogue.locale)._data["currency_names_plural"].get(code, {})
    category = find_plural_category(count, catalogue.locale, scaled=scaled)
    name = (
        lower_name(names[category], catalogue.locale)
        if category in names
        else find_currency_name(code, catalogue.locale)
    )
    return f"{{n}}\u00a0{name}"


def _find_cldr_pattern(name: str, is_short: bool, count: Count, catalogue: Catalogue, scaled: bool) -> str:
    own = catalogue.messages.get(f"cldr-unit{CONTEXT_SEPARATOR}{name}")
    if own:
        return own[_find_plural_index(count, catalogue, scaled, len(own))]
    patterns = _list_forms(name, catalogue.locale)
    language = get_primary_language(catalogue.locale)
    category = find_plural_category(count, catalogue.locale, scaled=scaled)
    is_english_litre = language == "en" and is_short and "liter" in name
    # Chinese and Japanese write words for units, and symbols for degrees: 1億°C. No other language but Korean writes a
    # symbol after "million".
    is_degree = name.startswith(("temperature-", "angle-"))
    is_word = scaled and language not in _OF_MYRIADS if is_degree else language in _UNSPACED
    for length in ("short", "long") if is_short and not is_word else ("long", "short"):
        forms = patterns.get(length, {})
        # Some languages write "a day" without a number, but the number must not be lost.
        wanted = (str(forms[form]) for form in (category, "other") if form in forms)
        pattern = next((form for form in wanted if "{0}" in form), None)
        if pattern is not None:
            made = _LITRE.sub("L", pattern.replace("{0}", "{n}")) if is_english_litre else pattern.replace("{0}", "{n}")
            return _SPACE_BESIDE_HAN.sub("", made) if language in _UNSPACED else made
    raise ValueError(f"CLDR has no {catalogue.locale} words for the unit '{name}'")


@cache
def _list_forms(name: str, locale: str) -> dict[str, Any]:
    """Returns the locale's patterns for a CLDR unit, keyed by length and then by plural form; empty if CLDR has only
    the unit's name.
    """
    lengths: Any = _parse_locale(locale)._data["unit_patterns"].get(name, {})
    found = {length: lengths[length] for length in ("short", "long") if "other" in lengths.get(length, {})}
    # Chinese writes a decade as "{0}0年", which is wrong for 1.5 decades.
    return {name: forms for name, forms in found.items() if not _DIGIT_BESIDE.search(str(forms["other"]))}


def list_unit_patterns(names: Iterable[str], locale: str) -> Iterator[str]:
    """Yields the locale's short and long patterns for the CLDR units, with `{0}` for the number, in each plural form."""
    for name in names:
        for forms in _list_forms(name, locale).values():
            yield from (str(pattern) for count, pattern in forms.items() if count in _PLURALS)


@cache
def _find_cldr_name(unit: str) -> str | None:
    """Returns CLDR's name of a unit, which may be given as a symbol, as its full name, or as its name without the
    category (`kilowatt-hour`).
    """
    if unit in units.SYMBOLS:
        return units.SYMBOLS[unit]
    patterns = _parse_locale("en")._data["unit_patterns"]
    if unit in patterns:
        return unit
    return next((str(name) for name in sorted(patterns) if name.partition("-")[2] == unit), None)


@cache
def _list_cldr_names() -> tuple[str, ...]:
    # Babel has some names without words.
    names = sorted(_parse_locale("en")._data["unit_patterns"])
    return tuple(name.partition("-")[2] for name in names if _list_forms(name, "en"))


@cache
def _parse_locale(locale: str) -> Locale:
    # In CLDR, `en` is American English; here, `en` without a region means international English.
    return Locale.parse("en_001" if locale == "en" else make_babel_identifier(locale))
