"""Finds words and figures that an artifact has among the texts of its variant, although none of these has them.

A template that types words itself prints them in one format, and in the same language in every locale. Words of the
variant and of the interface are known; everything else between the first and the last passage was added. An unknown word
may also be a part of a known one, where a line ends or a drawing has no spaces, so the letters beside it are compared too.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from brief.inspection.folding import drop_gaps, fold_authored, fold_words
from brief.model.assets import Image
from brief.model.catalogue import CONTEXT_SEPARATOR, Catalogue
from brief.model.han import EAST_ASIAN, HANGUL
from brief.model.record import dataclass

_WORD = re.compile(rf"[^\W\d_{EAST_ASIAN}]+")
_DENSE_RUN = re.compile(rf"(?:(?=\w)[{EAST_ASIAN}])+")
# In drawings, years may be next to each other: "2024,2027".
_FIGURE = re.compile(r"\d+(?:[,'’\u00a0\u202f]\d{1,3}(?!\d)|\.\d+)*(?:[\s\u00a0\u202f]?%)?")
_HANGUL = re.compile(f"[{HANGUL}]")
_GAPS_OF_FIGURES = re.compile(r"[\s\u00a0\u202f'’]")
# Shorter words are parts of others, units and marks; shorter runs of characters are where two texts meet.
_MIN_LETTERS, _MIN_SYLLABLES, _MIN_CHARACTERS = 3, 2, 3
_UNKNOWN_RUN = re.compile(f"0{{{_MIN_CHARACTERS},}}")
# Shorter integers are numbers of pages, sources and items.
_MIN_DIGITS = 4
# How many letters beside a word show that both are of one text.
_BESIDE = 6
_MAX_WORD = 40


@dataclass(frozen=True, slots=True)
class KnownWords:
    """What texts contain, all folded: their words, pairs of dense characters, figures, and their squeezed letters.

    Without `has_all_figures`, a drawing may have others, such as the numbers of an axis.
    """

    words: frozenset[str]
    pairs: frozenset[str]
    figures: frozenset[str]
    letters: str
    has_all_figures: bool = True


@dataclass(frozen=True, slots=True)
class AddedWords:
    """Words that no known text has, as the artifact writes them, and their offset in its squeezed text."""

    written: str
    start: int


def collect_known_words(texts: Iterable[str], *, has_all_figures: bool = True) -> KnownWords:
    """Collects the words of texts as they are written."""
    words: set[str] = set()
    pairs: set[str] = set()
    figures: set[str] = set()
    letters: list[str] = []
    for text in dict.fromkeys(texts):
        folded = fold_authored(text)
        words.update(_WORD.findall(folded))
        figures.update(map(_normalise_figure, _FIGURE.findall(folded)))
        squeezed = drop_gaps(folded)
        letters.append(squeezed)
        for run in _DENSE_RUN.findall(squeezed):
            pairs.update(run[at : at + 2] for at in range(len(run)))
    return KnownWords(frozenset(words), frozenset(pairs), frozenset(figures), "\n".join(letters), has_all_figures)


def walk_strings(value: Any) -> Iterator[str]:
    """Yields every string and number of a variant or its parts, and the words of its interface."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Decimal):
        yield f"{value:f}"
    elif isinstance(value, tuple):
        for part in value:
            yield from walk_strings(part)
    elif isinstance(value, Catalogue):
        for key, forms in value.messages.items():
            yield key.rpartition(CONTEXT_SEPARATOR)[2]
            yield from forms
    elif hasattr(value, "__dataclass_fields__") and not isinstance(value, Image):
        for name in value.__dataclass_fields__:
            yield from walk_strings(getattr(value, name))


def find_added_words(
    known: KnownWords, lines: Sequence[str], squeeze_line: Callable[[str], str], start: int, end: int
) -> Iterator[AddedWords]:
    """Yields the words of each line that no known text has, between two offsets of the squeezed lines together."""
    text = "".join(map(squeeze_line, lines))
    low = 0
    for line in lines:
        high = low + len(squeeze_line(line))
        if low < end and high > start:
            found = [place for place in _find_in_line(known, line, text, low) if start <= place[2] < end]
            if found:
                first, last = min(place[0] for place in found), max(place[1] for place in found)
                folded = fold_words(line)
                written = line[first:last] if len(folded) == len(line) else folded[first:last]
                yield AddedWords(written, min(place[2] for place in found))
        low = high


def _find_in_line(known: KnownWords, line: str, text: str, low: int) -> Iterator[tuple[int, int, int]]:
    """Yields where an unknown word or figure begins and ends in the folded line, and its offset in the squeezed text."""
    folded = fold_words(line)
    for match in _WORD.finditer(folded):
        word = match[0]
        least = _MIN_SYLLABLES if _HANGUL.match(word) else _MIN_LETTERS
        if len(word) < least or word in known.words or _is_divisible(word, known.words):
            continue
        start = low + len(drop_gaps(folded[: match.start()]))
        if not _is_part(known, text, start, start + len(word)):
            yield *match.span(), start
    for match in _DENSE_RUN.finditer(folded):
        run = match[0]
        covered = [run[at : at + 2] in known.pairs for at in range(len(run) - 1)]
        is_known = [any(covered[max(0, at - 1) : at + 1]) for at in range(len(run))]
        for gap in _UNKNOWN_RUN.finditer("".join("01"[each] for each in is_known)):
            first = match.start() + gap.start()
            yield first, match.start() + gap.end(), low + len(drop_gaps(folded[:first]))
    for match in _FIGURE.finditer(folded) if known.has_all_figures else ():
        figure = _normalise_figure(match[0])
        if figure in known.figures or (figure.isdecimal() and len(figure) < _MIN_DIGITS):
            continue
        start = low + len(drop_gaps(folded[: match.start()]))
        length = len(drop_gaps(match[0]))
        if not _is_divisible(figure, known.figures) and not _is_part(known, text, start, start + length):
            yield *match.span(), start


def _normalise_figure(figure: str) -> str:
    return _GAPS_OF_FIGURES.sub("", figure)


def _is_part(known: KnownWords, text: str, start: int, end: int) -> bool:
    """Returns whether a known text has these letters together with those before or after them."""
    return text[max(0, start - _BESIDE) : end] in known.letters or text[start : end + _BESIDE] in known.letters


def _is_divisible(letters: str, known: frozenset[str]) -> bool:
    """Returns whether letters consist of known words without spaces between them."""
    ends = {0}
    for end in range(1, len(letters) + 1):
        if any(letters[start:end] in known for start in range(max(0, end - _MAX_WORD), end) if start in ends):
            ends.add(end)
    return len(letters) in ends
