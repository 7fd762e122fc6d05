"""Sorts names in the order in which readers of a language look them up.

ICU implements the rules of every language (Unicode Technical Standard 10), but no package offers its collation as a wheel.
In Simplified Chinese, names are sorted by the Pinyin that pypinyin derives from whole words: 重庆 is chóngqìng, 重点
zhòngdiǎn. In Traditional Chinese they are sorted by stroke count, which is the order of Big5 within its common and then its
less common characters. Japanese names would need their readings, which a glossary does not have, so they are sorted by
code point. So are Korean names, whose syllables are in alphabetical order in Unicode.
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
# The groups in order: characters sorted by code point, Han characters with a sort key, and Han characters without one.
_BY_CODE_POINT, _HAN, _UNSORTED_HAN = 1, 2, 3
# Letters that Unicode does not decompose into a base letter and an accent.
_UNDECOMPOSED_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})


def sort_by_name(items: Iterable[_Item], name: Callable[[_Item], str], locale: str) -> list[_Item]:
    """Sorts items by name, ignoring case, accents and punctuation.

    In Chinese, names in Western letters or digits come first, then Chinese names by Pinyin (Hans) or strokes (Hant). In
    other languages, names are sorted by code point.
    """
    named = [(name(item), item) for item in items]
    sorted_parts = {full_name: _keep_alphanumeric(full_name) for full_name, _ in named}
    make_keys = _choose_order(locale, sorted_parts.values())
    keys = {full_name: (tuple(make_keys(part)), full_name) for full_name, part in sorted_parts.items()}
    return [item for _, item in sorted(named, key=lambda pair: keys[pair[0]])]


def _choose_order(locale: str, names: Iterable[str]) -> Callable[[str], Iterable[_Key]]:
    """Returns the function that makes the sort keys of a name's characters; for Pinyin, only of the `names`."""
    match find_chinese_script(locale):
        case "Hans":
            return partial(
                _make_pinyin_keys, read_pinyin(tuple(sorted({name for name in names if not name.isascii()})))
            )
        case "Hant":
            return _make_stroke_keys
    return _make_code_point_keys


def _keep_alphanumeric(name: str) -> str:
    """Returns the letters and digits of a name, case-folded and without accents."""
    return "".join(character for character in _fold(name) if character.isalnum())


def _fold(name: str) -> str:
    """Returns the name case-folded and without accents."""
    decomposed = unicodedata.normalize("NFKD", name).casefold().translate(_UNDECOMPOSED_LETTERS)
    return unicodedata.normalize("NFC", "".join(mark for mark in decomposed if not unicodedata.combining(mark)))


def _make_code_point_keys(characters: str) -> Iterator[_Key]:
    for character in characters:
        yield _BY_CODE_POINT, character, character


def _make_pinyin_keys(readings: Readings, characters: str) -> Iterator[_Key]:
    position = 0
    # Each item is the syllable of one character, or a stretch of characters without a reading, which pypinyin returns
    # unchanged.
    for reading in readings.get(characters) or characters:
        if not characters.startswith(reading, position):
            yield _HAN, reading, characters[position]
            position += 1
            continue
        for character in reading:
            yield _UNSORTED_HAN if _is_east_asian(character) else _BY_CODE_POINT, character, character
        position += len(reading)


def _make_stroke_keys(characters: str) -> Iterator[_Key]:
    for character in characters:
        if not _is_east_asian(character):
            yield _BY_CODE_POINT, character, character
            continue
        try:
            yield _HAN, character.encode("big5"), character
        except UnicodeEncodeError:
            yield _UNSORTED_HAN, character, character


def _is_east_asian(character: str) -> bool:
    return ord(character) >= FIRST_EAST_ASIAN
