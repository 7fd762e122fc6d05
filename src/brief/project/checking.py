"""Everything that can be found out about a project without printing it."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from brief.build.template_sets import find_template_sets
from brief.fonts import coverage, installed, latin
from brief.model.brief import Brief
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import ContentError, Diagnostic, MachineError, Severity, has_errors, sort_diagnostics
from brief.model.source_location import UNKNOWN_LOCATION, SourceLocation
from brief.model.text import Phrase
from brief.model.translation import TranslationState
from brief.project.project import Project, read_and_check
from brief.reading.text_file import find_suspects, make_text_file
from brief.resolve import terms, walk
from brief.resolve.localise import localise
from brief.resolve.select import select
from brief.templating import sandbox
from brief.templating.template_set import Look, TemplateSet, find_template_set
from brief.translate import lockfile
from brief.translate.state import assess_translations, collect_translatable
from brief.writers.preflight import preflight, unsupported_css


def check_project(root: Path) -> tuple[Diagnostic, ...]:
    """The faults of content, wording, catalogues, templates, reference documents and fonts, in order of place."""
    brief, found = read_and_check(root)
    diagnostics = list(found)
    template_sets, sink = find_template_sets(brief, root) if brief else ({"base": find_template_set("base")}, ())
    diagnostics += sink
    for template_set in template_sets.values():
        diagnostics += sandbox.check_templates(template_set)
        if brief is not None:
            diagnostics += _check_fonts(brief, template_set.look)
            diagnostics += _find_missing_glyphs(brief, template_set.look, root)
    if brief is not None:
        diagnostics += _find_stale_translations(brief, root)
    if brief is not None and any(
        ref.name == "pdf" for audience in brief.audiences.values() for ref in audience.formats
    ):
        diagnostics += installed.suggest_speedups()
    if brief is not None and not has_errors(diagnostics):
        diagnostics += _preflight_variants(brief, template_sets)
        if not has_errors(diagnostics):
            diagnostics += _find_unsupported_css(brief, template_sets)
    return sort_diagnostics(diagnostics)


def inspect_project(root: Path, jobs: int | None = None) -> tuple[Diagnostic, ...]:
    """Builds every variant in every format and returns what its inspection found, or else the warnings of the build.

    Raises:
        ContentError: the project has errors that keep it from being built.
    """
    project = Project.load(root)
    try:
        return project.build(jobs=jobs).diagnostics
    except ContentError as error:
        return error.diagnostics


def _preflight_variants(brief: Brief, template_sets: Mapping[str, TemplateSet]) -> Iterator[Diagnostic]:
    """What would keep an edition from being printed. With faults in the content there is none to try it with."""
    for name, audience in brief.audiences.items():
        cut = select(brief, name)
        formats = tuple(ref.name for ref in audience.formats)
        for locale in brief.locales:
            variant = localise(cut, locale)
            yield from preflight(variant, template_sets[variant.template_set], formats)


def _find_unsupported_css(brief: Brief, template_sets: Mapping[str, TemplateSet]) -> Iterator[Diagnostic]:
    """What the print engine would pass over in the style sheets of sets that PDFs are printed in."""
    printed = [audience for audience in brief.audiences.values() if any(ref.name == "pdf" for ref in audience.formats)]
    for name in {(audience.template_set or brief.settings.template_set).name for audience in printed}:
        yield from unsupported_css(template_sets[name])


def _find_stale_translations(brief: Brief, root: Path) -> Iterator[Diagnostic]:
    """Translations of which the record says that their source text was another, and what is wrong with the record."""
    sink = DiagnosticSink()
    record = lockfile.read_lockfile(root, sink)
    yield from sink.found
    texts, _ = collect_translatable(brief)
    for found in assess_translations(texts.values(), brief.locales, str(brief.settings.source_locale), record):
        if found.state is TranslationState.STALE:
            message = f"the source text has changed since this {found.locale} text was accepted"
            hint = f"look at it, then run 'brief translate accept -l {found.locale} {found.text.id}'"
            yield Diagnostic("stale-translation", message, found.location, hint, Severity.WARNING)


def _check_fonts(brief: Brief, look: Look) -> Iterator[Diagnostic]:
    """Faces that this machine lacks, and such as may not be embedded."""
    for faces in dict.fromkeys(look.faces_for(locale) for locale in brief.locales if look.has_faces_for(locale)):
        try:
            installed.require_families(faces, provided=latin.list_bundled_families())
        except MachineError as error:
            yield Diagnostic("missing-font", str(error), UNKNOWN_LOCATION, severity=Severity.WARNING)
        for family in coverage.find_restricted_families(faces):
            message = f"the font {family} does not allow a subset of it to be embedded (OS/2 fsType)"
            hint = "name another font in 'faces' of the template set, or ask its maker"
            yield Diagnostic("font-embedding", message, UNKNOWN_LOCATION, hint, Severity.WARNING)


def _find_missing_glyphs(brief: Brief, look: Look, root: Path) -> Iterator[Diagnostic]:
    """Characters that would come out as empty boxes. A locale of which a face is missing is passed over."""
    for locale in brief.locales:
        if not look.has_faces_for(locale) or not coverage.is_complete(faces := look.faces_for(locale)):
            continue
        for text in walk.walk_printed_texts(brief):
            phrase = text.phrase(locale)
            for drawn in (
                coverage.find_missing_characters(terms.extract_typed_text(phrase.runs), faces) if phrase else ()
            ):
                # Of private-use and other suspect characters the reader has already spoken.
                if phrase is not None and not find_suspects(drawn):
                    codes = " ".join(f"U+{ord(character):04X}" for character in drawn)
                    message = f"no font for {locale} has {codes} '{drawn}'"
                    location = _locate_character(root, phrase, drawn)
                    yield Diagnostic("missing-glyph", message, location, coverage.suggest_font(drawn), Severity.WARNING)


def _locate_character(root: Path, phrase: Phrase, drawn: str) -> SourceLocation:
    """Where the character stands in the phrase; the phrase itself where it was written as an escape."""
    file = make_text_file(phrase.location.file, (root / phrase.location.file).read_text("utf-8-sig"))
    found = file.text.find(drawn, file.offset(phrase.location))
    return file.location(found) if found >= 0 else phrase.location
