"""Sorts names in the order in which readers of a language look them up.

ICU implements the rules of every language (Unicode Technical Standard 10), but no package offers its collation as a wheel.
In Simplified Chinese, names are sorted by Pinyin as pypinyin gives it, which knows words: 重庆 is chóngqìng, 重点 zhòngdiǎn.
In Traditional Chinese they are sorted by strokes: the common characters of Big5 are in that order, and rare ones follow
them. Japanese names would need their readings, which a glossary does not have, so they are sorted by code point. So are
Korean names, whose syllables Unicode has in alphabetical order.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TypeVar

from brief.model.han import FIRST_EAST_ASIAN
from brief.model.scripts import find_chinese_script
from brief.resolve.pinyin import Readings, read_pinyin

_Item = TypeVar("_Item")
# The sort key of one character: its group, what it is sorted by within the group, and the character itself.
_Key = tuple[int, str | bytes, str]
_WESTERN, _HAN, _RARE = 1, 2, 3
# Letters that Unicode does not decompose into a base letter and an accent.
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})


def sort_by_name(items: Iterable[_Item], name: Callable[[_Item], str], locale: str) -> list[_Item]:
    """Sorts items by name: first names in Western letters or digits, then Chinese names by Pinyin or strokes."""
    named = [(name(item), item) for item in items]
    characters = {each: _keep_alphanumeric(each) for each, _ in named}
    make_keys = _choose_order(locale, characters.values())
    keys = {each: (tuple(make_keys(kept)), each) for each, kept in characters.items()}
    return [item for _, item in sorted(named, key=lambda pair: keys[pair[0]])]


def _choose_order(locale: str, names: Iterable[str]) -> Callable[[str], Iterable[_Key]]:
    match find_chinese_script(locale):
        case "Hans":
            return partial(
                _make_pinyin_keys, read_pinyin(tuple(sorted({each for each in names if not each.isascii()})))
            )
        case "Hant":
            return _make_stroke_keys
    return _make_code_point_keys


def _keep_alphanumeric(name: str) -> str:
    """Returns the letters and digits of a name, which it is sorted by."""
    return "".join(character for character in _fold(name) if character.isalnum())


def _fold(name: str) -> str:
    """Returns the name without accents and in one case."""
    decomposed = unicodedata.normalize("NFKD", name).casefold().translate(_LETTERS)
    return unicodedata.normalize("NFC", "".join(each for each in decomposed if not unicodedata.combining(each)))


def _make_code_point_keys(characters: str) -> Iterator[_Key]:
    for character in characters:
        yield _WESTERN, character, character


def _make_pinyin_keys(readings: Readings, characters: str) -> Iterator[_Key]:
    place = 0
    # Each item is the syllable of one character, or a stretch of characters that have no reading.
    for reading in readings.get(characters) or characters:
        if not characters.startswith(reading, place):
            yield _HAN, reading, characters[place]
            place += 1
            continue
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
    return ord(character) >= FIRST_EAST_ASIAN
