"""Sorts names in the order in which readers of a language look them up.

ICU implements the rules of every language (Unicode Technical Standard 10), but no wheels offer its collation. In Simplified
Chinese, names are sorted by Pinyin as pypinyin gives it, which knows words: 重庆 is chóngqìng, 重点 zhòngdiǎn. In
Traditional Chinese they are sorted by strokes: the common characters of Big5 are in that order, and rare ones follow
them. Japanese names would need their readings, which a glossary does not have, so they are sorted by code point. So are
Korean names, whose syllables Unicode has in alphabetical order.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import TypeVar

from brief.model.scripts import chinese_script

_Item = TypeVar("_Item")
# One character's place: its group, what it is sorted by there, and the character itself.
_Key = tuple[int, str | bytes, str]
_WESTERN, _HAN, _RARE = 1, 2, 3
# Letters that Unicode does not decompose into a base letter and an accent.
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})


def sort_by_name(items: Iterable[_Item], name: Callable[[_Item], str], locale: str) -> list[_Item]:
    """Sorts items by name: first names in Western letters or digits, then Chinese names by Pinyin or strokes."""
    return sorted(items, key=lambda item: _make_collation_key(name(item), locale))


@lru_cache(maxsize=4096)
def _make_collation_key(name: str, locale: str) -> tuple[tuple[_Key, ...], str]:
    characters = "".join(character for character in _fold(name) if character.isalnum())
    make_keys = _ORDERS.get(chinese_script(locale) or "", _make_code_point_keys)
    return tuple(make_keys(characters)), name


def _fold(name: str) -> str:
    """Returns the name without accents and in one case."""
    apart = unicodedata.normalize("NFKD", name).casefold().translate(_LETTERS)
    return unicodedata.normalize("NFC", "".join(each for each in apart if not unicodedata.combining(each)))


def _make_code_point_keys(characters: str) -> Iterator[_Key]:
    for character in characters:
        yield _WESTERN, character, character


def _make_pinyin_keys(characters: str) -> Iterator[_Key]:
    if characters.isascii():
        yield from _make_code_point_keys(characters)
        return
    # Its dictionaries are large, and most projects have few Chinese names to sort.
    from pypinyin import Style, lazy_pinyin

    place = 0
    for reading in lazy_pinyin(characters, Style.TONE3, neutral_tone_with_five=True):
        if not characters.startswith(reading, place):
            yield _HAN, reading, characters[place]
            place += 1
            continue
        # Characters that have no reading come back as they are.
        for character in reading:
            yield _RARE if _is_east_asian(character) else _WESTERN, character, character
        place += len(reading)


def _make_stroke_keys(characters: str) -> Iterator[_Key]:
    for character in characters:
        if not _is_east_asian(character):
            yield _WESTERN, character, character
            continue
        try:
            yield _HAN, character.encode("big5"), character
        except UnicodeEncodeError:
            yield _RARE, character, character


def _is_east_asian(character: str) -> bool:
    return character >= "\u2e80"


_ORDERS: dict[str, Callable[[str], Iterator[_Key]]] = {"Hans": _make_pinyin_keys, "Hant": _make_stroke_keys}
