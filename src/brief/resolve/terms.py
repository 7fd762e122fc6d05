"""Finds terms of the glossary in texts, their avoided forms, and words that are neither terms nor codes."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache

from brief.model.brief import Term
from brief.model.figures.units import OWN_UNITS
from brief.model.han import IDEOGRAPH
from brief.model.inline import AuthoredRuns, Code, Emphasis, Link, ShiftedText, Strong, Text

# Words in lower case that occur within names in Latin script.
_PARTICLES = frozenset(
    ("al", "and", "da", "das", "de", "del", "der", "des", "di", "do", "du", "el", "la", "le", "of", "the", "van", "von")
)
# A word, number or code. Words in Chinese characters match too; they are recognised by their script (`IDEOGRAPH`).
_TOKEN = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")
_ABBREVIATIONS = frozenset(("pp", "vs", "no", "vol", "ch"))


def list_term_forms(term: Term, locale: str) -> Iterator[str]:
    """Yields every form of the term that a text of the locale may use, the preferred one first."""
    for text in (term.name, *term.also):
        phrase = text.find_phrase(locale)
        if phrase is not None and phrase.source:
            yield phrase.source


def list_avoided_forms(term: Term, locale: str) -> Iterator[str]:
    """Yields the forms that no text of the locale may use."""
    return (avoided.form for avoided in term.avoid if avoided.form and avoided.locale in (None, locale))


def mentions_term(term: Term, locale: str, text: str) -> bool:
    """Returns whether a text contains any form of the term in the locale."""
    return any(occurs_in_text(form, text) for form in list_term_forms(term, locale))


def find_mentions(
    terms: Iterable[Term], locale: str, texts: Mapping[int, str]
) -> Iterator[tuple[Term, tuple[int, ...]]]:
    """Yields each term that any of the `texts` mentions, with the keys of these texts."""
    for term in terms:
        mentions = tuple(key for key, text in texts.items() if mentions_term(term, locale, text))
        if mentions:
            yield term, mentions


def occurs_in_text(form: str, text: str) -> bool:
    """Returns whether the form occurs in the text as a whole word; Han characters need no word boundary."""
    return form in text and _compile_word(form).search(text) is not None


def find_in_text(form: str, text: str) -> Iterator[tuple[int, int]]:
    """Yields the start and end of each occurrence of the form in the text as a whole word."""
    return (match.span() for match in _compile_word(form).finditer(text))


@cache
def _compile_word(form: str) -> re.Pattern[str]:
    before = r"(?<![A-Za-z0-9])" if form[0].isascii() else ""
    after = r"(?![A-Za-z0-9])" if form[-1].isascii() else ""
    return re.compile(f"{before}{re.escape(form)}{after}")


def extract_typed_text(
    runs: AuthoredRuns, kinds: tuple[type[Text | Code | ShiftedText], ...] = (Text, Code, ShiftedText)
) -> str:
    """Returns the words that an author typed in runs of the `kinds`, without link targets; everything else, such as a
    placeholder, becomes a space.
    """
    pieces = []
    for run in runs:
        match run:
            case Text(text) | Code(text) | ShiftedText(text):
                pieces.append(text if isinstance(run, kinds) else " ")
            case Strong(children) | Emphasis(children) | Link(_, children):
                pieces.append(extract_typed_text(children, kinds))
            case _:
                pieces.append(" ")
    return "".join(pieces)


def find_words(text: str, known: re.Pattern[str] | None, *, may_name: bool) -> Iterator[str]:
    """Yields the words of a text without Han characters that are not codes, units, abbreviations or matches of `known`. With
    `may_name`, capitalised words and the particles of names are left out too.
    """
    rest = known.sub(" ", text) if known else text
    for token in _TOKEN.findall(rest):
        if _is_code(token) or token in OWN_UNITS or token.lower() in _ABBREVIATIONS:
            continue
        if may_name and (token[0].isupper() or token in _PARTICLES):
            continue
        yield token


def has_words(text: str, known: re.Pattern[str] | None) -> bool:
    """Returns whether a text has words, in any script, that `known` does not match."""
    if any(find_words(text, known, may_name=False)):
        return True
    return IDEOGRAPH.search(known.sub(" ", text) if known else text) is not None


def _is_code(token: str) -> bool:
    """Returns whether the token is a number, an initial, an acronym, a code or a unit ("GPT-4", "kWh"), or contains a Han
    character.
    """
    letters = [character for character in token if character.isalpha()]
    if len(letters) < 2 or any(character.isdigit() for character in token):
        return True
    # A token in a script without capitals is a word.
    return any(character.isupper() for character in letters[1:]) or IDEOGRAPH.search(token) is not None


def list_all_forms(terms: Iterable[Term]) -> tuple[str, ...]:
    """Returns each form of each term in every locale, the longest first."""
    phrases = (phrase for term in terms for text in (term.name, *term.also) for phrase in text)
    return tuple(sorted({phrase.source for phrase in phrases if phrase.source}, key=lambda form: (-len(form), form)))


@lru_cache(maxsize=4)
def compile_forms(forms: tuple[str, ...]) -> re.Pattern[str] | None:
    """Compiles a pattern that matches each of the forms as a whole word; None without forms."""
    return re.compile("|".join(rf"(?<!\w){re.escape(form)}(?!\w)" for form in forms)) if forms else None
