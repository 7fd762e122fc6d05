"""Decides which text is set around wide tables: on the page before their landscape pages, and below the tables.

The layout of a template that places text according to positions on the page may never converge, because each page
depends on those before. So the document is laid out with the decisions so far, reports how many of the next blocks fit,
and is laid out again. The last layout reads no positions.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

# The data for the template: for each group of wide tables, how many blocks are before and below it.
FILE = "landscape.json"
# The label of the template's reports, in the order of the document: the index of the group (`at`), the `part` ("before"
# or "below"), how many blocks fit (`count`), and whether the blocks that were decided on continue on another page
# (`over`).
REPORTS = "<landscape-room>"
# After this many layouts, the text around the tables that are left stays on pages of its own.
_MAX_LAYOUTS = 16
# The content of the file before any decision.
EMPTY = b"[]"

_Placed = list[dict[str, int]]


def place_around_tables(lay_out: Callable[[bytes], Sequence[Mapping[str, Any]]]) -> bytes:
    """Returns the content of `FILE`. `lay_out` lays out the document with such a content and returns the reports."""
    placed: _Placed = []
    for _ in range(_MAX_LAYOUTS):
        if not _decide(placed, lay_out(_write(placed))):
            break
    return _write(placed)


def _decide(placed: _Placed, reports: Sequence[Mapping[str, Any]]) -> bool:
    """Adds the decisions that follow from the reports to `placed`. Returns whether one changes the document; later
    reports are then out of date and not used.
    """
    for report in reports:
        index, part = report["at"], report["part"]
        while len(placed) <= index:
            placed.append({})
        if part not in placed[index]:
            placed[index][part] = report["count"]
            if report["count"] > 0:
                return True
        elif report["over"] and placed[index][part] > 0:
            placed[index][part] -= 1
            if part == "before":
                placed[index].pop("below", None)
            del placed[index + 1 :]
            return True
    return False


def _write(placed: _Placed) -> bytes:
    return json.dumps(placed).encode()
