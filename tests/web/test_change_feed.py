"""The feed of changes: real files, real notifications."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from brief.reading.listing import stamp_folders
from brief.web.live import change_feed
from brief.web.live.change_feed import NOT_INSTALLED, ChangeFeed

_PATIENCE = 10  # seconds for an event to come
_QUIET = 1.5  # seconds in which no further event comes


def follow(folder: Path, act: Callable[[ChangeFeed, AsyncIterator[str]], Awaitable[None]]) -> list[str]:
    """Runs `act` with a feed of the folder and the events of one client; returns what was reported."""
    reported = list[str]()

    async def run() -> None:
        folders = (folder / "content", folder / "seeds")
        feed = ChangeFeed(lambda: stamp_folders(folders), lambda: folders, reported.append)
        events = feed.stream_events()
        assert await anext(events) == "retry: 1000\n\n"
        assert (await anext(events)).startswith("event: change\n")
        # Watching has begun once the first look is over.
        await asyncio.sleep(0.3)
        await act(feed, events)
        await events.aclose()  # type: ignore[attr-defined]

    asyncio.run(run())
    return reported


async def take(events: AsyncIterator[str]) -> str:
    return await asyncio.wait_for(anext(events), _PATIENCE)


async def count_more(events: AsyncIterator[str]) -> int:
    """The number of events that come before it is quiet."""
    count, following = 0, asyncio.ensure_future(anext(events))
    while True:
        done, _ = await asyncio.wait([following], timeout=_QUIET)
        if not done:
            following.cancel()
            await asyncio.wait([following])
            return count
        count, following = count + 1, asyncio.ensure_future(anext(events))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "content").mkdir()
    for number in range(20):
        (tmp_path / "content" / f"secret-{number}.yaml").write_text("a")
    return tmp_path


def test_twenty_files_saved_at_once_are_one_change(folder: Path) -> None:
    async def act(_: ChangeFeed, events: AsyncIterator[str]) -> None:
        for number in range(20):
            (folder / "content" / f"secret-{number}.yaml").write_text("b")
        event = await take(events)
        assert "secret" not in event
        assert await count_more(events) == 0

    assert follow(folder, act) == []


def test_what_editors_do_is_noticed(folder: Path) -> None:
    """A save that replaces the file, a new name, a deletion, and a folder that was not there before."""
    content = folder / "content"

    async def act(_: ChangeFeed, events: AsyncIterator[str]) -> None:
        (content / ".new~").write_text("c")
        (content / ".new~").replace(content / "secret-1.yaml")
        states = {await take(events)}
        (content / "secret-1.yaml").rename(content / "other.yaml")
        states.add(await take(events))
        (content / "other.yaml").unlink()
        states.add(await take(events))
        (folder / "seeds").mkdir()
        (folder / "seeds" / "a.yaml").write_text("d")
        states.add(await take(events))
        assert len(states) == 4

    assert follow(folder, act) == []


def test_nothing_is_left_when_the_last_client_goes_away(folder: Path) -> None:
    async def act(feed: ChangeFeed, events: AsyncIterator[str]) -> None:
        others = [feed.stream_events() for _ in range(10)]
        for other in others:
            await anext(other)
        tasks = len(asyncio.all_tasks())
        for other in others:
            await other.aclose()  # type: ignore[attr-defined]
        assert len(asyncio.all_tasks()) == tasks == 2
        await events.aclose()  # type: ignore[attr-defined]
        for _ in range(100):
            if len(asyncio.all_tasks()) == 1:
                break
            await asyncio.sleep(0.05)
        assert len(asyncio.all_tasks()) == 1

    before = set(threading.enumerate())
    follow(folder, act)
    # The thread that watched ends within one step of its own.
    deadline = time.monotonic() + 5
    while not set(threading.enumerate()) <= before and time.monotonic() < deadline:
        time.sleep(0.02)
    assert set(threading.enumerate()) <= before


def test_without_watchfiles_it_polls_and_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change_feed, "watchfiles", None)

    async def act(_: ChangeFeed, events: AsyncIterator[str]) -> None:
        (folder / "content" / "secret-1.yaml").write_text("b")
        await take(events)

    assert follow(folder, act) == [NOT_INSTALLED]
