"""Workers of one build, which can be interrupted without touching the workers of other builds."""

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

from brief.model.diagnostics import WorkerError
from brief.workers.pool import WorkerPool


class InterruptibleWorkers(Executor):
    """Passes calls to `workers` until it is interrupted."""

    def __init__(self, workers: WorkerPool) -> None:
        self._workers = workers
        self._lock = threading.Lock()
        self._futures: list[Future[Any]] = []
        self.is_interrupted = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Passes the call to the workers.

        Raises:
            WorkerError: the workers of this build were interrupted.
        """
        with self._lock:
            if self.is_interrupted:
                raise WorkerError("the work was interrupted")
            future = self._workers.submit(fn, *args, **kwargs)
            self._futures.append(future)
        return future

    def interrupt(self) -> None:
        """Ends the calls that are waiting or under way; they fail, and so do later ones."""
        with self._lock:
            self.is_interrupted = True
            futures = list(self._futures)
        for future in futures:
            self._workers.interrupt(future)
