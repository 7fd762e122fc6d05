"""Computes the column widths of a table from its content, in the same way for every format. All widths are in ems."""

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from math import ceil

from brief.model.han import EAST_ASIAN_CHARACTER, FIRST_EAST_ASIAN, SCRIPT_BOUNDARY, SCRIPT_GAP
from brief.model.inline import Citation, DigitPadding, Number, Runs, to_plain_text
from brief.model.variant import Table

# In ems of table text: the text width of an A4 page, and the padding of a cell, left and right together.
PAGE = 47.0
MARGINS = 1.1
# A row with more lines than this may continue on the next page; a row that is longer than a page must.
ROW_LINES = 30
# Lines up to `_SHORT_LINE` ems are not broken if possible; words longer than `LONG_WORD` ems are broken.
_SHORT_LINE = 10.0
LONG_WORD = 16.0
# How space is moved between columns: the ems of one move, the number of moves, and the number of rows that are measured.
_STEPS = (1.0, 2.0, 4.0)
_MAX_MOVES = 8
_MAX_MEASURED_ROWS = 60
_BOUNDARY = re.compile(SCRIPT_BOUNDARY)
# An em space, as wide as a Han character, at which no word ends.
_UNBROKEN = "\u2003"
_BREAKS = re.compile(f"[ \n{chr(FIRST_EAST_ASIAN)}-\U0003ffff]+")


def compute_table_widths(table: Table, width: float = PAGE) -> list[float]:
    """Computes the widths of a table's columns, which add up to `width`, as `fit_columns` does."""
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
    """Splits a text into its words, at spaces, line breaks and East Asian characters, which it removes."""
    return _BREAKS.split(text)


def count_row_lines(texts: Sequence[str], widths: Sequence[float]) -> int:
    """Estimates how many lines a row of these texts takes in columns of these widths, which include the padding."""
    return max(
        (ceil(measure_ems(text) / max(width - MARGINS, 1.0)) for text, width in zip(texts, widths, strict=True)),
        default=1,
    )


def fit_columns(
    columns: Sequence[Sequence[str]], width: float = PAGE, margins: float = MARGINS, words: Sequence[float] = ()
) -> list[float]:
    """Computes column widths that add up to `width`, distributed as in CSS 2.1, section 17.5.2.2.

    `columns` contains the texts of each column, and `margins` is the padding of a column. `words` has the width of each
    column's longest word in a certain font; by default it is estimated.

    Each column gets the width of its longest word, or of its longest line if that is short. The rest is distributed in
    proportion to the text of the columns, up to slightly more than the width of the table for each.
    """
    lines = [max((measure_ems(text) for text in texts), default=0.0) for texts in columns]
    words = words or [measure_widest_word(texts) for texts in columns]
    needed = [min(word, LONG_WORD) for word in words]
    min_widths = [
        (max(line, need) if line <= _SHORT_LINE else need) + margins for line, need in zip(lines, needed, strict=True)
    ]
    if sum(min_widths) > width:
        min_widths = _reduce_needs([need + margins for need in needed], width)
    widest_ems = [max(low, min(line + margins, 1.2 * width)) for low, line in zip(min_widths, lines, strict=True)]
    if sum(widest_ems) <= width:
        spare = (width - sum(widest_ems)) / len(columns)
        return [high + spare for high in widest_ems]
    room = width - sum(min_widths)
    total_wish = sum(high - low for low, high in zip(min_widths, widest_ems, strict=True)) or 1.0
    shared = [low + room * (high - low) / total_wish for low, high in zip(min_widths, widest_ems, strict=True)]
    return _lower_rows(columns, shared, min_widths, margins)


def _lower_rows(
    columns: Sequence[Sequence[str]], widths: list[float], min_widths: Sequence[float], margins: float
) -> list[float]:
    """Moves space between columns as long as that saves lines, and returns the widths.

    Without this, one long cell would make its column wide, beside a column whose cells all take several lines.
    """
    rows = min(max(map(len, columns)), _MAX_MEASURED_ROWS)
    # A column may have texts for only some of the rows.
    cells = [[measure_ems(text) for text in column[:rows]] + [0.0] * (rows - len(column)) for column in columns]

    def count(column: int, width: float) -> list[int]:
        room = max(width - margins, 1.0)
        return [ceil(cell / room) for cell in cells[column]]

    lines = [count(index, width) for index, width in enumerate(widths)]
    for _ in range(_MAX_MOVES):
        heights = [max(row) for row in zip(*lines, strict=True)]
        # For each column, the rows that are as high as its cell: a wider column can lower only these.
        gains = [sum(row == height > 1 for row, height in zip(column, heights, strict=True)) for column in lines]
        receiver = max(range(len(widths)), key=lambda index: (gains[index], -index))
        best: tuple[int, int, float] | None = None
        for giver in range(len(widths)):
            for step in _STEPS:
                if giver == receiver or widths[giver] - step < min_widths[giver]:
                    continue
                changed = {
                    giver: count(giver, widths[giver] - step),
                    receiver: count(receiver, widths[receiver] + step),
                }
                new_lines = [changed.get(index, column) for index, column in enumerate(lines)]
                saved = sum(heights) - sum(map(max, zip(*new_lines, strict=True)))
                if saved > 0 and (best is None or saved > best[0]):
                    best = (saved, giver, step)
        if best is None:
            break
        _, giver, step = best
        widths = [width + step * ((index == receiver) - (index == giver)) for index, width in enumerate(widths)]
        lines[giver], lines[receiver] = count(giver, widths[giver]), count(receiver, widths[receiver])
    return widths


def _reduce_needs(needs: list[float], width: float) -> list[float]:
    """Returns widths that add up to at most `width`: if the sum of the needs exceeds it, the largest needs are reduced to
    one common width, so that words break only in those columns.
    """
    rest = width
    for count, need in zip(range(len(needs), 0, -1), sorted(needs), strict=True):
        if need * count >= rest:
            return [min(need, rest / count) for need in needs]
        rest -= need
    return needs


def make_equivalent_text(runs: Runs) -> str:
    """Returns a text that is as wide as the runs. Numbers do not break, and citations are narrow, because they are
    superscript.
    """
    parts = []
    for run in runs:
        match run:
            case Number(text):
                parts.append(EAST_ASIAN_CHARACTER.sub(_UNBROKEN, text.replace(" ", "\u00a0")))
            case DigitPadding(text):
                parts.append(text)
            case Citation(numbers):
                parts.append("." * (2 + len(numbers)))
            case _:
                parts.append(to_plain_text((run,)))
    return "".join(parts)


def measure_ems(text: str) -> float:
    """Estimates the width of a line of text, in ems of a bold sans-serif font."""
    return sum(map(_measure_character, text)) + SCRIPT_GAP * len(_BOUNDARY.findall(text))


@cache
def _measure_character(character: str) -> float:
    if ord(character) >= FIRST_EAST_ASIAN or character == _UNBROKEN:
        return 1.0
    if character in " \u00a0.,:;'|!()[]":
        return 0.32
    return 0.68 if character.isupper() or character.isdigit() or character in "%$—…" else 0.58


@lru_cache(maxsize=10_000)
def _measure_widest_word(text: str) -> float:
    """Returns the width of the longest word, or of up to three of the text's Han characters, which should stay together."""
    longest = max((measure_ems(part) for part in split_words(text)), default=0.0)
    return max(longest, min(3.0, float(len(EAST_ASIAN_CHARACTER.findall(text)))))
