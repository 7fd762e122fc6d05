"""Imports Markdown and Word documents as themes: new ones, changes to those imported before, and translations of them."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from brief.model.brief import Brief, Settings
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import ContentError, Diagnostic, RequestError, has_errors, sort_diagnostics
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.project.documents.files import read_document
from brief.project.documents.planned_files import PlannedFiles
from brief.project.documents.targets import DocumentOptions, ImportTarget, find_target
from brief.project.documents.themes import plan_theme_lists, plan_themes
from brief.project.documents.translations import plan_translation
from brief.project.file_changes import replace_files
from brief.reading.documents.arrange import ArrangedDocument, Arrangement, arrange_document
from brief.reading.documents.document import LossReport
from brief.reading.layout import AUDIENCES, SETTINGS
from brief.reading.project_files import read_project

DOCUMENTS = (".md", ".markdown", ".docx")


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """The result of an import: the paths of the files `written`, in order, and the diagnostics.

    `changes` is a diff of existing files. If the options do not allow changes to these, nothing is written and
    `is_refused` is set. `next_steps` has sentences that tell the user what to do next.
    """

    written: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]
    changes: str
    next_steps: tuple[str, ...]
    is_refused: bool = False


def import_document(root: Path, path: Path, options: DocumentOptions) -> ImportOutcome:
    """Writes the themes and pictures of a document, or the texts of a translation: all files or none.

    Raises:
        ContentError: the document cannot be read or written as content, a file of that name was not imported from it,
            or the structure of a translation differs.
        MachineError: a file cannot be read or written.
        RequestError: there is no project, or an option does not fit it.
    """
    brief = _read_brief(root)
    settings = brief.settings
    target = find_target(root, path, options, settings)
    planned = PlannedFiles(root, path.name, DiagnosticSink())
    arranged = _read_arranged(path, options, target, brief, planned.sink)
    new_themes: tuple[str, ...] = ()
    if arranged is not None and not has_errors(planned.sink.found):
        if target.translated is not None:
            locales = [ref.name for ref in settings.locales]
            plan_translation(arranged, target.translated, target.locale, locales, planned)
        else:
            new_themes = plan_themes(arranged, target, brief, planned, is_whole=options.into is not None)
            plan_theme_lists(new_themes, options.audiences, planned)
    diagnostics = sort_diagnostics(planned.sink.found)
    if has_errors(diagnostics):
        raise ContentError(diagnostics)
    changes = "".join(planned.changes)
    if changes and not options.replaces:
        return ImportOutcome((), diagnostics, changes, (), is_refused=True)
    files = {name: each for name, each in planned.files.items() if each[0] != each[1]}
    replace_files(root, files)
    if not files:
        return ImportOutcome((), diagnostics, changes, ("nothing has changed",))
    outdated = planned.outdated if target.locale == settings.source_locale else set()
    steps = _list_next_steps(new_themes, outdated, target.locale, settings, options)
    return ImportOutcome(tuple(files), diagnostics, changes, tuple(steps))


def _read_brief(root: Path) -> Brief:
    reading = read_project(root)
    if reading.brief is None:
        raise RequestError(f"there is no project in {root.resolve()}")
    settings = reading.brief.settings
    if not settings.locales or not settings.source_locale:
        raise RequestError(f"{SETTINGS} has errors; run 'brief check' and correct them first")
    return reading.brief


def _read_arranged(
    path: Path, options: DocumentOptions, target: ImportTarget, brief: Brief, sink: DiagnosticSink
) -> ArrangedDocument | None:
    report = LossReport(sink)
    document = read_document(path, report)
    if document is None:
        return None
    if not document.parts:
        sink.add_error("import-unreadable", SourceLocation(path.name), "the document has no text")
        return None
    translated, into, clearance = target.translated, options.into, options.clearance
    if translated is not None and into is None and all(target.origins[name].is_whole for name in translated):
        into = translated[0]
    if clearance is None and translated is None and brief.settings.explicit_clearance:
        clearances = ", ".join(each.name for each in brief.settings.known_clearances)
        raise RequestError(f"every theme and block of this brief states its clearance: add --clearance ({clearances})")
    own_themes = target.list_own_themes()
    used = {block.id for theme in brief.themes.values() if theme.id not in own_themes for block in theme.blocks}
    return arrange_document(document, Arrangement(path.stem, into, clearance, frozenset(used)), report)


def _list_next_steps(
    new_themes: Sequence[str], outdated: Collection[str], locale: str, settings: Settings, options: DocumentOptions
) -> Iterator[str]:
    """Yields what to do after files were written."""
    others = [ref.name for ref in settings.locales if ref.name != locale]
    if new_themes and not options.audiences:
        themes = ", ".join(new_themes)
        yield f"add the themes to 'themes:' of each audience in {AUDIENCES}/ that may read them: {themes}"
    if new_themes and others and locale == settings.source_locale:
        yield (
            f"import the same document in {others[0]} with 'brief import FILE -l {others[0]}', or translate with "
            f"'brief translate export -l {others[0]}'"
        )
    if outdated:
        names = ", ".join(name for name in others if name in outdated)
        yield f"review the texts in {names} of the texts that have changed; they translate the earlier wording"
    yield "run 'brief check'; it lists what is left to do, such as figures to record as claims"
