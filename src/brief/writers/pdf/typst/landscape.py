"""Finds which text is beside wide tables: on the page before their landscape pages, and below the tables.

A template that places text by its own position on the page may never settle, because each page depends on those before. So the
document is laid out with what is decided so far, reports how many of the next blocks fit, and is laid out again; the last
layout reads no positions.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

# The data of the document: for each place with wide tables, how many blocks are before and below.
FILE = "landscape.json"
# The label of what the template reports, in the order of the document: which place (`at`), which `part` of it ("before" or
# "below"), how many blocks fit (`count`), and whether those decided on go over to another page (`over`).
REPORTS = "<landscape-room>"
# A document with more to decide than this many layouts find leaves the text beside the other tables on pages of its own.
_MOST_LAYOUTS = 16
# The content of the file while nothing is decided.
EMPTY = b"[]"

_Placed = list[dict[str, int]]


def place_beside_tables(lay_out: Callable[[bytes], Sequence[Mapping[str, Any]]]) -> bytes:
    """Returns the content of `FILE`. `lay_out` lays out the document with such a content and returns the reports."""
    placed: _Placed = []
    for _ in range(_MOST_LAYOUTS):
        if not _decide(placed, lay_out(_write(placed))):
            break
    return _write(placed)


def _decide(placed: _Placed, reports: Sequence[Mapping[str, Any]]) -> bool:
    """Adds what the reports decide. Returns whether the document changes, after which later reports do not hold."""
    for report in reports:
        at, part = report["at"], report["part"]
        while len(placed) <= at:
            placed.append({})
        if part not in placed[at]:
            placed[at][part] = report["count"]
            if report["count"] > 0:
                return True
        elif report["over"] and placed[at][part] > 0:
            placed[at][part] -= 1
            if part == "before":
                placed[at].pop("below", None)
            del placed[at + 1 :]
            return True
    return False


def _write(placed: _Placed) -> bytes:
    return json.dumps(placed).encode()
