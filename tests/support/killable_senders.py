"""Starts senders in processes of their own, which a test kills."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType

_PROGRAM = Path(__file__).with_name("sender_process.py")


class KillableSenders:
    """One sender at a time."""

    def start(self, port: int, ledger: Path, count: int, crash_point: str = "-") -> None:
        """Starts a sender of `count` messages; `crash_point` names the point at which it kills itself."""
        self._input.write(f"{port} {ledger} {count} {crash_point}\n")
        self._input.flush()
        self._said: list[str] = []
        self._pid = int(self._wait_for("pid"))

    def wait_until_sending(self) -> None:
        """Waits until the sender has settled its first message."""
        self._wait_for("sending")

    def kill(self) -> None:
        os.kill(self._pid, signal.SIGKILL)
        self.wait()

    def wait(self) -> int:
        """Waits for the sender's end and returns its status; it is negative if a signal ended it."""
        return int(self._wait_for("ended"))

    def _wait_for(self, what: str) -> str:
        # "pid" and "sending" come from two processes, in either order.
        while (found := next((line for line in self._said if line.startswith(what)), None)) is None:
            line = self._output.readline()
            assert line, "the senders' program ended"
            self._said.append(line.strip())
            assert what != "sending" or not line.startswith("ended"), "there was nothing left to send"
        return found.removeprefix(what).strip()

    def __enter__(self) -> "KillableSenders":
        self._process = subprocess.Popen(
            [sys.executable, _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdin
        assert self._process.stdout
        self._input, self._output = self._process.stdin, self._process.stdout
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: object, trace: TracebackType | None) -> None:
        self._input.close()
        self._process.wait(60)
        self._output.close()


def split_rounds(kills: int, size: int = 50) -> list[int]:
    """Splits a number of kills into rounds, because the time of one grows with the square of its size."""
    return [min(size, kills - done) for done in range(0, kills, size)]
