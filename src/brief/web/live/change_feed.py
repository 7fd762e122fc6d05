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

# Changes are reported together once there is none for a step, but after the debounce time at the latest. So an editor
# that saves twenty files, or replaces one by renaming, causes one event.
_STEP_MILLISECONDS, _DEBOUNCE_MILLISECONDS = 25, 300
# Between polls in addition to notifications: network file systems send none, and folders that did not exist are not
# watched.
_POLL_MILLISECONDS = 1000
_POLL_SECONDS = 0.3  # between polls without watchfiles
# An idle stream sends a comment after this time, so that a closed connection is noticed.
_HEARTBEAT_SECONDS = 15
MAX_STREAMS = 100

NOT_INSTALLED = "watchfiles is not installed: files are checked three times per second (pip install watchfiles)"


class ChangeFeed:
    """Tracks the state of the project's files, and sends an identifier of the newest state to every stream.

    Files are watched only while streams are open. `stamp` returns the stamps of all files, and `folders` lists their
    folders, which need not exist. `report` is called with a message if files cannot be watched and are polled instead.
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
        self._check_lock = asyncio.Lock()
        self._streams: set[asyncio.Event] = set()
        self._watch_task: asyncio.Task[None] | None = None

    @property
    def state(self) -> str:
        """The identifier of the state at the last check. It reveals nothing about the files."""
        return f"{self._run}-{self._number}"

    @property
    def is_full(self) -> bool:
        return len(self._streams) >= MAX_STREAMS

    async def check(self, *, is_notified: bool = False) -> str:
        """Checks whether files have changed, announces a change, and returns the identifier of the state.

        `is_notified` says that the operating system has reported a change.
        """
        async with self._check_lock:
            began = time.time_ns()
            stamps = await asyncio.to_thread(self._stamp)
            # Two changes within one tick of the file system's clock may have the same time stamps.
            if self._stamps is not None and (stamps != self._stamps or (is_notified and not self._is_settled)):
                self.announce()
            self._stamps, self._is_settled = stamps, are_settled(stamps, began)
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
        if self._watch_task is None:
            self._watch_task = asyncio.create_task(self._watch())
        try:
            sent = ""
            yield "retry: 1000\n\n"
            await self.check()
            while True:
                changed.clear()
                if self.state != sent:
                    sent = self.state
                    yield f"event: change\ndata: {sent}\n\n"
                try:
                    await asyncio.wait_for(changed.wait(), _HEARTBEAT_SECONDS)
                except TimeoutError:
                    yield ":\n\n"
        finally:
            self._streams.discard(changed)
            if not self._streams:
                self.close()

    def close(self) -> None:
        """Stops watching."""
        if self._watch_task is not None:
            self._watch_task.cancel()
            self._watch_task = None

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
                        await asyncio.sleep(_POLL_SECONDS)
            except (OSError, RuntimeError) as problem:
                self._report(f"files cannot be watched and are checked three times per second: {problem}")
        while True:
            await asyncio.sleep(_POLL_SECONDS)
            await self.check()

    async def _watch_folders(self) -> None:
        """Watches the existing folders until one of the folders is created or removed."""
        folders = self._list_existing()
        if not folders:
            await asyncio.sleep(_POLL_SECONDS)
            await self.check()
            return
        notifications = watchfiles.awatch(
            *folders,
            watch_filter=None,
            debounce=_DEBOUNCE_MILLISECONDS,
            step=_STEP_MILLISECONDS,
            rust_timeout=_POLL_MILLISECONDS,
            yield_on_timeout=True,
            ignore_permission_denied=True,
        )
        async with contextlib.aclosing(notifications):
            async for changes in notifications:
                await self.check(is_notified=bool(changes))
                if self._list_existing() != folders:
                    return

    def _list_existing(self) -> tuple[Path, ...]:
        return tuple(folder for folder in self._folders() if folder.is_dir())
