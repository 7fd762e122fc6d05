"""Finds copies of long texts within other texts: complete or partial, reversed, or with changed words.

Only letters and digits are compared. A seed starts at every offset of a withheld text; in the inspected text only every sixth
offset (every third in Han characters) is looked up, which finds every common stretch of 13 letters (6 Han characters). A
stretch of 20 (12) is a copy. A shorter one is a copy with changed words if the text around it agrees as well.

Content that the audience may see anyway is not a leak. This includes a near copy whose words all occur, in the same
order, in one text that the audience may see.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import AbstractContextManager
from dataclasses import field
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import accumulate, compress, pairwise
from operator import ne
from typing import Generic, Protocol, TypeVar

from brief.inspection.extract.part import BREAK
from brief.model.han import DENSE_CHARACTER
from brief.model.record import dataclass
from brief.store import digest


@dataclass(frozen=True, slots=True)
class _Limits:
    """Lengths for a script, in letters: of a seed, the step between inspected offsets, of a copy, of a stretch that may be
    part of a near copy, of the blocks that agree in it, and of the text `around` a stretch that is compared.
    """

    seed: int
    step: int
    copy: int
    stretch: int
    block: int
    around: int


_LETTERS = _Limits(seed=8, step=6, copy=20, stretch=12, block=4, around=40)
_HAN = _Limits(seed=4, step=3, copy=12, stretch=6, block=2, around=20)
# The share of the text around a stretch that must agree.
_AGREEING = 0.75
# A seed with more occurrences is a common phrase; a copy also has rarer seeds.
_MOST_PLACES = 32
# The letters of a long element, and the number of elements of which a search remembers what it found.
_LONG, _MOST_SCANS = 24, 20_000
# Longer elements, such as whole pictures, are remembered by their digests.
_LONGEST_KEY = 4_000

_NUMBER = re.compile("[0-9]+")

T = TypeVar("T")
# Whether letters, or a pattern of them, are in a text that the audience may see.
IsKnown = Callable[[str | re.Pattern[str]], bool]


class Known(Protocol):
    """The texts that the audience may see."""

    def has_letters(self, letters: str | re.Pattern[str]) -> bool: ...
    def record(self) -> AbstractContextManager[set[int]]: ...
    def use(self, indices: Set[int]) -> None: ...


def find_shortest_copy(letters: str) -> int:
    """Returns the number of letters from which a text counts as long."""
    return _choose_limits(letters).copy


def _choose_limits(letters: str) -> _Limits:
    return _LETTERS if letters.isascii() or not DENSE_CHARACTER.search(letters) else _HAN


class InspectedText:
    """The letters of a text, divided into its elements."""

    def __init__(self, elements: Iterable[str]) -> None:
        elements = [letters for letters in elements if letters]
        self.letters = "".join(elements)
        self._starts = list(accumulate(map(len, elements), initial=0))
        self._known: dict[tuple[int, int], bool] = {}

    def list_long_elements(self) -> Iterator[tuple[int, str]]:
        """Returns the elements that are long enough to be scanned by themselves, and where they begin."""
        for start, end in pairwise(self._starts):
            if end - start >= _LONG:
                yield start, self.letters[start:end]

    def find_element(self, at: int) -> tuple[int, int]:
        """Returns the start and the end of the element that contains the letter."""
        index = max(bisect_right(self._starts, at) - 1, 0)
        return self._starts[index], self._starts[min(index + 1, len(self._starts) - 1)]

    def is_in_known_element(self, start: int, end: int, is_known: IsKnown) -> bool:
        """Returns whether the stretch is within an element that is known completely, as most visible text is."""
        element = self.find_element(start)
        if end > element[1]:
            return False
        known = self._known.get(element)
        if known is None:
            known = self._known[element] = is_known(self.letters[slice(*element)])
        return known

    def find_breaks(self, start: int, end: int) -> list[int]:
        """Returns the offsets at which elements begin within the stretch."""
        return self._starts[bisect_right(self._starts, start) : bisect_right(self._starts, end - 1)]


@dataclass(frozen=True, slots=True)
class _Added(Generic[T]):
    """A text that was added, in letters: what to report of it, whether no words of it may differ, and the shortest copy."""

    letters: str
    what: T
    is_exact: bool
    shortest: int


class _SeedTable(Generic[T]):
    """The texts of one script, joined with `BREAK`, and the positions of each seed.

    Seeds are cut and entered without a Python loop over them, because there are as many as letters.
    """

    def __init__(self, texts: Sequence[_Added[T]], size: int) -> None:
        self.texts = texts
        self.row = BREAK.join(text.letters for text in texts)
        self._starts = list(accumulate((len(text.letters) + 1 for text in texts), initial=0))
        offsets = range(len(self.row) - size + 1)
        seeds = list(map(self.row.__getitem__, map(slice, offsets, range(size, len(self.row) + 1))))
        self.first = dict(zip(reversed(seeds), reversed(offsets), strict=True))
        self._more: dict[str, list[int]] = {}
        for at in compress(offsets, map(ne, map(self.first.__getitem__, seeds), offsets)):
            places = self._more.setdefault(seeds[at], [self.first[seeds[at]]])
            if len(places) < _MOST_PLACES:
                places.append(at)

    def find_places(self, seed: str) -> Sequence[int]:
        """Returns the offsets of a seed in the row that is in `first`."""
        return self._more.get(seed) or (self.first[seed],)

    def find_text(self, offset: int) -> tuple[_Added[T], int]:
        """Returns the text at an offset in the row, and where it begins."""
        index = bisect_right(self._starts, offset) - 1
        return self.texts[index], self._starts[index]


@dataclass(frozen=True, slots=True)
class _Scan(Generic[T]):
    """What was found within an element, and the positions of seeds whose stretch may continue in the next elements.

    `used` has the known texts that this result depends on.
    """

    found: tuple[T, ...]
    open_seeds: tuple[tuple[int, int], ...]
    used: Set[int]


@dataclass(slots=True)
class CopyFinder(Generic[T]):
    """Searches for copies of the texts that were added, except what is in known texts.

    Each long element is scanned once, because the formats of a variant have the same elements.
    """

    known: Known
    _texts: dict[_Limits, list[_Added[T]]] = field(default_factory=dict)
    _tables: dict[_Limits, _SeedTable[T]] = field(default_factory=dict)
    _scans: dict[_Limits, dict[str, _Scan[T]]] = field(default_factory=dict)

    def add(self, letters: str, what: T, *, is_exact: bool = False, shortest: int = 0) -> None:
        """Adds a text of only letters and digits, and the result to report; with `is_exact`, no words may differ.

        Copies of fewer than `shortest` letters do not count.
        """
        limits = _choose_limits(letters)
        added = _Added(letters, what, is_exact, max(limits.copy, shortest))
        self._texts.setdefault(limits, []).append(added)
        self._tables.pop(limits, None)
        self._scans.pop(limits, None)

    def find(self, inspected: InspectedText) -> Iterator[T]:
        """Returns the texts of which the inspected one has a copy that is not known, each at least once."""
        for limits, texts in self._texts.items():
            table = self._tables.get(limits)
            if table is None:
                table = self._tables[limits] = _SeedTable(texts, limits.seed)
            seeds: list[tuple[int, int]] = []
            offsets: list[range] = []
            following = 0
            for start, element in inspected.list_long_elements():
                scan = self._scan(element, limits, table)
                yield from scan.found
                seeds += [(start + at, offset) for at, offset in scan.open_seeds]
                offsets.append(range(following, start, limits.step))
                # The first offset from which a seed continues in the next element.
                following = start + -(-(len(element) - limits.seed + 1) // limits.step) * limits.step
            offsets.append(range(following, len(inspected.letters) - limits.seed + 1, limits.step))
            seeds += _look_up_seeds(inspected.letters, table, limits, offsets)
            stretches = _find_stretches(inspected.letters, table, limits, seeds)
            yield from _list_copied(inspected, limits, table, stretches, self.known.has_letters)

    def _scan(self, element: str, limits: _Limits, table: _SeedTable[T]) -> _Scan[T]:
        """Scans an element by itself."""
        scans = self._scans.setdefault(limits, {})
        key = element if len(element) <= _LONGEST_KEY else digest(element)
        scan = scans.get(key)
        if scan is not None:
            self.known.use(scan.used)
            return scan
        offsets = [range(0, len(element) - limits.seed + 1, limits.step)]
        closed: list[_Stretch] = []
        open_seeds: list[tuple[int, int]] = []
        for stretch in _find_stretches(element, table, limits, _look_up_seeds(element, table, limits, offsets)):
            at, offset, start, end = stretch
            if start == 0 or end == len(element):
                open_seeds.append((at, offset))
            elif end - start >= limits.stretch:
                closed.append(stretch)
        with self.known.record() as used:
            found = tuple(_list_copied(InspectedText([element]), limits, table, closed, self.known.has_letters))
        if len(scans) >= _MOST_SCANS:
            scans.clear()
        scans[key] = scan = _Scan(found, tuple(open_seeds), used)
        return scan


def _look_up_seeds(
    letters: str, table: _SeedTable[T], limits: _Limits, offsets: Iterable[range]
) -> Iterator[tuple[int, int]]:
    """Yields the offsets at which a seed begins, each with an offset of the same seed in the row of the table."""
    for row in offsets:
        ends = range(row.start + limits.seed, row.stop + limits.seed, limits.step)
        seeds = list(map(letters.__getitem__, map(slice, row, ends)))
        for at, seed in compress(zip(row, seeds, strict=True), map(table.first.__contains__, seeds)):
            for offset in table.find_places(seed):
                yield at, offset


# The offset of a seed, its offset in the row of a table, and the start and end of the stretch around it in which both
# texts agree.
_Stretch = tuple[int, int, int, int]


def _find_stretches(
    letters: str, table: _SeedTable[T], limits: _Limits, seeds: Iterable[tuple[int, int]]
) -> Iterator[_Stretch]:
    """Yields the stretch around each seed, unless an earlier seed had the same stretch."""
    row = table.row
    # The end of the part that was already compared, for each distance between the two.
    compared: dict[int, int] = {}
    for at, offset in seeds:
        if compared.get(at - offset, 0) > at:
            continue
        start, end = at, at + limits.seed
        before, after = offset, offset + limits.seed
        while before and start and row[before - 1] == letters[start - 1]:
            before, start = before - 1, start - 1
        last = min(len(letters), end + len(row) - after)
        while end < last and row[after] == letters[end]:
            after, end = after + 1, end + 1
        compared[at - offset] = end
        yield at, offset, start, end


def _list_copied(
    inspected: InspectedText,
    limits: _Limits,
    table: _SeedTable[T],
    stretches: Iterable[_Stretch],
    is_known: IsKnown,
) -> Iterator[T]:
    """Returns the texts of which a stretch is a copy, or with the text around it a near copy."""
    for at, offset, start, end in stretches:
        if end - start < limits.stretch or inspected.is_in_known_element(start, end, is_known):
            continue
        text, begin = table.find_text(offset)
        if (end - start >= text.shortest and _is_distinctive(inspected, start, end, limits, is_known)) or (
            not text.is_exact
            and _is_near_copy(text.letters, start - at + offset - begin, inspected, start, end, limits, is_known)
        ):
            yield text.what


def _is_distinctive(inspected: InspectedText, start: int, end: int, limits: _Limits, is_known: IsKnown) -> bool:
    """Returns whether a stretch is unknown in itself, and not only because two known elements are adjacent."""
    letters, size = inspected.letters, limits.copy
    if is_known(letters[start:end]):
        return False
    starts = [*range(start, end - size, size // 4), end - size]
    if all(is_known(letters[at : at + size]) for at in starts):
        return False
    ends = [start, *inspected.find_breaks(start, end), end]
    if len(ends) == 2:
        return True
    # Known elements side by side, such as the end of a paragraph and the first word of the next. Only long parts can be
    # known: single letters and short words are in any text.
    shortest = limits.stretch // 2
    unknown = (
        other - one for one, other in pairwise(ends) if other - one < shortest or not is_known(letters[one:other])
    )
    return sum(unknown) >= shortest


def _is_near_copy(
    text: str,
    offset: int,
    inspected: InspectedText,
    start: int,
    end: int,
    limits: _Limits,
    is_known: IsKnown,
) -> bool:
    """Returns whether the text around a stretch, within its element, agrees as well."""
    letters = inspected.letters
    first, last = inspected.find_element(start)
    if end > last:
        return False
    low, high = max(start - limits.around, first), min(end + limits.around, last)
    ours = text[max(offset - limits.around, 0) : offset + end - start + limits.around]
    theirs = letters[low:high]
    # What is known as a whole is known in part; comparing would take longer.
    if is_known(theirs):
        return False
    blocks = _find_blocks(ours, theirs, limits)
    agreeing = sum(size for _, _, size in blocks)
    if len(blocks) < 2 or agreeing < limits.copy:
        return False
    spans = [(blocks[0][side], blocks[-1][side] + blocks[-1][2]) for side in (0, 1)]
    if any(agreeing < _AGREEING * (to - since) for since, to in spans):
        return False
    if is_known(theirs[slice(*spans[1])]) or is_known(ours[slice(*spans[0])]):
        return False
    return not (
        all(is_known(ours[a : a + size]) for a, _, size in blocks)
        and is_known(_make_pattern(ours, theirs, blocks, limits.around))
    )


def _make_pattern(ours: str, theirs: str, blocks: Sequence[tuple[int, int, int]], widest: int) -> re.Pattern[str]:
    """Makes the pattern of a text with the same blocks, and the same numbers between them."""
    pattern, (mine, its, _) = "", blocks[0]
    for a, b, size in blocks:
        numbers = set(_NUMBER.findall(theirs[its:b]))
        shared = [number for number in _NUMBER.findall(ours[mine:a]) if number in numbers]
        between = f"[^\n]{{0,{widest}}}?"
        pattern += "".join(f"{between}(?<![0-9]){number}(?![0-9])" for number in shared)
        pattern += (between if pattern else "") + re.escape(ours[a : a + size])
        mine, its = a + size, b + size
    return re.compile(pattern)


def _count_shared(ours: str, theirs: str, size: int) -> int:
    """Counts the letters of `theirs` in pieces of `size` that `ours` also has: a fast upper bound of the number of
    letters that agree.
    """
    shared = end = 0
    for at in range(len(theirs) - size + 1):
        if theirs[at : at + size] in ours:
            shared += at + size - max(at, end)
            end = at + size
    return shared


# The formats of a variant have the same words, and so the same pairs.
@lru_cache(maxsize=10_000)
def _find_blocks(ours: str, theirs: str, limits: _Limits) -> tuple[tuple[int, int, int], ...]:
    """Returns where the two texts agree, and for how many letters; empty if too few letters agree for a copy."""
    if (
        _count_shared(ours, theirs, limits.block) < limits.copy
        or _count_shared(theirs, ours, limits.block) < limits.copy
    ):
        return ()
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    return tuple((a, b, size) for a, b, size in matcher.get_matching_blocks() if size >= limits.block)
