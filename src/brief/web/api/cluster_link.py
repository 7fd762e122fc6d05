"""Connects a service to a Dask cluster: prepares the cluster for a project, and tells workers how to send jobs to it."""

import threading
from contextlib import ExitStack
from pathlib import Path

from brief.build.cluster import ClusterAccess, ClusterExecutor, connect_cluster
from brief.build.fingerprint import fingerprint_template_set
from brief.web.api.work import open_saved_project


class ClusterLink:
    """Stays connected to the cluster at `url` while template sets and locales do not change.

    Until then, the workers of the cluster keep the template sets. A remote job may take `seconds`.
    """

    def __init__(self, url: str, seconds: float) -> None:
        self._url = url
        self._seconds = seconds
        self._lock = threading.Lock()
        self._prepared: tuple[object, ClusterExecutor] | None = None
        # The last state too, because its pack requests may still be under way.
        self._before = ExitStack()
        self._open = ExitStack()

    def get_access(self, saved: Path) -> ClusterAccess:
        """Returns how to send jobs of a saved project; connects first, or again, if necessary.

        Raises:
            MachineError: Dask is not installed.
            WorkerError: the cluster cannot be reached, or its workers differ from this machine.
        """
        with self._lock:
            project = open_saved_project(saved)
            sets = project.list_template_sets()
            key = (*map(fingerprint_template_set, sets), *project.brief.locales)
            if self._prepared is None or self._prepared[0] != key or not self._prepared[1].is_connected:
                opening = ExitStack()
                executor = opening.enter_context(
                    connect_cluster(self._url, sets, tuple(project.brief.locales), self._seconds)
                )
                self._before.close()
                self._before, self._open = self._open, opening
                self._prepared = key, executor
            return self._prepared[1].access

    def close(self) -> None:
        """Disconnects; the cluster removes the template sets."""
        with self._lock:
            self._prepared = None
            self._before.close()
            self._open.close()
