"""Indexes short stretches of withheld texts, their seeds, for the searches of several audiences.

Most of what one audience may not see, others may not see either, and their files have many elements in common. So the seeds
of a text are entered once, and looked up once in each element, for all audiences.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from itertools import accumulate, compress
from operator import ne

from brief.inspection.extract.part import BREAK
from brief.model.han import DENSE_CHARACTER
from brief.model.record import dataclass
from brief.store import digest

# The number of elements, or rows of short ones, of which a table caches the hits. The key of a longer element, such as
# a whole picture, is its digest.
_MAX_ELEMENTS, _MAX_KEY_LENGTH = 20_000, 4_000
# Separates pieces that are looked up at once. No text has it, so no seed continues from one piece to the next.
_PADDING = "\1"
# The greatest share of new letters, compared with those that were kept, up to which the kept ones stay.
_MAX_NEW_SHARE = 0.2


# There is one object for each script, which is compared by its identity: that is a tenth of the time.
@dataclass(frozen=True, slots=True, eq=False)
class SeedLimits:
    """Lengths for a script, in letters.

    - `seed`: of a seed; `step`: between the offsets of an inspected text that are looked up.
    - `copy`: from which an equal stretch is a copy.
    - `stretch`: from which an equal stretch may be part of a near copy; `block`: of the blocks that agree in one.
    - `around`: of the text on each side of a stretch that is compared.
    """

    seed: int
    step: int
    copy: int
    stretch: int
    block: int
    around: int


_LETTERS = SeedLimits(seed=8, step=6, copy=20, stretch=12, block=4, around=40)
_HAN = SeedLimits(seed=4, step=3, copy=12, stretch=6, block=2, around=20)

# The offset of a seed in an inspected text, and its hash.
Hit = tuple[int, int]


def choose_limits(letters: str) -> SeedLimits:
    """Returns the lengths for the script of a text."""
    return _LETTERS if letters.isascii() or not DENSE_CHARACTER.search(letters) else _HAN


def make_element_key(element: str) -> str:
    """Returns the key under which results for an element are cached: the element, or its digest if it is long."""
    return element if len(element) <= _MAX_KEY_LENGTH else digest(element)


class SeedTable:
    """The texts of one script, numbered from `first` on and joined with `BREAK` in `row`, and the offsets of each seed.

    A seed is represented by its 64-bit hash. Two seeds very rarely have the same hash; then the later one is mistaken for
    the earlier one. That does no harm: a copy has many other seeds, and the text around a seed is compared too.
    Seeds are hashed and entered without a Python loop over them, because there are as many as letters.
    """

    def __init__(self, texts: Sequence[str], limits: SeedLimits, first: int = 0) -> None:
        self.row = BREAK.join(texts)
        self._first_number = first
        self._limits = limits
        self._starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
        seeds = list(_hash_seeds(self.row, limits.seed))
        offsets = range(len(seeds))
        self._first = dict(zip(reversed(seeds), reversed(offsets), strict=True))
        self._more: dict[int, list[int]] = {}
        for at in compress(offsets, map(ne, map(self._first.__getitem__, seeds), offsets)):
            first = self._first[seeds[at]]
            if self._cut(first) == self._cut(at):
                self._more.setdefault(seeds[at], [first]).append(at)
        self._hits: dict[str, tuple[Hit, ...]] = {}

    def find_places(self, seed: int) -> Sequence[int]:
        """Returns the offsets in the row of a seed, given by its hash.

        Raises:
            KeyError: no text has the seed.
        """
        return self._more.get(seed) or (self._first[seed],)

    def find_text(self, offset: int) -> tuple[int, int]:
        """Returns the number of the text at an offset in the row, and the offset at which the text begins."""
        index = bisect_right(self._starts, offset) - 1
        return self._first_number + index, self._starts[index]

    def look_up(self, letters: str) -> tuple[Hit, ...]:
        """Returns the hits at every `step`-th offset of an element, or of short elements in a row."""
        key = make_element_key(letters)
        hits = self._hits.get(key)
        if hits is None:
            if len(self._hits) >= _MAX_ELEMENTS:
                self._hits.clear()
            size, step = self._limits.seed, self._limits.step
            seeds = list(_hash_seeds(letters, size, step))
            found = compress(
                zip(range(0, len(letters), step), seeds, strict=False), map(self._first.__contains__, seeds)
            )
            hits = self._hits[key] = tuple(found)
        return hits

    def look_up_pieces(self, pieces: Sequence[str]) -> Iterator[tuple[int, int, int]]:
        """Yields (index of the piece, offset in it, hash) of the hits at every `step`-th offset of each piece.

        Nothing is cached: looking up many short pieces at once takes less time than finding each in a cache.
        """
        size, step = self._limits.seed, self._limits.step
        padded = [piece + _PADDING * (step - len(piece) % step) for piece in pieces]
        seeds = list(_hash_seeds("".join(padded), size, step))
        found = compress(
            zip(range(0, len(seeds) * step, step), seeds, strict=True), map(self._first.__contains__, seeds)
        )
        starts: list[int] = []
        for at, seed in found:
            starts = starts or list(accumulate(map(len, padded), initial=0))
            index = bisect_right(starts, at) - 1
            yield index, at - starts[index], seed

    def _cut(self, offset: int) -> str:
        return self.row[offset : offset + self._limits.seed]


def _hash_seeds(letters: str, size: int, step: int = 1) -> Iterator[int]:
    """Yields the hash of the `size` letters at every `step`-th offset, hashed as a tuple: tuples are made and hashed
    faster than strings.
    """
    return map(hash, zip(*(letters[at::step] for at in range(size)), strict=False))


@dataclass(frozen=True, slots=True)
class _NumberedTable:
    """A table with the numbers of its texts."""

    numbers: Mapping[str, int]
    table: SeedTable


@dataclass(frozen=True, slots=True)
class KeptSeeds:
    """The tables of a project that stays open, in which searches look for nearly the same content after an edit.

    A table is never changed, so searches in several threads may use it while another one replaces it here.
    """

    tables: dict[SeedLimits, _NumberedTable] = field(default_factory=dict)


@dataclass(slots=True)
class SeedTables:
    """The tables of several searches, made when they are first needed.

    Each script has a table with the texts that were kept from earlier searches, and one with all others. Kept texts
    that are no longer searched for have numbers that `add` does not return.
    """

    kept: KeptSeeds = field(default_factory=KeptSeeds)
    _bases: dict[SeedLimits, _NumberedTable | None] = field(default_factory=dict)
    _texts: dict[SeedLimits, dict[str, int]] = field(default_factory=dict)
    _tables: dict[SeedLimits, tuple[SeedTable, ...]] = field(default_factory=dict)

    def add(self, letters: str, limits: SeedLimits) -> int:
        """Adds a text of only letters and digits, and returns its number among those of its script."""
        base = self._find_base(limits)
        if base is not None and (number := base.numbers.get(letters)) is not None:
            return number
        texts = self._texts.setdefault(limits, {})
        if letters not in texts:
            texts[letters] = len(texts) + (len(base.numbers) if base else 0)
            self._tables.pop(limits, None)
        return texts[letters]

    def get(self, limits: SeedLimits) -> tuple[SeedTable, ...]:
        """Returns the tables of a script; after texts were added, these are new tables."""
        tables = self._tables.get(limits)
        if tables is None:
            tables = self._tables[limits] = self._make_tables(limits)
        return tables

    def _find_base(self, limits: SeedLimits) -> _NumberedTable | None:
        # Another search may replace what is kept, but the numbers that this one has given out stay.
        if limits not in self._bases:
            self._bases[limits] = self.kept.tables.get(limits)
        return self._bases[limits]

    def _make_tables(self, limits: SeedLimits) -> tuple[SeedTable, ...]:
        base, texts = self._find_base(limits), self._texts.get(limits, {})
        if base is None:
            table = SeedTable(tuple(texts), limits)
            self.kept.tables[limits] = _NumberedTable(dict(texts), table)
            return (table,)
        if not texts:
            return (base.table,)
        table = SeedTable(tuple(texts), limits, len(base.numbers))
        if len(table.row) > _MAX_NEW_SHARE * len(base.table.row):
            # The next searches make one table of all that they search for.
            self.kept.tables.pop(limits, None)
        return base.table, table
