"""Workers that record each call, and wait before it while there is a gate."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from brief.workers.pool import WorkerPool


class GatedPool(WorkerPool):
    """Calls are noted in `folder/calls`; the gate is `folder/gate`."""

    def __init__(self, size: int, folder: Path, seconds: float = 600) -> None:
        super().__init__(size, seconds=seconds)
        self.folder = str(folder)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **_: Any) -> "Future[Any]":
        return super().submit(_wait_at_gate, self.folder, fn, *args)


def _wait_at_gate(folder: str, fn: Callable[..., Any], *args: Any) -> Any:
    with Path(folder, "calls").open("a") as calls:
        calls.write("x")
    while Path(folder, "gate").exists():
        time.sleep(0.02)
    return fn(*args)
