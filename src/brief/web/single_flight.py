"""Runs work in a bounded number of threads, and only once for requests that ask for the same at the same time."""

import asyncio
from collections import Counter
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

T = TypeVar("T")


class BusyError(Exception):
    """All threads are busy and the queue is full."""


class SingleFlight(Generic[T]):
    """Runs work in `slots` threads, with at most `waiting` more pieces of work in the queue.

    A request for work that is queued or running waits for its result.
    """

    def __init__(self, slots: int, waiting: int) -> None:
        self._threads = ThreadPoolExecutor(slots, "build")
        self._limit = slots + waiting
        self._under_way: dict[Hashable, tuple[asyncio.Future[T], Callable[[], T]]] = {}
        self._callers: Counter[Hashable] = Counter()

    async def get_result(self, key: Hashable, work: Callable[[], T]) -> T:
        """Returns the result of the work, which continues if the caller is cancelled.

        Work with an equal `key` is the same work. Raises what `work` raises.

        Raises:
            BusyError: all threads are busy and the queue is full.
        """
        if key not in self._under_way:
            if len(self._under_way) >= self._limit:
                raise BusyError
            future = asyncio.get_running_loop().run_in_executor(self._threads, work)
            self._under_way[key] = future, work
            future.add_done_callback(lambda done: self._finish(key, done))
        future = self._under_way[key][0]
        self._callers[key] += 1
        try:
            return await asyncio.shield(future)
        finally:
            self._callers[key] -= 1
            # An unused key is not kept, because it may hold a whole project in memory.
            if not self._callers[key]:
                del self._callers[key]

    def abandon(self, key: Hashable) -> Callable[[], T] | None:
        """Forgets queued or running work that no caller waits for, without stopping it.

        Returns the function of the work, so that the caller can stop it; None if there is no such work.
        """
        if key not in self._under_way or self._callers[key] > 0:
            return None
        return self._under_way.pop(key)[1]

    def _finish(self, key: Hashable, done: "asyncio.Future[T]") -> None:
        if key in self._under_way and self._under_way[key][0] is done:
            del self._under_way[key]
        if not done.cancelled():
            # If every caller was cancelled, the exception would otherwise be reported as never retrieved.
            done.exception()

    def close(self) -> None:
        """Drops queued work. Running work is not interrupted: the caller must end the processes that it uses."""
        self._threads.shutdown(wait=False, cancel_futures=True)
