"""Finds words written without a locale, which print in every language."""

from collections.abc import Iterator
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
from brief.resolve.walk import list_text_fields

# Records whose `title` or `text` is distinguished from those of other records: "title_of_source".
_OWNERS = ("label", "series", "source")
# Fields that contain names: of people, of documents in their own language, of terms of the glossary.
_NAME_FIELDS = frozenset(("author", "name", "also", "title_of_source"))
# Fields that usually contain the name of a person or an institution, in capitalised words.
_LIKELY_NAME_FIELDS = frozenset(("attribution", "publisher"))


def check_bare_texts(brief: Brief, clean: CleanTexts | None = None) -> list[Diagnostic]:
    """Warns about each text with words that is written once for all languages, but not marked as the same in all.

    Texts that `clean` has are skipped.
    """
    sink, clean = DiagnosticSink(), clean or CleanTexts()
    # Latin words are wrong in both scripts of Chinese.
    languages = {(get_primary_language(locale), find_script(locale)) for locale in brief.locales}
    if len(languages) < 2:
        return sink.found
    forms = terms.list_all_forms(brief.glossary.terms)
    rule = clean.for_rule("bare", repr(forms))
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
        if not any(terms.find_words(terms.extract_typed_text(phrase.runs), known, may_name=may_name)):
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
