"""Finds texts of a catalogue that are in another language, whatever its header says."""

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from math import ceil

from brief.model.han import DENSE_CHARACTER, HANGUL, IDEOGRAPH, KANA_LETTERS
from brief.model.locale import get_primary_language, split_subtags
from brief.model.record import dataclass
from brief.model.scripts import can_encode, find_chinese_script, find_script
from brief.reading.po_file import read_translations

# Shorter texts are often the same in several languages: PDF, fps. A Han character counts as two letters.
_MIN_LETTERS = 5
_MIN_WORD_LETTERS = 3
_LETTERS = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}|%\([^()]*\)[a-z]")
# The number and the share of copied messages to report. Related languages share words, and a catalogue may have only
# the messages that a project changes. If a language has a packaged catalogue, its shared words are known, so fewer are
# enough.
_MIN_COPIED, _MIN_SHARE = 6, 0.6
_MIN_COPIED_IF_PACKAGED = 3
# Even close relatives, such as Galician and Spanish, rarely have the same sentence: a text with so many words and
# letters.
_MIN_SENTENCES, _MIN_SENTENCE_WORDS, _MIN_SENTENCE_LETTERS = 3, 3, 12
_EAST_ASIAN_SCRIPTS = ("Hans", "Hant", "Jpan", "Kore")
_HANGUL = re.compile(f"[{HANGUL}]")
_KANA_LETTER = re.compile(f"[{KANA_LETTERS}]")
_ENGLISH_WORD = re.compile(r"(?<![A-Za-z])[A-Za-z][a-z]{3,}(?![A-Za-z])")
# Characters of the standard of Hong Kong (常用字字形表) that the mainland also uses, and Taiwan does not.
_HONG_KONG_FORMS = "户税温恒内吴彦没别脱锐悦强峰群裏着啟"


@dataclass(frozen=True, slots=True)
class CopiedMessages:
    """The copied messages of a catalogue: their keys, and the locale of the packaged catalogue that has them (`en` for
    the messages themselves). `are_most` says that most texts are the same in both.
    """

    locale: str
    keys: tuple[str, ...]
    are_most: bool


def find_copied_messages(messages: Mapping[str, tuple[str, ...]], locale: str) -> CopiedMessages | None:
    """Returns the messages that are the same in another language; None if languages may share so few.

    `messages` has the forms of each message by its key.
    """
    packaged = {tag: (_identify(tag) == _identify(locale), texts) for tag, texts in _read_packaged_texts().items()}
    own = [texts for is_own, texts in packaged.values() if is_own]
    distinctive = {key: forms[0] for key, forms in messages.items() if _is_distinctive(forms[0])}
    min_copied = _MIN_COPIED_IF_PACKAGED if own else max(_MIN_COPIED, ceil(_MIN_SHARE * len(distinctive)))
    candidates = []
    for tag, (is_own, texts) in packaged.items():
        same = [key for key, text in distinctive.items() if texts.get(key) == text]
        copied = tuple(key for key in same if all(others.get(key) != distinctive[key] for others in own))
        sentences = sum(_is_sentence(distinctive[key]) for key in copied)
        if not is_own and (len(copied) >= min_copied or sentences >= _MIN_SENTENCES):
            candidates.append(CopiedMessages(tag, copied, len(same) >= _MIN_SHARE * len(distinctive)))
    return max(candidates, key=lambda candidate: len(candidate.keys), default=None)


def find_copied_words(messages: Mapping[str, tuple[str, ...]], locale: str) -> dict[str, str]:
    """Returns the keys of the messages that have the text of exactly one other language, with the locale of that language.

    `messages` has the forms of each message by its key. Returns nothing for a language without a packaged catalogue. A text
    is not reported if all its words are in that catalogue, or if two other languages have it, because it is international.
    """
    packaged = _read_packaged_texts()
    own = [texts for tag, texts in packaged.items() if get_primary_language(tag) == get_primary_language(locale)]
    if not own:
        return {}
    own_words = {word for texts in own for text in texts.values() for word in _list_words(text)}
    copied: dict[str, str] = {}
    for key, forms in messages.items():
        text = forms[0]
        if _count_letters(text) < _MIN_WORD_LETTERS or any(texts.get(key) == text for texts in own):
            continue
        others = {get_primary_language(tag): tag for tag, texts in packaged.items() if texts.get(key) == text}
        if len(others) == 1 and not own_words.issuperset(_list_words(text)):
            copied[key] = next(iter(others.values()))
    return copied


