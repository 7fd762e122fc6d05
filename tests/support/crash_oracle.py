"""Checks what must be true of an output folder after any failure of the builds that wrote there."""

import os
from contextlib import suppress
from pathlib import Path

import publisher_process
from forked_process import FORKS
from publisher_process import BRIEF, pack

from brief.publish.verify import verify_pack

# More in the long run: BRIEF_CRASH_RUNS=1000 pytest tests/robustness
RUNS = int(os.environ.get("BRIEF_CRASH_RUNS", "50"))


class Build:
    """A publisher in a separate process."""

    def __init__(
        self, folder: Path, state: int, times: int = 1, *, crash_at: str = "", limit: tuple[int, int] | None = None
    ) -> None:
        self._heard, told = FORKS.Pipe(duplex=False)
        arguments = (told, folder, state, times, crash_at, limit)
        self._process = FORKS.Process(target=publisher_process.child, args=arguments, daemon=True)
        self._process.start()
        told.close()

    def wait_for_a_pack(self) -> int:
        """Waits for the first state that it publishes."""
        assert self._heard.poll(60)
        return int(self._heard.recv())

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> tuple[int, list[int], str]:
        """Waits for its end and returns its status (negative for a signal), the states published since, and its output."""
        states: list[int] = []
        said = ""
        with suppress(EOFError, ConnectionResetError):
            while self._heard.poll(60):
                heard = self._heard.recv()
                if isinstance(heard, str):
                    said = heard
                else:
                    states.append(heard)
        self._process.join(60)
        assert self._process.exitcode is not None
        return self._process.exitcode, states, said


def state_of(folder: Path) -> int | None:
    """Returns the published state, or None. Fails if it is neither complete nor absent."""
    link = folder / BRIEF
    if not os.path.lexists(link):
        return None
    verdict = verify_pack(link)
    assert verdict.is_consistent, verdict.diagnostics
    return int((link / "one/demo.0.html").read_text().partition("-")[0])


def assert_clean(folder: Path) -> None:
    """Checks that there are only the link, its target and the previous pack, which is complete too."""
    current = os.readlink(folder / BRIEF)
    others = set(os.listdir(folder)) - {BRIEF, current}
    assert len(others) <= 1, others
    for earlier in others:
        assert verify_pack(folder / earlier).is_consistent
        assert number(earlier) < number(current)


def number(generation: str) -> int:
    return int(generation.rpartition(".")[2])


def assert_recovers(folder: Path, state: int = 9) -> None:
    """Checks that the next build succeeds and removes what the last one left."""
    pack(state).write(folder)
    assert state_of(folder) == state
    assert_clean(folder)
