"""Detects a catalogue whose words are copied from another language, regardless of its header."""

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

from brief.model.han import DENSE_CHARACTER
from brief.model.locale import get_primary_language
from brief.model.scripts import find_chinese_script
from brief.reading.po_file import read_words

# Shorter words are the same in several languages: PDF, fps. A Han character counts as two letters.
_LEAST_LETTERS = 5
_LETTERS = re.compile(r"[^\W\d_]")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}|%\([^()]*\)[a-z]")
# Related languages share words, and a catalogue may contain only the words that a project changes.
_LEAST_MESSAGES, _LEAST_SHARE = 12, 0.6


def find_copied_language(messages: Mapping[str, tuple[str, ...]], locale: str) -> str | None:
    """Returns the locale of the packaged catalogue, or `en`, from which most of the messages are copied; None if they are not."""
    own = _identify(locale)
    distinctive = {key: forms[0] for key, forms in messages.items() if _is_distinctive(forms[0])}
    if len(distinctive) < _LEAST_MESSAGES:
        return None
    for tag, words in _read_packaged_words().items():
        same = sum(words.get(key) == text for key, text in distinctive.items())
        if _identify(tag) != own and same >= _LEAST_SHARE * len(distinctive):
            return tag
    return None


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
