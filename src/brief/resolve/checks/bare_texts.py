"""Finds words written without a locale, which print in every language."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from brief.model.brief import Brief
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import Diagnostic
from brief.model.evidence import Claim
from brief.model.locale import get_primary_language
from brief.model.scripts import find_script
from brief.model.text import EVERY_LOCALE, LocalisedText
from brief.reading.values import shorten
from brief.resolve import terms, walk
from brief.resolve.checks.clean_texts import CleanTexts
from brief.resolve.figures.typed_notation import read_notation
from brief.resolve.walk import list_text_fields

# Records whose `title` or `text` is distinguished from those of other records: "title_of_source".
_OWNERS = ("label", "series", "source")
# Fields that contain names: of people, of documents in their own language, of terms of the glossary.
_NAME_FIELDS = frozenset(("author", "name", "also", "title_of_source"))
# Fields that usually contain the name of a person or an institution, in capitalised words.
_LIKELY_NAME_FIELDS = frozenset(("attribution", "publisher"))

# A number with a mark in it; section and version numbers of several parts are the same in every language.
_MARKED_NUMBER = re.compile(r"(?<![0-9A-Za-z.,])[0-9]+(?:[.,'’ \u00a0\u202f][0-9]+)+(?![0-9A-Za-z])")
_PARTS = re.compile(r"[0-9]+(?:\.[0-9]{1,2}){2,}")
# A date whose day and month change places between languages.
_DATE = re.compile(r"(?<![0-9./-])[0-9]{1,2}([/.])[0-9]{1,2}\1(?:[0-9]{2}){1,2}(?![0-9])")


def check_bare_texts(brief: Brief, clean: CleanTexts | None = None) -> list[Diagnostic]:
    """Warns about each text with words, or with a number that has other marks in one of the languages, that is written once
    for all languages, but not marked as the same in all.

    Texts that `clean` has are skipped.
    """
    sink, clean = DiagnosticSink(), clean or CleanTexts()
    # Latin words are wrong in both scripts of Chinese.
    languages = {(get_primary_language(locale), find_script(locale)) for locale in brief.locales}
    if len(languages) < 2:
        return sink.found
    forms = terms.list_all_forms(brief.glossary.terms)
    rule = clean.for_rule("bare", repr(forms), *brief.locales)
    records = (
        brief.settings,
        *brief.themes.values(),
        *brief.audiences.values(),
        brief.glossary,
        *brief.sources.values(),
    )
    for field, text in (pair for record in records for pair in _walk_fields(record, "")):
        phrase = text.phrases.get(EVERY_LOCALE)
        if phrase is None or text.is_same or field in _NAME_FIELDS:
            continue
        may_name = field in _LIKELY_NAME_FIELDS
        content = f"{may_name} {walk.make_texts_key((text,))}"
        if rule.recall(content):
            continue
        known = terms.compile_forms(forms)
        typed = terms.extract_typed_text(phrase.runs)
        if not any(terms.find_words(typed, known, may_name=may_name)):
            if tags := _list_other_notations(typed, brief.locales):
                sink.add_warning(
                    "bare-text",
                    phrase.location,
                    f"'{shorten(phrase.source)}' is written without a locale, but is written otherwise in {', '.join(tags)}",
                    "take the figure from a claim, write one text per locale, or {same: ...} if it is a code",
                )
            else:
                rule.add(content)
        else:
            others = ", ".join(locale for locale in brief.locales if locale != str(brief.settings.source_locale))
            sink.add_warning(
                "bare-text",
                phrase.location,
                f"'{shorten(phrase.source)}' is written without a locale, so it is also printed in {others}",
                "write one text per locale, or {same: ...} if it is the same in every language, as a name may be",
            )
    return sink.found


def _list_other_notations(text: str, locales: Sequence[str]) -> list[str]:
    """Lists the locales in which a number or a date of the text is written otherwise, or means another one."""
    if _DATE.search(text):
        return [*locales[1:]]
    numbers = [each for each in _MARKED_NUMBER.findall(text) if not _PARTS.fullmatch(each)]
    readings = {locale: [_read(each, locale) for each in numbers] for locale in locales}
    known = next((each for each in readings.values() if None not in each), None)
    return [locale for locale, each in readings.items() if None in each or each != known]


def _read(number: str, locale: str) -> tuple[str, str] | None:
    """Returns the digits of a number before and after the decimal mark of the locale; None if the locale writes it otherwise."""
    notation = read_notation(locale)
    whole, _, decimals = number.partition(notation.point)
    first, *groups = re.split(r"[.,'’ \u00a0\u202f]", whole)
    # Any space groups digits where one does, or where decimals have a comma.
    spaces = " \u00a0\u202f" if notation.comma == " " or notation.point == "," else ""
    allowed = {*spaces, *("'’" if notation.comma in "'’" else notation.comma)}
    is_grouped = len(first) <= 3 and all(len(each) == 3 for each in groups)
    is_own = (
        {*re.sub("[0-9]", "", whole)} <= allowed and (is_grouped or not groups) and decimals.isdigit() == bool(decimals)
    )
    return (first + "".join(groups), decimals) if is_own else None


def _walk_fields(value: Any, field: str) -> Iterator[tuple[str, LocalisedText]]:
    """Yields every text of a record, after the name of its field."""
    kind: type = type(value)
    if isinstance(value, LocalisedText):
        yield field, value
    elif isinstance(value, tuple):
        for part in value:
            yield from _walk_fields(part, field)
    elif names := list_text_fields(kind):
        owner = type(value).__name__.lower()
        # A claim's text is printed only before its note.
        if isinstance(value, Claim) and value.note is None:
            value = replace(value, says=None)
        for name in names:
            part = getattr(value, name)
            if part is not None and not isinstance(part, str):
                is_owned = name in ("title", "text") and owner in _OWNERS
                yield from _walk_fields(part, f"{name}_of_{owner}" if is_owned else name)
