"""Finds where in Chinese text space is added, punctuation is set in half its width, and lines may be stretched."""

import re
from collections.abc import Iterator
from functools import lru_cache

from brief.model.han import (
    CLOSING,
    CLOSING_QUOTES,
    IDEOGRAPHS,
    MIDDLE_DOTS,
    OPENING,
    OPENING_QUOTES,
    POINTS,
    SCRIPT_BOUNDARY,
    UNTRIMMED_MARKS,
    WESTERN,
    WORD_JOINER,
)

# Inserted where Han and Western text meet (ZERO WIDTH SPACE). A line may break there, and nothing is drawn.
GAP = "\u200b"
# Likewise, inside unbreakable parts (ZERO WIDTH NO-BREAK SPACE, the older form of the word joiner).
JOINT = "\ufeff"
GAPS = GAP + JOINT
_GAP = re.compile(f"[{GAPS}]")
# How much a Western space is stretched, as a share of how much other characters are.
_SPACE_SHARE = 0.6

_SCRIPT_BOUNDARY = re.compile(SCRIPT_BOUNDARY)
_JOINED = re.compile(f"(?<=[{IDEOGRAPHS}]){WORD_JOINER}(?=[{WESTERN}])|(?<=[{WESTERN}]){WORD_JOINER}(?=[{IDEOGRAPHS}])")
# Full-width tildes may not start a line, a rule that the engine lacks.
_TILDE = re.compile(f"(?<=[^{WORD_JOINER}])(?=[～〜])")
# A long name before its version: in running text, a line may break between the two, which is better than a short line.
LONG_NAME = re.compile(r"[A-Za-z]{7} (?=\d)")
_JOINED_NAME = re.compile(f"(?<=[A-Za-z]{{7}} ){WORD_JOINER}(?=\\d)")
_OPEN = OPENING + OPENING_QUOTES
_CLOSE = CLOSING + CLOSING_QUOTES
# CSS Text 4, 8.6.1: of two adjacent marks, a closing one is set in half its width before another closing or centred
# one, and an opening one after any other. The points of Hant are centred and always keep their width.
_HALVED = {
    "Hans": re.compile(
        f"[{_CLOSE}{POINTS}](?=[{_CLOSE}{POINTS}{MIDDLE_DOTS}\u3000{WORD_JOINER}])|(?<=[{_OPEN}{_CLOSE}{POINTS}{MIDDLE_DOTS}\u3000])[{_OPEN}]"
    ),
    "Hant": re.compile(
        f"[{_CLOSE}](?=[{_CLOSE}{POINTS}{MIDDLE_DOTS}\u3000{WORD_JOINER}])|(?<=[{_OPEN}{_CLOSE}{POINTS}{MIDDLE_DOTS}\u3000])[{_OPEN}]"
    ),
}
_ENDING = {"Hans": _CLOSE + POINTS, "Hant": _CLOSE}
_SQUEEZABLE = re.compile(f"[{_OPEN}{_CLOSE}{POINTS}]")
# Without dashes and ellipses, which are never pulled apart.
_EXPANDING = re.compile(f"[{IDEOGRAPHS}{_OPEN}{_CLOSE}{POINTS}{UNTRIMMED_MARKS}]+|(?P<space>[ \u00a0]+)")
# The characters of a citation and of the marks after it.
_CITING = re.compile(f"[{WORD_JOINER}{GAP}\\[\\]0-9, {_CLOSE}{POINTS}{UNTRIMMED_MARKS}]*")
_CITED = re.compile(f"(?<=[{IDEOGRAPHS}])(?=[{IDEOGRAPHS}]$)")
# The last character of a paragraph must not be alone on a line.
_LAST = re.compile(f"(?<=[{IDEOGRAPHS}])(?=[{IDEOGRAPHS}][{_CLOSE}{POINTS}{UNTRIMMED_MARKS}]{{0,2}}$)")


def insert_gaps(text: str) -> str:
    """Returns the text with `GAP` wherever Han and Western characters meet, or with `JOINT` if no line may break there.
    Also forbids line breaks before full-width tildes.
    """
    return _TILDE.sub(WORD_JOINER, _JOINED.sub(JOINT, _SCRIPT_BOUNDARY.sub(GAP, text)))


def separate_long_names(text: str) -> str:
    """Returns the text without the joiners between long names and their versions."""
    return _JOINED_NAME.sub("", text)


def add_joiner_before_citation(text: str, after: str) -> str:
    """Returns the text, with a joiner at its end if that is a closing mark and `after` is a citation. Because of the
    joiner, the mark is set in half its width.

    The citation is raised, so that the white space of the mark would look like a gap.
    """
    return text + WORD_JOINER if text[-1:] in _CLOSE and after.startswith(f"{WORD_JOINER}[") else text


def join_cited_characters(text: str, after: str) -> str:
    """Returns the text with its last two Han characters joined if `after` is a citation: words have two characters, mostly."""
    return _CITED.sub(WORD_JOINER, text) if after.startswith(f"{WORD_JOINER}[") else text


def is_citation(text: str) -> bool:
    """Returns whether the text is part of a citation, or consists only of the punctuation after one."""
    return _CITING.fullmatch(text) is not None


def join_paragraph_end(text: str) -> str:
    """Returns the text of a paragraph's end with its last two Han characters joined."""
    return _LAST.sub(WORD_JOINER, text)


def find_gaps(text: str) -> Iterator[int]:
    """Yields the positions of gaps between Han and Western characters."""
    return (match.start() for match in _GAP.finditer(text))


def find_halved_marks(text: str, script: str) -> Iterator[int]:
    """Yields the positions of punctuation that is set in half its width because of the punctuation next to it."""
    return (match.start() for match in _HALVED[script].finditer(text))


def is_halved_at_start(text: str) -> bool:
    """Returns whether the first character is set in half its width at the start of a line."""
    return text[:1] != "" and text[0] in _OPEN


def is_halved_at_end(text: str, script: str) -> bool:
    """Returns whether the last character is set in half its width at the end of a line."""
    return text[-1:] != "" and text[-1] in _ENDING[script]


def find_squeezable_marks(text: str, script: str) -> Iterator[int]:
    """Yields the positions of punctuation of full width, half of which is white space that a line may take up (CLREQ,
    3.2.3).
    """
    halved = set(find_halved_marks(text, script))
    return (match.start() for match in _SQUEEZABLE.finditer(text) if match.start() not in halved)


def find_space_side(mark: str, script: str) -> int:
    """Returns on which side a punctuation mark has its white space: -1 after it, 1 before it, and 0 on both."""
    return 1 if mark in _OPEN else -1 if mark in _ENDING[script] else 0


def find_expandable_ranges(text: str) -> Iterator[tuple[int, int, float, bool]]:
    """Yields ranges of the text in which space may be added at each character: start, end, how many shares of the added
    space each character takes, and whether the range consists of spaces, which can grow more without being noticed.
    """
    for match in _EXPANDING.finditer(text):
        yield match.start(), match.end(), _SPACE_SHARE if match["space"] else 1.0, match["space"] is not None


@lru_cache(maxsize=10_000)
def count_expansion_shares(text: str) -> tuple[float, float]:
    """Returns how many shares of the added space a text takes: of the space at all characters, and of that only at
    spaces.

    A gap is subtracted as half a share, which the character next to it takes on the side of the gap.
    """
    everywhere, at_spaces = -0.5 * (text.count(GAP) + text.count(JOINT)), 0.0
    for start, end, weight, is_space in find_expandable_ranges(text):
        everywhere += (end - start) * weight
        at_spaces += (end - start) * weight * is_space
    return everywhere, at_spaces
