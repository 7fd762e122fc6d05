"""Decides which blocks are on landscape pages: tables that need the width, and short text between two of them. Also finds
the blocks after which no text can fill the page.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from math import ceil
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
from brief.resolve.columns import make_equivalent_text, measure_ems

# The estimated length of a line of an A4 page.
_LINE_EMS = 40.0
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
