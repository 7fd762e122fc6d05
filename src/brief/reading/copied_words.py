"""Finds words of a catalogue that are copied from another language, regardless of its header."""

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from math import ceil

from brief.model.han import DENSE_CHARACTER
from brief.model.locale import get_primary_language
from brief.model.record import dataclass
from brief.model.scripts import find_chinese_script
from brief.reading.po_file import read_words

# Shorter words are the same in several languages: PDF, fps. A Han character counts as two letters.
_LEAST_LETTERS = 5
_LETTERS = re.compile(r"[^\W\d_]")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}|%\([^()]*\)[a-z]")
# Related languages share words, and a catalogue may contain only the words that a project changes. If a language has a
# packaged catalogue, that says which words it shares.
_LEAST_MESSAGES, _LEAST_SHARE = 6, 0.6
_LEAST_BESIDE_PACKAGED = 3


@dataclass(frozen=True, slots=True)
class CopiedWords:
    """The locale of the packaged catalogue, or `en`, from which messages are copied, their keys, and whether they are most."""

    locale: str
    keys: tuple[str, ...]
    are_most: bool


def find_copied_words(messages: Mapping[str, tuple[str, ...]], locale: str) -> CopiedWords | None:
    """Finds messages that are copied from another language; None if there are none, or so few that languages may share them."""
    packaged = {tag: (_identify(tag) == _identify(locale), words) for tag, words in _read_packaged_words().items()}
    own = [words for is_own, words in packaged.values() if is_own]
    distinctive = {key: forms[0] for key, forms in messages.items() if _is_distinctive(forms[0])}
    enough = _LEAST_BESIDE_PACKAGED if own else max(_LEAST_MESSAGES, ceil(_LEAST_SHARE * len(distinctive)))
    found = []
    for tag, (is_own, words) in packaged.items():
        same = [key for key, text in distinctive.items() if words.get(key) == text]
        copied = tuple(key for key in same if all(words.get(key) != distinctive[key] for words in own))
        if not is_own and len(copied) >= enough:
            found.append(CopiedWords(tag, copied, len(same) >= _LEAST_SHARE * len(distinctive)))
    return max(found, key=lambda each: len(each.keys), default=None)


def _identify(tag: str) -> tuple[str, str | None]:
    return get_primary_language(tag), find_chinese_script(tag)


def _is_distinctive(text: str) -> bool:
    plain = _PLACEHOLDER.sub("", text)
    return len(_LETTERS.findall(plain)) + len(DENSE_CHARACTER.findall(plain)) >= _LEAST_LETTERS


@cache
def _read_packaged_words() -> dict[str, dict[str, str]]:
    """Returns the words of each packaged catalogue and of the source language, by message key."""
    found: dict[str, dict[str, str]] = {"en": {}}
    for file in sorted((resources.files("brief") / "catalogues").iterdir(), key=lambda file: file.name):
        tag, _, suffix = file.name.rpartition(".")
        if suffix in ("po", "pot"):
            words = read_words(file.read_text("utf-8"))
            if suffix == "po":
                found[tag] = {key: text for key, (_, text) in words.items()}
            else:
                found["en"] = {key: message for key, (message, _) in words.items()}
    return found
