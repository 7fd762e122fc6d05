"""Named points at which a test ends the process, as a power cut or `kill -9` would.

`BRIEF_CRASH_AT=file-written:3` ends the process, with nothing flushed and nothing cleaned up, when it passes that point
for the third time. If it is unset, a point costs one comparison.
"""

import os

POINTS = (
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

_wanted = ""
_left = 0


def set_failpoint(where: str) -> None:
    """Sets the point at which to end the process, in the form of `BRIEF_CRASH_AT`; an empty text unsets it."""
    global _wanted, _left
    _wanted, _, number = where.partition(":")
    _left = int(number or 1)


set_failpoint(os.environ.get("BRIEF_CRASH_AT", ""))


def pass_point(name: str) -> None:
    """Ends the process here if `BRIEF_CRASH_AT` names this point."""
    if _wanted and name == _wanted:
        _count_down()


def _count_down() -> None:
    global _left
    _left -= 1
    if _left == 0:
        os._exit(KILLED)
