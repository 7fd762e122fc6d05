"""The files in which a service saves projects for its workers, each kept as long as a pack request needs it."""

import shutil
import threading
from pathlib import Path

from brief.model.diagnostics import make_write_error
from brief.store import digest
from brief.web.api.work import save_project
from brief.web.live_project import LoadedProject


class SavedProjects:
    """The saved projects in `folder`. Every method is thread-safe.

    The state of the content that was saved last is kept; everything else, until no pack request that needs it is left.
    """

    def __init__(self, folder: Path) -> None:
        """Makes the folder, and removes what the last run of the service left in it, to which nothing refers.

        Raises:
            MachineError: the folder cannot be made.
        """
        self._folder = folder
        self._lock = threading.Lock()
        self._current: tuple[LoadedProject, Path] | None = None
        self._users: dict[Path, set[str]] = {}
        shutil.rmtree(folder, ignore_errors=True)
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as problem:
            raise make_write_error(str(folder), problem) from problem

    def save(self, revision: LoadedProject, user: str | None = None) -> Path:
        """Returns the file of a project as it is on disk, which it saves once, for the pack request `user`.

        Raises:
            MachineError: the file cannot be written.
        """
        with self._lock:
            if self._current is None or self._current[0] is not revision:
                path = save_project(revision.project, revision.template_digests, self._folder)
                previous, self._current = self._current, (revision, path)
                if previous is not None:
                    self._remove_unused(previous[1])
            path = self._current[1]
            if user is not None:
                self._users.setdefault(path, set()).add(user)
            return path

    def make_folder(self, key: object, user: str) -> Path:
        """Makes a folder in which a worker saves a project with data, for the pack request `user`; returns its path.

        Equal keys have the same folder. A worker must not make it: one that ends late would leave it behind.

        Raises:
            MachineError: the folder cannot be made.
        """
        path = self._folder / digest(repr(key))
        with self._lock:
            try:
                path.mkdir(mode=0o700, exist_ok=True)
            except OSError as problem:
                raise make_write_error(str(path), problem) from problem
            self._users.setdefault(path, set()).add(user)
        return path

    def release(self, user: str) -> None:
        """Removes what the pack request `user` was the last one to need."""
        with self._lock:
            for path, users in list(self._users.items()):
                users.discard(user)
                self._remove_unused(path)

    def _remove_unused(self, path: Path) -> None:
        if self._users.get(path) or (self._current is not None and path == self._current[1]):
            return
        self._users.pop(path, None)
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
