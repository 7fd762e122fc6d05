"""Where an API gets its project from: the current files of a folder, or a project that a program has loaded."""

import threading
from pathlib import Path
from typing import Protocol

from brief.build.fingerprint import fingerprint_template_set
from brief.inspection.leaks import Inspector
from brief.model.brief import Brief
from brief.model.diagnostics import ContentError, Severity
from brief.model.record import dataclass
from brief.project.loading import read_and_check
from brief.project.project import Project
from brief.web.live_project import LiveProject, LoadedProject

# The diagnostic of a dataset whose data only a program can supply.
_MISSING_DATA = "dataset-file"


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """What can be requested. `revision` is None if the project is complete only with data from a pack request.

    Only then is `pdf_engine` set; it is as for `Project.load`.
    """

    brief: Brief
    root: Path
    revision: LoadedProject | None
    pdf_engine: str = ""


class ProjectSource(Protocol):
    """A source of the current state of a project."""

    def read_outline(self) -> Outline:
        """Returns what can be requested now; returns the same object as long as nothing changes.

        Raises:
            ContentError: the project has errors.
        """
        ...


class FolderSource:
    """The project in a folder, read again when a file has changed; `pdf_engine` is as for `Project.load`."""

    def __init__(self, root: Path, pdf_engine: str = "") -> None:
        self._root = root
        self._pdf_engine = pdf_engine
        self._live = LiveProject(root, pdf_engine)
        self._lock = threading.Lock()
        self._outline: Outline | None = None
        self._diagnostics: object = None

    def read_outline(self) -> Outline:
        try:
            revision = self._live.get_current()
        except ContentError as error:
            return self._make_outline_without_data(error)
        with self._lock:
            if self._outline is None or self._outline.revision is not revision:
                self._outline = Outline(revision.project.brief, self._root, revision)
            return self._outline

    def _make_outline_without_data(self, error: ContentError) -> Outline:
        errors = [each for each in error.diagnostics if each.severity is Severity.ERROR]
        if any(each.code != _MISSING_DATA for each in errors):
            raise error
        with self._lock:
            if self._outline is None or self._outline.revision is not None or self._diagnostics != error.diagnostics:
                brief, _ = read_and_check(self._root)
                if brief is None:
                    raise error
                self._outline, self._diagnostics = Outline(brief, self._root, None, self._pdf_engine), error.diagnostics
            return self._outline


class LoadedSource:
    """A project that a program has loaded, and that never changes."""

    def __init__(self, project: Project) -> None:
        self._project = project
        template_digests = tuple(map(fingerprint_template_set, project.list_template_sets()))
        revision = LoadedProject(
            project, template_digests, Inspector(project.brief, project.get_template_set, project.seeds)
        )
        self._outline = Outline(project.brief, project.root, revision)

    def read_outline(self) -> Outline:
        return self._outline
