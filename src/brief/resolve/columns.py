"""Computes the column widths of a table from its content, the same for every format."""

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from math import ceil

from brief.model.han import EAST_ASIAN_CHARACTER, FIRST_EAST_ASIAN, SCRIPT_BOUNDARY, SCRIPT_GAP
from brief.model.inline import Citation, DigitPadding, Number, Runs, to_plain_text
from brief.model.variant import Table

# Ems of table text: the text width of an A4 page, and the padding at both sides of a cell.
PAGE = 47.0
MARGINS = 1.1
# A row of more lines than this may be continued on the next page; one that is longer than a page must be.
ROW_LINES = 30
# Lines up to the first length are kept whole if possible; words longer than the second are broken.
_SHORT_LINE = 10.0
LONG_WORD = 16.0
# How space is moved between columns: ems in one step, the greatest number of steps, and how many rows are measured.
_STEPS = (1.0, 2.0, 4.0)
_MOST_MOVES = 8
_ROWS_SEEN = 60
_MEETING = re.compile(SCRIPT_BOUNDARY)
_BREAKS = re.compile(f"[ \n{chr(FIRST_EAST_ASIAN)}-\U0003ffff]+")


def compute_table_widths(table: Table, width: float = PAGE) -> list[float]:
    """Computes the widths of a table's columns, as `fit_columns` does."""
    heads = tuple(column.title for column in table.columns)
    return fit_columns(
        [[make_equivalent_text(cell) for cell in column] for column in zip(heads, *table.rows, strict=True)], width
    )


def measure_least_width(table: Table) -> float:
    """Computes the width in ems below which words of a table, except very long ones, would be broken."""
    heads = tuple(column.title for column in table.columns)
    return measure_unbroken_width(
        [[make_equivalent_text(cell) for cell in column] for column in zip(heads, *table.rows, strict=True)]
    )


def measure_unbroken_width(columns: Iterable[Sequence[str]], margins: float = MARGINS) -> float:
    """Computes the width in ems below which words of the columns, except very long ones, would be broken."""
    return sum(min(measure_widest_word(texts), LONG_WORD) + margins for texts in columns)


def measure_widest_word(texts: Sequence[str]) -> float:
    """Computes the width in ems of the widest word of a column."""
    return max(map(_measure_widest_word, texts), default=0.0)


def split_words(text: str) -> list[str]:
    """Splits a text where a line may end."""
    return _BREAKS.split(text)


def count_row_lines(texts: Sequence[str], widths: Sequence[float]) -> int:
    """Estimates how many lines a row of these texts takes in columns of these widths in ems."""
    return max(
        (ceil(measure_ems(text) / max(width - MARGINS, 1.0)) for text, width in zip(texts, widths, strict=True)),
        default=1,
    )


def fit_columns(
    columns: Sequence[Sequence[str]], width: float = PAGE, margins: float = MARGINS, words: Sequence[float] = ()
) -> list[float]:
    """Computes column widths in ems that add up to `width`, distributed as in CSS 2.1, section 17.5.2.2.

    `words` contains the width of each column's longest word, if that of a certain face is wanted.

    `columns` contains the texts of each column, and `margins` is the padding of each. Each gets what its longest word needs, or its longest line if that is
    short, and then a share of the rest in proportion to its text, capped at slightly more than one full line.
    """
    lines = [max((measure_ems(text) for text in texts), default=0.0) for texts in columns]
    words = words or [measure_widest_word(texts) for texts in columns]
    needed = [min(word, LONG_WORD) for word in words]
    least = [
        (max(line, need) if line <= _SHORT_LINE else need) + margins for line, need in zip(lines, needed, strict=True)
    ]
    if sum(least) > width:
        least = _reduce_needs([need + margins for need in needed], width)
    widest_ems = [max(low, min(line + margins, 1.2 * width)) for low, line in zip(least, lines, strict=True)]
    if sum(widest_ems) <= width:
        spare = (width - sum(widest_ems)) / len(columns)
        return [high + spare for high in widest_ems]
    room = width - sum(least)
    wish = sum(high - low for low, high in zip(least, widest_ems, strict=True)) or 1.0
    shared = [low + room * (high - low) / wish for low, high in zip(least, widest_ems, strict=True)]
    return _lower_rows(columns, shared, least, margins)


