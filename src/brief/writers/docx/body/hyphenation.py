"""Puts optional hyphens into words that are wider than their line, which programs without a hyphenation dictionary would
break anywhere.
"""

import itertools
import re
from collections.abc import Iterable
from functools import lru_cache

from brief.resolve.columns import measure_ems
from brief.writers.ooxml.elements import PRESERVE_SPACE, Element, qualify_name, word

# Letters before the first and after the last hyphen of a word.
_MIN_PART = 4
_WORD = re.compile(r"[^\W\d_]{10,}")


def hyphenate_wide_words(elements: Iterable[Element], locale: str, width: float) -> None:
    """Puts optional hyphens (ECMA-376 part 1, 17.3.3.29) into the words in runs that are wider than `width`, in ems, if
    they consist of letters and the language has a dictionary. Modifies the runs.
    """
    for element in elements:
        for text in list(element.iter(qualify_name("w:t"))):
            parts = _divide_words(text.text or "", locale, width)
            if len(parts) > 1:
                _replace_text(text, parts)


def _divide_words(text: str, locale: str, width: float) -> list[str]:
    """Returns the parts of a text between which it may be hyphenated."""
    parts, end = [""], 0
    for match in _WORD.finditer(text):
        if measure_ems(match[0]) <= width:
            continue
        first, *others = _divide(match[0], locale.replace("-", "_"))
        parts[-1] += text[end : match.start()] + first
        parts += others
        end = match.end()
    parts[-1] += text[end:]
    return parts


@lru_cache(maxsize=1000)
def _divide(long_word: str, language: str) -> tuple[str, ...]:
    import pyphen

    # Imported late, because most documents have no such word.
    name = pyphen.language_fallback(language)
    # A name such as "MagicAnimate" is not divided.
    if name is None or any(letter.isupper() for letter in long_word[1:]):
        return (long_word,)
    positions = pyphen.Pyphen(lang=name, left=_MIN_PART, right=_MIN_PART).positions(long_word)
    edges = [0, *positions, len(long_word)]
    return tuple(long_word[start:end] for start, end in itertools.pairwise(edges))


def _replace_text(text: Element, parts: list[str]) -> None:
    """Replaces the text in a run with its parts and optional hyphens between them."""
    text.text = parts[0]
    text.set(PRESERVE_SPACE, "preserve")
    last = text
    for part in parts[1:]:
        hyphen, rest = word("softHyphen"), word("t")
        rest.text = part
        rest.set(PRESERVE_SPACE, "preserve")
        last.addnext(hyphen)
        hyphen.addnext(rest)
        last = rest
