"""Texts brought into one form for comparing: case, width, spacing and invisible characters do not count."""

import re
import unicodedata
from functools import lru_cache

from brief.inspection.extract.part import BREAK
from brief.model.han import DENSE

HAN = re.compile(f"[{DENSE}]")
# Spaces, hyphens, and characters that are not seen (Unicode's Default_Ignorable_Code_Point).
_GAP_CHARACTERS = (
    "\\s\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2010-\u2015\u2028-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff_-"
)
_GAP = f"[{_GAP_CHARACTERS}]"
_GAPS = re.compile(f"{_GAP}+")
_BETWEEN_LETTERS = re.compile(f"(?:[^\\w{BREAK}]|_)+")


def fold(text: str) -> str:
    """The text without case; full-width letters become ordinary ones, and ligatures of a font fall apart."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def squeeze(text: str) -> str:
    """The folded text without its gaps; `BREAK` stays."""
    return _GAPS.sub("", fold(text))


def keep_letters(folded: str) -> str:
    """The letters and digits alone of a folded text; `BREAK` stays."""
    return _BETWEEN_LETTERS.sub("", folded)


def weigh(text: str) -> int:
    """The length of a text, in which a Han character counts twice."""
    return len(text) + len(HAN.findall(text))


def contains_word(squeezed: str, folded: str, *, across: bool = False) -> bool:
    """Whether a squeezed text stands in a folded one as a word of its own; `across` elements where that is asked for."""
    return _word_pattern(squeezed, across).search(folded) is not None


@lru_cache(maxsize=2000)
def _word_pattern(letters: str, across: bool) -> re.Pattern[str]:
    """The text as a word of its own, whatever was put between its characters to break or join lines."""
    gap = f"[{BREAK}{_GAP_CHARACTERS}]" if across else _GAP
    before = "(?<![a-z0-9])" if letters[0].isascii() and letters[0].isalnum() else ""
    after = "(?![a-z0-9])" if letters[-1].isascii() and letters[-1].isalnum() else ""
    return re.compile(before + f"{gap}*".join(map(re.escape, letters)) + after)


def drop_invisible(text: str) -> str:
    """The text without characters that are not seen, and with each kind of space as a space."""
    return text if text.isascii() else _INVISIBLE.sub("", text)


_INVISIBLE = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\U000e0000-\U000e0fff]"
)
