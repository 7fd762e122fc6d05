"""Determines whether characters are a word in their sentence, or parts of two words that meet: 質量 in 空氣品質量測站.

The sentence is divided into words in the most likely way, according to the frequencies of words in `chinese_words.txt`: once so
that the characters stay together, and once so that they do not. The ratio of both likelihoods says how certain the answer is.
"""

import enum
import math
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources

from brief.model.han import DENSE_CHARACTER
from brief.resolve.checks.converters import load_converter

# The number of characters on each side that are examined, and the greatest length of words.
_CONTEXT_LENGTH = 10
_MAX_WORD_LENGTH = 4
# The examined word counts as if it occurred at least 2^9 times; a character without an entry as if it occurred once.
_MIN_LOG_COUNT = 9
# How much likelier one division must be than the other, as a base-2 logarithm, to be certain of a word, and of parts of two.
_MIN_WORD_RATIO, _MIN_PARTS_RATIO = 5.0, 2.0


class WordBounds(enum.Enum):
    """Whether characters are a word: almost certainly, perhaps, or almost certainly not."""

    WORD = enum.auto()
    UNSURE = enum.auto()
    PARTS = enum.auto()


def find_word_bounds(text: str, start: int, end: int) -> WordBounds:
    """Returns whether the characters from `start` to `end` are a word of the text, in either Chinese script."""
    low, high = start, end
    while low > 0 and start - low < _CONTEXT_LENGTH and DENSE_CHARACTER.fullmatch(text[low - 1]):
        low -= 1
    while high < len(text) and high - end < _CONTEXT_LENGTH and DENSE_CHARACTER.fullmatch(text[high]):
        high += 1
    if low == start and high == end:
        return WordBounds.WORD
    return _compare(text[low:high], start - low, end - low)


@lru_cache(maxsize=4_000)
def _compare(text: str, start: int, end: int) -> WordBounds:
    simplified = str(load_converter("t2s").convert(text))
    if len(simplified) != len(text):
        return WordBounds.UNSURE
    as_word, as_parts = _compute_likelihoods(simplified, start, end)
    if as_word - as_parts >= _MIN_WORD_RATIO:
        return WordBounds.WORD
    return WordBounds.PARTS if as_parts - as_word >= _MIN_PARTS_RATIO else WordBounds.UNSURE


def _compute_likelihoods(text: str, start: int, end: int) -> tuple[float, float]:
    """Returns the likelihoods, as base-2 logarithms, of the best division of the text into words in which no word crosses
    `start` or `end`, and of the best one in which a word contains only some of the characters between them and others.
    """
    counts, total = _load_counts()
    # For each position, both likelihoods of the text before it.
    best = [(-math.inf, -math.inf)] * (len(text) + 1)
    best[0] = (0.0, -math.inf)
    for word_end in range(1, len(text) + 1):
        as_word, as_parts = -math.inf, -math.inf
        for word_start in range(max(0, word_end - max(_MAX_WORD_LENGTH, end - start)), word_end):
            word = text[word_start:word_end]
            count = counts.get(word)
            if (word_start, word_end) == (start, end):
                count = max(count or 0, _MIN_LOG_COUNT)
            if count is None:
                if word_end - word_start > 1:
                    continue
                count = 0
            score = count - total
            crosses = (word_start < start < word_end < end) or (start < word_start < end < word_end)
            if crosses:
                as_parts = max(as_parts, best[word_start][0] + score, best[word_start][1] + score)
            else:
                as_word = max(as_word, best[word_start][0] + score)
                as_parts = max(as_parts, best[word_start][1] + score)
        best[word_end] = as_word, as_parts
    return best[-1]


@cache
def _load_counts() -> tuple[Mapping[str, int], float]:
    """Loads the number of occurrences of each word (rounded), and of all words, as base-2 logarithms."""
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
