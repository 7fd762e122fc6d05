"""Imports Markdown and Word documents as themes: new ones, changes to those imported before, and translations of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from brief.model.brief import Brief, Settings, Theme
from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.diagnostics import ContentError, Diagnostic, RequestError, has_errors, sort_diagnostics
from brief.model.source_location import SourceLocation
from brief.project.document_files import read_document, read_present
from brief.project.file_changes import diff_lines, replace_files
from brief.reading import text_file, yaml_nodes
from brief.reading.decode import decode
from brief.reading.documents.arrange import ArrangedDocument, Arrangement, arrange_document
from brief.reading.documents.document import LossReport
from brief.reading.documents.theme_writer import (
    Difference,
    ImportedTheme,
    Origin,
    Pair,
    find_origin,
    pair_texts,
    write_theme,
)
from brief.reading.layout import ASSETS, AUDIENCES, SETTINGS, THEMES, is_hidden_or_backup
from brief.reading.project_files import read_project
from brief.reading.rewriting import Rewrite, UnwritableError, extend_list, rewrite_file
from brief.reading.values import is_reserved_id, is_slug

DOCUMENTS = (".md", ".markdown", ".docx")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentOptions:
    """Options of an import. The default `locale` is the source locale; `of` names the document that this one translates."""

    locale: str | None = None
    into: str | None = None
    of: str | None = None
    audiences: tuple[str, ...] = ()
    clearance: str | None = None
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """The result of an import: the files `written`, in order, and the diagnostics.

    `changes` shows how existing files would change. Unless the options allow that, nothing is written.
    """

    written: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]
    changes: str
    next_steps: tuple[str, ...]
    is_refused: bool = False


def import_document(root: Path, path: Path, options: DocumentOptions) -> ImportOutcome:
    """Writes the themes and pictures of a document, or the texts of a translation: all files or none.

    Raises:
        ContentError: the document cannot be read or written as content, a name is taken, or the structure of a
            translation differs.
        MachineError: a file cannot be read or written.
        RequestError: there is no project, or an option does not fit it.
    """
    plan = _Plan(root, path, options, _read_brief(root))
    plan.make()
    found = sort_diagnostics(plan.sink.found)
    if has_errors(found):
        raise ContentError(found)
    if plan.changes and not options.replaces:
        return ImportOutcome((), found, "".join(plan.changes), (), is_refused=True)
    files = {name: each for name, each in plan.files.items() if each[0] != each[1]}
    replace_files(root, files)
    return ImportOutcome(tuple(files), found, "".join(plan.changes), tuple(plan.list_next_steps(files)))


def _read_brief(root: Path) -> Brief:
    reading = read_project(root)
    if reading.brief is None:
        raise RequestError(f"there is no project in {root.resolve()}")
    settings = reading.brief.settings
    if not settings.locales or not settings.source_locale:
        raise RequestError(f"{SETTINGS} has errors; run 'brief check' and correct them first")
    return reading.brief


@dataclass(slots=True)
class _Plan:
    """What an import would write: `files` maps names to their bytes before and after."""

    root: Path
    path: Path
    options: DocumentOptions
    brief: Brief
    sink: DiagnosticSink = field(default_factory=DiagnosticSink)
    files: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)
    new_themes: list[str] = field(default_factory=list)
    origins: dict[str, Origin] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        return self.brief.settings

    @property
    def locale(self) -> str:
        return self.options.locale or str(self.settings.source_locale)

    def make(self) -> None:
        """Decides what to write, or reports why nothing can be written."""
        self._check_options()
        self.origins = dict(self._find_origins())
        group = self._find_group()
        arranged = self._read(group)
        if arranged is None or has_errors(self.sink.found):
            return
        if group is not None:
            self._pair_all(group, arranged)
        else:
            self._write_themes(arranged)

    def _check_options(self) -> None:
        options, settings = self.options, self.settings
        locales = [ref.name for ref in settings.locales]
        if self.locale not in locales:
            hint = suggest_name(self.locale, locales)
            raise RequestError(f"'{self.locale}' is not a locale of the brief ({hint}); add it to {SETTINGS} first")
        if options.into is not None and not is_slug(options.into):
            raise RequestError(f"'{options.into}' is not an id: use lower-case letters, digits and single hyphens")
        if options.into is not None and is_reserved_id(options.into):
            raise RequestError(f"the id '{options.into}' is reserved; choose another")
        clearances = [each.name for each in settings.known_clearances]
        if options.clearance is not None and options.clearance not in clearances:
            raise RequestError(
                f"there is no clearance '{options.clearance}': {suggest_name(options.clearance, clearances)}"
            )
        audiences = [ref.name for ref in settings.audiences]
        for audience in options.audiences:
            if audience not in audiences:
                raise RequestError(f"there is no audience '{audience}': {suggest_name(audience, audiences)}")

    def _find_origins(self) -> Iterator[tuple[str, Origin]]:
        """Yields each imported theme with its origin, in the order of the brief."""
        listed = [ref.name for ref in self.settings.themes]
        folder = self.root / THEMES
        names = [path.stem for path in sorted(folder.glob("*.yaml")) if not is_hidden_or_backup(path.name)]
        for name in sorted(names, key=lambda name: listed.index(name) if name in listed else len(listed)):
            origin = find_origin(read_present(folder / f"{name}.yaml")[:1000].decode("utf-8", "replace"))
            if origin is not None:
                yield name, origin

    def _find_group(self) -> list[str] | None:
        """Returns the themes that the document translates; None if it is not a translation."""
        options = self.options
        if self.locale == self.settings.source_locale:
            if options.of is not None:
                raise RequestError("--translation-of is for translations; name the locale with -l")
            return None
        if options.into is not None:
            return [options.into] if (self.root / THEMES / f"{options.into}.yaml").exists() else None
        documents = list(dict.fromkeys(origin.document for origin in self.origins.values()))
        if options.of is not None:
            if options.of not in documents:
                raise RequestError(f"nothing was imported from '{options.of}': {suggest_name(options.of, documents)}")
            return self._find_themes(options.of)
        if not documents:
            return None
        if self.path.name in documents:
            return self._find_themes(self.path.name)
        stem = self.path.stem
        for mark in (".", "-", "_"):
            stem = stem.removesuffix(f"{mark}{self.locale}")
        named = [document for document in documents if Path(document).stem == stem]
        if len(documents) > 1 and len(named) != 1:
            raise RequestError(f"name the document that it translates with --translation-of: {', '.join(documents)}")
        return self._find_themes(named[0] if named else documents[0])

    def _find_themes(self, document: str) -> list[str]:
        return [name for name, origin in self.origins.items() if origin.document == document]

    def _read(self, group: list[str] | None) -> ArrangedDocument | None:
        report = LossReport(self.sink)
        document = read_document(self.path, report)
        if document is None:
            return None
        if not document.parts:
            self.sink.add_error("import-unreadable", SourceLocation(self.path.name), "the document has no text")
            return None
        into = self.options.into
        if group is not None and into is None and all(self.origins[name].is_whole for name in group):
            into = group[0]
        clearance = self.options.clearance
        if clearance is None and group is None and self.settings.explicit_clearance:
            known = ", ".join(each.name for each in self.settings.known_clearances)
            raise RequestError(f"every theme and block of this brief states its clearance: add --clearance ({known})")
        own = self._find_themes(self.path.name)
        used = {block.id for theme in self.brief.themes.values() if theme.id not in own for block in theme.blocks}
        return arrange_document(document, Arrangement(self.path.stem, into, clearance, frozenset(used)), report)

    def _write_themes(self, arranged: ArrangedDocument) -> None:
        origin = Origin(self.path.name, is_whole=self.options.into is not None)
        for theme in arranged.themes:
            name = f"{THEMES}/{theme.id}.yaml"
            old = read_present(self.root / name)
            new = write_theme(theme, self.locale, origin).encode()
            if not old:
                self.files[name] = (b"", new)
                self.new_themes.append(theme.id)
                self._report_unreadable(name, new, theme)
            elif self.origins.get(theme.id) is None or self.origins[theme.id].document != self.path.name:
                message = f"{name} exists and was not imported from {self.path.name}"
                hint = "rename the heading or the file, or import the document as one theme with --into"
                self.sink.add_error("import-collision", theme.location, message, hint)
            else:
                self._update(name, old, new, theme)
        for leftover in self._find_themes(self.path.name):
            if leftover not in [theme.id for theme in arranged.themes]:
                message = f"the document no longer has the theme '{leftover}'"
                hint = f"remove {THEMES}/{leftover}.yaml, and its name from content/brief.yaml and the audiences"
                self.sink.add_warning("import-leftover", SourceLocation(f"{THEMES}/{leftover}.yaml"), message, hint)
        self._add_pictures(arranged.pictures)
        self._list_themes()

    def _update(self, name: str, old: bytes, new: bytes, theme: ImportedTheme) -> None:
        """Updates the texts of a theme that was imported before, or replaces the theme if its structure has changed."""
        node = self._parse(name, old)
        paired = pair_texts(theme, node, self.locale) if node else None
        if isinstance(paired, list):
            self._rewrite(name, old, paired)
            return
        self._report_unreadable(name, new, theme)
        others = [ref.name for ref in self.settings.locales if ref.name != self.locale]
        lost = "everything that was added to it by hand" + (f" and its texts in {', '.join(others)}" if others else "")
        reason = f": {paired.message}" if paired else ""
        self.sink.add_warning(
            "import-leftover",
            paired.location if paired else theme.location,
            f"the structure of theme '{theme.id}' has changed{reason}; replacing {name} removes {lost}",
            "compare the two, and copy what you need first",
            related=paired.related if paired else None,
        )
        self._change(name, old, new)

    def _pair_all(self, group: list[str], arranged: ArrangedDocument) -> None:
        """Pairs the texts of a translation with those of the themes."""
        if len(arranged.themes) != len(group):
            place = arranged.themes[min(len(group), len(arranged.themes) - 1)].location
            names = ", ".join(f"'{name}'" for name in group)
            message = f"the document has {len(arranged.themes)} themes, and the project has {len(group)}: {names}"
            self._add_difference(Difference(message, place, SourceLocation(f"{THEMES}/{group[-1]}.yaml")))
            return
        for name, theme in zip(group, arranged.themes, strict=True):
            file = f"{THEMES}/{name}.yaml"
            old = read_present(self.root / file)
            node = self._parse(file, old)
            if node is None:
                continue
            paired = pair_texts(theme, node, self.locale)
            if isinstance(paired, Difference):
                self._add_difference(paired)
            else:
                self._rewrite(file, old, paired)
        known = {read_present(path) for path in (self.root / ASSETS).rglob("*") if path.is_file()}
        for picture, data in arranged.pictures.items():
            if data not in known:
                message = f"the picture '{picture}' differs from the one in the project, which every locale uses"
                hint = "remove it from the translation, or use one picture for both"
                self.sink.add_warning("import-omitted", SourceLocation(self.path.name), message, hint)

    def _add_difference(self, difference: Difference) -> None:
        hint = (
            "give the translation the same headings, paragraphs, lists and tables, or write its texts into the themes"
        )
        self.sink.add_error(
            "import-structure", difference.location, difference.message, hint, related=difference.related
        )

    def _rewrite(self, name: str, old: bytes, pairs: Sequence[Pair]) -> None:
        """Replaces texts of a theme and leaves its other content unchanged."""
        order = [ref.name for ref in self.settings.locales]
        before = tuple(order[: order.index(self.locale)])
        changed = [pair for pair in pairs if pair.before != pair.imported.words]
        if not changed:
            return
        rewrites = [Rewrite(pair.text, self.locale, pair.imported.words, before) for pair in changed]
        try:
            new = rewrite_file(name, old, rewrites)
        except UnwritableError as problem:
            for rewrite in problem.rewrites:
                hint = "write it by hand"
                message = f"the {rewrite.locale} text '{rewrite.words[:60]}' cannot be written here"
                self.sink.add_error("import-unwritable", rewrite.text, message, hint)
            return
        if any(pair.before is not None for pair in changed):
            self._change(name, old, new)
        else:
            self.files[name] = (old, new)

    def _change(self, name: str, old: bytes, new: bytes) -> None:
        self.files[name] = (old, new)
        if old == new:
            return
        lines = diff_lines(old, new, name, f"{name} (from {self.path.name})")
        self.changes.append("".join(f"{line}\n" for line in lines))

    def _add_pictures(self, pictures: Mapping[str, bytes]) -> None:
        for picture, data in pictures.items():
            name = f"{ASSETS}/{picture}"
            old = read_present(self.root / name)
            if old and old != data:
                self.changes.append(f"{name}: the picture differs\n")
            if old != data:
                self.files[name] = (old, data)

    def _list_themes(self) -> None:
        """Adds new themes to the brief and to the audiences of the options."""
        for name in (SETTINGS, *(f"{AUDIENCES}/{audience}.yaml" for audience in self.options.audiences)):
            old = read_present(self.root / name)
            present = self._list_ids(name, old)
            missing = [theme for theme in self.new_themes if theme not in present]
            new = extend_list(name, old, "themes", missing) if missing else old
            if new is None:
                message = f"the themes cannot be added to {name}"
                hint = f"add them to its 'themes:' by hand: {', '.join(missing)}"
                self.sink.add_warning("import-leftover", SourceLocation(name), message, hint)
            elif new != old:
                self.files[name] = (old, new)

    def _list_ids(self, name: str, data: bytes) -> list[str]:
        node = self._parse(name, data)
        listed = next((value for key, value in node.entries if key.text == "themes"), None) if node else None
        items = listed.items if isinstance(listed, yaml_nodes.SequenceNode) else ()
        return [item.text for item in items if isinstance(item, yaml_nodes.ScalarNode)]

    def _parse(self, name: str, data: bytes) -> yaml_nodes.MappingNode | None:
        file = text_file.decode_text(name, data, self.sink)
        return yaml_nodes.parse(file, self.sink) if file else None

    def _report_unreadable(self, name: str, data: bytes, theme: ImportedTheme) -> None:
        """Reports errors that reading the new content would cause, at their locations in the document."""
        sink = DiagnosticSink()
        file = text_file.decode_text(name, data, sink)
        node = yaml_nodes.parse(file, sink) if file else None
        clearances = self.settings.known_clearances
        if file and node:
            decode(node, Theme, file, (self.locale,), sink, clearances=clearances)
        for problem in (each for each in sink.found if has_errors([each])):
            self.sink.add_error(problem.code, theme.location, f"in theme '{theme.id}': {problem.message}", problem.hint)

    def list_next_steps(self, files: Mapping[str, object]) -> Iterator[str]:
        """Yields what to do after the files were written."""
        others = [ref.name for ref in self.settings.locales if ref.name != self.locale]
        if not files:
            yield "nothing has changed"
            return
        if self.new_themes and not self.options.audiences:
            themes = ", ".join(self.new_themes)
            yield f"add the themes to 'themes:' of each audience in {AUDIENCES}/ that may read them: {themes}"
        if self.new_themes and others and self.locale == self.settings.source_locale:
            yield (
                f"import the same document in {others[0]} with 'brief import FILE -l {others[0]}', or translate with "
                f"'brief translate export -l {others[0]}'"
            )
        yield "run 'brief check'; it lists what is left to do, such as figures to record as claims"
