"""A project folder, loaded: the door to the library."""

import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from brief.build import executors, versions
from brief.build.cache import render_missing
from brief.build.fingerprint import fingerprint_machine
from brief.build.plan import choose_names, plan_jobs, require_names
from brief.build.template_sets import find_template_sets
from brief.diff.changes import add_changes
from brief.fonts import installed
from brief.inspection.build_inspection import BuildInspection
from brief.inspection.leaks import Inspector
from brief.model.artifact import Order
from brief.model.brief import Brief
from brief.model.diagnostics import ContentError, Diagnostic, has_errors, sort_diagnostics
from brief.model.variant import Variant
from brief.publish.embargo import list_embargoes
from brief.publish.pack import Pack
from brief.reading.project_files import read_project
from brief.reading.reading_cache import ReadingCache
from brief.resolve.checks import CheckInput, check_brief
from brief.resolve.localise import localise
from brief.resolve.select import select
from brief.resolve.typesetting import typeset
from brief.store import default_store
from brief.templating.template_set import TemplateSet
from brief.writers.formats import FORMATS

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Project:
    """A brief that has passed every check, with the template set that it is printed in.

    `template_sets` are those of the audiences that have one of their own, by audience. `diagnostics` are the warnings
    of the checks; `records` are the files as they were read, for `reload`.
    """

    root: Path
    brief: Brief
    template_set: TemplateSet
    diagnostics: tuple[Diagnostic, ...] = ()

    records: ReadingCache = field(default_factory=dict, repr=False, compare=False)
    template_sets: Mapping[str, TemplateSet] = field(default_factory=dict, repr=False)

    @classmethod
    def load(cls, path: str | Path = ".") -> "Project":
        """Reads and checks the project in the folder `path`.

        Raises:
            ContentError: with every fault of content, settings and template set.
        """
        return cls._loaded(Path(path), {})

    def reload(self) -> "Project":
        """The project as it stands on disk now. Files that are as they were are not parsed again; this one stays as it is.

        Raises:
            ContentError: as `load` does.
        """
        return self._loaded(self.root, self.records)

    @classmethod
    def _loaded(cls, root: Path, records: ReadingCache) -> "Project":
        brief, diagnostics = read_and_check(root, records)
        if brief is None or has_errors(diagnostics):
            raise ContentError(diagnostics)
        template_sets, faults = find_template_sets(brief, root)
        if has_errors(faults):
            raise ContentError((*diagnostics, *faults))
        return cls(
            root,
            brief,
            template_sets[brief.settings.template_set.name],
            sort_diagnostics((*diagnostics, *faults)),
            records,
            {
                name: template_sets[ref.name]
                for name, audience in brief.audiences.items()
                if (ref := audience.template_set)
            },
        )

    def template_set_for(self, audience: str) -> TemplateSet:
        """The template set that the audience's editions are printed in."""
        return self.template_sets.get(audience, self.template_set)

    def all_template_sets(self) -> tuple[TemplateSet, ...]:
        """Every template set in use, each one once."""
        return tuple(dict.fromkeys(self.template_set_for(audience) for audience in self.brief.audiences))

    def variant(self, audience: str, locale: str, since: "Project | None" = None) -> Variant:
        """One audience's brief in one locale, with nothing withheld left in it.

        With `since`, an earlier state of the project, it tells what changed for this audience.

        Raises:
            OrderError: the brief has no such audience or locale.
        """
        choose_names("audience", (audience,), self.brief.audiences)
        choose_names("locale", (locale,), self.brief.locales)
        cut = select(self.brief, audience)
        variant = localise(cut, locale)
        if since is None or audience not in since.brief.audiences:
            return typeset(variant)
        # By today's clearance: what was seen once need not be seen now.
        audiences = {**since.brief.audiences, audience: self.brief.audiences[audience]}
        return typeset(add_changes(variant, cut, select(replace(since.brief, audiences=audiences), audience)))

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
        """Renders the order; what is left out means all.

        With `since`, an earlier state of the project, every edition tells its readers what changed.
        `jobs` worker processes share the work (default: one a core), or the `executor` that is given. `prover` proves
        the HTML; who builds often, or proves more, hands in one of this project, for it keeps what it looks for and what
        it found clean. `progress` is called with the number of variants done and of all. What an earlier build made from
        the same inputs comes from the cache (`BRIEF_CACHE_DIR`).

        Raises:
            OrderError: the order names what the brief does not have.
            ContentError: a template or a picture has errors, or an artifact holds what its audience may not see.
            MachineError: a font or a library is missing.
            WorkerError: a worker process died.
        """
        asked = Order(
            require_names("audience", audiences), require_names("locale", locales), require_names("format", formats)
        )
        order = plan_jobs(self.brief, asked)
        tasks = [
            (self.variant(job.audience, job.locale, since), self.template_set_for(job.audience), job.formats)
            for job in order
        ]
        rendered = {}
        run = partial(executors.run_tasks, jobs=jobs or os.cpu_count() or 1, executor=executor)
        store = default_store()
        program = fingerprint_machine() if store else ""
        with BuildInspection(inspector or Inspector(self.brief, self.template_set_for), store, program) as inspection:
            for index, outcome in render_missing(tasks, run, store, seen=inspection.add):
                rendered[index] = outcome
                if progress is not None:
                    progress(len(rendered), len(tasks))
            outcomes = [rendered[index] for index in range(len(tasks))]
            if any(outcome.failed for outcome in outcomes):
                raise ContentError(diagnostic for outcome in outcomes for diagnostic in outcome.diagnostics)
            if found := inspection.diagnostics():
                raise ContentError(found)
        advice = installed.suggest_speedups() if any("pdf" in job.formats for job in order) else ()
        fonts: dict[str, str] = {}
        for job in order:
            fonts |= versions.list_font_versions(self.template_set_for(job.audience), job.locale)
        return Pack(
            brief=self.brief.settings.id,
            date=self.brief.settings.date.isoformat(),
            artifacts=tuple(replace(each, inspected=True) for outcome in outcomes for each in outcome.artifacts),
            versions=versions.list_software_versions(),
            fonts=fonts,
            diagnostics=sort_diagnostics((*advice, *(found for outcome in outcomes for found in outcome.diagnostics))),
            reused=sum(outcome.reused for outcome in outcomes),
            embargoes=list_embargoes(self.brief, dict.fromkeys(job.audience for job in order)),
        )


def read_and_check(root: Path, records: ReadingCache | None = None) -> tuple[Brief | None, tuple[Diagnostic, ...]]:
    """Returns the brief as far as it can be read, and every diagnostic of reading and of the content checks.

    `records` are files that were read before (see `read_project`).
    """
    reading = read_project(root, records)
    diagnostics = list(reading.diagnostics)
    if reading.brief is not None:
        diagnostics += check_brief(CheckInput(reading.brief, tuple(FORMATS), reading.unread))
    return reading.brief, sort_diagnostics(diagnostics)
