"""Named points at which a test ends the process, as a power cut or `kill -9` would.

`BRIEF_CRASH_AT=file-written:3` ends the process, with nothing flushed and nothing cleaned up, when it passes that point
for the third time. Without the variable, a point costs one comparison.
"""

import os

# The points that a build passes. Mailing and importing have more.
BUILD_POINTS = (
    "reserved",
    "generation-made",
    "file-made",
    "file-written",
    "manifest-written",
    "generation-synced",
    "link-made",
    "link-switched",
    "switch-synced",
    "cleared",
    "released",
)
KILLED = 137  # the status that a shell reports for a process ended by signal 9


class _Failpoint:
    """The `name` of the point at which to end the process, and at which further pass: 1 is the next.

    It is global, because the points are in functions that only write files, far below the code that sets it.
    """

    name = ""
    left = 0

    def set(self, where: str) -> None:
        self.name, _, number = where.partition(":")
        self.left = int(number or 1)


_failpoint = _Failpoint()


def set_failpoint(where: str) -> None:
    """Sets the point at which to end the process, in the form of `BRIEF_CRASH_AT`; an empty text unsets it."""
    _failpoint.set(where)


set_failpoint(os.environ.get("BRIEF_CRASH_AT", ""))


def pass_point(name: str) -> None:
    """Ends the process here if `BRIEF_CRASH_AT` names this point."""
    if name == _failpoint.name:
        _failpoint.left -= 1
        if _failpoint.left == 0:
            os._exit(KILLED)
