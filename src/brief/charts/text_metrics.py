"""Estimates the width of text, and breaks it into lines, so that charts do not depend on installed fonts."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from brief.model.han import EAST_ASIAN, SCRIPT_BOUNDARY, SCRIPT_GAP

# Advance widths of U+0020 to U+007E in Inter 4.1 (opsz 14, wght 400), in thousandths of an em.
_ASCII = (
    "281 288 466 633 642 982 644 300 365 365 501 662 288 460 288 360 631 407 610 618 646 593 620 566 619 620 288 302 "
    "662 662 662 511 966 690 654 730 722 601 590 746 743 269 571 672 565 903 753 765 639 765 644 642 646 744 690 985 "
    "682 679 629 365 360 365 471 456 323 562 612 571 612 583 370 613 591 242 242 549 242 876 591 600 612 612 376 528 "
    "327 591 562 818 546 562 552 426 333 426 662"
)
_ADVANCES = tuple(int(width) / 1000 for width in _ASCII.split())
# Assumed for all other narrow characters, in ems: more than most letters need.
_OTHER_NARROW = 0.7
# Covers kerning, hinting and a Latin face that is not Inter.
_MARGIN = 1.03

# Characters that must not begin a line, and characters that must not end a line (W3C "Requirements for Chinese Text
# Layout", 3.2.1); only those that charts print.
_CLOSING = "、，。．：；！？）》〉」』】〕〗’”…—·～％%‰℃/／,.:;!?)]}"
_OPENING = "（《〈「『【〔〖‘“([{"

_MEETING = re.compile(SCRIPT_BOUNDARY)

_TOKEN = re.compile(rf"\s+|[{EAST_ASIAN}]|[^\s{EAST_ASIAN}]+")
# Where text with figures may break: `_FIGURES` before a figure that follows Han ("2025年|10月"), and after spaces; for
# what is then still too wide, `_FIGURE_AND_UNIT` also between a figure and its unit ("3000|万人次").
_BEFORE_FIGURE = rf"(?<=[{EAST_ASIAN}])(?<![（《〈「『【〔〖])(?=[^\s{EAST_ASIAN}])"
_FIGURES = re.compile(rf"{_BEFORE_FIGURE}|(?<=\s)(?=\S)")
_FIGURE_AND_UNIT = re.compile(
    rf"{_BEFORE_FIGURE}|(?<=[^\s{EAST_ASIAN}])(?=[{EAST_ASIAN}])(?![年月日、，。．：；！？）》〉」』】〕〗～％])"
)
_DIGIT = re.compile("[0-9]")
# No figure of a claim is longer, but a chart may have any text.
_LONGEST_NUMBER = 24
_PARTS = re.compile(r"(?<=[-/‑–])(?=\w)")


def measure_text(text: str, size: float) -> float:
    """Estimates the width of `text` at `size`, in the unit of `size`, with a margin."""
    return _measure_ems(text) * size


def measure_advance(text: str, size: float) -> float:
    """Estimates the width of `text` in Inter and a Han face: `measure_text` without the margin."""
    return _measure_ems(text) * size / _MARGIN


def find_script_boundaries(text: str) -> tuple[int, ...]:
    """Returns the offsets at which Han and Western text meet: layout adds a small space there."""
    return tuple(match.start() for match in _MEETING.finditer(text))


def wrap(text: str, width: float, size: float, *, figures: bool = False) -> tuple[str, ...]:
    """Wraps `text` into the fewest lines of at most `width`, of similar length.

    Latin breaks at spaces, Han between any two characters unless punctuation forbids it. With `figures`, Han breaks
    only at spaces and before a figure, so that a figure keeps its unit. What is still wider than a line is broken
    elsewhere: Latin words after a hyphen, dash or slash, and as a last resort anywhere.
    """
    atoms = [
        part
        for atom in _split_atoms(_collapse_spaces(text), figures=figures)
        for part in _break_atom(atom, width, size)
    ]
    lines = _fill_lines(atoms, width, size)
    narrow, wide = 0.0, width
    while len(lines) > 1 and wide - narrow > 1:
        middle = (narrow + wide) / 2
        candidate = _fill_lines(atoms, middle, size)
        if len(candidate) == len(lines) and all(measure_text(line, size) <= middle for line in candidate):
            lines, wide = candidate, middle
        else:
            narrow = middle
    return tuple(lines)


def wrap_figure(text: str, width: float, size: float) -> tuple[str, ...]:
    """Wraps a value like `wrap` with `figures`, but into wider lines if a number has no room: it is never broken within."""
    numbers = [part for part in _split_figures(text) if _DIGIT.search(part) and len(part) <= _LONGEST_NUMBER]
    return wrap(text, max(width, measure_widest(numbers, size)), size, figures=True)


def find_fitting_size(texts: Iterable[str], width: float, size: float, least: float) -> float:
    """Returns the largest size, from `size` down in steps of 1, at which every figure and word fits into `width`.

    If none fits them all, returns the first that is not above `least`.
    """
    words = [part for text in texts for part in _split_figures(text)]
    while size > least and measure_widest(words, size) > width:
        size -= 1
    return size


def _split_figures(text: str) -> Iterator[str]:
    """Splits a value between its words, its numbers and their units in Han characters."""
    for atom in _split_atoms(_collapse_spaces(text), figures=True):
        yield from _FIGURE_AND_UNIT.split(atom.rstrip())


def measure_widest(lines: Iterable[str], size: float) -> float:
    """Returns the width of the widest line; 0 without lines."""
    return max((measure_text(line, size) for line in lines), default=0.0)


@lru_cache(maxsize=8192)
def _measure_ems(text: str) -> float:
    return (
        sum(_measure_character(character) for character in text) + SCRIPT_GAP * len(find_script_boundaries(text))
    ) * _MARGIN


def _measure_character(character: str) -> float:
    if " " <= character <= "~":
        return _ADVANCES[ord(character) - 32]
    if unicodedata.combining(character):
        return 0.0
    return 1.0 if unicodedata.east_asian_width(character) in "WFA" else _OTHER_NARROW


def _fill_lines(atoms: list[str], width: float, size: float) -> list[str]:
    lines: list[str] = []
    line = ""
    for atom in atoms:
        if line and measure_text((line + atom).rstrip(), size) > width:
            lines.append(line.rstrip())
            line = atom.lstrip()
        else:
            line += atom
    return [*lines, line.rstrip()]


def _split_atoms(text: str, *, figures: bool) -> Iterator[str]:
    """Splits text at each break opportunity; spaces stay at the end of the part before them."""
    if figures:
        yield from _FIGURES.split(text)
        return
    piece = ""
    for match in _TOKEN.finditer(text):
        atom = match[0]
        if piece and not atom.isspace() and atom[0] not in _CLOSING and piece[-1] not in _OPENING:
            yield piece
            piece = ""
        piece += atom
    if piece:
        yield piece


def _collapse_spaces(text: str) -> str:
    return " ".join(text.split())


def _break_atom(atom: str, width: float, size: float) -> Iterator[str]:
    """Splits an atom that is wider than a line into pieces that fit.

    It is split between figures and units if it has any, else at spaces and between Han, else after hyphens, dashes and
    slashes, else anywhere; a piece that is still too wide is split again.
    """
    if measure_text(atom.rstrip(), size) <= width:
        yield atom
        return
    for parts in (_FIGURE_AND_UNIT.split(atom), list(_split_atoms(atom, figures=False)), _PARTS.split(atom)):
        if len(parts) > 1:
            for part in parts:
                yield from _break_atom(part, width, size)
            return
    piece = ""
    for character in atom:
        if piece and measure_text(piece + character, size) > width:
            yield piece
            piece = ""
        piece += character
    yield piece
