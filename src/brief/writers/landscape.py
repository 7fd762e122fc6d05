"""Finds out how blocks share pages: which are on landscape pages, that is tables that need the width, and short text between
two of them; and after which no text can fill a page.
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
from brief.resolve.columns import count_row_lines, make_equivalent_text, measure_ems
from brief.writers.table_layout import fit_table

# The estimated length of a line of an A4 page.
_LINE_EMS = 40.0
# The estimated lines of text that a landscape page of A4 has in 9-point table text, and that the head and a row of a table take;
# how much is filled, because other fonts may stand in for those of the look; and the longest cell that takes one line.
LANDSCAPE_LINES, _HEAD_LINES, _ROW_LINES = 27.0, 5, 1.3
_FILLED = 0.85
# What each further line of a row adds; the ems of a landscape page; and for tables of how many pages, and from how many rows on the
# last of them, the end of the table is told.
_MORE_LINES = 0.65
_LANDSCAPE_EMS = 79.0
_MOST_PAGES, _LEAST_ROWS = 3, 2
_LONGEST_CELL_EMS = 12.0
# Text that fills two thirds of a page may have a page to itself.
_MOST_LINES = 30


def find_landscape_blocks(blocks: Sequence[Block], is_wide: Callable[[Table], bool]) -> tuple[bool, ...]:
    """Returns for each block whether it is on a landscape page.

    Text between two tables there would otherwise leave most of a page empty.
    """
    found = [isinstance(block, Table) and is_wide(block) for block in blocks]
    wide = [at for at, is_found in enumerate(found) if is_found]
    for first, second in pairwise(wide):
        between = blocks[first + 1 : second]
        # A page break before the text or the second table is the author's.
        if any(block.page_break for block in blocks[first + 1 : second + 1]):
            continue
        lines = [count for block in between for count in _count_lines(block)]
        if sum(lines) <= _MOST_LINES:
            found[first + 1 : second] = [True] * len(between)
    return tuple(found)


def fill_landscape_pages(
    blocks: Sequence[Block], found: Sequence[bool], page_lines: float = LANDSCAPE_LINES
) -> tuple[bool, ...]:
    """Returns `found`, with the blocks of text after a short table that fit below it on its landscape page, by an estimate.

    This is for formats whose pages are not known. `page_lines` is how many lines such a page has.
    """
    filled = list(found)
    for at, block in enumerate(blocks):
        # Where the last of several tables ends on its page is not known.
        is_alone = found[at] and True not in (*found[max(at - 1, 0) : at], *found[at + 1 : at + 2])
        if not isinstance(block, Table) or not is_alone:
            continue
        cells = [measure_ems(make_equivalent_text(cell)) for row in block.rows for cell in row]
        if max(cells, default=0.0) > _LONGEST_CELL_EMS:
            continue
        room = _FILLED * (page_lines - _HEAD_LINES - _measure_last_page(block, page_lines))
        for after in range(at + 1, len(blocks)):
            room -= sum(_count_lines(blocks[after]))
            if room < 0 or found[after] or blocks[after].page_break:
                break
            filled[after] = True
    return tuple(filled)


def _measure_last_page(table: Table, page_lines: float) -> float:
    """Estimates the lines that the rows of a table take on its last landscape page; infinity if that cannot be told."""
    fit = fit_table(table)
    ems = [width / 100 * _LANDSCAPE_EMS for width in fit.widths]
    heights = [
        _ROW_LINES + _MORE_LINES * (count_row_lines([make_equivalent_text(cell) for cell in row], ems) - 1)
        for row in table.rows
    ]
    if sum(heights) <= page_lines - _HEAD_LINES:
        return sum(heights)
    used, pages, rows = 0.0, 1, 0
    for height in heights:
        if used + height > page_lines - _HEAD_LINES:
            used, pages, rows = 0.0, pages + 1, 0
        used, rows = used + height, rows + 1
    # Errors of the estimate add up. With a row or two, the last page may not exist.
    return used if pages <= _MOST_PAGES and rows >= _LEAST_ROWS else inf


def has_text_after(blocks: Sequence[Block], block: Block) -> bool:
    """Returns whether not only charts, pictures, tables and timelines follow one of the blocks."""
    at = next(at for at, each in enumerate(blocks) if each is block)
    return not all(isinstance(each, Chart | Vega | Figure | Table | Timeline) for each in blocks[at + 1 :])


def _count_lines(block: Block) -> Iterator[int]:
    """Estimates the lines of a block's texts; a block that is no short text fills a page."""
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
            yield _MOST_LINES + 1
            return
        case other:
            assert_never(other)
    for text in texts:
        if text is not None:
            yield 1 + ceil(measure_ems(make_equivalent_text(text)) / _LINE_EMS)
