"""Decides what stops variants from being built: the gates of audiences, and warnings on which a project stops."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from brief.model.brief import Brief, Gate, Settings
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import Diagnostic, Severity, has_errors, sort_diagnostics
from brief.model.scripts import find_parent_locale
from brief.model.source_location import SourceLocation
from brief.model.text import LocalisedText
from brief.model.translation import TranslationState
from brief.reading.project_files import ProjectReading
from brief.resolve import walk
from brief.resolve.gates import TextGates, report_gated
from brief.resolve.select import select
from brief.translate import lockfile
from brief.translate.state import assess_brief, find_gated, report_unreviewed

_MISSING = "missing-translation"


def add_translation_states(root: Path, reading: ProjectReading) -> tuple[Brief | None, tuple[Diagnostic, ...]]:
    """Returns the brief with the states of its translations, on which gates decide, and the diagnostics.

    The diagnostics are those of reading, with the severities that `weigh_missing` gives, and of unreviewed
    translations. The brief is None if it could not be read.
    """
    brief = reading.brief
    if brief is None:
        return None, reading.diagnostics
    sink = DiagnosticSink(list(reading.diagnostics))
    record = lockfile.read_lockfile(root, sink)
    assessed = assess_brief(brief, record)
    brief = replace(brief, translations=find_gated(assessed))
    # Also without a record: a changed source text would then be noticed in no locale.
    sink.found += report_unreviewed(assessed)
    return brief, weigh_missing(brief, sink.found)


def weigh_missing(brief: Brief, found: Collection[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Returns the diagnostics with missing texts as warnings, because a missing text stops only variants that print it.

    If there are other errors, it is not known which variants print a missing text. It is then an error if an audience
    that may see it stops at missing texts.
    """
    missing = {
        location
        for (location, _), translation in brief.translations.items()
        if translation.state is TranslationState.MISSING
    }
    gated = [each.code == _MISSING and each.location in missing for each in found]
    others = (each for each, is_gated in zip(found, gated, strict=True) if not is_gated)
    stopping = _find_stopping(brief, missing) if any(gated) and has_errors(others) else set()
    weights = (Severity.ERROR if each.location in stopping else Severity.WARNING for each in found)
    return tuple(
        replace(each, severity=weight) if is_gated else each
        for each, is_gated, weight in zip(found, gated, weights, strict=True)
    )


def _find_stopping(brief: Brief, missing: set[SourceLocation]) -> set[SourceLocation]:
    """Returns the locations of the missing texts that an audience which stops at them may see."""
    stopping = [name for name, audience in brief.audiences.items() if audience.gates.missing is Gate.STOP]
    visible = {text.location for name in stopping for text in walk.walk_printed_texts(select(brief, name))}
    return visible & missing


def escalate_warnings(
    settings: Settings, found: Iterable[Diagnostic], *, strict: bool = False
) -> tuple[Diagnostic, ...]:
    """Returns the diagnostics with the warnings that stop a build as errors: all warnings if `strict` or the project
    is, otherwise those that the project lists under `stop_on`.
    """
    stopping = {ref.name for ref in settings.stop_on}
    return tuple(
        replace(each, severity=Severity.ERROR)
        if each.severity is Severity.WARNING and (strict or settings.strict or each.code in stopping)
        else each
        for each in found
    )


def find_gated_texts(brief: Brief, variants: Iterable[tuple[str, str]]) -> tuple[Diagnostic, ...]:
    """Returns an error for each text at which one of the variants stops, and a warning for each that is marked or left out.

    A variant is an audience and a locale. The brief must have no errors.
    """
    # In a locale without gated translations, no gate has anything to decide.
    locales = {locale for _, locale in brief.translations}
    gated_variants = [(audience, locale) for audience, locale in dict.fromkeys(variants) if locale in locales]
    if not gated_variants:
        return ()
    selected = {name: select(brief, name) for name in dict.fromkeys(audience for audience, _ in gated_variants)}
    applied = ((name, _apply_gates(selected[name], locale)) for name, locale in gated_variants)
    return sort_diagnostics(report_gated((name, gates) for name, gates in applied if gates is not None))


def _apply_gates(selected: Brief, locale: str) -> TextGates | None:
    """Returns what the gates do in one locale, for a brief that was reduced to one audience; None if they have nothing
    to decide.

    A variant prints every text of its settings and themes. It is localised only if texts are left out, or if a gated
    text prints only where something mentions it, as the texts of terms, sources and claims do.
    """
    printed = [
        text for text in walk.walk_always_printed_texts(selected) if (text.location, locale) in selected.translations
    ]
    others = any((text.location, locale) in selected.translations for text in _walk_printed_if_mentioned(selected))
    if not printed and not others:
        return None
    gates = TextGates(selected, locale)
    if others or gates.can_omit:
        from brief.resolve.localise import localise_gated  # a check rarely localises

        return localise_gated(selected, locale)[1]
    for text in printed:
        gates.admit(text)
    return gates


def _walk_printed_if_mentioned(selected: Brief) -> Iterator[LocalisedText]:
    """Yields the texts that variants print only where something mentions them: of terms, sources and specifications."""
    yield from walk.walk_texts(
        (*selected.glossary.terms, *selected.sources.values(), *selected.specifications.values())
    )


def leave_out_locales(found: Iterable[Diagnostic], locales: Collection[str]) -> tuple[Diagnostic, ...]:
    """Returns the diagnostics `found` without those that concern only variants in other locales than `locales`."""
    printed = {*locales, *map(find_parent_locale, locales)}
    return tuple(each for each in found if each.locale is None or each.locale in printed)


def leave_out_gated(found: Iterable[Diagnostic], gated: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Returns the diagnostics `found` without missing texts that `gated` also reports, which names their audiences.

    `gated` is the result of `find_gated_texts`.
    """
    covered = {each.location for each in gated if each.code == _MISSING}
    return tuple(each for each in found if not (each.code == _MISSING and each.location in covered))
