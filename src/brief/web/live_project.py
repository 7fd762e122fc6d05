"""Keeps a project loaded and reads it again when a file has changed. Every call checks; files are not watched."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

from brief.build.fingerprint import fingerprint_template_set
from brief.inspection.leaks import Inspector
from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.record import dataclass
from brief.project.project import Project
from brief.project.project_fingerprint import list_input_folders
from brief.reading.listing import FileStamp, are_settled, stamp_folders
from brief.reading.reading_cache import are_identical
from brief.workers.collector import pause_collector


@dataclass(frozen=True, slots=True, eq=False)
class LoadedProject:
    """A project as it was on disk at one time, with its inspector and the digests of its template sets."""

    project: Project
    template_digests: tuple[str, ...]
    inspector: Inspector


class LiveProject:
    """The project in the folder `root`; `pdf_engine` is as for `Project.load`, and `on_read` as for `Project.reload`."""

    def __init__(self, root: Path, pdf_engine: str = "", on_read: Callable[[Project], None] = lambda _: None) -> None:
        self._root = root
        self._on_read = on_read
        self._pdf_engine = pdf_engine
        self._lock = threading.Lock()
        self._stamps: tuple[FileStamp, ...] | None = None
        self._is_settled = False
        self._project: Project | None = None
        self._revision: LoadedProject | None = None
        self._diagnostics: tuple[Diagnostic, ...] = ()

    def get_current(self) -> LoadedProject:
        """Returns the project as it is on disk now: the same object as long as no file has changed.

        Raises:
            ContentError: as `Project.load` does.
        """
        with self._lock:
            began = time.time_ns()
            stamps = self.stamp()
            if stamps != self._stamps:
                self._revision = None
            if stamps != self._stamps or not self._is_settled:
                self._load()
                self._stamps = stamps
                self._is_settled = are_settled(stamps, began)
            if self._revision is None:
                raise ContentError(self._diagnostics)
            return self._revision

    def stamp(self) -> tuple[FileStamp, ...]:
        """Returns the inode, size and change time of each of the project's files, without reading the files."""
        return stamp_folders(self.list_folders())

    def list_folders(self) -> tuple[Path, ...]:
        """Lists the folders that the project is read from, whether or not they exist."""
        return list_input_folders(self._root)

    def _load(self) -> None:
        try:
            earlier = self._project
            # A search among all objects of a project takes longer than reading an edit.
            with pause_collector():
                self._project = (
                    earlier.reload(self._on_read) if earlier else Project.load(self._root, pdf_engine=self._pdf_engine)
                )
        except ContentError as error:
            self._revision, self._diagnostics = None, error.diagnostics
            return
        digests = tuple(map(fingerprint_template_set, self._project.list_template_sets()))
        previous = self._revision
        if (
            previous is None
            or previous.template_digests != digests
            or previous.project != self._project
            or not are_identical(previous.project.brief, self._project.brief)
        ):
            self._revision = LoadedProject(
                self._project,
                digests,
                Inspector(self._project.brief, self._project.get_template_set, self._project.seeds),
            )
