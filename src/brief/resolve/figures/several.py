"""Formats numbers of which only the magnitude is known, in words: hundreds of buses, 数百辆."""

import re
from decimal import Decimal

from brief.model.catalogue import Catalogue
from brief.model.locale import get_primary_language
from brief.resolve.figures import units
from brief.resolve.figures.units import is_currency

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


def format_several(magnitude: Decimal, unit: str, catalogue: Catalogue) -> str:
    """Returns the word for the magnitude, a power of ten, with the unit."""
    key = f"1e{magnitude.adjusted()}"
    translated = catalogue.messages.get(f"several\x04{key}")
    word = translated[0] if translated else _ENGLISH_SEVERAL[key]
    if unit == "count":
        return word
    currency, stroke, _ = unit.partition("/")
    word += " of" if translated is None and word != "several" and currency != "count" else ""
    language = get_primary_language(catalogue.locale)
    if translated is not None and language == "de" and unit == "times":
        return _multiply_in_german(word)
    is_linked = magnitude > 1 and units.joins_nouns(catalogue.locale)
    pattern = units.find_unit_pattern(unit, magnitude * 2, catalogue, scaled=is_linked, in_words=True)
    if language == "fr" and unit == "year":
        # "5 ans", but a word goes with the other noun.
        pattern = pattern.replace("{n} ans", "{n} années")
    if is_currency(currency) and translated is None:
        name = {"CNY": "yuan", "USD": "US dollars"}.get(currency) or units.find_currency_name(currency, "en")
        return f"{word} {name}{stroke}{pattern.rpartition('/')[2] if stroke else ''}"
    if translated is None or language == "ko":
        # What follows digits without a space is apart from a word: dozens of °C, 수백 명 (한글 맞춤법, 제43항).
        pattern = re.sub(r"\{n\}(?=[^\s/])", "{n} ", pattern)
    return pattern.replace("{n}", word)


def _multiply_in_german(word: str) -> str:
    """Returns the multiple for a magnitude: mehrfach, dutzendfach, zehntausendfach, dutzende Millionen Mal."""
    if " " in word:
        return f"{word} Mal"
    stem = "mehr" if word == "mehrere" else word.lower().removesuffix("e")
    return f"{stem}fach"
