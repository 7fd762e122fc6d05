"""Finds quantities in texts as authors type them: `US$ 1.2 billion`, `12 MW`, `300万元`.

A number is a quantity if a word or sign from the tables of units, scales and currencies is beside it, so that a unit that is
added to these tables is recognised here. Numbers of things, of people, of times and of days or years do not count as
quantities: "3 lines", "12 months".
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from brief.model.catalogue import CONTEXT_SEPARATOR, Catalogue
from brief.model.figures.units import ALIASES, OWN_UNITS, PRINTED_SYMBOLS, SYMBOLS
from brief.model.han import DENSE_CHARACTER
from brief.model.locale import get_primary_language
from brief.model.record import dataclass
from brief.reading.tables.written_units import MULTIPLES
from brief.resolve.figures.typed_notation import read_notation
from brief.resolve.figures.units import list_currency_names, list_tender, list_unit_patterns

_CONTEXTS = ("scale", "currency", "cldr-unit", "unit")
_COUNTED = frozenset(
    (
        "count",
        "times",
        "occurrence",
        "person",
        "second",
        "minute",
        "hour",
        "day",
        "week",
        "month",
        "year",
        "age",
        "line",
        "P",
    )
)
# Their patterns in English are the ids of their messages.
_COUNTED_MESSAGES = frozenset(OWN_UNITS[unit].one for unit in _COUNTED)
# Angles and pixels describe views and screens, and chips are named by their nanometers.
_NAMING = ("duration-", "angle-", "graphics-", "length-nanometer")
# Words and codes that mean something else after, or before, a number: 第3节, 2024 won the cup, 3 bar charts, TOP 5.
_AMBIGUOUS = frozenset("牛安巴节節度升帕卡焦杯")
_AMBIGUOUS_IN_ENGLISH = frozenset(("won", "pound", "pounds", "bar", "bars", "mill", "miles", "kn"))
_AMBIGUOUS_CODES = frozenset(
    ("ALL", "BAD", "BAN", "CUP", "GEL", "LAK", "MAD", "MOP", "PEN", "SIT", "SOS", "TOP", "TRY")
)

# Not after the mark of an ordinal: 제5조 is Article 5.
_NUMBER = re.compile(r"(?<![A-Za-z0-9.第제])[-−+]?[0-9]+(?:[.,'\u2019\u202f\u00a0 ][0-9]+)*")
# A bare number may be a name, a year or a count of things; in groups of digits it is a quantity.
_GROUPED = re.compile(
    r"(?<![A-Za-z0-9.,])[0-9]{1,3}(?:(?:,[0-9]{3})+|(?:[\u2019\u202f\u00a0][0-9]{3})+|(?:\.[0-9]{3}){2,})(?![0-9A-Za-z])"
)
_SIGN_BEFORE = re.compile(
    r"(?:[A-Z]{0,3}[$€£¥₩₹]|(?<![A-Za-z])(?P<code>[A-Z]{3})|(?P<word>[^\W\d_a-z]{2,4}))[ \u00a0\u202f]?$"
)
_SPACE = " \u00a0\u202f"
# Scales and percent in full, which messages print abbreviated.
_SPELT_OUT: Mapping[str, tuple[str, ...]] = {
    "en": ("percent", "per cent", "percentage point", "percentage points"),
    "de": (
        "Prozent",
        "Prozentpunkt",
        "Prozentpunkte",
        "Prozentpunkten",
        "Million",
        "Millionen",
        "Milliarde",
        "Milliarden",
    ),
    "fr": ("pour cent", "million", "millions", "milliard", "milliards"),
    "es": ("por ciento", "millón", "millones", "mil millones"),
    "ja": ("パーセント",),
    "ko": ("퍼센트",),
}
# The level of a confidence interval names a method: "95% CI", "IC 95 %", 95%信頼区間.
_LEVEL = re.compile(
    r"(?:80|90|95|97[.,]5|98|99|99[.,]9)[\s\u202f-]?(?:[%％]|percent|per cent|Prozent|por ciento|pour cent)"
)
_INTERVAL_AFTER = re.compile(
    r"[\s-]*(?:(?:[CK]I|IC|CrI)(?![A-Za-z])|confidence|credib|Konfidenz|Vertrauens|置信|信[頼賴][区區]間|信心|신뢰)",
    re.IGNORECASE,
)
_INTERVAL_BEFORE = re.compile(
    r"(?:(?<![A-Za-z])(?:[CK]I|IC)|confidence interval|[Kk]onfidenzintervall|intervalle de confiance|intervalo de confian[zç]a|置信区间|信[頼賴][区區]間|신뢰\s?구간)"
    r"[\s(\[（]*(?:de|del|à|au|al|of|at|von)?\s?$"
)
# What French and Spanish write between a scale and a unit: 2 millions d'euros.
_LINKS = ("", "de ", "d'", "d’")
# A floor and a layer: 3亿层.
_STOREYS = re.compile("[层層]|[^\\W\\d_][层層]")


@dataclass(frozen=True, slots=True, eq=False)
class FigureWords:
    """The words and signs that are written after numbers, and before them, in the figures of one language. `lengths` maps the
    first letter of the words after numbers to their lengths, the greatest first.
    """

    after: frozenset[str]
    before: frozenset[str]
    lengths: Mapping[str, tuple[int, ...]]


def list_figure_words(catalogue: Catalogue) -> FigureWords:
    """Lists the words and signs that make a number a quantity in texts of the catalogue's locale."""
    printed = (
        form
        for key, forms in catalogue.messages.items()
        if key.partition(CONTEXT_SEPARATOR)[0] in _CONTEXTS
        and key.partition(CONTEXT_SEPARATOR)[2] not in _COUNTED_MESSAGES
        for form in forms
    )
    return _list_words(catalogue.locale, tuple(printed))


