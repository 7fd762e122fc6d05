"""Reads numbers that are written in English words: "seventy-seven million seven hundred thousand", "half a billion"."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_BELOW_HUNDRED = {word: value for value, word in enumerate(_UNITS)} | {
    word: value for value, word in zip(range(20, 100, 10), _TENS, strict=True)
}
# Also without the hyphen: "seventyseven".
_BELOW_HUNDRED |= {
    f"{ten}{unit}": _BELOW_HUNDRED[ten] + value for ten in _TENS for value, unit in enumerate(_UNITS[:10]) if value
}
_SCALES = {"thousand": 10**3, "lakh": 10**5, "million": 10**6, "crore": 10**7, "billion": 10**9, "trillion": 10**12}
_SCALE_WORD = f"(?:{'|'.join(_SCALES)})s?"
_WORD = "|".join((*_BELOW_HUNDRED, *(f"{word}s?" for word in _SCALES), "hundred", "point"))
_NUMBER = re.compile(rf"(?<![a-z])(?:{_WORD})(?:(?:,?[\s-]+(?:and[\s-]+)?)(?:{_WORD}))+(?![a-z])")

_FRACTIONS = {
    "half": 2,
    "halve": 2,
    "third": 3,
    "quarter": 4,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
    "twentieth": 20,
    "hundredth": 100,
}
_FRACTION = f"(?P<part>{'|'.join(_FRACTIONS)})(?P<several>s?)(?![a-z])"
_COUNT = rf"(?P<count>an?|{'|'.join(_BELOW_HUNDRED)}|\d{{1,2}})[\s-]+"
_OF_A = r"(?:[\s-]+of)?(?:[\s-]+an?)?[\s-]+"
# "Half a billion", "three quarters of a million", "a quarter million".
_PART_OF_SCALE = re.compile(
    rf"(?<![a-z])(?:{_COUNT}|(?=half|quarter)){_FRACTION}{_OF_A}(?P<scale>{_SCALE_WORD})(?![a-z])"
)
# "One and a half billion", "2 and three quarters million".
_AND_PART_OF_SCALE = re.compile(
    rf"(?<![a-z\d])(?P<whole>(?:(?:{'|'.join(_TENS)})[\s-])?(?:{'|'.join(_BELOW_HUNDRED)})|\d{{1,3}})\s+and\s+{_COUNT}{_FRACTION}[\s-]+(?P<scale>{_SCALE_WORD})(?![a-z])"
)
# "A billion and a half", "2 million and a quarter".
_SCALE_AND_PART = re.compile(
    rf"(?<![a-z\d])(?:(?P<whole>an?|{'|'.join(_BELOW_HUNDRED)}|\d{{1,3}})[\s-]+)?(?P<scale>{_SCALE_WORD})\s+and\s+{_COUNT}{_FRACTION}"
)
# "Two thirds", "a third of"; "a third bus" is an ordinal.
_SHARE = re.compile(rf"(?<![a-z]){_COUNT}{_FRACTION}")
# "Two in three", "3 out of 8", "2/3 of"; in "page 2 of 3" it is no share.
_RATIO = re.compile(
    rf"(?<![a-z\d./,])(?:(?P<count>{'|'.join(_BELOW_HUNDRED)}|\d{{1,2}})(?:\s+(?:in|out\s+of|of\s+every|in\s+every)\s+(?:every\s+)?)"
    rf"(?P<whole>{'|'.join(_BELOW_HUNDRED)}|\d{{1,4}})(?![a-z\d.,/%]|,\d)|(?P<above>\d{{1,2}})/(?P<below>\d{{1,2}})(?=\s+of\b))"
)
_AFTER_ORDINAL = re.compile(r"\s+[a-z](?!f\b)")
_MAYBE_RATIO = re.compile(r"\s(?:in|of)\s")
_ANY = re.compile("|".join((*_SCALES, *_FRACTIONS, "hundred", "point")))


class NumberInWords(NamedTuple):
    """A number, its span in the text, and the value of its last digit (`step`).

    `is_share` is set for a part of a whole, such as two thirds; its value is a percentage.
    """

    value: Decimal
    start: int
    end: int
    step: Decimal
    is_share: bool = False


def find_number_words(plain: str) -> Iterator[NumberInWords]:
    """Yields every number of several words, and every share, in a text without capitals."""
    yield from _find_ratios(plain)
    if _ANY.search(plain) is None:
        return
    for match in _NUMBER.finditer(plain):
        value, step = _read_words(re.split(r",?[\s-]+", match[0]))
        yield NumberInWords(value, *match.span(), step)
    for pattern in (_PART_OF_SCALE, _AND_PART_OF_SCALE, _SCALE_AND_PART):
        for match in pattern.finditer(plain):
            scale = _SCALES[match["scale"].removesuffix("s")]
            whole = _read_count(match["whole"]) if pattern is not _PART_OF_SCALE else 0
            value, step = round_to_digits((whole + _read_part(match)) * scale)
            yield NumberInWords(value, *match.span(), step)
    for match in _SHARE.finditer(plain):
        part = _read_part(match)
        is_ordinal = not match["several"] and match["count"] != "one" and _AFTER_ORDINAL.match(plain, match.end())
        if part < 1 and not is_ordinal:
            value, step = round_to_digits(100 * part)
            yield NumberInWords(value, *match.span(), step, is_share=True)


def _find_ratios(plain: str) -> Iterator[NumberInWords]:
    for match in _RATIO.finditer(plain) if _MAYBE_RATIO.search(plain) else ():
        part, whole = (
            _read_count(match[name]) for name in (("count", "whole") if match["count"] else ("above", "below"))
        )
        if 0 < part < whole:
            value, step = round_to_digits(Decimal(100 * part) / whole)
            yield NumberInWords(value, *match.span(), step, is_share=True)


def round_to_digits(value: Decimal, digits: int = 3) -> tuple[Decimal, Decimal]:
    """Rounds a value, such as a third, to significant digits, and returns it with the value of its last digit."""
    step = Decimal(1).scaleb(value.adjusted() - digits + 1)
    rounded = value.quantize(step) if step < 1 else (value / step).quantize(Decimal(1)) * step
    return rounded.normalize(), step


def _read_words(words: list[str]) -> tuple[Decimal, Decimal]:
    total, section, decimals, last = Decimal(0), Decimal(0), 0, 1
    for word in words:
        large = _SCALES.get(word.removesuffix("s"))
        if word == "point":
            decimals = 1
        elif word == "hundred":
            section = (section or Decimal(1)) * 100
        elif large:
            # "A hundred thousand million": the second scale multiplies the first.
            if not section and total:
                total *= large
            else:
                total += (section or 1) * large
            last, section, decimals = large // 10 ** max(decimals - 1, 0), Decimal(0), 0
        elif decimals:
            section, decimals = section + Decimal(_BELOW_HUNDRED.get(word, 0)).scaleb(-decimals), decimals + 1
        else:
            section += _BELOW_HUNDRED.get(word, 0)
    return total + section, Decimal(1 if section else last)


def _read_count(word: str | None) -> int:
    """Returns the value of a number below a hundred, in words or digits; 1 for an article, or without a word."""
    if word is None or word in ("a", "an"):
        return 1
    return int(word) if word.isdecimal() else sum(_BELOW_HUNDRED[each] for each in re.split(r"[\s-]", word))


def _read_part(match: re.Match[str]) -> Decimal:
    return Decimal(_read_count(match["count"])) / _FRACTIONS[match["part"]]
