"""Reads numbers in German, French and Spanish words: "siebenundsiebzig Millionen siebenhunderttausend", "soixante-dix-sept
virgule sept millions", "setenta y siete millones y medio".

Words may be joined, hyphenated or apart. English has `number_words`, and Han numerals `han_numerals`.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from brief.model.record import dataclass
from brief.resolve.numerals.number_words import NumberInWords

_HUNDRED = 100
_HALF = Decimal("0.5")


class _Word(NamedTuple):
    """What a word does: its `value` is added, its `scale` multiplies, and if it `is_point`, decimals follow."""

    value: Decimal = Decimal(0)
    scale: int = 0
    is_point: bool = False


def _count(*words: str, start: int = 1, step: int = 1) -> dict[str, _Word]:
    """Maps words to the values from `start` on, in steps of `step`; words for the same value are separated by '|'."""
    return {
        each: _Word(Decimal(start + index * step))
        for index, alternatives in enumerate(words)
        for each in alternatives.split("|")
    }


def _scale(scale: int, *words: str) -> dict[str, _Word]:
    return {word: _Word(scale=scale) for word in words}


_GERMAN = (
    _count("null", start=0)
    | _count("ein|eine|einen|einer|eins", "zwei|zwo", "drei", "vier", "funf|fuenf", "sechs", "sieben", "acht", "neun")
    | _count("zehn", "elf", "zwolf|zwoelf", "dreizehn", "vierzehn", "funfzehn|fuenfzehn", "sechzehn", start=10)
    | _count("siebzehn", "achtzehn", "neunzehn", start=17)
    | _count("zwanzig", "dreissig", "vierzig", "funfzig|fuenfzig", start=20, step=10)
    | _count("sechzig", "siebzig", "achtzig", "neunzig", start=60, step=10)
    | dict.fromkeys(("halb", "halbe", "halben", "einhalb"), _Word(_HALF))
    | {"anderthalb": _Word(1 + _HALF), "eineinhalb": _Word(1 + _HALF), "komma": _Word(is_point=True)}
    | _scale(_HUNDRED, "hundert")
    | _scale(10**3, "tausend")
    | _scale(10**6, "million", "millionen")
    | _scale(10**9, "milliarde", "milliarden")
    | _scale(10**12, "billion", "billionen")
)
_FRENCH = (
    _count("zero", start=0)
    | _count("un|une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze")
    | _count("treize", "quatorze", "quinze", "seize", start=13)
    | _count("vingt", "trente", "quarante", "cinquante", "soixante", start=20, step=10)
    | _count("septante", "huitante|octante|quatre-vingt|quatre-vingts", "nonante", start=70, step=10)
    | _count("quatre vingt|quatre vingts", start=80)
    | {"demi": _Word(_HALF), "demie": _Word(_HALF), "virgule": _Word(is_point=True)}
    | _scale(_HUNDRED, "cent", "cents")
    | _scale(10**3, "mille")
    | _scale(10**6, "million", "millions")
    | _scale(10**9, "milliard", "milliards")
    | _scale(10**12, "billion", "billions")
)
_SPANISH = (
    _count("cero", start=0)
    | _count("un|uno|una", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce")
    | _count("trece", "catorce", "quince", "dieciseis", "diecisiete", "dieciocho", "diecinueve", "veinte", start=13)
    | _count("veintiun|veintiuno|veintiuna", "veintidos", "veintitres", "veinticuatro", "veinticinco", start=21)
    | _count("veintiseis", "veintisiete", "veintiocho", "veintinueve", start=26)
    | _count("treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa", start=30, step=10)
    | _count("cien|ciento", "doscientos|doscientas", "trescientos|trescientas", start=100, step=100)
    | _count("cuatrocientos|cuatrocientas", "quinientos|quinientas", "seiscientos|seiscientas", start=400, step=100)
    | _count("setecientos|setecientas", "ochocientos|ochocientas", "novecientos|novecientas", start=700, step=100)
    | {"medio": _Word(_HALF), "media": _Word(_HALF), "coma": _Word(is_point=True), "punto": _Word(is_point=True)}
    | _scale(10**3, "mil")
    | _scale(10**6, "millon", "millones")
    | _scale(10**9, "millardo", "millardos")
    | _scale(10**12, "billon", "billones")
)


@dataclass(frozen=True, slots=True)
class _Language:
    """The words of a language, the pattern of one word, and the pattern of a number that consists of several."""

    words: Mapping[str, _Word]
    word: re.Pattern[str]
    number: re.Pattern[str]

    @classmethod
    def make(cls, words: Mapping[str, _Word], joiner: str, *, is_joined: bool) -> "_Language":
        ordered = "|".join(sorted(words, key=len, reverse=True))
        between = rf"(?:[\s-]+(?:{joiner}[\s-]+)?)"
        if is_joined:
            between = rf"(?:[\s-]*(?:{joiner}[\s-]*)?)"
        return cls(
            words,
            re.compile(ordered),
            re.compile(rf"(?<![a-z])(?:{ordered})(?:{between}(?:{ordered}))+(?![a-z])"),
        )


# Every number that is long enough has one of these.
_ANY = re.compile("tausend|hundert|mil|cent|cien|billon")
_LANGUAGES = (
    _Language.make(_GERMAN, "und", is_joined=True),
    _Language.make(_FRENCH, "et", is_joined=False),
    _Language.make(_SPANISH, "y", is_joined=False),
)


def find_european_number_words(plain: str) -> Iterator[NumberInWords]:
    """Yields every number of several words in text without capitals and without accents."""
    if _ANY.search(plain) is None:
        return
    for language in _LANGUAGES:
        for match in language.number.finditer(plain):
            value, step = _read_words([language.words[each] for each in language.word.findall(match[0])])
            yield NumberInWords(value, *match.span(), step)


def _read_words(words: list[_Word]) -> tuple[Decimal, Decimal]:
    """Returns the value of a number, and the value of its last digit: 100,000 for "sieben Komma sieben Millionen"."""
    # Pairs of a scale and what it has multiplied, which a greater scale multiplies again: "setenta y siete mil
    # millones".
    scaled: list[tuple[int, Decimal]] = []
    section, step, decimals = Decimal(0), Decimal(1), ""
    is_decimal = False
    for previous, word in pairwise([_Word(), *words]):
        if word.is_point:
            is_decimal = True
        elif word.scale == _HUNDRED:
            section = (section or Decimal(1)) * _HUNDRED
        elif word.scale:
            lower = section + sum((value for scale, value in scaled if scale < word.scale), Decimal(0))
            lower += Decimal(f"0.{decimals}") if decimals else 0
            scaled = [(scale, value) for scale, value in scaled if scale >= word.scale]
            scaled.append((word.scale, (lower or Decimal(1)) * word.scale))
            step = Decimal(word.scale).scaleb(-len(decimals))
            section, decimals, is_decimal = Decimal(0), "", False
        elif is_decimal:
            decimals = _add_decimals(decimals, previous, word)
        elif word.value == _HALF and previous.scale > _HUNDRED:
            scaled.append((previous.scale, _HALF * previous.scale))
            step = Decimal(previous.scale) / 10
        else:
            section += word.value
    total = sum((value for _, value in scaled), section)
    if decimals:
        return total + Decimal(f"0.{decimals}"), Decimal(1).scaleb(-len(decimals))
    return total, Decimal(1) if section else step


def _add_decimals(decimals: str, previous: _Word, word: _Word) -> str:
    """Adds a word to the decimals: "virgule sept cinq" and "virgule soixante-quinze" are both 0.75."""
    if decimals and not previous.is_point and (previous.value >= 10 or word.value >= 10):
        return f"{int(decimals) + int(word.value)}"
    return f"{decimals}{int(word.value)}"
