"""Checks the content that an import would produce, before anything is written."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from brief.build.template_sets import find_template_sets
from brief.inspection.leaks import Inspector
from brief.model.brief import Brief
from brief.model.diagnostics import ContentError, Diagnostic, Severity, has_errors, sort_diagnostics
from brief.model.source_location import SourceLocation
from brief.model.translation import TranslatableText
from brief.reading.project_files import read_project
from brief.resolve.checks import CheckInput, check_brief
from brief.resolve.select import select
from brief.resolve.walk import walk_printed_texts
from brief.templating.template_set import TemplateSet, find_template_set
from brief.translate.po_import import IncomingTranslation
from brief.translate.state import collect_translatable, get_stripped_text
from brief.writers.formats import FORMATS


def check_result(
    root: Path,
    before: Brief,
    contents: Mapping[str, tuple[bytes, bytes]],
    incoming: Sequence[IncomingTranslation],
    locale: str,
) -> tuple[Diagnostic, ...]:
    """Checks the content that an import would produce, and that it shows nothing to readers who may not see it. Returns the
    warnings that it would add, each located at the entry that causes it.

    `contents` maps the path of each file to its old and new bytes; if it is empty, nothing is checked. Errors that the
    brief `before` already has do not prevent the import.

    Raises:
        ContentError: the import would add errors. An error is located at the entry that causes it, if that is known.
    """
    replacements = {name: new for name, (_, new) in contents.items()}
    if not replacements:
        return ()
    reading = read_project(root, replacements=replacements)
    if reading.brief is None:
        raise ContentError(reading.diagnostics)
    new = list(
        _filter_new([*reading.diagnostics, *_check(reading.brief)], [*read_project(root).diagnostics, *_check(before)])
    )
    locator = _EntryLocator(reading.brief, incoming, locale)
    new_errors = (each for each in new if each.severity is Severity.ERROR)
    added = [*map(locator.move, new_errors), *_inspect(root, before, reading.brief, incoming)]
    if has_errors(added):
        raise ContentError(sort_diagnostics(added))
    new_warnings = (each for each in new if each.severity is Severity.WARNING)
    moved = ((each, locator.move(each)) for each in new_warnings)
    # Warnings about other texts are left to `brief check`.
    return sort_diagnostics(warning for each, warning in moved if warning is not each)


def _check(brief: Brief) -> list[Diagnostic]:
    return check_brief(CheckInput(brief, tuple(FORMATS)))


def _filter_new(after: Iterable[Diagnostic], before: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Yields the diagnostics of `after` that are not in `before`, regardless of their locations."""
    counts = Counter((diagnostic.code, diagnostic.message) for diagnostic in before)
    for diagnostic in after:
        key = diagnostic.code, diagnostic.message
        counts[key] -= 1
        if counts[key] < 0:
            yield diagnostic


class _EntryLocator:
    """Maps locations in the content to the entries of the PO file that they come from."""

    def __init__(self, brief: Brief, incoming: Sequence[IncomingTranslation], locale: str) -> None:
        texts, _ = collect_translatable(brief)
        entries = {translation.text.id: translation.location for translation in incoming}
        self._entries = {
            phrase.location: entries.get(name) if tag == locale else None
            for name, text in texts.items()
            for tag, phrase in text.text.phrases.items()
        }
        self._starts = sorted(self._entries)

    def move(self, diagnostic: Diagnostic) -> Diagnostic:
        """Returns the diagnostic at the location of the entry that its text comes from, if there is one."""
        index = bisect_right(self._starts, diagnostic.location) - 1
        start = self._starts[index] if index >= 0 else None
        entry = self._entries[start] if start is not None and start.file == diagnostic.location.file else None
        return diagnostic if entry is None else replace(diagnostic, location=entry)


def _inspect(root: Path, before: Brief, after: Brief, incoming: Sequence[IncomingTranslation]) -> Iterator[Diagnostic]:
    """Yields a diagnostic for content in the incoming translations that their readers may not see, as the inspection of
    a build would.

    An inspection allows everything that an open text says, and that includes the translations once they are imported.
    The brief as it was before the import is therefore used for an inspection too.
    """
    template_sets, _ = find_template_sets(before, root)

    def get_template_set(audience: str) -> TemplateSet:
        chosen = before.audiences[audience].template_set or before.settings.template_set
        return template_sets.get(chosen.name) or find_template_set("base")

    for brief in (before, after):
        texts, _ = collect_translatable(brief)
        entries = {texts[each.text.id].text.location: each for each in incoming if each.text.id in texts}
        sources = _index_source_words(texts.values(), str(brief.settings.source_locale))
        inspector = Inspector(brief, get_template_set)
        for audience in brief.audiences:
            for text in walk_printed_texts(select(brief, audience)):
                entry = entries.get(text.location)
                if entry is None:
                    continue
                for found in inspector.inspect_texts(audience, entry.text.id, entry.words):
                    # What readers may see in the source language may be translated for them.
                    if not inspector.may_see(audience, sources.get(found.location, "")):
                        yield replace(found, location=entry.location, related=found.location)


def _index_source_words(texts: Iterable[TranslatableText], source_locale: str) -> dict[SourceLocation, str]:
    """Returns the source text of each phrase, by the location of the phrase."""
    return {
        phrase.location: get_stripped_text(text, source_locale)
        for text in texts
        for phrase in text.text.phrases.values()
    }