def _list_words(text: str) -> list[str]:
    """Lists the words of a text, in lower case; a sequence of Han characters, kana or Hangul is one word."""
    return _WORD.findall(_PLACEHOLDER.sub(" ", text).casefold())


def find_foreign_texts(messages: Mapping[str, tuple[str, ...]], locale: str) -> tuple[str, ...]:
    """Returns the texts that are not in the script of the locale, however short they are, without duplicates.

    Examples are 目录 in a catalogue for Hong Kong, 目次 in Korean and "Contents" in Chinese. Texts that the packaged
    catalogues of the language also have are left out.
    """
    script, packaged = find_script(locale), _read_packaged_texts()
    own = [texts for tag, texts in packaged.items() if _identify(tag) == _identify(locale)]
    known = {key: {texts[key] for texts in own if key in texts} for key in messages}
    foreign = []
    for key, forms in messages.items():
        text = _PLACEHOLDER.sub("", forms[0])
        is_english = (
            script in _EAST_ASIAN_SCRIPTS and _is_left_in_english(text, packaged["en"].get(key, key)) and known[key]
        )
        if (is_english or _is_in_other_script(text, script, locale)) and forms[0] not in known[key]:
            foreign.append(forms[0])
    return tuple(dict.fromkeys(foreign))


def _is_in_other_script(text: str, script: str | None, locale: str) -> bool:
    """Returns whether a text has characters that the script, an ISO 15924 code, does not have."""
    ideographs = IDEOGRAPH.findall(text)
    match script:
        case "Hans":
            return any(
                can_encode(character, "big5") and not can_encode(character, "gb2312") for character in ideographs
            )
        case "Hant":
            # Hong Kong has the same forms as the mainland of characters such as 户 and 温.
            forms = _HONG_KONG_FORMS if split_subtags(locale)[2] in ("HK", "MO") else ""
            return any(
                can_encode(character, "gb2312") and not can_encode(character, "big5") and character not in forms
                for character in ideographs
            )
        case "Jpan":
            return any(not can_encode(character, "euc_jisx0213") for character in ideographs) or bool(
                _HANGUL.search(text)
            )
        case "Kore":
            return bool(ideographs or _KANA_LETTER.search(text)) and not _HANGUL.search(text)
        case "Latn":
            return bool(ideographs or _KANA_LETTER.search(text) or _HANGUL.search(text))
        case _:
            return False


def _is_left_in_english(text: str, message: str) -> bool:
    """Returns whether a text is the English message, if that has an English word, unlike PDF and fps."""
    return text == _PLACEHOLDER.sub("", message) and _ENGLISH_WORD.search(text) is not None


def _identify(tag: str) -> tuple[str, str | None]:
    """Returns the language and the Chinese script of a tag."""
    return get_primary_language(tag), find_chinese_script(tag)


def _is_distinctive(text: str) -> bool:
    return _count_letters(text) >= _MIN_LETTERS


def _count_letters(text: str) -> int:
    """Counts the letters of a text outside placeholders; a Han character counts twice."""
    without_placeholders = _PLACEHOLDER.sub("", text)
    return len(_LETTERS.findall(without_placeholders)) + len(DENSE_CHARACTER.findall(without_placeholders))


def _is_sentence(text: str) -> bool:
    without_placeholders = _PLACEHOLDER.sub("", text)
    is_long = (
        len(without_placeholders.split()) >= _MIN_SENTENCE_WORDS
        or DENSE_CHARACTER.search(without_placeholders) is not None
    )
    return is_long and _count_letters(text) >= _MIN_SENTENCE_LETTERS


@cache
def _read_packaged_texts() -> dict[str, dict[str, str]]:
    """Returns the texts of each packaged catalogue by message key, by locale; `en` has the messages themselves."""
    texts_by_locale: dict[str, dict[str, str]] = {"en": {}}
    for file in sorted((resources.files("brief") / "catalogues").iterdir(), key=lambda file: file.name):
        tag, _, suffix = file.name.rpartition(".")
        if suffix in ("po", "pot"):
            translations = read_translations(file.read_text("utf-8"))
            if suffix == "po":
                texts_by_locale[tag] = {key: text for key, (_, text) in translations.items()}
            else:
                texts_by_locale["en"] = {key: message for key, (message, _) in translations.items()}
    return texts_by_locale
