"""Indexes short stretches of withheld texts, their seeds, for the searches of several audiences.

Most of what one audience may not see, others may not see either, and their files have many elements in common. So the seeds
of a text are entered once, and looked up once in each element, for all audiences.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import field
from itertools import accumulate, compress, repeat
from operator import add, ne

from brief.inspection.extract.part import BREAK
from brief.model.han import DENSE_CHARACTER
from brief.model.record import dataclass
from brief.store import digest

# The number of elements of which a table remembers the seeds. Longer elements, such as whole pictures, are remembered by
# their digests.
_MOST_ELEMENTS, _LONGEST_KEY = 20_000, 4_000


@dataclass(frozen=True, slots=True)
class SeedLimits:
    """Lengths for a script, in letters: of a seed, the step between inspected offsets, of a copy, of a stretch that may be
    part of a near copy, of the blocks that agree in it, and of the text `around` a stretch that is compared.
    """

    seed: int
    step: int
    copy: int
    stretch: int
    block: int
    around: int


_LETTERS = SeedLimits(seed=8, step=6, copy=20, stretch=12, block=4, around=40)
_HAN = SeedLimits(seed=4, step=3, copy=12, stretch=6, block=2, around=20)

# Where a seed begins in an inspected text, and the seed.
Hit = tuple[int, str]


def choose_limits(letters: str) -> SeedLimits:
    """Returns the lengths for the script of a text."""
    return _LETTERS if letters.isascii() or not DENSE_CHARACTER.search(letters) else _HAN


def make_element_key(element: str) -> str:
    """Returns a key by which an element is remembered."""
    return element if len(element) <= _LONGEST_KEY else digest(element)


class SeedTable:
    """The texts of one script, joined with `BREAK`, and the positions of each seed.

    Seeds are cut and entered without a Python loop over them, because there are as many as letters.
    """

    def __init__(self, texts: Sequence[str], limits: SeedLimits) -> None:
        self.row = BREAK.join(texts)
        self._limits = limits
        self._starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
        offsets = range(len(self.row) - limits.seed + 1)
        seeds = _cut(self.row, offsets, limits.seed)
        self._first = dict(zip(reversed(seeds), reversed(offsets), strict=True))
        self._more: dict[str, list[int]] = {}
        for at in compress(offsets, map(ne, map(self._first.__getitem__, seeds), offsets)):
            self._more.setdefault(seeds[at], [self._first[seeds[at]]]).append(at)
        self._hits: dict[str, tuple[Hit, ...]] = {}

    def find_places(self, seed: str) -> Sequence[int]:
        """Returns the offsets in the row of a seed that it has."""
        return self._more.get(seed) or (self._first[seed],)

    def find_text(self, offset: int) -> tuple[int, int]:
        """Returns the number of the text at an offset in the row, and where the text begins."""
        index = bisect_right(self._starts, offset) - 1
        return index, self._starts[index]

    def look_up(self, letters: str, starts: Sequence[int]) -> Iterable[Hit]:
        """Returns the hits at some offsets."""
        seeds = _cut(letters, starts, self._limits.seed)
        return compress(zip(starts, seeds, strict=True), map(self._first.__contains__, seeds))

    def look_up_element(self, element: str) -> tuple[Hit, ...]:
        """Returns the hits at all offsets of an element that are inspected."""
        key = make_element_key(element)
        hits = self._hits.get(key)
        if hits is None:
            if len(self._hits) >= _MOST_ELEMENTS:
                self._hits.clear()
            starts = range(0, len(element) - self._limits.seed + 1, self._limits.step)
            hits = self._hits[key] = tuple(self.look_up(element, starts))
        return hits


def _cut(letters: str, starts: Sequence[int], size: int) -> list[str]:
    return list(map(letters.__getitem__, map(slice, starts, map(add, starts, repeat(size)))))


@dataclass(slots=True)
class SeedTables:
    """The tables of several searches, one for each script, made when they are first needed."""

    _texts: dict[SeedLimits, dict[str, int]] = field(default_factory=dict)
    _tables: dict[SeedLimits, SeedTable] = field(default_factory=dict)

    def add(self, letters: str, limits: SeedLimits) -> int:
        """Adds a text of only letters and digits, and returns its number among those of its script."""
        texts = self._texts.setdefault(limits, {})
        if letters not in texts:
            texts[letters] = len(texts)
            self._tables.pop(limits, None)
        return texts[letters]

    def get(self, limits: SeedLimits) -> SeedTable:
        """Returns the table of a script, which is another one after texts were added."""
        table = self._tables.get(limits)
        if table is None:
            table = self._tables[limits] = SeedTable(tuple(self._texts.get(limits, ())), limits)
        return table
