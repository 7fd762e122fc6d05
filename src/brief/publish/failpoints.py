"""Named moments at which a test has the process die, as a power cut or `kill -9` would have it.

`BRIEF_CRASH_AT=file-written:3` ends the process, with nothing flushed and nothing cleaned up, when it passes that point
for the third time. Unset, a point costs one look at a constant.
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
KILLED = 137  # what a shell reports of a process that signal 9 ended

_wanted = ""
_left = 0


def arm(where: str) -> None:
    """Sets the point to die at, as `BRIEF_CRASH_AT` says it; none where it is empty."""
    global _wanted, _left
    _wanted, _, number = where.partition(":")
    _left = int(number or 1)


arm(os.environ.get("BRIEF_CRASH_AT", ""))


def pass_point(name: str) -> None:
    """Passes, or dies here where the environment says so."""
    if _wanted and name == _wanted:
        _count_down()


def _count_down() -> None:
    global _left
    _left -= 1
    if _left == 0:
        os._exit(KILLED)
