"""Reads numbers that are written in English words: "seventy-seven million seven hundred thousand"."""

import re
from collections.abc import Iterator
from decimal import Decimal

_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL = {word: value for value, word in enumerate(_UNITS)} | {
    word: value for value, word in zip(range(20, 100, 10), _TENS, strict=True)
}
_LARGE = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_WORD = "|".join((*_SMALL, *_LARGE, "hundred", "point"))
_NUMBER = re.compile(rf"(?<![a-z])(?:{_WORD})(?:(?:[\s-]+(?:and[\s-]+)?)(?:{_WORD}))+(?![a-z])")


def find_number_words(plain: str) -> Iterator[tuple[re.Match[str], Decimal]]:
    """Yields every number of several words in text without capitals."""
    for match in _NUMBER.finditer(plain):
        total, section, decimals = Decimal(0), Decimal(0), 0
        for word in re.split(r"[\s-]+", match[0]):
            if word == "point":
                decimals = 1
            elif word == "hundred":
                section = (section or Decimal(1)) * 100
            elif word in _LARGE:
                total, section, decimals = total + (section or 1) * _LARGE[word], Decimal(0), 0
            elif decimals:
                section, decimals = section + Decimal(_SMALL.get(word, 0)).scaleb(-decimals), decimals + 1
            else:
                section += _SMALL.get(word, 0)
        yield match, total + section
