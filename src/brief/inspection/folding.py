"""Normalises texts for comparison: ignores case, width, spacing and invisible characters."""

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache

from brief.inspection.extract.part import BREAK
from brief.model.han import DENSE

HAN = re.compile(f"[{DENSE}]")
# Spaces, hyphens, and invisible characters (Unicode's Default_Ignorable_Code_Point).
_GAP_CHARACTERS = (
    "\\s\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2010-\u2015\u2028-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff_-"
)
_GAP = f"[{_GAP_CHARACTERS}]"
_GAPS = re.compile(f"{_GAP}+")
_KEPT = re.compile(f"[^{_GAP_CHARACTERS}]+")
_KEPT_ACROSS = re.compile(f"[^{BREAK}{_GAP_CHARACTERS}]+")
_WORD_CHARACTER = re.compile("[a-z0-9]")
_BETWEEN_LETTERS = re.compile(f"(?:[^\\w{BREAK}]|_)+")


def fold(text: str) -> str:
    """Folds the case of a text, and replaces full-width letters and ligatures by ordinary letters."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


# What authors wrote is folded for each audience.
@lru_cache(maxsize=50_000)
def fold_authored(text: str) -> str:
    """Folds a text of the content."""
    return fold(text)


def squeeze(text: str) -> str:
    """Folds a text and removes its gaps; keeps `BREAK`."""
    return drop_gaps(fold(text))


def drop_gaps(folded: str) -> str:
    """Removes the gaps of a folded text; keeps `BREAK`."""
    return _GAPS.sub("", folded)


def keep_letters(folded: str) -> str:
    """Removes everything except letters and digits from a folded text; keeps `BREAK`."""
    return _BETWEEN_LETTERS.sub("", folded)


def weigh(text: str) -> int:
    """Returns the length of a text, in which a Han character counts as two."""
    return len(text) + len(HAN.findall(text))


class SqueezedText:
    """A folded text without its gaps, for finding whole words, with `across` also across elements.

    `text` has no gaps; `folded` is the original.
    """

    def __init__(self, folded: str, *, across: bool = False) -> None:
        self.folded = folded
        self._kept = _KEPT_ACROSS if across else _KEPT
        self.text = "".join(self._kept.findall(folded))
        self._runs: tuple[list[int], list[int]] | None = None

    def has_word(self, letters: str) -> bool:
        """Returns whether a squeezed text occurs in this one as whole words, regardless of breaks within it."""
        at = self.text.find(letters)
        while at >= 0:
            if self._is_word(at, at + len(letters)):
                return True
            at = self.text.find(letters, at + 1)
        return False

    def _is_word(self, start: int, end: int) -> bool:
        before, after = self._locate(start), self._locate(end - 1) + 1
        return not (
            _WORD_CHARACTER.match(self.text, start) and before and _WORD_CHARACTER.match(self.folded, before - 1)
        ) and not (_WORD_CHARACTER.match(self.text, end - 1) and _WORD_CHARACTER.match(self.folded, after))

    def _locate(self, at: int) -> int:
        """Returns the position in `folded` of a character of `text`."""
        if self._runs is None:
            starts, offsets, length = [], [], 0
            for run in self._kept.finditer(self.folded):
                starts.append(length)
                offsets.append(run.start())
                length += run.end() - run.start()
            self._runs = starts, offsets
        starts, offsets = self._runs
        run_index = bisect_right(starts, at) - 1
        return offsets[run_index] + at - starts[run_index]


def drop_invisible(text: str) -> str:
    """Removes invisible characters, and replaces every kind of space by a plain one."""
    return text if text.isascii() else _INVISIBLE.sub("", text)


_INVISIBLE = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\U000e0000-\U000e0fff]"
)