def find_figures(text: str, words: FigureWords) -> Iterator[str]:
    """Yields the quantities of a text, in their order, except for levels of confidence."""
    for number in _NUMBER.finditer(text):
        before = _SIGN_BEFORE.search(text, max(number.start() - 8, 0), number.start())
        start = number.start()
        end = _find_end(text, number.end(), words)
        if (
            before is not None
            and (not before["word"] or before["word"] in words.before)
            and (not before["code"] or before["code"] in words.before or end > number.end())
        ):
            start = before.start()
        is_figure = end > number.end() or start < number.start() or _GROUPED.match(text, number.start())
        if is_figure and not _is_level_of_confidence(text, start, end):
            yield text[start:end]


def _is_level_of_confidence(text: str, start: int, end: int) -> bool:
    return _LEVEL.fullmatch(text, start, end) is not None and bool(
        _INTERVAL_AFTER.match(text, end) or _INTERVAL_BEFORE.search(text[max(start - 40, 0) : start])
    )


def _find_end(text: str, start: int, words: FigureWords) -> int:
    """Returns the end of the unit that begins at `start` of the text; `start` if no unit begins there."""
    end = _find_word(text, start, words)
    if end > start:
        for link in _LINKS:
            further = end + (end < len(text) and text[end] in _SPACE)
            if text.startswith(link, further) and (
                last := _find_word(text, further + len(link), words)
            ) > further + len(link):
                return last
    return end


def _find_word(text: str, start: int, words: FigureWords) -> int:
    first = start + (start < len(text) and text[start] in _SPACE + "-")
    for length in words.lengths.get(text[first : first + 1], ()):
        end = first + length
        if end <= len(text) and text[first:end] in words.after and _is_whole(text, end):
            return end
    return start


def _is_whole(text: str, end: int) -> bool:
    if DENSE_CHARACTER.search(text[end - 1]):
        return not _STOREYS.match(text, end)
    return ends_word(text, end)


def ends_word(text: str, end: int) -> bool:
    """Returns whether a word that is written with spaces may end at this offset of the text, which is not 0."""
    return not (text[end - 1].isalnum() and text[end : end + 1].isalnum() and not DENSE_CHARACTER.search(text[end]))


@lru_cache(maxsize=50)
def _list_words(locale: str, printed: tuple[str, ...]) -> FigureWords:
    names = {name for name in SYMBOLS.values() if not name.startswith(_NAMING)}
    patterns = (*printed, *(pattern.replace("{0}", "{n}") for pattern in list_unit_patterns(names, locale)))
    after = {*_list_shared_words(), *(pattern.partition("{n}")[2].strip(_SPACE) for pattern in patterns)}
    after |= {name for code in list_tender() for name in list_currency_names(code, locale)}
    after.update(_SPELT_OUT.get(get_primary_language(locale), ()))
    # Abbreviations, and single Han characters, are other words too.
    scales = (word for word in read_notation(locale).scales if len(word) > 3 and not DENSE_CHARACTER.search(word))
    after.update(form for word in scales for form in (word, word.capitalize()))
    after = {word for word in after if _is_certain(word)}
    if get_primary_language(locale) == "en":
        after -= _AMBIGUOUS_IN_ENGLISH
    before = {*list_tender(), "RMB", *(pattern.partition("{n}")[0].strip(_SPACE) for pattern in printed)}
    lengths: dict[str, set[int]] = {}
    for word in after:
        lengths.setdefault(word[0], set()).add(len(word))
    return FigureWords(
        frozenset(after),
        frozenset(before - _AMBIGUOUS_CODES),
        {first: tuple(sorted(each, reverse=True)) for first, each in lengths.items()},
    )


def _list_shared_words() -> Iterator[str]:
    yield from ("%", "％", "‰", *"倍円元万萬亿億兆만억吨噸桶")
    yield from (*PRINTED_SYMBOLS, *(symbol.replace("CO2", "CO₂") for symbol in PRINTED_SYMBOLS))
    yield from (symbol for symbol, name in SYMBOLS.items() if not name.startswith(_NAMING))
    yield from (word for word in MULTIPLES if not word[0].isdigit() and word[0] != "'")
    for name, unit in OWN_UNITS.items():
        if name not in _COUNTED:
            yield from (unit.one.removeprefix("{n}").strip(), unit.other.removeprefix("{n}").strip())
    for word, meant in ALIASES.items():
        if meant not in _COUNTED:
            yield from (word, word.capitalize())


def _is_certain(word: str) -> bool:
    """Returns whether a number before the word is certainly a quantity: a single letter may belong to a name or a list."""
    is_single = len(word) == 1 and word.isalpha() and not DENSE_CHARACTER.search(word)
    return bool(word) and not is_single and word not in _AMBIGUOUS
