"""Finds units, currencies and words for powers of ten that are typed beside a placeholder, which prints its own: `12%%`, `€5 million
euros`, `744,100 thousand`.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import chain

from brief.model.blocks import Metrics
from brief.model.brief import Brief
from brief.model.catalogue import Catalogue
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import Diagnostic
from brief.model.figures.quantity import Quantity
from brief.model.figures.units import canonicalise_unit
from brief.model.han import DENSE_CHARACTER
from brief.model.inline import ClaimValue
from brief.model.locale import get_primary_language
from brief.model.source_location import SourceLocation
from brief.resolve.checks.figures.placeholders import Placeholder, Placeholders
from brief.resolve.figures import quantities, units
from brief.resolve.figures.typed_notation import read_notation
from brief.resolve.figures.typed_words import ends_word

_PERCENT_UNITS = ("percent", "permille", "percentage-point")
_PERCENT_WORDS = (
    *(
        "%",
        "％",
        "percent",
        "per cent",
        "percentage point",
        "percentage points",
        "Prozent",
        "Prozentpunkte",
        "Prozentpunkten",
    ),
    *("pour cent", "por ciento", "por cento", "per cento", "procent", "процент", "процента", "процентов"),
    *("个百分点", "個百分點", "パーセント", "퍼센트", "퍼센트포인트"),
)
# Common words for currencies that CLDR has only in longer names, such as US dollars.
_CURRENCY_WORDS = (
    "dollars",
    "dollar",
    "Dollar",
    "dólares",
    "pounds",
    "yuan",
    "renminbi",
    "RMB",
    "元",
    "圆",
    "圓",
    "円",
)
_SIGN_AFTER = "$€£¥₩₹"
_SIGN_BEFORE = re.compile(r"(?:[A-Z]{0,3}[$€£¥₩₹]|(?<![A-Za-z])(?P<code>[A-Z]{3}))[ \u00a0\u202f]?$")
_HAN_SCALES = ("万亿", "萬億", "万", "萬", "亿", "億", "兆", "만", "억", "조")
_ENGLISH_SCALES = ("bn", "mn", "tn")
# Below this, people also record "250" and type "million users" beside it.
_LEAST_CERTAIN = 1_000
_DIGITS = re.compile(r"[\d.,'’\s\u00a0\u202f]+")
_SPACES = ("", " ", "\u00a0", "\u202f", "-")


def check_repeated_units(brief: Brief, placeholders: Placeholders) -> list[Diagnostic]:
    """Warns about each word or sign beside a placeholder, or in the label of a tile, that states a unit, a currency or a power of
    ten once more.
    """
    sink = DiagnosticSink()
    for locale, catalogue in brief.catalogues.items():
        table = _UnitWords(catalogue)
        located = ((each, each.run.claim.location) for each in placeholders.by_locale.get(locale, ()))
        for each, location in chain(located, _list_tiles(brief, locale)):
            quantity = each.find_quantity(brief) if each.run.part in ("value", "bare") else None
            if quantity and (typed := table.find_repetition(each.before, each.after, quantity)):
                message = each.describe(typed, brief, catalogue)
                hint = "remove it; the unit and the size of a figure are those of its claim"
                sink.add_warning("repeated-unit", location, message, hint)
    return sink.found


def _list_tiles(brief: Brief, locale: str) -> Iterator[tuple[Placeholder, SourceLocation]]:
    """Yields the figure of each tile, with its label as the words after it."""
    for block in (block for theme in brief.themes.values() for block in theme.blocks if isinstance(block, Metrics)):
        for metric in block.metrics:
            if label := metric.label.find_phrase(locale):
                yield Placeholder("", ClaimValue(metric.claim), label.source), label.location


class _UnitWords:
    """The words for units, currencies and powers of ten in the locale of a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._known: dict[str, tuple[str, ...]] = {}

    def find_repetition(self, before: str, after: str, quantity: Quantity) -> str:
        """Returns what is typed once more beside a quantity; empty if nothing is, or if it has no number."""
        value = quantity.value if quantity.value is not None else quantity.high
        if value is None:
            return ""
        currency = canonicalise_unit(quantity.unit).partition("/")[0]
        is_money = units.is_currency(currency)
        if is_money and (sign := _SIGN_BEFORE.search(before)) and sign["code"] in (None, currency, "RMB"):
            return sign[0].strip()
        if typed := _find_word(after, self._list_words(quantity.unit, is_money=is_money)):
            return typed
        if units.is_noun(quantity.unit, self._catalogue) and abs(value) < _LEAST_CERTAIN:
            return ""
        return _find_word(after, _list_scales(self._catalogue.locale))

    def _list_words(self, unit: str, *, is_money: bool) -> tuple[str, ...]:
        """Lists what figures in the unit print after their number, and the names of currencies after an amount of money."""
        if unit not in self._known:
            words = _PERCENT_WORDS if canonicalise_unit(unit) in _PERCENT_UNITS else self._list_printed(unit)
            self._known[unit] = (*words, *(_list_currency_words(self._catalogue.locale) if is_money else ()))
        return self._known[unit]

    def _list_printed(self, unit: str) -> tuple[str, ...]:
        found = set()
        for number in (1, 2, 5):
            try:
                quantity = Quantity(value=Decimal(number), unit=unit)
                printed = quantities.format_quantity(quantity, self._catalogue, bare=True)
            except ValueError:
                continue
            found.add(_DIGITS.split(printed)[-1].strip())
        return tuple(found - {""})


def _find_word(after: str, words: tuple[str, ...]) -> str:
    """Returns the longest of the words with which a text begins; empty if it begins with none."""
    text = after[1:] if after[:1] in _SPACES else after
    if not text.startswith(words):
        return ""
    whole = (word for word in words if text.startswith(word) and _is_whole(text, len(word)))
    return max(whole, key=len, default="")


def _is_whole(text: str, end: int) -> bool:
    return DENSE_CHARACTER.search(text[end - 1]) is not None or ends_word(text, end)


@cache
def _list_currency_words(locale: str) -> tuple[str, ...]:
    codes = units.list_tender()
    names = {name for code in codes for name in units.list_currency_names(code, locale)}
    return tuple({*names, *codes, *_CURRENCY_WORDS, *_SIGN_AFTER})


@cache
def _list_scales(locale: str) -> tuple[str, ...]:
    written = (word for word in read_notation(locale).scales if len(word) > 2)
    words = {form for word in written for form in (word, word.capitalize())}
    if get_primary_language(locale) == "en":
        words.update(_ENGLISH_SCALES)
    return tuple({*words, *_HAN_SCALES})
