"""Finds visible content that discloses withheld content: references, claims, names and figures.

`select` removes what is withheld; these checks find what remains and discloses it nevertheless. Each diagnostic is located at
the disclosing text, because that is the text to change.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
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
# A sentence of this length, in words or in Han characters, hardly occurs twice by chance. Only sentences of the second
# length may differ in a word, because parallel sentences are often shorter.
_MIN_WORDS, _MIN_WORDS_CHANGED = 6, 9
_MIN_HAN, _MIN_HAN_CHANGED = 12, 16
# Sentences that differ in one word have at least this many words in common, at the beginning or at the end.
_END_LENGTH = 4
_WORD = re.compile(r"[^\W_]+")

# The words of a sentence, or its Han characters, case-folded.
Sentence = tuple[str, ...]
# The first and the last words of a sentence, each after whether they are the last ones.
Ends = tuple[tuple[bool, Sentence], ...]


def check_visibility(brief: Brief, selections: Selections) -> list[Diagnostic]:
    """Reports disclosures for every audience. Unknown names are reported by `check_references` instead."""
    sink = DiagnosticSink()
    withheld = _WithheldSentences(brief)
    for audience in brief.audiences:
        sink.found += selections.list_reports(audience)
        checker = _VisibilityChecker(brief, selections[audience], audience, sink)
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
        """Warns about themes that the audience lists, but may not see."""
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
        """Reports references of visible texts to blocks, themes and claims that the audience does not see."""
        hidden = walk.list_anchors(self.brief) - walk.list_anchors(self.seen)
        references = tuple(walk.walk_references(self.printed))
        for run in references:
            if isinstance(run, CrossReference) and run.target.name in hidden:
                kind = "theme" if run.target.name in self.brief.themes else "block"
                self.sink.add_error(
                    "withheld-reference",
                    run.target.location,
                    f"audience '{self.audience}' sees this text, but not {kind} '{run.target}'",
                    "give both the same clearance, depth and audiences",
                )
        withheld = self.brief.claims.keys() - self.seen.claims.keys()
        claims = (run.claim for run in references if not isinstance(run, CrossReference))
        for ref in (*claims, *walk.walk_data_claims(tuple(self.seen.themes.values()))):
            if ref.name not in withheld:
                continue
            message = f"audience '{self.audience}' sees this text, but may not see claim '{ref}'"
            hint = "raise the clearance of the text, or lower that of the claim or its source"
            source, claim = self.brief.claims[ref.name]
            inputs = [f"'{used}'" for used in derive.list_inputs(source, claim) if used.name in withheld]
            if inputs and max(source.clearance, claim.clearance) <= self.brief.audiences[self.audience].clearance:
                message += f", which is computed from {' and '.join(inputs)}"
                hint = "raise the clearance of the text, or write 'disclose: REASON' into the claim's 'derived:'"
            self.sink.add_error("withheld-claim", ref.location, message, hint)

    def check_names(self) -> None:
        """Reports names of withheld terms that are typed in visible text."""
        visible_ids = {str(term.id) for term in self.seen.glossary.terms}
        withheld = [term for term in self.brief.glossary.terms if term.id not in visible_ids]
        for locale in self.brief.locales if withheld else ():
            visible_forms = {form for term in self.seen.glossary.terms for form in terms.list_term_forms(term, locale)}
            withheld_forms = [
                (term, form)
                for term in withheld
                for form in terms.list_term_forms(term, locale)
                if form not in visible_forms
            ]
            for phrase in _list_phrases(self.printed, locale):
                self._check_typed_names(phrase, withheld_forms)

    def _check_typed_names(self, phrase: Phrase, withheld_forms: list[tuple[Term, str]]) -> None:
        typed = terms.extract_typed_text(phrase.runs)
        for term, form in withheld_forms:
            if terms.occurs_in_text(form, typed):
                self.sink.add_error(
                    "withheld-term",
                    phrase.location,
                    f"audience '{self.audience}' sees this text, but may not see the term '{term.id}' that it names",
                    "raise the clearance of the text, or lower that of the term",
                    related=term.location,
                )

    def check_figures(self) -> None:
        """Reports figures that are typed in visible text, and that only withheld claims print."""
        withheld = self.brief.claims.keys() - self.seen.claims.keys()
        for locale in self.brief.locales if withheld else ():
            visible_figures = {figure for _, figure in format_claim_figures(self.seen, self.seen.claims, locale)}
            withheld_figures = [
                (name, figure)
                for name, figure in format_claim_figures(self.brief, withheld, locale)
                if figure not in visible_figures
            ]
            for phrase in _list_phrases(self.printed, locale):
                typed = terms.extract_typed_text(phrase.runs)
                for name, figure in withheld_figures:
                    if terms.occurs_in_text(figure, typed):
                        self.sink.add_error(
                            "withheld-claim",
                            phrase.location,
                            f"audience '{self.audience}' sees this text, but may not see claim '{name}', which alone"
                            " supports a figure typed in it",
                            "raise the clearance of the text, or lower that of the claim or its source",
                        )

    def check_sentences(self, sentences: "_WithheldSentences") -> None:
        """Warns about sentences that are also in content above the audience's clearance, unchanged or with one word changed.

        Only the author knows whether such a sentence was copied, because it is in the audience's own content.
        """
        for locale in self.brief.locales:
            withheld = sentences.get(self.brief.audiences[self.audience].clearance, locale)
            for phrase in _list_phrases(self.printed, locale) if withheld else ():
                found = (withheld.find(words, ends) for words, ends in sentences.list_sentences(phrase))
                original = next(filter(None, found), None)
                if original is not None:
                    self.sink.add_warning(
                        "withheld-sentence",
                        phrase.location,
                        f"audience '{self.audience}' sees this sentence, which is also in a text that it may not see",
                        "reword it; or if it may be seen, lower the clearance of the other text, or add"
                        " 'allow_in_output: REASON' to its item",
                        related=original.location,
                    )


class _WithheldSentences:
    """The sentences of the themes above each clearance. Audiences with the same clearance share them."""

    def __init__(self, brief: Brief) -> None:
        self._texts = tuple(_walk_clearances(tuple(brief.themes.values()), None))
        self._indexes: dict[tuple[Clearance, str], _SentenceIndex] = {}
        # By the phrase's identity, which is safe because the brief keeps all phrases alive.
        self._sentences: dict[int, tuple[tuple[Sentence, Ends], ...]] = {}

    def list_sentences(self, phrase: Phrase) -> tuple[tuple[Sentence, Ends], ...]:
        """Returns the sentences of a phrase that are long enough to be compared, and their ends. The phrase must be the
        brief's own object.
        """
        known = self._sentences.get(id(phrase))
        if known is None:
            known = self._sentences[id(phrase)] = _split_sentences(terms.extract_typed_text(phrase.runs))
        return known

    def get(self, clearance: Clearance, locale: str) -> "_SentenceIndex":
        """Returns the sentences in a locale that need a higher clearance."""
        index = self._indexes.get((clearance, locale))
        if index is None:
            above = tuple(text for highest, text in self._texts if highest > clearance)
            index = self._indexes[clearance, locale] = _SentenceIndex(
                (words, ends, phrase)
                for phrase in _list_phrases(above, locale)
                for words, ends in self.list_sentences(phrase)
            )
        return index


class _SentenceIndex:
    """Sentences by their first words and by their last words: a sentence with one word changed still has one or the other."""

    def __init__(self, sentences: Iterable[tuple[Sentence, Ends, Phrase]]) -> None:
        self._by_end: dict[tuple[bool, Sentence], list[tuple[Sentence, Phrase]]] = {}
        for words, ends, phrase in sentences:
            for end in ends:
                self._by_end.setdefault(end, []).append((words, phrase))

    def __bool__(self) -> bool:
        return bool(self._by_end)

    def find(self, words: Sentence, ends: Ends) -> Phrase | None:
        """Returns the phrase of a sentence that is the same as this one or differs in one word; None if no phrase does."""
        keys: set[Sentence] | None = None
        for end in ends:
            for other, phrase in self._by_end.get(end, ()):
                keys = keys or {*_list_keys(words)}
                if not keys.isdisjoint(_list_keys(other)):
                    return phrase
        return None


def _list_ends(words: Sentence) -> Ends:
    return (False, words[:_END_LENGTH]), (True, words[-_END_LENGTH:])


def _walk_clearances(value: Any, highest: Clearance | None) -> Iterator[tuple[Clearance, LocalisedText]]:
    """Yields the texts of records, each after the highest clearance of the records that contain it. Records with
    `allow_in_output` are left out.
    """
    if isinstance(value, LocalisedText):
        if highest is not None:
            yield highest, value
    elif isinstance(value, tuple):
        for item in value:
            yield from _walk_clearances(item, highest)
    elif isinstance(value, Mapping):
        yield from _walk_clearances(tuple(value.values()), highest)
    elif (names := walk.list_text_fields(type(value))) and not getattr(value, "allow_in_output", None):
        own = getattr(value, "clearance", None)
        highest = own if own is not None and (highest is None or own > highest) else highest
        for name in names:
            yield from _walk_clearances(getattr(value, name), highest)


# Cached, because most audiences read the same texts.
@lru_cache(maxsize=20_000)
def _split_sentences(text: str) -> tuple[tuple[Sentence, Ends], ...]:
    """Returns the sentences of a text that are long enough to be compared, and their ends."""
    sentences: list[Sentence] = []
    for piece in _SENTENCE_END.split(text):
        sentence = unicodedata.normalize("NFKC", piece).casefold()
        if len(characters := DENSE_CHARACTER.findall(sentence)) >= _MIN_HAN:
            sentences.append(tuple(characters))
        elif len(words := _WORD.findall(sentence)) >= _MIN_WORDS:
            sentences.append(tuple(words))
    return tuple((words, _list_ends(words)) for words in sentences)


def _list_keys(words: Sentence) -> Iterator[Sentence]:
    """Yields the sentence and, if it is long enough, the sentence without each of its words (of Han characters, without one
    or two). Sentences that differ in one word have one of these in common.
    """
    yield words
    is_han = DENSE_CHARACTER.fullmatch(words[0]) is not None
    if len(words) >= (_MIN_HAN_CHANGED if is_han else _MIN_WORDS_CHANGED):
        for length in (1, 2) if is_han else (1,):
            yield from ((*words[:start], *words[start + length :]) for start in range(len(words) - length + 1))


def _list_phrases(texts: tuple[LocalisedText, ...], locale: str) -> Iterator[Phrase]:
    for text in texts:
        phrase = text.find_phrase(locale)
        if phrase is not None:
            yield phrase
