"""Work that several ask for is done once, and nothing is remembered of it when it is done."""

import asyncio
import gc
import threading
import weakref
from contextlib import suppress

from brief.web.single_flight import SingleFlight


class _Key:
    """What a request asks for: it may hold a whole project."""


def test_a_key_is_forgotten_when_its_work_is_done() -> None:
    async def ask() -> tuple["weakref.ref[_Key]", "weakref.ref[_Key]", list[int]]:
        flight = SingleFlight[int](2, 2)
        shared, left = _Key(), _Key()
        calls: list[int] = []

        def work() -> int:
            calls.append(1)
            return len(calls)

        released = threading.Event()

        def wait() -> int:
            released.wait()
            return 0

        found = await asyncio.gather(*(flight.get_result(shared, work) for _ in range(3)))
        waiting = asyncio.create_task(flight.get_result(left, wait))
        await asyncio.sleep(0)
        waiting.cancel()
        with suppress(asyncio.CancelledError):
            await waiting
        released.set()
        while flight._under_way:
            await asyncio.sleep(0.01)
        flight.close()
        assert not flight._callers
        return weakref.ref(shared), weakref.ref(left), found

    shared, left, found = asyncio.run(ask())
    gc.collect()
    assert found == [1, 1, 1]
    assert shared() is None
    assert left() is None
