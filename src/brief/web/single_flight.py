"""Runs work that several requests ask for at the same time only once, in a bounded number of threads."""

import asyncio
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

T = TypeVar("T")


class BusyError(Exception):
    """All threads are busy and the queue is full."""


class SingleFlight(Generic[T]):
    """Runs work in `slots` threads with `waiting` more in the queue; a request for work under way waits for its result."""

    def __init__(self, slots: int, waiting: int) -> None:
        self._threads = ThreadPoolExecutor(slots, "build")
        self._most = slots + waiting
        self._under_way: dict[Hashable, asyncio.Future[T]] = {}

    async def result(self, key: Hashable, work: Callable[[], T]) -> T:
        """Returns the result of the work, which continues if the caller is cancelled.

        Raises:
            BusyError: all threads are busy and the queue is full.
        """
        future = self._under_way.get(key)
        if future is None:
            if len(self._under_way) >= self._most:
                raise BusyError
            future = self._under_way[key] = asyncio.get_running_loop().run_in_executor(self._threads, work)
            future.add_done_callback(lambda done: self._finish(key, done))
        return await asyncio.shield(future)

    def _finish(self, key: Hashable, done: "asyncio.Future[T]") -> None:
        del self._under_way[key]
        if not done.cancelled():
            # If every caller was cancelled, the exception would otherwise be reported as never retrieved.
            done.exception()

    def close(self) -> None:
        """Drops queued work. Work under way is not interrupted; the caller ends its workers."""
        self._threads.shutdown(wait=False, cancel_futures=True)
