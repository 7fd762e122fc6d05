"""Everything that can be found out about a project without printing it."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from brief.build.template_sets import named_sets
from brief.fonts import coverage, installed, latin
from brief.inspection.leaks import Prover
from brief.model.brief import Brief
from brief.model.diagnostic_sink import Faults
from brief.model.diagnostics import ContentError, Diagnostic, MachineError, Severity, has_errors, in_order
from brief.model.source_location import NOWHERE, Place
from brief.model.text import Phrase
from brief.model.translation import State
from brief.project.project import Project, inspect
from brief.reading.text_file import suspects, text_file
from brief.resolve import terms, walk
from brief.resolve.localise import localise
from brief.resolve.select import select
from brief.templating import sandbox
from brief.templating.template_set import Look, TemplateSet, find_set
from brief.translate import lockfile
from brief.translate.state import judged, translatable
from brief.writers.preflight import passed_over, trial


def inspect_all(root: Path) -> tuple[Diagnostic, ...]:
    """The faults of content, wording, catalogues, templates, reference documents and fonts, in order of place."""
    brief, found = inspect(root)
    diagnostics = list(found)
    look_sets, faults = named_sets(brief, root) if brief else ({"base": find_set("base")}, ())
    diagnostics += faults
    for look_set in look_sets.values():
        diagnostics += sandbox.check(look_set)
        if brief is not None:
            diagnostics += _fonts(brief, look_set.look)
            diagnostics += _glyphs(brief, look_set.look, root)
    if brief is not None:
        diagnostics += _stale_translations(brief, root)
    if brief is not None and any(
        ref.name == "pdf" for audience in brief.audiences.values() for ref in audience.formats
    ):
        diagnostics += installed.advice()
    if brief is not None and not has_errors(diagnostics):
        diagnostics += _trials(brief, look_sets)
        if not has_errors(diagnostics):
            diagnostics += _passed_over(brief, look_sets)
    return in_order(diagnostics)


def prove_all(root: Path, jobs: int | None = None) -> tuple[Diagnostic, ...]:
    """What stands in the bytes of any edition, in every format, that its audience may not see; warnings of the making.

    Raises:
        ContentError: the project has faults that keep it from being built.
    """
    project = Project.load(root)
    prover = Prover(project.brief, project.look_set)
    try:
        pack = project.build(jobs=jobs, prover=prover)
    except ContentError as error:
        return error.diagnostics
    return in_order((*pack.diagnostics, *(fault for artifact in pack for fault in prover.artifact(artifact))))


def _trials(brief: Brief, look_sets: Mapping[str, TemplateSet]) -> Iterator[Diagnostic]:
    """What would keep an edition from being printed. With faults in the content there is none to try it with."""
    for name, audience in brief.audiences.items():
        cut = select(brief, name)
        formats = tuple(ref.name for ref in audience.formats)
        for locale in brief.locales:
            variant = localise(cut, locale)
            yield from trial(variant, look_sets[variant.template_set], formats)


def _passed_over(brief: Brief, look_sets: Mapping[str, TemplateSet]) -> Iterator[Diagnostic]:
    """What the print engine would pass over in the style sheets of sets that PDFs are printed in."""
    printed = [audience for audience in brief.audiences.values() if any(ref.name == "pdf" for ref in audience.formats)]
    for name in {(audience.template_set or brief.settings.template_set).name for audience in printed}:
        yield from passed_over(look_sets[name])


def _stale_translations(brief: Brief, root: Path) -> Iterator[Diagnostic]:
    """Translations of which the record says that their source text was another, and what is wrong with the record."""
    faults = Faults()
    record = lockfile.read(root, faults)
    yield from faults.found
    texts, _ = translatable(brief)
    for found in judged(texts.values(), brief.locales, str(brief.settings.source_locale), record):
        if found.state is State.STALE:
            message = f"the source text has changed since this {found.locale} text was accepted"
            hint = f"look at it, then run 'brief translate accept -l {found.locale} {found.text.id}'"
            yield Diagnostic("stale-translation", message, found.place, hint, Severity.WARNING)


def _fonts(brief: Brief, look: Look) -> Iterator[Diagnostic]:
    """Faces that this machine lacks, and such as may not be embedded."""
    for faces in dict.fromkeys(look.faces_for(locale) for locale in brief.locales if look.has_faces_for(locale)):
        try:
            installed.require(faces, provided=latin.bundled_families())
        except MachineError as error:
            yield Diagnostic("missing-font", str(error), NOWHERE, severity=Severity.WARNING)
        for family in coverage.restricted(faces):
            message = f"the font {family} does not allow a subset of it to be embedded (OS/2 fsType)"
            hint = "name another font in 'faces' of the template set, or ask its maker"
            yield Diagnostic("font-embedding", message, NOWHERE, hint, Severity.WARNING)


def _glyphs(brief: Brief, look: Look, root: Path) -> Iterator[Diagnostic]:
    """Characters that would come out as empty boxes. A locale of which a face is missing is passed over."""
    for locale in brief.locales:
        if not look.has_faces_for(locale) or not coverage.is_complete(faces := look.faces_for(locale)):
            continue
        for text in walk.printed_texts(brief):
            phrase = text.phrase(locale)
            for drawn in coverage.missing(terms.typed_text(phrase.runs), faces) if phrase else ():
                # Of private-use and other suspect characters the reader has already spoken.
                if phrase is not None and not suspects(drawn):
                    codes = " ".join(f"U+{ord(character):04X}" for character in drawn)
                    message = f"no font for {locale} has {codes} '{drawn}'"
                    place = _place(root, phrase, drawn)
                    yield Diagnostic("missing-glyph", message, place, coverage.advice(drawn), Severity.WARNING)


def _place(root: Path, phrase: Phrase, drawn: str) -> Place:
    """Where the character stands in the phrase; the phrase itself where it was written as an escape."""
    file = text_file(phrase.place.file, (root / phrase.place.file).read_text("utf-8-sig"))
    found = file.text.find(drawn, file.offset(phrase.place))
    return file.place(found) if found >= 0 else phrase.place
