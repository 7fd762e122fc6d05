"""Decides which blocks are on landscape pages: tables that need the width, and short text between two of them or after
one. Also finds the blocks after which no text can fill the page.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from math import ceil, inf
from typing import assert_never

from brief.model.inline import Runs
from brief.model.variant import (
    Block,
    Callout,
    Chart,
    Figure,
    ListBlock,
    Metrics,
    Paragraph,
    Prose,
    Quote,
    Table,
    Timeline,
    Vega,
)
from brief.resolve.columns import PAGE, compute_table_widths, count_row_lines, make_equivalent_text, measure_ems
from brief.writers.table_layout import fit_table

# The estimated length of a line of an A4 page.
_LINE_EMS = 40.0
# Heights in lines of 9-point table text: of a landscape page of A4, of the header of a table with its caption, of a row
# of a table, and of each further line of a row.
LANDSCAPE_LINES, _HEAD_LINES, _ROW_LINES, _MORE_LINES = 27.0, 5, 1.3, 0.65
# The part of the space below a table that is filled. Other fonts may be substituted for those of the look.
_FILLED = 0.85
# A table with cells that may take several lines is counted as this many times its estimated height.
_UNCERTAIN_LINES = 1.5
# The width of a landscape page, and the width of the widest cell that certainly takes one line, in ems.
_LANDSCAPE_EMS = 79.0
_MAX_CELL_EMS = 12.0
# The width of the texts of a timeline, in ems. Its dates take at most the rest of the page.
_EVENT_EMS = 0.7 * PAGE
# Where a table ends on its last page is estimated only if it has at most so many pages, and at least so many rows on
# the last.
_MAX_PAGES, _MIN_ROWS = 3, 2
# Longer text fills two thirds of a page, and may have a page to itself.
_MAX_TEXT_LINES = 30


def find_landscape_blocks(blocks: Sequence[Block], is_wide: Callable[[Table], bool]) -> tuple[bool, ...]:
    """Returns for each block whether it is on a landscape page: tables that `is_wide`, and short text between two of
    them, which would otherwise leave most of a page empty.
    """
    landscapes = [isinstance(block, Table) and is_wide(block) for block in blocks]
    wide = [index for index, is_landscape in enumerate(landscapes) if is_landscape]
    for first, second in pairwise(wide):
        between = blocks[first + 1 : second]
        # A page break before the text or the second table is the author's.
        if any(block.page_break for block in blocks[first + 1 : second + 1]):
            continue
        lines = [count for block in between for count in _count_lines(block)]
        if sum(lines) <= _MAX_TEXT_LINES:
            landscapes[first + 1 : second] = [True] * len(between)
    return tuple(landscapes)


def fill_landscape_pages(
    blocks: Sequence[Block], landscapes: Sequence[bool], page_lines: float = LANDSCAPE_LINES
) -> tuple[bool, ...]:
    """Returns for each block whether it is on a landscape page: those in `landscapes`, and text, tables and timelines
    after a short table that are estimated to fit below it.

    For formats whose pages are not known, such as Word. `page_lines` is the number of lines of a landscape page.
    """
    filled = list(landscapes)
    for index, block in enumerate(blocks):
        # Where the last of several tables ends on its page is not known.
        is_alone = landscapes[index] and True not in (
            *landscapes[max(index - 1, 0) : index],
            *landscapes[index + 1 : index + 2],
        )
        if not isinstance(block, Table) or not is_alone:
            continue
        cells = [measure_ems(make_equivalent_text(cell)) for row in block.rows for cell in row]
        used = _measure_last_page(block, page_lines)
        if max(cells, default=0.0) > _MAX_CELL_EMS:
            used *= _UNCERTAIN_LINES
        room = _FILLED * (page_lines - _HEAD_LINES - used)
        for after in range(index + 1, len(blocks)):
            room -= _measure_block(blocks[after])
            if room < 0 or landscapes[after] or blocks[after].page_break:
                break
            filled[after] = True
    return tuple(filled)


def _measure_block(block: Block) -> float:
    """Estimates the lines that a block takes on a portrait page of A4, which is narrower than the landscape page."""
    if isinstance(block, Table):
        widths = compute_table_widths(block)
        rows = [[make_equivalent_text(cell) for cell in row] for row in block.rows]
        return _HEAD_LINES + _measure_note(block) + sum(_measure_row(row, widths) for row in rows)
    if isinstance(block, Timeline):
        events = [[make_equivalent_text(event.text)] for event in block.events]
        return _HEAD_LINES + sum(_measure_row(event, [_EVENT_EMS]) for event in events)
    return sum(_count_lines(block))


def _measure_note(table: Table) -> float:
    """Estimates the lines of the note below a table; 0 without a note."""
    return ceil(measure_ems(make_equivalent_text(table.note)) / PAGE) if table.note else 0.0


def _measure_row(texts: Sequence[str], widths: Sequence[float]) -> float:
    """Estimates the lines of a row, including its padding. `widths` are those of the columns, in ems."""
    return _ROW_LINES + _MORE_LINES * (count_row_lines(texts, widths) - 1)


def _measure_last_page(table: Table, page_lines: float) -> float:
    """Estimates the lines that the rows of a table take on its last landscape page; infinity if no estimate is certain
    enough.
    """
    fit = fit_table(table)
    ems = [width / 100 * _LANDSCAPE_EMS for width in fit.widths]
    heights = [_measure_row([make_equivalent_text(cell) for cell in row], ems) for row in table.rows]
    if sum(heights) <= page_lines - _HEAD_LINES:
        return sum(heights)
    used, pages, rows = 0.0, 1, 0
    for height in heights:
        if used + height > page_lines - _HEAD_LINES:
            used, pages, rows = 0.0, pages + 1, 0
        used, rows = used + height, rows + 1
    # Errors of the estimate add up. With a row or two, the last page may not exist.
    return used if pages <= _MAX_PAGES and rows >= _MIN_ROWS else inf


def has_text_after(blocks: Sequence[Block], block: Block) -> bool:
    """Returns whether any block but charts, pictures, tables and timelines follows `block`, which is one of `blocks`."""
    index = next(index for index, other in enumerate(blocks) if other is block)
    return not all(isinstance(other, Chart | Vega | Figure | Table | Timeline) for other in blocks[index + 1 :])


def _count_lines(block: Block) -> Iterator[int]:
    """Yields the estimated lines of each text of a block. A block that is not short text counts as too long."""
    texts: tuple[Runs | None, ...]
    match block:
        case Paragraph():
            texts = (block.heading, block.text)
        case ListBlock():
            texts = (block.heading, *block.items)
        case Callout():
            texts = (block.heading, block.title, block.text)
        case Quote():
            texts = (block.heading, block.text, block.attribution)
        case Prose() | Table() | Chart() | Timeline() | Metrics() | Figure() | Vega():
            yield _MAX_TEXT_LINES + 1
            return
        case other:
            assert_never(other)
    for text in texts:
        if text is not None:
            yield 1 + ceil(measure_ems(make_equivalent_text(text)) / _LINE_EMS)
