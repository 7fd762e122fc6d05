"""Tells whether characters are a word in their sentence, or parts of two words that meet: 質量 in 空氣品質量測站.

The words of the sentence are found as the most likely ones of all that a dictionary allows (`chinese_words.txt`, by how often each
occurs). How much likelier they are with the word than without says how sure the answer is.
"""

import enum
import math
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources

from brief.model.han import DENSE_CHARACTER
from brief.resolve.checks.converters import load_converter

# The characters on each side that are looked at; words are no longer than four.
_AROUND = 10
_LONGEST = 4
# A word of a table counts as if it occurred so often at least; a character without an entry as if it occurred once.
_LEAST_COUNT = 9
# How much likelier a reading must be, as a logarithm to the base of 2, to be sure of a word, and of parts of two.
_SURE_OF_WORD, _SURE_OF_PARTS = 5.0, 2.0


class WordBounds(enum.Enum):
    """Whether characters are a word: by all likelihood, perhaps, or by all likelihood not."""

    WORD = enum.auto()
    UNSURE = enum.auto()
    PARTS = enum.auto()


def find_word_bounds(text: str, start: int, end: int) -> WordBounds:
    """Returns whether the characters from `start` to `end` are a word of the text, which is in any script."""
    low, high = start, end
    while low > 0 and start - low < _AROUND and DENSE_CHARACTER.fullmatch(text[low - 1]):
        low -= 1
    while high < len(text) and high - end < _AROUND and DENSE_CHARACTER.fullmatch(text[high]):
        high += 1
    if low == start and high == end:
        return WordBounds.WORD
    return _compare(text[low:high], start - low, end - low)


@lru_cache(maxsize=4_000)
def _compare(text: str, start: int, end: int) -> WordBounds:
    simplified = str(load_converter("t2s").convert(text))
    if len(simplified) != len(text):
        return WordBounds.UNSURE
    with_word, without = _find_likeliest(simplified, start, end)
    if with_word - without >= _SURE_OF_WORD:
        return WordBounds.WORD
    return WordBounds.PARTS if without - with_word >= _SURE_OF_PARTS else WordBounds.UNSURE


def _find_likeliest(text: str, start: int, end: int) -> tuple[float, float]:
    """Returns the likelihood of the best division into words that keeps the characters together or between words, and of the
    best that divides them among others; as logarithms.
    """
    counts, total = _load_counts()
    best = [(-math.inf, -math.inf)] * (len(text) + 1)
    best[0] = (0.0, -math.inf)
    for at in range(1, len(text) + 1):
        whole, divided = -math.inf, -math.inf
        for begin in range(max(0, at - max(_LONGEST, end - start)), at):
            word = text[begin:at]
            count = counts.get(word)
            if (begin, at) == (start, end):
                count = max(count or 0, _LEAST_COUNT)
            if count is None:
                if at - begin > 1:
                    continue
                count = 0
            score = count - total
            is_across = (begin < start < at < end) or (start < begin < end < at)
            if is_across:
                divided = max(divided, best[begin][0] + score, best[begin][1] + score)
            else:
                whole, divided = max(whole, best[begin][0] + score), max(divided, best[begin][1] + score)
        best[at] = whole, divided
    return best[-1]


@cache
def _load_counts() -> tuple[Mapping[str, int], float]:
    """Loads how often words occur, and how many there are in all; as logarithms to the base of 2."""
    lines = (resources.files("brief") / "chinese_words.txt").read_text("utf-8").splitlines()
    counts: dict[str, int] = {}
    total = 0
    for line in lines:
        if line.startswith("#"):
            continue
        count, *words = line.split(" ")
        counts.update(dict.fromkeys(words, int(count)))
        total += len(words) << int(count)
    return counts, math.log2(total)
