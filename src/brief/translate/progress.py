"""Measures how many texts, and how many words of them, are translated."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from brief.model.brief import Brief
from brief.model.han import IDEOGRAPHS, KANA
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.model.text import LocalisedText
from brief.model.translation import Translation, TranslationState
from brief.resolve import terms, walk
from brief.resolve.select import select

# Translators count every character of Han and kana, but whole words of other scripts.
_COUNTED = f"{IDEOGRAPHS}{KANA}"
_WORD = re.compile(rf"[{_COUNTED}]|(?:(?![{_COUNTED}])[^\W_])+(?:['’.,-](?:(?![{_COUNTED}])[^\W_])+)*")
# States that count as done: accepted, or written by a person and not yet reviewed.
_DONE = (TranslationState.CURRENT, TranslationState.UNREVIEWED)


def count_words(text: LocalisedText, locale: str) -> int:
    """Counts the words of a text in the locale, without placeholders and the targets of links; 0 if it has no text."""
    phrase = text.find_phrase(locale)
    return len(_WORD.findall(terms.extract_typed_text(phrase.runs))) if phrase is not None else 0


@dataclass(frozen=True, slots=True)
class Progress:
    """The number of texts, and of the words of their source texts, by the state of the translation."""

    texts: Counter[TranslationState]
    words: Counter[TranslationState]

    @property
    def done(self) -> int:
        """The number of texts whose translation is in a state that counts as done."""
        return sum(self.texts[state] for state in _DONE)

    @property
    def done_words(self) -> int:
        """The number of words in the source texts of the texts that `done` counts."""
        return sum(self.words[state] for state in _DONE)

    @property
    def percent(self) -> int:
        """The percentage of source words that are done; the percentage of texts if the source texts have no words.

        It is rounded, but 100 only if all are done, and 0 only if none is. It is 100 if there is nothing to translate.
        """
        total, done = (self.words.total(), self.done_words) if self.words.total() else (self.texts.total(), self.done)
        if done in (0, total):
            return 100 if done == total else 0
        return min(99, max(1, round(100 * done / total)))


def measure_progress(translations: Iterable[Translation], source_locale: str) -> Progress:
    """Measures the progress of the translations, which are all into one locale."""
    texts: Counter[TranslationState] = Counter()
    words: Counter[TranslationState] = Counter()
    for translation in translations:
        texts[translation.state] += 1
        words[translation.state] += count_words(translation.text.text, source_locale)
    return Progress(texts, words)


def group_by_chapter(translations: Iterable[Translation]) -> Mapping[str, Sequence[Translation]]:
    """Groups translations by `chapter`: a theme, or another part of the brief such as the glossary."""
    chapters: dict[str, list[Translation]] = {}
    for translation in translations:
        chapters.setdefault(translation.text.chapter, []).append(translation)
    return chapters


def find_readable_texts(brief: Brief) -> Mapping[str, frozenset[SourceLocation]]:
    """Maps each audience to the locations of the texts that it may read."""
    return {
        name: frozenset(text.location for text in walk.walk_printed_texts(select(brief, name)))
        for name in brief.audiences
    }
