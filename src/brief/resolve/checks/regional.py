"""Finds words of another region: 視頻 and 信息 in a text for Taiwan, 软体 and 网路 in one for the mainland.

The tables have words that a region does not use, or uses in another sense, and that a conversion between the scripts
does not replace. Words that both regions use (水平, 文件, 用戶) are not in them. `word_bounds` recognises parts of two words that
meet (質量 in 空氣品質量測站); `unless` has other senses, and names. The caller blanks out quotations, titles and names that the
glossary allows.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from brief.model.record import dataclass
from brief.model.scripts import find_chinese_script, find_han_region
from brief.resolve.checks.chinese.foreign_word import Word
from brief.resolve.checks.chinese.word_bounds import WordBounds, find_word_bounds
from brief.resolve.checks.chinese.words_for_mainland import MAINLAND
from brief.resolve.checks.chinese.words_for_taiwan import TAIWAN

_BY_REGION: Mapping[str, Mapping[str, Word]] = {"TW": TAIWAN, "CN": MAINLAND}
_REGION_NAMES: Mapping[str | None, str] = {"TW": "Taiwan", "CN": "the mainland"}


@dataclass(frozen=True, slots=True)
class ForeignWord:
    """A word of another region, its position, and its replacement.

    `is_sure` is false if it may also be parts of two words that meet.
    """

    start: int
    word: str
    replacement: str
    is_sure: bool = True

    @property
    def end(self) -> int:
        return self.start + len(self.word)


def find_foreign_words(text: str, locale: str) -> Iterator[ForeignWord]:
    """Yields the words of another region in a text of the locale, from left to right."""
    region = _find_region(locale)
    if region is None:
        return
    table, pattern = _BY_REGION[region], _compile_pattern(region)
    for match in pattern.finditer(text):
        word = table[match[0]]
        if word.unless and _is_right_in_context(word.unless, text, match):
            continue
        bounds = find_word_bounds(text, *match.span())
        if bounds is not WordBounds.PARTS:
            yield ForeignWord(match.start(), match[0], word.replacement, bounds is WordBounds.WORD)


def _find_region(locale: str) -> str | None:
    """Returns the region of the locale's vocabulary; None if there is no table for it."""
    region = find_han_region(locale) if find_chinese_script(locale) else None
    return region if region in _BY_REGION else None


def name_region(locale: str) -> str:
    """Returns the name of the locale's region, for messages.

    Raises:
        KeyError: there is no table for the region.
    """
    return _REGION_NAMES[_find_region(locale)]


def _is_right_in_context(unless: str, text: str, match: re.Match[str]) -> bool:
    """Returns whether a match of `unless` overlaps the match of the word."""
    # No context in the tables needs more characters around the word.
    start = max(0, match.start() - 6)
    return any(
        start + context.start() < match.end() and match.start() < start + context.end()
        for context in re.finditer(unless, text[start : match.end() + 10])
    )


@cache
def _compile_pattern(region: str) -> re.Pattern[str]:
    """Compiles a pattern of all foreign words, longest first."""
    return re.compile("|".join(sorted(map(re.escape, _BY_REGION[region]), key=len, reverse=True)))
