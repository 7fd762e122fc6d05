"""Normalises texts for comparison: ignores case, width, spacing and invisible characters."""

import re
import string
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from brief.inspection.extract.part import BREAK
from brief.model.han import DENSE_CHARACTER

# Spaces, hyphens, and invisible characters (Unicode's Default_Ignorable_Code_Point).
_GAP_CHARACTERS = (
    "\\s\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2010-\u2015\u2028-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff_-"
)
_GAP = f"[{_GAP_CHARACTERS}]"
_GAPS = re.compile(f"{_GAP}+")
_KEPT = re.compile(f"[^{_GAP_CHARACTERS}]+")
_INVISIBLE = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\U000e0000-\U000e0fff]"
)
_WORD_CHARACTER = re.compile("[a-z0-9]")
# Hangul fillers are letters that are invisible.
_BETWEEN_LETTERS = re.compile(f"(?:[^\\w{BREAK}]|[_\u115f\u1160\u3164\uffa0])+")
# What the two patterns remove from ASCII text, such as pictures and style sheets, which is most of the text.
_ASCII_GAPS, _ASCII_BETWEEN_LETTERS = (
    dict.fromkeys(code for code in range(128) if pattern.fullmatch(chr(code))) for pattern in (_GAPS, _BETWEEN_LETTERS)
)
# Letters that readers take for Latin ones in lower case or as capitals (Unicode Technical Standard 39, confusables.txt), and
# symbols that NFKC keeps: small capitals, and letters in black circles, black squares and flags.
_CYRILLIC_AND_GREEK = ("асԁеһіјӏорԛѕυνԝхуοαικρτвкмнтβεζμχ", "acdehijlopqsuvwxyoaikptbkmhtbezmx")
_SMALL_CAPITALS = ("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz")
_SYMBOLS = (
    "".join(chr(first + at) for first in (0x1F150, 0x1F170, 0x1F1E6) for at in range(26)),
    string.ascii_lowercase * 3,
)
_LATIN = {
    ord(other): letter
    for others, letters in (_CYRILLIC_AND_GREEK, _SMALL_CAPITALS, _SYMBOLS)
    for other, letter in zip(others, letters, strict=True)
}
# Combining marks of Latin, Greek and Cyrillic, and the ranges of the letters that contain one.
_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_ACCENTS = re.compile(f"[{_MARKS}]+")
_ACCENTED = re.compile(f"[\u00c0-\u024f\u0370-\u052f\u1e00-\u1fff{_MARKS}]")
_ROTATED = str.maketrans(string.ascii_lowercase, string.ascii_lowercase[13:] + string.ascii_lowercase[:13])
# The ranges that contain the look-alikes: searching for these ranges takes a quarter of the time of searching for the
# hundred characters themselves.
_LOOK_ALIKE = re.compile("[\u0250-\u052f\u1d00-\u1d2f\ua730\ua731\U0001f150-\U0001f1ff]")


def fold(text: str) -> str:
    """Folds the case of a text, and replaces full-width letters and ligatures with ordinary letters."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def fold_words(text: str) -> str:
    """Folds a text, removes its accents, and replaces look-alikes with Latin letters.

    Words beside figures are searched in many languages and alphabets, so they are folded with `fold` too.
    """
    folded = fold(text)
    if text.isascii():
        return folded
    if _ACCENTED.search(folded):
        # Composed again, because Hangul and kana have parts as well.
        folded = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", folded)))
    return folded.translate(_LATIN) if _LOOK_ALIKE.search(folded) else folded


# The same content is folded for each audience.
@lru_cache(maxsize=50_000)
def fold_authored(text: str) -> str:
    """Folds a text of the content with `fold_words`, and caches the result."""
    return fold_words(text)


def squeeze(text: str) -> str:
    """Folds a text and removes its gaps; keeps `BREAK`."""
    return drop_gaps(fold_words(text))


def drop_gaps(folded: str) -> str:
    """Removes the gaps of a folded text; keeps `BREAK`."""
    return folded.translate(_ASCII_GAPS) if folded.isascii() else _GAPS.sub("", folded)


def keep_letters(folded: str) -> str:
    """Removes everything except letters and digits from a folded text; keeps `BREAK`."""
    return folded.translate(_ASCII_BETWEEN_LETTERS) if folded.isascii() else _BETWEEN_LETTERS.sub("", folded)


def rotate_letters(folded: str) -> str:
    """Replaces each Latin letter by the one 13 places further (ROT13)."""
    return folded.translate(_ROTATED)


def measure_length(text: str) -> int:
    """Returns the length of a text, in which a Han character counts as two."""
    return len(text) + len(DENSE_CHARACTER.findall(text))


def list_kept_offsets(folded: str) -> Iterator[tuple[int, int]]:
    """Yields the start and end of each run that `drop_gaps` keeps, in a folded text without `BREAK`."""
    return (run.span() for run in _KEPT.finditer(folded))


def is_word_at(folded: str, at: int) -> bool:
    """Returns whether the character at this offset is a Latin letter or a digit, of which words between spaces consist."""
    return _WORD_CHARACTER.match(folded, at) is not None


def drop_invisible(text: str) -> str:
    """Removes invisible characters."""
    return text if text.isascii() else _INVISIBLE.sub("", text)
