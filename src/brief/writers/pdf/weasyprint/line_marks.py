"""Where in a piece of Chinese text room is left, a mark takes half its square, or a line may be stretched."""

import re
from collections.abc import Iterator
from functools import lru_cache

from brief.model.han import (
    CLOSING,
    CLOSING_QUOTES,
    FULL,
    IDEOGRAPHS,
    MEETING,
    MIDDLE_DOTS,
    OPENING,
    OPENING_QUOTES,
    POINTS,
    WESTERN,
    WORD_JOINER,
)

# Stands where Han and Western text meet. A line may break there, and nothing is drawn for it.
GAP = "\u200b"
# The same within what is not to be divided: a word joiner by its older name.
JOINT = "\ufeff"
GAPS = GAP + JOINT
_GAP = re.compile(f"[{GAPS}]")
# By how much a space of Western text is stretched, of what a gap is: to half an em in all (CLREQ on line adjustment).
_SPACE = 0.6

_MEETING = re.compile(MEETING)
_JOINED = re.compile(f"(?<=[{IDEOGRAPHS}]){WORD_JOINER}(?=[{WESTERN}])|(?<=[{WESTERN}]){WORD_JOINER}(?=[{IDEOGRAPHS}])")
# Full-width tildes may not open a line; the engine knows no better.
_TILDE = re.compile(f"(?<=[^{WORD_JOINER}])(?=[～〜])")
_OPEN = OPENING + OPENING_QUOTES
_CLOSE = CLOSING + CLOSING_QUOTES
# CSS Text 4, 8.6.1: of two marks that meet, the closing one is halved before another that closes or stands in the
# middle, and the opening one after any other. The points of Hant stand in the middle and are never halved.
_HALVED = {
    "Hans": re.compile(
        f"[{_CLOSE}{POINTS}](?=[{_CLOSE}{POINTS}{MIDDLE_DOTS}\u3000{WORD_JOINER}])|(?<=[{_OPEN}{_CLOSE}{POINTS}{MIDDLE_DOTS}\u3000])[{_OPEN}]"
    ),
    "Hant": re.compile(
        f"[{_CLOSE}](?=[{_CLOSE}{POINTS}{MIDDLE_DOTS}\u3000{WORD_JOINER}])|(?<=[{_OPEN}{_CLOSE}{POINTS}{MIDDLE_DOTS}\u3000])[{_OPEN}]"
    ),
}
_ENDING = {"Hans": _CLOSE + POINTS, "Hant": _CLOSE}
# Dashes and ellipses are left out, for they are never opened.
_EXPANDING = re.compile(f"[{IDEOGRAPHS}{_OPEN}{_CLOSE}{POINTS}{FULL}]+|(?P<space>[ \u00a0]+)")
# What a citation and the marks after it are made of.
_CITING = re.compile(f"[{WORD_JOINER}{GAP}\\[\\]0-9, {_CLOSE}{POINTS}{FULL}]*")
# The last character of a paragraph does not stand on a line of its own.
_LAST = re.compile(f"(?<=[{IDEOGRAPHS}])(?=[{IDEOGRAPHS}][{_CLOSE}{POINTS}{FULL}]{{0,2}}$)")


def insert_gaps(text: str) -> str:
    """The text with a mark wherever Han and Western characters meet."""
    return _TILDE.sub(WORD_JOINER, _JOINED.sub(JOINT, _MEETING.sub(GAP, text)))


def mark_before_citation(text: str, after: str) -> str:
    """The text with its closing mark told that a citation follows: raised, it needs no half square before it."""
    return text + WORD_JOINER if text[-1:] in _CLOSE and after.startswith(f"{WORD_JOINER}[") else text


def is_citation(text: str) -> bool:
    """Whether this is part of a citation, or no more than the marks after one."""
    return _CITING.fullmatch(text) is not None


def join_paragraph_end(text: str) -> str:
    """The text of a paragraph's end with its last two Han characters joined."""
    return _LAST.sub(WORD_JOINER, text)


def find_gaps(text: str) -> Iterator[int]:
    """The places at which room stands between Han and Western characters."""
    return (match.start() for match in _GAP.finditer(text))


def find_halved_marks(text: str, script: str) -> Iterator[int]:
    """The places of marks that take half a square for what stands beside them."""
    return (match.start() for match in _HALVED[script].finditer(text))


def is_halved_at_start(text: str) -> bool:
    """Whether the first mark takes half a square at the start of a line."""
    return text[:1] != "" and text[0] in _OPEN


def is_halved_at_end(text: str, script: str) -> bool:
    """Whether the last mark takes half a square at the end of a line."""
    return text[-1:] != "" and text[-1] in _ENDING[script]


def find_expandable_ranges(text: str) -> Iterator[tuple[int, int, float, bool]]:
    """Stretches of the text where room may be added at each character: start, end, by how many shares, and whether
    there is room already, so that more is hardly seen.
    """
    for match in _EXPANDING.finditer(text):
        yield match.start(), match.end(), _SPACE if match["space"] else 1.0, match["space"] is not None


@lru_cache(maxsize=10_000)
def count_expansion_shares(text: str) -> tuple[float, float]:
    """How many shares of room a text takes that is stretched: of what goes everywhere, and of what goes to loose places."""
    everywhere = loosely = float(text.count(GAP) + text.count(JOINT))
    for start, end, weight, is_loose in find_expandable_ranges(text):
        everywhere += (end - start) * weight
        loosely += (end - start) * weight * is_loose
    return everywhere, loosely
