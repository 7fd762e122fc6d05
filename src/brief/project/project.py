"""A loaded project: the main class of the library's public API."""

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import field, replace
from functools import partial
from html import escape
from pathlib import Path

from brief.build import executors, versions
from brief.build.cache import LastRenders, render_all
from brief.build.fingerprint import fingerprint_machine
from brief.build.plan import PlannedVariant, choose_names, plan_variants, require_names
from brief.build.render import Rendered
from brief.build.template_sets import find_template_sets
from brief.diff.changes import add_changes
from brief.fonts import installed
from brief.inspection.build_inspection import BuildInspection
from brief.inspection.leaks import Inspector
from brief.inspection.seeds import KeptSeeds
from brief.model.artifact import Artifact, BuildSelection, Progress
from brief.model.brief import Brief
from brief.model.diagnostics import ContentError, Diagnostic, Severity, has_errors, sort_diagnostics
from brief.model.record import dataclass
from brief.model.variant import Variant
from brief.project.content_folder import ContentFolder
from brief.project.gating import escalate_warnings, find_gated_texts
from brief.project.glyphs import find_missing_glyphs
from brief.project.loading import read_and_check
from brief.project.saved_reading import SavedReading
from brief.project.variant_cache import VariantCache
from brief.publish.embargo import list_embargoes
from brief.publish.pack import Pack
from brief.reading.reading_cache import ReadingCache
from brief.reading.tables.frames import GivenTable, read_given
from brief.resolve.checks.clean_texts import CleanTexts
from brief.resolve.localise import localise
from brief.resolve.select import select
from brief.resolve.typesetting import typeset
from brief.store import open_default_store
from brief.templating.template_set import TemplateSet

# Formats other than PDF that are laid out in the fonts of the locale.
_LAID_OUT = frozenset(("html", "docx"))


