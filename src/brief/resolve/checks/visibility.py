"""Finds visible content that discloses withheld content: references, claims, names and figures.

`select` removes what is withheld; these checks find what remains and still discloses it. Each diagnostic is located at
the disclosing text, because that is the text to change.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any

from brief.model.access import Clearance
from brief.model.brief import Brief, Term
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import Diagnostic
from brief.model.han import DENSE_CHARACTER
from brief.model.inline import CrossReference
from brief.model.text import LocalisedText, Phrase
from brief.resolve import terms, walk
from brief.resolve.claim_words import format_claim_figures
from brief.resolve.figures import derive
from brief.resolve.select import Selections

_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|[。！？；\n]")
# A sentence of this length hardly occurs twice by chance: in words, or in Han characters. Sentences of the second length may
# differ in a word: parallel sentences are often shorter.
_LEAST_WORDS, _LEAST_WORDS_CHANGED = 6, 9
_LEAST_HAN, _LEAST_HAN_CHANGED = 12, 16
# How many words at the beginning or the end two sentences have in common that differ in one between.
_END = 4
_WORD = re.compile(r"[^\W_]+")

Sentence = tuple[str, ...]


def check_visibility(brief: Brief, seen: Selections) -> list[Diagnostic]:
    """Reports disclosures for every audience. Unknown names are reported by `check_references` instead."""
    sink = DiagnosticSink()
    withheld = _WithheldSentences(brief)
    for audience in brief.audiences:
        sink.found += seen.list_reports(audience)
        checker = _VisibilityChecker(brief, seen[audience], audience, sink)
        checker.check_themes()
        checker.check_references()
        checker.check_names()
        checker.check_figures()
        checker.check_sentences(withheld)
    return sink.found


class _VisibilityChecker:
    def __init__(self, brief: Brief, seen: Brief, audience: str, sink: DiagnosticSink) -> None:
        self.brief = brief
        self.seen = seen
        self.audience = audience
        self.sink = sink
        self.printed = tuple(walk.walk_printed_texts(seen))

    def check_themes(self) -> None:
        audience = self.brief.audiences[self.audience]
        for choice in audience.themes:
            if choice.theme.name in self.brief.themes and choice.theme.name not in self.seen.themes:
                self.sink.add_warning(
                    "withheld-theme",
                    choice.theme.location,
                    f"theme '{choice.theme}' is above the clearance of audience '{self.audience}' and is left out",
                    "remove it here, or change one of the clearances",
                )

    def check_references(self) -> None:
        hidden = walk.list_anchors(self.brief) - walk.list_anchors(self.seen)
        references = tuple(walk.walk_references(self.printed))
        for run in references:
            if isinstance(run, CrossReference) and run.target.name in hidden:
                what = "theme" if run.target.name in self.brief.themes else "block"
                self.sink.add_error(
                    "withheld-reference",
                    run.target.location,
                    f"audience '{self.audience}' sees this text, but not {what} '{run.target}'",
                    "give both the same clearance, depth and audiences",
                )
        withheld = self.brief.claims.keys() - self.seen.claims.keys()
        named = (run.claim for run in references if not isinstance(run, CrossReference))
        for ref in (*named, *walk.walk_data_claims(tuple(self.seen.themes.values()))):
            if ref.name not in withheld:
                continue
            message = f"audience '{self.audience}' sees this text, but may not see claim '{ref}'"
            hint = "raise the clearance of the text, or lower that of the claim or its source"
            source, claim = self.brief.claims[ref.name]
            inputs = [f"'{given}'" for given in derive.list_inputs(source, claim) if given.name in withheld]
            if inputs and max(source.clearance, claim.clearance) <= self.brief.audiences[self.audience].clearance:
                message += f", which is computed from {' and '.join(inputs)}"
                hint = "raise the clearance of the text, or write 'disclose: REASON' into the claim's 'derived:'"
            self.sink.add_error("withheld-claim", ref.location, message, hint)

    def check_names(self) -> None:
        """Reports names of withheld terms that are typed in visible text."""
        kept = {str(term.id) for term in self.seen.glossary.terms}
        withheld = [term for term in self.brief.glossary.terms if term.id not in kept]
        for locale in self.brief.locales if withheld else ():
            known = {form for term in self.seen.glossary.terms for form in terms.list_term_forms(term, locale)}
            secret = [
                (term, form) for term in withheld for form in terms.list_term_forms(term, locale) if form not in known
            ]
            for phrase in _list_phrases(self.printed, locale):
                self._check_typed_names(phrase, secret)

    def _check_typed_names(self, phrase: Phrase, secret: list[tuple[Term, str]]) -> None:
        typed = terms.extract_typed_text(phrase.runs)
        for term, form in secret:
            if terms.occurs_in_text(form, typed):
                self.sink.add_error(
                    "withheld-term",
                    phrase.location,
                    f"audience '{self.audience}' sees this text, but may not see the term '{term.id}' that it names",
                    "raise the clearance of the text, or lower that of the term",
                    related=term.location,
                )

    def check_figures(self) -> None:
        """Reports figures typed by hand in visible text that only withheld claims support."""
        withheld = self.brief.claims.keys() - self.seen.claims.keys()
        for locale in self.brief.locales if withheld else ():
            known = {form for _, form in format_claim_figures(self.seen, self.seen.claims, locale)}
            secret = [
                (name, form) for name, form in format_claim_figures(self.brief, withheld, locale) if form not in known
            ]
            for phrase in _list_phrases(self.printed, locale):
                typed = terms.extract_typed_text(phrase.runs)
                for name, form in secret:
                    if terms.occurs_in_text(form, typed):
                        self.sink.add_error(
                            "withheld-claim",
                            phrase.location,
                            f"audience '{self.audience}' sees this text, but may not see claim '{name}', which alone"
                            " supports a figure typed in it",
                            "raise the clearance of the text, or lower that of the claim or its source",
                        )

    def check_sentences(self, sentences: "_WithheldSentences") -> None:
        """Reports sentences that are also in content above the audience's clearance, as written or with a word changed.

        Whether this is a copy only the author knows, since the sentence is in the audience's own content.
        """
        for locale in self.brief.locales:
            withheld = sentences.get(self.brief.audiences[self.audience].clearance, locale)
            for phrase in _list_phrases(self.printed, locale) if withheld else ():
                copied = next(filter(None, map(withheld.find, _list_sentences(phrase))), None)
                if copied is not None:
                    self.sink.add_warning(
                        "withheld-sentence",
                        phrase.location,
                        f"audience '{self.audience}' sees this sentence, which is also in a text that it may not see",
                        "reword it; or if it may be seen, lower the clearance of the other text, or add"
                        " 'allow_in_output: REASON' to its item",
                        related=copied.location,
                    )


class _WithheldSentences:
    """The sentences of the themes above each clearance, which several audiences share."""

    def __init__(self, brief: Brief) -> None:
        self._texts = tuple(_walk_clearances(tuple(brief.themes.values()), None))
        self._found: dict[tuple[Clearance, str], _SentenceIndex] = {}

    def get(self, clearance: Clearance, locale: str) -> "_SentenceIndex":
        found = self._found.get((clearance, locale))
        if found is None:
            above = tuple(text for highest, text in self._texts if highest > clearance)
            found = self._found[clearance, locale] = _SentenceIndex(
                (words, phrase) for phrase in _list_phrases(above, locale) for words in _list_sentences(phrase)
            )
        return found


class _SentenceIndex:
    """Sentences by their first and their last words, of which a sentence with one word changed has either."""

    def __init__(self, sentences: Iterable[tuple[Sentence, Phrase]]) -> None:
        self._by_end: dict[tuple[bool, Sentence], list[tuple[Sentence, Phrase]]] = {}
        for words, phrase in sentences:
            for end in _list_ends(words):
                self._by_end.setdefault(end, []).append((words, phrase))

    def __bool__(self) -> bool:
        return bool(self._by_end)

    def find(self, words: Sentence) -> Phrase | None:
        """Returns the phrase of a sentence that is the same as this one, or differs in a word."""
        keys: set[Sentence] | None = None
        for other, phrase in (each for end in _list_ends(words) for each in self._by_end.get(end, ())):
            keys = keys or {*_list_keys(words)}
            if not keys.isdisjoint(_list_keys(other)):
                return phrase
        return None


def _list_ends(words: Sentence) -> tuple[tuple[bool, Sentence], ...]:
    return (False, words[:_END]), (True, words[-_END:])


def _walk_clearances(value: Any, highest: Clearance | None) -> Iterator[tuple[Clearance, LocalisedText]]:
    """Yields the texts of records with the highest clearance around them, except of those with `allow_in_output`."""
    if isinstance(value, LocalisedText):
        if highest is not None:
            yield highest, value
    elif isinstance(value, tuple):
        for item in value:
            yield from _walk_clearances(item, highest)
    elif isinstance(value, Mapping):
        yield from _walk_clearances(tuple(value.values()), highest)
    elif is_dataclass(value) and not getattr(value, "allow_in_output", None):
        own = getattr(value, "clearance", None)
        highest = own if own is not None and (highest is None or own > highest) else highest
        for each in fields(value):
            yield from _walk_clearances(getattr(value, each.name), highest)


def _list_sentences(phrase: Phrase) -> tuple[Sentence, ...]:
    return _divide(terms.extract_typed_text(phrase.runs))


# Audiences read most texts alike.
@lru_cache(maxsize=20_000)
def _divide(text: str) -> tuple[Sentence, ...]:
    """Returns the longer sentences of a text, in words or in Han characters."""
    found: list[Sentence] = []
    for written in _SENTENCE_END.split(text):
        sentence = unicodedata.normalize("NFKC", written).casefold()
        if len(characters := DENSE_CHARACTER.findall(sentence)) >= _LEAST_HAN:
            found.append(tuple(characters))
        elif len(words := _WORD.findall(sentence)) >= _LEAST_WORDS:
            found.append(tuple(words))
    return tuple(found)


def _list_keys(words: Sentence) -> Iterator[Sentence]:
    """Yields keys of a sentence. Sentences that differ in a word have a key in common."""
    yield words
    is_han = DENSE_CHARACTER.fullmatch(words[0]) is not None
    if len(words) >= (_LEAST_HAN_CHANGED if is_han else _LEAST_WORDS_CHANGED):
        for length in (1, 2) if is_han else (1,):
            yield from ((*words[:at], *words[at + length :]) for at in range(len(words) - length + 1))


def _list_phrases(texts: tuple[LocalisedText, ...], locale: str) -> Iterator[Phrase]:
    for text in texts:
        phrase = text.find_phrase(locale)
        if phrase is not None:
            yield phrase
