"""Everything that can be found out about a project without printing it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from brief.editing import terms, walk
from brief.fonts import coverage, installed, latin
from brief.model.brief import Brief
from brief.model.diagnostics import ContentError, Diagnostic, MachineError, Severity, in_order
from brief.model.place import NOWHERE, Place
from brief.model.text import Phrase
from brief.press.project import Project, inspect
from brief.press.proof import Prover
from brief.reading import yaml_nodes
from brief.reading.faults import Faults
from brief.reading.layout import SETTINGS
from brief.reading.text_file import suspects, text_file
from brief.templating import sandbox
from brief.templating.template_set import Look, TemplateSet, find_set


def inspect_all(root: Path) -> tuple[Diagnostic, ...]:
    """The faults of content, wording, catalogues, templates and fonts, in order of place."""
    brief, found = inspect(root)
    diagnostics = list(found)
    try:
        for look_set in _look_sets(brief, root):
            diagnostics += look_set.diagnostics
            diagnostics += sandbox.check(look_set)
            if brief is not None:
                diagnostics += _fonts(brief, look_set.look)
                diagnostics += _glyphs(brief, look_set.look, root)
    except ContentError as error:
        diagnostics += error.diagnostics
    return in_order(diagnostics)


def prove_all(root: Path, jobs: int | None = None) -> tuple[Diagnostic, ...]:
    """What stands in the bytes of any edition, made anew in every format, that its audience may not see.

    Raises:
        ContentError: the project has faults that keep it from being built.
    """
    project = Project.load(root)
    try:
        pack = project.build(jobs=jobs)
    except ContentError as error:
        return error.diagnostics
    prover = Prover(project.brief, project.template_set, project.template_sets)
    return in_order(fault for artifact in pack for fault in prover.artifact(artifact))


def _look_sets(brief: Brief | None, root: Path) -> Iterator[TemplateSet]:
    """The brief's template set and those of its audiences, each one once; faults stand where a set is named."""
    if brief is None:
        yield find_set("base", root)
        return
    owners = {audience.template_set: audience.place.file for audience in brief.audiences.values()}
    for name, file in {**owners, brief.settings.template_set: SETTINGS}.items():
        if name is not None:
            try:
                yield find_set(name, root)
            except ContentError as error:
                raise ContentError(
                    replace(d, place=_chosen_set(root, file)) if d.place == NOWHERE else d for d in error.diagnostics
                ) from None


def _chosen_set(root: Path, name: str) -> Place:
    """Where the file `name`, the settings' or an audience's, names its template set."""
    file = text_file(name, (root / name).read_text("utf-8-sig"))
    settings = yaml_nodes.parse(file, Faults())
    entries = settings.entries if settings else ()
    return next((value.place for key, value in entries if key.text == "template_set"), Place(name))


def _fonts(brief: Brief, look: Look) -> Iterator[Diagnostic]:
    """Faces that this machine lacks, and such as may not be embedded."""
    for faces in dict.fromkeys(look.faces_for(locale) for locale in brief.locales):
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
        faces = look.faces_for(locale)
        if not coverage.is_complete(faces):
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