@dataclass(frozen=True, slots=True, repr=False)
class Project:
    """A brief that has passed every check, with the template set that it is printed in.

    `template_sets` maps each audience that has its own template set to that set. `diagnostics` has the warnings of the
    checks; `reading_cache` has the files as they were read, and `clean` the texts in which checks found nothing, for
    `reload`; `given_tables` has the tables that the caller gave.

    A project never changes, and threads may share one: each may make variants and build packs of it at the same time.
    """

    root: Path
    brief: Brief
    template_set: TemplateSet
    diagnostics: tuple[Diagnostic, ...] = ()

    reading_cache: ReadingCache = field(default_factory=dict, repr=False, compare=False)
    clean: CleanTexts = field(default_factory=CleanTexts, repr=False, compare=False)
    template_sets: Mapping[str, TemplateSet] = field(default_factory=dict, repr=False)
    given_tables: Mapping[str, GivenTable] = field(default_factory=dict)
    # The temporary folder of a project that was made from content, which exists as long as this object.
    _folder: ContentFolder | None = field(default=None, compare=False)
    pdf_engine: str = ""
    _variants: VariantCache = field(default_factory=VariantCache, compare=False)
    # What `check` found, once it has run.
    _checked: list[tuple[Diagnostic, ...]] = field(default_factory=list, compare=False)
    # The tables that inspectors prepare, for inspectors of later states of the project.
    seeds: KeptSeeds = field(default_factory=KeptSeeds, repr=False, compare=False)

    @classmethod
    def load(
        cls, path: str | Path = ".", *, data: Mapping[str, object] | None = None, pdf_engine: str = ""
    ) -> "Project":
        """Reads and checks the project in the folder `path`.

        `pdf_engine` names the engine that lays out the PDFs; if it is empty, each template set's own engine does.

        `data` gives the tables of datasets by their names `source/dataset`: a DataFrame (pandas, polars, pyarrow, or
        any other that narwhals knows) or a list of records. They are copied, and take the place of files.

        Raises:
            ContentError: with every diagnostic of content, settings, data and template sets.
            MachineError: an import of translations was interrupted, and can be neither finished nor undone.
            TypeError: a value of `data` is neither a DataFrame nor a list of records.
        """
        return cls._load(Path(path), _copy_tables(data), None, pdf_engine)

    @classmethod
    def load_saved(cls, saved: SavedReading, *, pdf_engine: str = "") -> "Project":
        """Reads and checks a project as `load` does, but parses only files that `saved` does not have, and saves these.

        Raises:
            ContentError, MachineError: as `load` does.
        """
        project = cls._load(saved.root, {}, None, pdf_engine, saved.cache, saved.clean)
        saved.save()
        return project

    @classmethod
    def from_content(cls, files: Mapping[str, object], *, data: Mapping[str, object] | None = None) -> "Project":
        """Returns a project without a folder. `files` maps paths, such as `content/brief.yaml`, to the content of
        files.

        The content of a file is bytes, a text, or for YAML a mapping. `data` is as for `load`. The files are put into a
        private temporary folder, which is removed with the last project made from it; packs remain usable.

        Raises:
            ContentError: as `load` does. Lines in a file that was given as a mapping are those of its indented JSON.
            RequestError: a path leads out of the project, or is outside content/, seeds/, data/ and templates/.
            TypeError: a file is neither bytes, text nor mapping, or `data` as for `load`.
        """
        tables = _copy_tables(data)
        folder = ContentFolder(files)
        return cls._load(folder.path, tables, folder, "")

    def reload(self, on_read: "Callable[[Project], None]" = lambda _: None) -> "Project":
        """Loads the current state of the project from disk. Unchanged files are not parsed again; this object does not change.

        `on_read` is called with the new state before it is checked, so that work on it can begin. It may have errors, so
        show nothing of it before this method returns.

        Raises:
            ContentError, MachineError: as `load` does.
        """
        return self._reload({}, on_read)

    def with_data(self, data: Mapping[str, object]) -> "Project":
        """Loads the current state of the project from disk with these tables, as for `load`, in addition to earlier ones.

        Raises:
            ContentError, MachineError, TypeError: as `load` does.
        """
        return self._reload(data, lambda _: None)

    def _reload(self, data: Mapping[str, object], on_read: "Callable[[Project], None]") -> "Project":
        loaded = self._load(
            self.root,
            {**self.given_tables, **_copy_tables(data)},
            self._folder,
            self.pdf_engine,
            self.reading_cache,
            self.clean.make_next(),
            lambda brief: on_read(replace(self, brief=brief, _checked=[])),
        )
        return replace(loaded, _variants=self._variants, seeds=self.seeds)

    @classmethod
    def _load(
        cls,
        root: Path,
        given_tables: Mapping[str, GivenTable],
        folder: ContentFolder | None,
        pdf_engine: str,
        cache: ReadingCache | None = None,
        clean: CleanTexts | None = None,
        on_read: Callable[[Brief], None] = lambda _: None,
    ) -> "Project":
        cache, clean = {} if cache is None else cache, clean or CleanTexts()
        brief, diagnostics = read_and_check(root, cache, given_tables, clean, on_read)
        if brief is None or has_errors(diagnostics):
            raise ContentError(diagnostics)
        template_sets, found = find_template_sets(brief, root, pdf_engine)
        if has_errors(found):
            raise ContentError((*diagnostics, *found))
        return cls(
            root,
            brief,
            template_sets[brief.settings.template_set.name],
            sort_diagnostics((*diagnostics, *found)),
            cache,
            clean,
            {
                name: template_sets[ref.name]
                for name, audience in brief.audiences.items()
                if (ref := audience.template_set)
            },
            given_tables,
            folder,
            pdf_engine,
        )

    def __repr__(self) -> str:
        brief = self.brief
        where = "in memory" if self._folder else f"in {self.root}"
        audiences, locales = ", ".join(brief.audiences), ", ".join(brief.locales)
        return f"<Project '{brief.settings.id}' {where}: {audiences} in {locales}>"

    def _repr_html_(self) -> str:
        """Renders a table for notebooks: the formats of each audience in each locale."""
        settings, locales = self.brief.settings, self.brief.locales
        phrase = settings.title.find_phrase(str(settings.source_locale))
        header = "".join(f"<th>{escape(cell)}</th>" for cell in ("audience", *locales))
        rows = ""
        for name, audience in self.brief.audiences.items():
            formats = f"<td>{escape(', '.join(ref.name for ref in audience.formats))}</td>"
            rows += f"<tr><th>{escape(name)}</th>{formats * len(locales)}</tr>"
        title = escape(phrase.source if phrase else str(settings.id))
        return f"<p><strong>{title}</strong></p><table><thead><tr>{header}</tr></thead><tbody>{rows}</tbody></table>"

    def get_template_set(self, audience: str) -> TemplateSet:
        """Returns the template set of the audience's variants."""
        return self.template_sets.get(audience, self.template_set)

    def list_template_sets(self) -> tuple[TemplateSet, ...]:
        """Returns every template set in use, each one once."""
        return tuple(dict.fromkeys(self.get_template_set(audience) for audience in self.brief.audiences))

    def make_variant(self, audience: str, locale: str, since: "Project | None" = None) -> Variant:
        """Makes the variant of an audience in a locale, with nothing withheld left in it.

        With `since`, an earlier state of the project, the variant says what changed for this audience.

        Raises:
            RequestError: the brief has no such audience or locale.
        """
        choose_names("audience", (audience,), self.brief.audiences)
        choose_names("locale", (locale,), self.brief.locales)
        selected = select(self.brief, audience)
        if since is None or audience not in since.brief.audiences:
            return self._variants.localise(selected, audience, locale)
        variant = localise(selected, locale)
        # Selected by the present clearance: an audience may no longer see what it saw earlier.
        audiences = {**since.brief.audiences, audience: self.brief.audiences[audience]}
        return typeset(add_changes(variant, selected, select(replace(since.brief, audiences=audiences), audience)))

    def build(
        self,
        audiences: Iterable[str] = (),
        locales: Iterable[str] = (),
        formats: Iterable[str] = (),
        *,
        since: "Project | None" = None,
        jobs: int | None = None,
        executor: Executor | None = None,
        inspector: Inspector | None = None,
        progress: Progress | None = None,
    ) -> Pack:
        """Renders and inspects the requested variants and formats; an empty argument selects all.

        With `since`, an earlier state of the project, every variant lists what changed for its readers. `jobs` worker
        processes share the work (default: one for each core), or `executor` does, if the caller passes one. `inspector`
        inspects the artifacts; if you build often, pass the same inspector of this project each time, because it
        remembers what it searches for and which files had no findings. `progress` is called with the numbers of
        finished variants and of all variants. Artifacts that an earlier build made from the same inputs come from the
        cache (`BRIEF_CACHE_DIR`).

        Raises:
            RequestError: the request names something that the brief does not have, or selects nothing.
            ContentError: a text stops a variant by its audience's gates, the project has warnings that it stops on, a
                template or a picture has errors, or an artifact contains what its audience may not see, lacks words of
                its variant, or has another defect that its inspection finds.
            MachineError: a font or a library is missing.
            WorkerError: a worker process died, took too long or returned a wrong result, or the executor failed.
        """
        selection = BuildSelection(
            require_names("audience", audiences), require_names("locale", locales), require_names("format", formats)
        )
        planned, tasks, gated = self._plan(selection, since)
        run = partial(executors.run_tasks, jobs=jobs or os.cpu_count() or 1, executor=executor)
        inspector = inspector or Inspector(self.brief, self.get_template_set, self.seeds)
        with self._open_inspection(inspector, (variant for variant, *_ in tasks)) as inspection:
            outcomes = render_all(tasks, run, inspection.add, progress)
            if found := inspection.collect_diagnostics():
                raise ContentError(found)
        return self._make_pack(planned, outcomes, gated, is_inspected=True)

    def build_preview(self, selection: BuildSelection, *, executor: Executor, last: LastRenders | None = None) -> Pack:
        """Renders the request as `build` does, for authors who may see everything, but does not inspect it.

        What stops a variant by a gate, or because the project stops on warnings, is an error in the `diagnostics` of the
        pack instead. Artifacts whose inputs have not changed come from `last`. Never show or send the artifacts to
        others. Raises as `build` does for everything else.
        """
        planned, tasks, gated = self._plan(selection, None, stops=False)
        outcomes = render_all(tasks, partial(executors.run_tasks, jobs=1, executor=executor), last=last)
        return self._make_pack(planned, outcomes, gated, is_inspected=False)

    def inspect(self, artifacts: Collection[Artifact], inspector: Inspector) -> tuple[Diagnostic, ...]:
        """Inspects artifacts of this project as `build` does, and returns the diagnostics; empty if they are sound."""
        names = dict.fromkeys((artifact.audience, artifact.locale) for artifact in artifacts)
        with self._open_inspection(inspector, (self.make_variant(*name) for name in names)) as inspection:
            for artifact in artifacts:
                inspection.add(artifact)
            return inspection.collect_diagnostics()

    def _plan(
        self, selection: BuildSelection, since: "Project | None", *, stops: bool = True
    ) -> tuple[tuple[PlannedVariant, ...], list[executors.Task], tuple[Diagnostic, ...]]:
        """Returns the variants of a request, the tasks that render them, and the diagnostics of gates and missing glyphs.
        Raises a ContentError if a gate or a warning stops a variant, unless `stops` is False.
        """
        planned = plan_variants(self.brief, selection)
        stopping = self.find_stopping((each.audience, each.locale) for each in planned)
        if stops:
            _raise_errors(stopping)
        gated = sort_diagnostics({*stopping, *self._find_missing_glyphs(planned)})
        tasks = [
            (self.make_variant(each.audience, each.locale, since), self.get_template_set(each.audience), each.formats)
            for each in planned
        ]
        return planned, tasks, gated

    def _open_inspection(self, inspector: Inspector, variants: Iterable[Variant]) -> BuildInspection:
        store = open_default_store()
        return BuildInspection(inspector, store, fingerprint_machine() if store else "", variants)

    def check(self) -> tuple[Diagnostic, ...]:
        """Runs every check of `brief check`, and not only those that a build needs.

        Returns the diagnostics sorted by location, with the severities that `brief check` gives them. Texts at which a
        variant stops have only the warning of their state: `find_stopping` reports them for the variants that are
        requested.
        """
        if not self._checked:
            from brief.project.checking import check_loaded  # only projects that stop on warnings need every check

            sets_by_name = {each.name: each for each in (self.template_set, *self.template_sets.values())}
            self._checked.append(check_loaded(self.root, self.brief, sets_by_name, self.diagnostics, self.clean))
        return self._checked[0]

    def find_stopping(self, variants: Iterable[tuple[str, str]]) -> tuple[Diagnostic, ...]:
        """Returns an error for everything that stops one of these variants, and a warning for each text that a gate marks or
        leaves out.

        A variant is an audience and a locale. Gates stop variants, and so does a warning if the project stops on it.
        """
        gated = find_gated_texts(self.brief, variants)
        settings = self.brief.settings
        checks = self.check() if settings.strict or settings.stop_on else self.diagnostics
        # The diagnostics of gates also name the audiences of the same texts.
        reported = {(each.code, each.location) for each in gated}
        others = (each for each in checks if (each.code, each.location) not in reported)
        errors = [each for each in escalate_warnings(settings, others) if each.severity is Severity.ERROR]
        return sort_diagnostics((*errors, *escalate_warnings(settings, gated)))

    def _find_missing_glyphs(self, planned: Iterable[PlannedVariant]) -> Iterator[Diagnostic]:
        """Yields a warning for each character without a glyph in variants that are laid out, but not as PDF.

        In a PDF, the inspection finds them.
        """
        for each in planned:
            if "pdf" not in each.formats and not _LAID_OUT.isdisjoint(each.formats):
                store = open_default_store()
                machine = fingerprint_machine() if store else ""
                sets_and_locales = ((self.get_template_set(each.audience), (each.locale,)),)
                selected = select(self.brief, each.audience)
                yield from find_missing_glyphs(self.root, selected, sets_and_locales, self.clean, machine)

    def _make_pack(
        self,
        planned: Collection[PlannedVariant],
        outcomes: list[Rendered],
        gated: tuple[Diagnostic, ...],
        *,
        is_inspected: bool,
    ) -> Pack:
        warnings = escalate_warnings(
            self.brief.settings, (diagnostic for outcome in outcomes for diagnostic in outcome.diagnostics)
        )
        if is_inspected:
            _raise_errors(warnings)
        advice = installed.check_subsetter() if any("pdf" in each.formats for each in planned) else ()
        fonts: dict[str, str] = {}
        for each in planned:
            fonts |= versions.list_font_versions(self.get_template_set(each.audience), each.locale)
        return Pack(
            brief=self.brief.settings.id,
            date=self.brief.settings.date.isoformat(),
            artifacts=tuple(
                replace(artifact, inspected=is_inspected) for outcome in outcomes for artifact in outcome.artifacts
            ),
            versions=versions.list_software_versions(),
            fonts=fonts,
            diagnostics=sort_diagnostics((*advice, *gated, *warnings)),
            reused=sum(outcome.reused for outcome in outcomes),
            embargoes=list_embargoes(self.brief, dict.fromkeys(each.audience for each in planned)),
        )


def _raise_errors(diagnostics: Iterable[Diagnostic]) -> None:
    """Raises a ContentError with the errors, if there are any."""
    if errors := [each for each in diagnostics if each.severity is Severity.ERROR]:
        raise ContentError(errors)


def _copy_tables(data: Mapping[str, object] | None) -> dict[str, GivenTable]:
    return {name: read_given(name, table) for name, table in (data or {}).items()}
