"""The pace of a run: its rate, retries and limits."""

import time
from collections.abc import Callable

from brief.model.record import dataclass

_POLL_SECONDS = 0.1  # between two checks for a request to stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacing:
    """The limits of one run.

    - rate: at most this many messages per minute
    - delays: seconds before each further round, which retries deferred messages; greylisting servers require some
      minutes, and RFC 5321, 4.5.4.1, recommends waiting
    - per_connection: messages after which a new connection is made
    - max_refusals: consecutive refusals by the server after which the run ends, because the cause is not a single message
    - max_losses: consecutive lost connections after which the round ends
    """

    rate: float | None = None
    delays: tuple[float, ...] = (60, 300, 900)
    per_connection: int = 100
    max_refusals: int = 5
    max_losses: int = 3


DEFAULT_PACING = Pacing()


def list_delays(tries: int) -> tuple[float, ...]:
    """Returns the delays of a run that tries a message at most `tries` times; the last one repeats."""
    delays = DEFAULT_PACING.delays
    return tuple(delays[min(number, len(delays) - 1)] for number in range(tries - 1))


class Stop:
    """A request to stop, which a signal handler may set.

    A `threading.Event` could deadlock there, because it takes a lock that the interrupted thread may hold.
    """

    def __init__(self) -> None:
        self._is_set = False

    def set(self) -> None:
        self._is_set = True

    def is_set(self) -> bool:
        return self._is_set

    def wait(self, seconds: float) -> bool:
        """Sleeps for the given seconds or until it is set, and returns whether it is set."""
        end = time.monotonic() + seconds
        while not self._is_set and (remaining := end - time.monotonic()) > 0:
            time.sleep(min(remaining, _POLL_SECONDS))
        return self._is_set


class RateLimit:
    """Spaces messages evenly, at most `rate` per minute; if it is None, there is no delay."""

    def __init__(self, rate: float | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._gap = 60 / rate if rate else 0.0
        self._clock = clock
        self._next = clock()

    def wait(self, stop: Stop) -> bool:
        """Waits until the next message may be sent; False if `stop` was set first."""
        remaining = self._next - self._clock()
        if remaining > 0 and stop.wait(remaining):
            return False
        self._next = max(self._next, self._clock()) + self._gap
        return not stop.is_set()
