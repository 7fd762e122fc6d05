"""Work that several may ask for at once is done once, by so many threads, and more than can wait is refused."""

import asyncio
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

T = TypeVar("T")


class BusyError(Exception):
    """All threads are at work, and as many wait as may."""


class SingleFlight(Generic[T]):
    """Runs work in `slots` threads, with `waiting` more in the queue; whoever asks for what is under way joins it."""

    def __init__(self, slots: int, waiting: int) -> None:
        self._threads = ThreadPoolExecutor(slots, "edition")
        self._most = slots + waiting
        self._under_way: dict[Hashable, asyncio.Future[T]] = {}

    async def result(self, key: Hashable, work: Callable[[], T]) -> T:
        """What the work comes to, which goes on though whoever asked for it leaves.

        Raises:
            BusyError: there is too much of it.
        """
        future = self._under_way.get(key)
        if future is None:
            if len(self._under_way) >= self._most:
                raise BusyError
            future = self._under_way[key] = asyncio.get_running_loop().run_in_executor(self._threads, work)
            future.add_done_callback(lambda done: self._landed(key, done))
        return await asyncio.shield(future)

    def _landed(self, key: Hashable, done: "asyncio.Future[T]") -> None:
        del self._under_way[key]
        if not done.cancelled():
            # Where everybody has left, nobody else will ask what it ended with.
            done.exception()

    def close(self) -> None:
        """Drops what waits. What is under way has to be ended by who does it."""
        self._threads.shutdown(wait=False, cancel_futures=True)
