"""Reads from CLDR how a locale writes numbers in texts: its separators, its months and its words for powers of ten."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from brief.model.locale import make_babel_identifier
from brief.model.record import dataclass

# CLDR has short forms of a single letter too, such as M, which are units and names in texts.
_LEAST_LETTERS = 2
_PATTERN = re.compile(r"(?P<zeros>0+)(?P<word>\D+)")


@dataclass(frozen=True, slots=True)
class TypedNotation:
    """How a locale writes numbers: `point` before decimals, `comma` between groups of digits, which may be a space.

    `scales` has the power of ten of each word in small letters: `{"million": 6}`. `months` has the names of each month in
    small letters, in the forms that the language has for dates and for a month alone; `short_months` their abbreviations.
    """

    point: str
    comma: str
    scales: Mapping[str, int]
    months: tuple[tuple[str, ...], ...]
    short_months: tuple[tuple[str, ...], ...]


@cache
def read_notation(tag: str) -> TypedNotation:
    """Reads the notation of a locale; of English if CLDR does not have the language."""
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(make_babel_identifier(tag))
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse("en")
    symbols = locale.number_symbols.get("latn") or locale.number_symbols[locale.default_numbering_system]
    names = [locale.months[form] for form in ("format", "stand-alone")]
    return TypedNotation(
        point=symbols["decimal"],
        comma=_unify_spaces(symbols["group"]),
        scales=dict(_list_scales(locale.compact_decimal_formats)),
        months=tuple(_list_names([form["wide"][number] for form in names]) for number in range(1, 13)),
        short_months=tuple(_list_names([form["abbreviated"][number] for form in names]) for number in range(1, 13)),
    )


def _list_scales(formats: Mapping[str | None, Mapping[str, Mapping[str, object]]]) -> Iterator[tuple[str, int]]:
    """Yields each word for a power of ten with the power: the pattern `00 milioni` for 10 million says 6."""
    for length in ("short", "long"):
        for patterns in formats.get(length, {}).values():
            for magnitude, pattern in patterns.items():
                found = _PATTERN.fullmatch(_unify_spaces(str(getattr(pattern, "pattern", ""))))
                word = found["word"].replace("'.'", "").strip().casefold() if found else ""
                if found and len(word) >= _LEAST_LETTERS:
                    yield word, len(magnitude) - len(found["zeros"])


def _list_names(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_unify_spaces(name).casefold().rstrip(".") for name in names))


def _unify_spaces(text: str) -> str:
    return re.sub(r"[\u00a0\u202f]", " ", text)
