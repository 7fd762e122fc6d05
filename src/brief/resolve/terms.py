"""Finds terms of the glossary in texts, and forms of them that must not be used."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from brief.model.brief import Term
from brief.model.inline import AuthoredRuns, Code, Emphasis, Link, Script, Strong, Text


def list_term_forms(term: Term, locale: str) -> Iterator[str]:
    """Lists every form of the term that a text of the locale may use, the preferred one first."""
    for text in (term.name, *term.also):
        phrase = text.find_phrase(locale)
        if phrase is not None and phrase.source:
            yield phrase.source


def list_avoided_forms(term: Term, locale: str) -> Iterator[str]:
    """Lists the forms that no text of the locale may use."""
    return (avoided.form for avoided in term.avoid if avoided.form and avoided.locale in (None, locale))


def mentions_term(term: Term, locale: str, text: str) -> bool:
    return any(occurs_in_text(form, text) for form in list_term_forms(term, locale))


def find_mentions(
    terms: Iterable[Term], locale: str, words: Mapping[int, str]
) -> Iterator[tuple[Term, tuple[int, ...]]]:
    """Yields each term that some of the texts mention, with the keys of these texts in `words`."""
    for term in terms:
        mentions = tuple(key for key, text in words.items() if mentions_term(term, locale, text))
        if mentions:
            yield term, mentions


def occurs_in_text(form: str, text: str) -> bool:
    """Returns whether the form occurs in the text as a whole word; Han characters need no word boundary."""
    return form in text and _compile_word(form).search(text) is not None


def find_in_text(form: str, text: str) -> Iterator[tuple[int, int]]:
    """Returns the positions of the form in the text, as whole words."""
    return (match.span() for match in _compile_word(form).finditer(text))


@cache
def _compile_word(form: str) -> re.Pattern[str]:
    before = r"(?<![A-Za-z0-9])" if form[0].isascii() else ""
    after = r"(?![A-Za-z0-9])" if form[-1].isascii() else ""
    return re.compile(f"{before}{re.escape(form)}{after}")


def extract_typed_text(runs: AuthoredRuns) -> str:
    """Extracts the words that an author typed, without placeholders and link targets."""
    words = []
    for run in runs:
        match run:
            case Text(text) | Code(text) | Script(text):
                words.append(text)
            case Strong(children) | Emphasis(children) | Link(_, children):
                words.append(extract_typed_text(children))
            case _:
                words.append(" ")
    return "".join(words)
