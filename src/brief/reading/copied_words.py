"""Finds words of a catalogue that are copied from another language, regardless of its header."""

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from math import ceil

from brief.model.han import DENSE_CHARACTER, HANGUL, IDEOGRAPH, KANA_LETTERS
from brief.model.locale import get_primary_language, split_subtags
from brief.model.record import dataclass
from brief.model.scripts import can_encode, find_chinese_script, find_script
from brief.reading.po_file import read_words

# Shorter words are the same in several languages: PDF, fps. A Han character counts as two letters.
_LEAST_LETTERS = 5
_LETTERS = re.compile(r"[^\W\d_]")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}|%\([^()]*\)[a-z]")
# Related languages share words, and a catalogue may contain only the words that a project changes. If a language has a
# packaged catalogue, that says which words it shares.
_LEAST_MESSAGES, _LEAST_SHARE = 6, 0.6
_LEAST_BESIDE_PACKAGED = 3
# Even close relatives, such as Galician and Spanish, rarely have the same sentence.
_LEAST_SENTENCES, _WORDS_OF_SENTENCE, _WEIGHT_OF_SENTENCE = 3, 3, 12
_NOT_LATIN = ("Hans", "Hant", "Jpan", "Kore")
_HANGUL = re.compile(f"[{HANGUL}]")
_KANA_LETTER = re.compile(f"[{KANA_LETTERS}]")
_ENGLISH_WORD = re.compile(r"(?<![A-Za-z])[A-Za-z][a-z]{3,}(?![A-Za-z])")
# Forms of its standard (常用字字形表) that the mainland has too, and Taiwan does not.
_OF_HONG_KONG = "户税温恒内吴彦没别脱锐悦强峰群裏着啟"


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
        sentences = sum(_is_sentence(distinctive[key]) for key in copied)
        if not is_own and (len(copied) >= enough or sentences >= _LEAST_SENTENCES):
            found.append(CopiedWords(tag, copied, len(same) >= _LEAST_SHARE * len(distinctive)))
    return max(found, key=lambda each: len(each.keys), default=None)


def find_foreign_words(messages: Mapping[str, tuple[str, ...]], locale: str) -> tuple[str, ...]:
    """Finds messages that are not in the script of the locale, however short they are: 目录 in a catalogue for Hong Kong, 目次 in
    Korean, "Contents" in Chinese. Returns their texts, other than what the packaged catalogues of the language have.
    """
    script, packaged = find_script(locale), _read_packaged_words()
    own = [words for tag, words in packaged.items() if _identify(tag) == _identify(locale)]
    known = {key: {words[key] for words in own if key in words} for key in messages}
    found = []
    for key, forms in messages.items():
        text = _PLACEHOLDER.sub("", forms[0])
        is_english = script in _NOT_LATIN and _is_left_in_english(text, packaged["en"].get(key, key)) and known[key]
        if (is_english or _is_in_other_script(text, script, locale)) and forms[0] not in known[key]:
            found.append(forms[0])
    return tuple(dict.fromkeys(found))


def _is_in_other_script(text: str, script: str | None, locale: str) -> bool:
    ideographs = IDEOGRAPH.findall(text)
    match script:
        case "Hans":
            return any(can_encode(each, "big5") and not can_encode(each, "gb2312") for each in ideographs)
        case "Hant":
            # Characters such as 户 and 温 are written so in Hong Kong.
            forms = _OF_HONG_KONG if split_subtags(locale)[2] in ("HK", "MO") else ""
            return any(
                can_encode(each, "gb2312") and not can_encode(each, "big5") and each not in forms for each in ideographs
            )
        case "Jpan":
            return any(not can_encode(each, "euc_jisx0213") for each in ideographs) or bool(_HANGUL.search(text))
        case "Kore":
            return bool(ideographs or _KANA_LETTER.search(text)) and not _HANGUL.search(text)
        case "Latn":
            return bool(ideographs or _KANA_LETTER.search(text) or _HANGUL.search(text))
        case _:
            return False


def _is_left_in_english(text: str, message: str) -> bool:
    """Returns whether a text is the English message, which has a word in small letters or with a capital: not PDF, fps."""
    return text == _PLACEHOLDER.sub("", message) and _ENGLISH_WORD.search(text) is not None


def _identify(tag: str) -> tuple[str, str | None]:
    return get_primary_language(tag), find_chinese_script(tag)


def _is_distinctive(text: str) -> bool:
    plain = _PLACEHOLDER.sub("", text)
    return len(_LETTERS.findall(plain)) + len(DENSE_CHARACTER.findall(plain)) >= _LEAST_LETTERS


def _is_sentence(text: str) -> bool:
    plain = _PLACEHOLDER.sub("", text)
    is_long = len(plain.split()) >= _WORDS_OF_SENTENCE or DENSE_CHARACTER.search(plain) is not None
    return is_long and len(_LETTERS.findall(plain)) + len(DENSE_CHARACTER.findall(plain)) >= _WEIGHT_OF_SENTENCE


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
