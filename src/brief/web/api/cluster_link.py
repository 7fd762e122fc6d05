"""Connects a service to a Dask cluster, prepares the cluster for a project, and provides what worker processes need to
send jobs to it.
"""

import threading
from contextlib import ExitStack
from pathlib import Path

from brief.build.cluster import ClusterAccess, ClusterExecutor, connect_cluster
from brief.build.fingerprint import fingerprint_template_set
from brief.web.api.work import open_saved_project


class ClusterLink:
    """A connection to the Dask scheduler at `url`. It is replaced when template sets or locales of the project change.

    The cluster's workers keep the template sets as long as the connection is open. `seconds` limits each remote job.
    """

    def __init__(self, url: str, seconds: float) -> None:
        self._url = url
        self._seconds = seconds
        self._lock = threading.Lock()
        self._prepared: tuple[object, ClusterExecutor] | None = None
        # The previous connection also stays open, because pack requests that use it may still be running.
        self._previous = ExitStack()
        self._current = ExitStack()

    def connect(self, saved: Path) -> ClusterAccess:
        """Returns what a worker process needs to send the jobs of the project in the file `saved` to the cluster.

        Connects first if there is no suitable connection.

        Raises:
            MachineError: Dask is not installed.
            WorkerError: the cluster cannot be reached, or its workers differ from this machine.
        """
        with self._lock:
            project = open_saved_project(saved)
            sets = project.list_template_sets()
            key = (*map(fingerprint_template_set, sets), *project.brief.locales)
            if self._prepared is None or self._prepared[0] != key or not self._prepared[1].is_connected:
                connection = ExitStack()
                executor = connection.enter_context(
                    connect_cluster(self._url, sets, tuple(project.brief.locales), self._seconds)
                )
                self._previous.close()
                self._previous, self._current = self._current, connection
                self._prepared = key, executor
            return self._prepared[1].access

    def close(self) -> None:
        """Closes all connections; the cluster's workers then remove the template sets."""
        with self._lock:
            self._prepared = None
            self._previous.close()
            self._current.close()
