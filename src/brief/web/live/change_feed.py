"""Notifies every open page that files of the project have changed, without naming the files."""

import asyncio
import contextlib
import secrets
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from brief.reading.listing import FileStamp, are_settled

try:
    import watchfiles
except ImportError:
    watchfiles = None  # type: ignore[assignment]

# Changes are debounced: reported together after this many milliseconds without a further change, but after the second
# number at the latest. An editor that saves twenty files, or replaces one by renaming, causes one event.
_STEP, _DEBOUNCE = 25, 300
# Milliseconds between polls in addition to notifications: network file systems send none, and folders that did not exist
# are not watched.
_TICK = 1000
_POLL = 0.3  # seconds between polls without watchfiles
# Seconds after which an idle stream sends a comment, so that a closed connection is noticed.
_IDLE = 15
MOST_STREAMS = 100

NOT_INSTALLED = "watchfiles is not installed: files are checked three times per second (pip install watchfiles)"


class ChangeFeed:
    """Tracks the state of the project's files, and sends an identifier of the newest state to every stream.

    Files are watched only while streams are open. `stamp` returns the time stamps of all files, and `folders` lists their
    folders; `report` is called with a message if files cannot be watched and are polled instead.
    """

    def __init__(
        self,
        stamp: Callable[[], tuple[FileStamp, ...]],
        folders: Callable[[], tuple[Path, ...]],
        report: Callable[[str], None],
    ) -> None:
        self._stamp = stamp
        self._folders = folders
        self._report = report
        self._run = secrets.token_hex(4)
        self._number = 0
        self._stamps: tuple[FileStamp, ...] | None = None
        self._is_settled = True
        self._looking = asyncio.Lock()
        self._streams: set[asyncio.Event] = set()
        self._watching: asyncio.Task[None] | None = None

    @property
    def state(self) -> str:
        """The identifier of the state at the last look. It reveals nothing else about the files."""
        return f"{self._run}-{self._number}"

    @property
    def is_full(self) -> bool:
        return len(self._streams) >= MOST_STREAMS

    async def look(self, *, is_notified: bool = False) -> str:
        """Checks whether files have changed, and returns the identifier of their state."""
        async with self._looking:
            began = time.time_ns()
            taken = await asyncio.to_thread(self._stamp)
            # Two changes within one tick of the file system's clock may have the same time stamps.
            if self._stamps is not None and (taken != self._stamps or (is_notified and not self._is_settled)):
                self.announce()
            self._stamps, self._is_settled = taken, are_settled(taken, began)
            return self.state

    def announce(self) -> None:
        """Gives the state a new identifier, and sends it to every stream."""
        self._number += 1
        for stream in self._streams:
            stream.set()

    async def stream_events(self) -> AsyncIterator[str]:
        """Yields server-sent events (HTML standard, 9.2): the state now, and each later one."""
        changed = asyncio.Event()
        self._streams.add(changed)
        if self._watching is None:
            self._watching = asyncio.create_task(self._watch())
        try:
            sent = ""
            yield "retry: 1000\n\n"
            await self.look()
            while True:
                changed.clear()
                if self.state != sent:
                    sent = self.state
                    yield f"event: change\ndata: {sent}\n\n"
                try:
                    await asyncio.wait_for(changed.wait(), _IDLE)
                except TimeoutError:
                    yield ":\n\n"
        finally:
            self._streams.discard(changed)
            if not self._streams:
                self.close()

    def close(self) -> None:
        """Stops watching."""
        if self._watching is not None:
            self._watching.cancel()
            self._watching = None

    async def _watch(self) -> None:
        if watchfiles is None:
            self._report(NOT_INSTALLED)
        else:
            # The errors of watchfiles are RuntimeErrors; one cause is the system's limit on watches.
            try:
                while True:
                    # A folder may be removed before it is watched.
                    try:
                        await self._watch_folders()
                    except FileNotFoundError:
                        await asyncio.sleep(_POLL)
            except (OSError, RuntimeError) as problem:
                self._report(f"files cannot be watched and are checked three times per second: {problem}")
        while True:
            await asyncio.sleep(_POLL)
            await self.look()

    async def _watch_folders(self) -> None:
        """Watches the existing folders until another one is created."""
        folders = self._list_existing()
        if not folders:
            await asyncio.sleep(_POLL)
            await self.look()
            return
        notifications = watchfiles.awatch(
            *folders,
            watch_filter=None,
            debounce=_DEBOUNCE,
            step=_STEP,
            rust_timeout=_TICK,
            yield_on_timeout=True,
            ignore_permission_denied=True,
        )
        async with contextlib.aclosing(notifications):
            async for changes in notifications:
                await self.look(is_notified=bool(changes))
                if self._list_existing() != folders:
                    return

    def _list_existing(self) -> tuple[Path, ...]:
        return tuple(folder for folder in self._folders() if folder.is_dir())
