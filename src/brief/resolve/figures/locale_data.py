"""Reads from CLDR the script and region that a tag means, how digits are grouped, and native names of languages. Writes
numbers with the marks and groups of a locale.
"""

from functools import cache

from brief.model.locale import get_primary_language, make_babel_identifier, split_subtags

# From this number on, languages that print four digits together group thousands.
LONG_NUMBER = 10_000
# Languages that group only numbers of five digits and more (CLDR, minimumGroupingDigits, which Babel does not read), and
# Chinese. Portuguese does so outside Brazil.
_FOUR_DIGITS_TOGETHER = frozenset(("bg", "es", "et", "hu", "it", "lv", "pl", "sl", "zh"))

# Swiss French has a narrow space between groups, as its Federal Chancellery writes; CLDR 48.2 has an apostrophe.
_OWN_MARKS = {"fr-CH": (",", "\u202f")}


@cache
def add_likely_subtags(tag: str) -> str:
    """Returns the tag with its most likely script and region: `ja-Jpan-JP` for `ja`, `zh-Hant-HK` for `zh-HK`.

    Unicode Technical Standard 35, part 1, "Likely Subtags"; a tag that CLDR does not have is returned unchanged.

    For the script alone, `brief.model.scripts.find_script` needs no library.
    """
    from babel.core import get_global

    known = get_global("likely_subtags")
    language, script, region = split_subtags(tag)
    for given in ((language, script, region), (language, region), (language, script), (language,)):
        found = known.get("_".join(part for part in given if part))
        if found is not None:
            _, likely_script, likely_region = found.split("_")
            return f"{language}-{script or likely_script}-{region or likely_region}"
    return tag


@cache
def find_digit_groups(tag: str) -> tuple[int, ...]:
    """Returns how many digits are grouped, from the right; the last is repeated: 3, and then 2 in India (12,34,567)."""
    from babel import Locale

    first, others = Locale.parse(make_babel_identifier(tag)).decimal_formats[None].grouping
    return (first,) if first == others else (first, others)


@cache
def find_number_marks(tag: str) -> tuple[str, str]:
    """Returns the decimal mark of a locale, and the mark between its groups of digits.

    Raises:
        UnknownLocaleError: CLDR does not have the language.
    """
    from babel import Locale

    locale = Locale.parse(make_babel_identifier(tag))
    if tag in _OWN_MARKS:
        return _OWN_MARKS[tag]
    symbols = locale.number_symbols.get("latn") or locale.number_symbols[locale.default_numbering_system]
    # For Switzerland, CLDR has had the typewriter apostrophe (U+0027) since version 48, and the typographic one before.
    return symbols["decimal"], symbols["group"].replace("'", "\u2019")


def write_number(number: str, tag: str, *, is_grouped: bool) -> str:
    """Writes a number with the marks of a locale: `1234.50` is `1.234,50` in German if `is_grouped`, otherwise `1234,50`.

    `number` has ASCII digits, at most one point, and no sign. Babel's `format_decimal` is not used because version 2.19
    loses every second apostrophe between groups.

    Raises:
        UnknownLocaleError: CLDR does not have the language.
    """
    whole, _, decimals = number.partition(".")
    decimal_mark, group_mark = find_number_marks(tag)
    if is_grouped:
        first, *others = find_digit_groups(tag)
        parts = [whole[-first:]]
        rest, size = whole[:-first], (others or [first])[0]
        while rest:
            parts.insert(0, rest[-size:])
            rest = rest[:-size]
        whole = group_mark.join(parts)
    return f"{whole}{decimal_mark}{decimals}" if decimals else whole


@cache
def keeps_four_digits_together(tag: str) -> bool:
    """Returns whether numbers of four digits print without a mark in the locale, unless they are beside longer ones.

    Where Spanish groups digits with a comma, as in Mexico, they have one.
    """
    language, _, region = split_subtags(tag)
    if language == "pt":
        return region not in (None, "BR")
    if language == "es":
        return find_number_marks(tag)[1] != ","
    return language in _FOUR_DIGITS_TOGETHER


@cache
def find_native_name(tag: str) -> str:
    """Returns the locale's name in its own language: `English`, `简体中文`.

    The name includes the region if the tag has one.
    """
    from babel import Locale

    locale = Locale.parse(make_babel_identifier(tag))
    written = "_".join(part for part in (locale.language, locale.script) if part)
    name: str = locale.languages.get(written) or Locale.parse(written).get_display_name() or tag
    return f"{name} ({locale.territories[locale.territory]})" if locale.territory else name


def lower_name(currency: str, locale: str) -> str:
    """Returns the name of a currency as in running text: CLDR has those of Brazilian Portuguese as in a list, Reais
    brasileiros.
    """
    return currency[:1].lower() + currency[1:] if get_primary_language(locale) == "pt" else currency
