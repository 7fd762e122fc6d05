"""How fast, and how often again."""

import time
from collections.abc import Callable
from dataclasses import dataclass

_NAP = 0.1  # seconds after which a wish to end is noticed


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacing:
    """What one run does.

    - rate: messages a minute, at most
    - delays: seconds before each further round, in which what was deferred is tried again; as a server that greylists
      wants some minutes, and RFC 5321, 4.5.4.1, asks for patience
    - per_connection: messages after which a new connection is made
    - refusals: refusals by the server in a row after which something is wrong with the whole, and the run ends
    - losses: connections lost in a row after which the round ends
    """

    rate: float | None = None
    delays: tuple[float, ...] = (60, 300, 900)
    per_connection: int = 100
    refusals: int = 5
    losses: int = 3


ORDINARY = Pacing()


def delays(tries: int) -> tuple[float, ...]:
    """The delays of a run that tries a message so often at most; the last one repeats."""
    usual = ORDINARY.delays
    return tuple(usual[min(number, len(usual) - 1)] for number in range(tries - 1))


class Stop:
    """A wish to end. A signal handler may set it, which could block for ever with an Event: that takes a lock which the
    interrupted thread may hold."""

    def __init__(self) -> None:
        self._set = False

    def set(self) -> None:
        self._set = True

    def is_set(self) -> bool:
        return self._set

    def wait(self, seconds: float) -> bool:
        """Sleeps so long, or until it is set, and returns whether it is."""
        end = time.monotonic() + seconds
        while not self._set and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, _NAP))
        return self._set


class RateLimit:
    """Spaces messages evenly, `rate` a minute; without a rate they follow each other at once."""

    def __init__(self, rate: float | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._gap = 60 / rate if rate else 0.0
        self._clock = clock
        self._next = clock()

    def wait(self, stop: Stop) -> bool:
        """Waits until the next message may go; False where `stop` came first."""
        left = self._next - self._clock()
        if left > 0 and stop.wait(left):
            return False
        self._next = max(self._next, self._clock()) + self._gap
        return not stop.is_set()
