"""Finds the places of pieces of text in a longer one, so that as many as possible are in order."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

# A piece that occurs at more places than this, such as a word in a column of a long table, does not show which of them is
# its own.
MAX_PLACES = 50


def list_places(letters: str, text: str) -> Sequence[int] | None:
    """Lists the offsets at which a piece begins; None if there are so many that they do not show which one is its own."""
    offsets = list(islice(find_all(letters, text), MAX_PLACES + 1))
    if len(offsets) <= MAX_PLACES:
        return offsets
    # A piece that repeats itself may overlap itself.
    return list(find_all(letters, text)) if text.count(letters) <= MAX_PLACES else None


def find_in_order(pieces: Sequence[tuple[int, Sequence[int]]]) -> list[int]:
    """Returns where each piece begins so that as many as possible are in order, and as late as possible; -1 for the others.

    `pieces` has the length of each piece and the offsets at which it occurs.

    This is the longest decreasing subsequence, read backwards, of the places where pieces occur (Hunt and Szymanski, 1977),
    since rows of several tables read alike. Late places are preferred because titles occur in the contents first. No
    place overlaps the next: a text may be the beginning of the one after it.
    """
    # For each length, the last piece of a chain of that length, as its negated place; chains lead to the pieces that
    # follow.
    ends_of_chains: list[int] = []
    chains: list[tuple[int, int, Any]] = []
    for number in range(len(pieces) - 1, -1, -1):
        length, offsets = pieces[number]
        for start in offsets:
            chain_length = bisect_right(ends_of_chains, -start - length)
            if chain_length == len(ends_of_chains) or start > -ends_of_chains[chain_length]:
                chain = (number, start, chains[chain_length - 1] if chain_length else None)
                ends_of_chains[chain_length : chain_length + 1] = [-start]
                chains[chain_length : chain_length + 1] = [chain]
    starts = [-1] * len(pieces)
    link = chains[-1] if chains else None
    while link is not None:
        number, start, link = link
        starts[number] = start
    return starts


def find_all(letters: str, text: str, start: int = 0) -> Iterator[int]:
    """Yields the offset of each occurrence in the text from `start` on; occurrences may overlap."""
    start = text.find(letters, start)
    while start >= 0:
        yield start
        start = text.find(letters, start + 1)
