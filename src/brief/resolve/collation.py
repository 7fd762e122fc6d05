"""Sorts names in the order in which readers of a language look them up.

ICU implements the rules of every language (Unicode Technical Standard 10), but no wheels offer its collation. This module
relies on two national character sets for which Python has codecs: the common characters of GB 2312 are in Pinyin order,
those of Big5 in stroke order. Rare characters follow the common ones. Japanese names would need their readings, which a
glossary does not have, so they are sorted by code point. So are Korean names, whose syllables Unicode has in alphabetical
order.
"""

import unicodedata
from collections.abc import Callable, Iterable
from typing import TypeVar

from brief.model.scripts import chinese_script

_Item = TypeVar("_Item")
# The character set whose common characters are in the order that readers expect, by the script of the locale.
_ORDERS = {"Hans": "gb2312", "Hant": "big5"}
# Letters that Unicode does not decompose into a base letter and an accent.
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})


def sort_by_name(items: Iterable[_Item], name: Callable[[_Item], str], locale: str) -> list[_Item]:
    """Sorts items by name: first names in Western letters or digits, then Chinese names by Pinyin or strokes."""
    return sorted(items, key=lambda item: _make_collation_key(name(item), locale))


def _make_collation_key(name: str, locale: str) -> tuple[tuple[tuple[int, str | bytes], ...], str]:
    encoding = _ORDERS.get(chinese_script(locale) or "")
    return tuple(_make_character_key(character, encoding) for character in _fold(name) if character.isalnum()), name


def _fold(name: str) -> str:
    """Returns the name without accents and in one case."""
    apart = unicodedata.normalize("NFKD", name).casefold().translate(_LETTERS)
    return unicodedata.normalize("NFC", "".join(each for each in apart if not unicodedata.combining(each)))


def _make_character_key(character: str, encoding: str | None) -> tuple[int, str | bytes]:
    if character < "\u2e80" or encoding is None:
        return 1, character
    try:
        return 2, character.encode(encoding)
    except UnicodeEncodeError:
        return 3, character
