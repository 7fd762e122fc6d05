"""Spells small numbers, as running text does: two weeks, 两周, 兩年."""

import re
from collections.abc import Mapping, Sequence

from brief.model.figures.quantity import Quantity
from brief.model.han import IDEOGRAPH
from brief.model.locale import get_primary_language
from brief.model.scripts import find_chinese_script

# Before a unit, 2 is 两 and not 二. Other languages print digits: their words change with the noun, or are not customary.
_NUMBER_WORDS: Mapping[str, Sequence[str]] = {
    "en": ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    "Hans": tuple("一两三四五六七八九十"),
    "Hant": tuple("一兩三四五六七八九十"),
}
# What may follow a word: nothing, or a unit that is itself a word. Symbols follow digits: 2 km, 2%.
_UNITS: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"\s[a-z]{4}.*|"),
    "Hans": re.compile(f"{IDEOGRAPH.pattern}.*|"),
    "Hant": re.compile(f"{IDEOGRAPH.pattern}.*|"),
}


def spell_number(text: str, quantity: Quantity, locale: str) -> str:
    """Returns a formatted quantity with its number as a word. It is unchanged unless the number is a whole one from one to
    ten, alone or before a unit that is a word.
    """
    language = find_chinese_script(locale) or get_primary_language(locale)
    value = quantity.value
    if language not in _NUMBER_WORDS or value is None or value not in range(1, 11):
        return text
    unit = text.removeprefix(str(int(value)))
    if unit == text or not _UNITS[language].fullmatch(unit):
        return text
    return _NUMBER_WORDS[language][int(value) - 1] + unit