def _lower_rows(
    columns: Sequence[Sequence[str]], widths: list[float], least: Sequence[float], margins: float
) -> list[float]:
    """Moves space between columns as long as that saves lines, and returns the widths.

    Without this, one long cell would make its column wide, beside a column whose cells all take several lines.
    """
    rows = min(max(map(len, columns)), _ROWS_SEEN)
    # A column may have texts for only some of the rows.
    cells = [[measure_ems(text) for text in column[:rows]] + [0.0] * (rows - len(column)) for column in columns]

    def count(column: int, width: float) -> list[int]:
        room = max(width - margins, 1.0)
        return [ceil(cell / room) for cell in cells[column]]

    lines = [count(at, width) for at, width in enumerate(widths)]
    for _ in range(_MOST_MOVES):
        heights = [max(row) for row in zip(*lines, strict=True)]
        # The lines of a row without the column limit what the column may gain.
        gains = [sum(row == height > 1 for row, height in zip(column, heights, strict=True)) for column in lines]
        receiver = max(range(len(widths)), key=lambda at: (gains[at], -at))
        best: tuple[int, int, float] | None = None
        for giver in range(len(widths)):
            for step in _STEPS:
                if giver == receiver or widths[giver] - step < least[giver]:
                    continue
                changed = {
                    giver: count(giver, widths[giver] - step),
                    receiver: count(receiver, widths[receiver] + step),
                }
                made = [changed.get(at, column) for at, column in enumerate(lines)]
                saved = sum(heights) - sum(map(max, zip(*made, strict=True)))
                if saved > 0 and (best is None or saved > best[0]):
                    best = (saved, giver, step)
        if best is None:
            break
        _, giver, step = best
        widths = [w + step * ((at == receiver) - (at == giver)) for at, w in enumerate(widths)]
        lines[giver], lines[receiver] = count(giver, widths[giver]), count(receiver, widths[receiver])
    return widths


def _reduce_needs(needs: list[float], width: float) -> list[float]:
    """If the sum of the needs exceeds `width`, reduces the largest needs to one common width, so that words break only
    in those columns.
    """
    rest = width
    for count, need in zip(range(len(needs), 0, -1), sorted(needs), strict=True):
        if need * count >= rest:
            return [min(need, rest / count) for need in needs]
        rest -= need
    return needs


def make_equivalent_text(runs: Runs) -> str:
    """Returns text as wide as the runs: numbers unbroken, citations at half width because they are superscript."""
    parts = []
    for run in runs:
        match run:
            case Number(text):
                parts.append(text.replace(" ", "\u00a0"))
            case DigitPadding(text):
                parts.append(text)
            case Citation(numbers):
                parts.append("." * (2 + len(numbers)))
            case _:
                parts.append(to_plain_text((run,)))
    return "".join(parts)


def measure_ems(text: str) -> float:
    """Estimates the width of a line of text, in ems of a bold sans face."""
    return sum(map(_measure_character, text)) + SCRIPT_GAP * len(_MEETING.findall(text))


@cache
def _measure_character(character: str) -> float:
    if ord(character) >= FIRST_EAST_ASIAN:
        return 1.0
    if character in " \u00a0.,:;'|!()[]":
        return 0.32
    return 0.68 if character.isupper() or character.isdigit() or character in "%$—…" else 0.58


@lru_cache(maxsize=10_000)
def _measure_widest_word(text: str) -> float:
    """Returns the width of the longest unbreakable part; at least three Han characters stay together."""
    longest = max((measure_ems(part) for part in split_words(text)), default=0.0)
    return max(longest, min(3.0, float(len(EAST_ASIAN_CHARACTER.findall(text)))))
