"""Sorts names as readers of a language look them up.

ICU has the rules of every language (Unicode Technical Standard 10), but no wheels that offer its collation. What is here
stands on two national character sets that Python encodes: GB 2312 has its common characters in the order of Pinyin, and
Big5 in that of strokes. Rare characters follow after the common ones. Japanese names would need their readings, which a
glossary does not have; they follow the order of Unicode, as do Korean ones, whose syllables have the order of the
alphabet there.
"""

import unicodedata
from collections.abc import Callable, Iterable
from typing import TypeVar

from brief.model.scripts import chinese_script

_Item = TypeVar("_Item")
# The character set that has the common characters in the order of its readers, by the script of the locale.
_ORDERS = {"Hans": "gb2312", "Hant": "big5"}
# Letters that are not written with a separate accent.
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})


def sort_by_name(items: Iterable[_Item], name: Callable[[_Item], str], locale: str) -> list[_Item]:
    """Sorts items by name: first those that begin with a Western letter or a digit, then Chinese by Pinyin or strokes."""
    return sorted(items, key=lambda item: _collation_key(name(item), locale))


def _collation_key(name: str, locale: str) -> tuple[tuple[tuple[int, str | bytes], ...], str]:
    encoding = _ORDERS.get(chinese_script(locale) or "")
    return tuple(_character_key(character, encoding) for character in _fold(name) if character.isalnum()), name


def _fold(name: str) -> str:
    """The name without accents and case."""
    apart = unicodedata.normalize("NFKD", name).casefold().translate(_LETTERS)
    return unicodedata.normalize("NFC", "".join(each for each in apart if not unicodedata.combining(each)))


def _character_key(character: str, encoding: str | None) -> tuple[int, str | bytes]:
    if character < "\u2e80" or encoding is None:
        return 1, character
    try:
        return 2, character.encode(encoding)
    except UnicodeEncodeError:
        return 3, character
