"""Finds copies of long texts within other texts: complete or partial, reversed, or with changed words.

Only letters and digits are compared. A seed starts at every offset of a withheld text; in the inspected text only every sixth
offset (every third in Han characters) is looked up, which finds every common stretch of 13 letters (6 Han characters). A
stretch of 20 (12) is a copy. A shorter one is a copy with changed words if the text around it agrees as well.

Content that the audience may see anyway is not a leak. This includes a near copy whose words all occur, in the same
order, in one text that the audience may see.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import AbstractContextManager
from dataclasses import field
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import accumulate, islice, pairwise
from typing import Generic, Protocol, TypeVar

from brief.inspection.seeds import Hit, SeedLimits, SeedTable, SeedTables, choose_limits, make_element_key
from brief.model.record import dataclass

# The share of the text around a stretch that must agree.
_AGREEING = 0.75
# Of a seed with more occurrences, only the first are compared: it is a common phrase, and a copy also has rarer seeds.
_MAX_PLACES = 32
# From how many letters an element is long, and of how many elements a search caches what it found.
_LONG, _MAX_SCANS = 24, 20_000

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
    return choose_limits(letters).copy


class InspectedText:
    """The letters of a text, divided into its elements."""

    def __init__(self, elements: Iterable[str]) -> None:
        elements = [letters for letters in elements if letters]
        self.letters = "".join(elements)
        self._starts = list(accumulate(map(len, elements), initial=0))
        self._known: dict[tuple[int, int], bool] = {}
        # The start and the letters of each element that is long enough to be scanned by itself.
        self.long_elements = [
            (start, letters) for start, letters in zip(self._starts, elements, strict=False) if len(letters) >= _LONG
        ]

    def find_element(self, at: int) -> tuple[int, int]:
        """Returns the start and the end of the element that contains the letter at the offset `at`."""
        index = max(bisect_right(self._starts, at) - 1, 0)
        return self._starts[index], self._starts[min(index + 1, len(self._starts) - 1)]

    def is_element_known(self, element: tuple[int, int], is_known: IsKnown) -> bool:
        """Returns whether a whole element, given by its start and end, is known, as most visible text is."""
        known = self._known.get(element)
        if known is None:
            known = self._known[element] = is_known(self.letters[slice(*element)])
        return known

    def find_breaks(self, start: int, end: int) -> list[int]:
        """Returns the offsets at which elements begin within the stretch."""
        return self._starts[bisect_right(self._starts, start) : bisect_right(self._starts, end - 1)]


@dataclass(frozen=True, slots=True)
class _Added(Generic[T]):
    """A text that was added: its letters, the result to report, whether copies must be exact, and their least length."""

    letters: str
    what: T
    is_exact: bool
    shortest: int


@dataclass(frozen=True, slots=True)
class _Scan(Generic[T]):
    """What was found within an element.

    `open_seeds` has the offsets, in the element and in the row of the table, of seeds whose stretch may continue in a
    neighbouring element. `used` has the known texts that this result depends on.
    """

    found: tuple[T, ...]
    open_seeds: tuple[tuple[int, int], ...]
    used: Set[int]


class _OwnTexts(Generic[T]):
    """The texts of one search, in a table that may also have texts of other searches, and what this search has found."""

    def __init__(self, table: SeedTable, texts: Mapping[int, Sequence[_Added[T]]]) -> None:
        self.table = table
        self.scans: dict[str, _Scan[T]] = {}
        self._texts = texts
        self._places: dict[int, tuple[int, ...]] = {}

    def locate(self, hits: Iterable[Hit]) -> list[tuple[int, int]]:
        """Returns, for each hit, pairs of its offset and an offset of the same seed in the row of the table."""
        found: list[tuple[int, int]] = []
        for at, seed in hits:
            places = self._places.get(seed)
            if places is None:
                own = (
                    offset for offset in self.table.find_places(seed) if self.table.find_text(offset)[0] in self._texts
                )
                places = self._places[seed] = tuple(islice(own, _MAX_PLACES))
            if places:
                found += [(at, offset) for offset in places]
        return found

    def find_texts(self, offset: int) -> tuple[Sequence[_Added[T]], int]:
        """Returns what was added for the text at an offset in the row, and the offset at which the text begins."""
        index, begin = self.table.find_text(offset)
        return self._texts[index], begin


@dataclass(slots=True)
class CopyFinder(Generic[T]):
    """Searches for copies of the texts that were added, except copies that are in known texts.

    Each long element is scanned once, because the formats of a variant have the same elements. Several searches may
    share `tables`.
    """

    known: Known
    tables: SeedTables = field(default_factory=SeedTables)
    _texts: dict[SeedLimits, dict[int, list[_Added[T]]]] = field(default_factory=dict)
    _own: dict[SeedLimits, tuple[_OwnTexts[T], ...]] = field(default_factory=dict)

    def add(self, letters: str, what: T, *, is_exact: bool = False, shortest: int = 0) -> None:
        """Adds a text of only letters and digits, and the result to report; with `is_exact`, copies with changed words
        do not count.

        Copies of fewer than `shortest` letters do not count.
        """
        limits = choose_limits(letters)
        added = _Added(letters, what, is_exact, max(limits.copy, shortest))
        self._texts.setdefault(limits, {}).setdefault(self.tables.add(letters, limits), []).append(added)
        self._own.pop(limits, None)

    def find(self, inspected: InspectedText) -> Iterator[T]:
        """Yields the result of each text of which the inspected one has a copy that is not known, at least once."""
        for limits in self._texts:
            for own in self._get_own(limits):
                yield from self._find_in(own, inspected, limits)

    def _find_in(self, own: _OwnTexts[T], inspected: InspectedText, limits: SeedLimits) -> Iterator[T]:
        letters, size, step = inspected.letters, limits.seed, limits.step
        seeds: list[tuple[int, int]] = []
        # What no scan looks up: shorter elements, and seeds that continue in the next element.
        between: list[str] = []
        starts: list[int] = []
        following = 0
        for start, element in inspected.long_elements:
            scan = own.scans.get(element) or self._scan(element, limits, own)
            if scan.used:
                self.known.use(scan.used)
            if scan.found:
                yield from scan.found
            if scan.open_seeds:
                seeds += [(start + at, offset) for at, offset in scan.open_seeds]
            between.append(letters[following : start + size - 1])
            starts.append(following)
            # The first offset from which a seed continues in the next element.
            following = start + -(-(len(element) - size + 1) // step) * step
        between.append(letters[following:])
        starts.append(following)
        seeds += own.locate((starts[index] + at, seed) for index, at, seed in own.table.look_up_pieces(between))
        # Stretches are found from left to right.
        seeds.sort()
        stretches = _find_stretches(inspected.letters, own.table.row, limits, seeds)
        yield from _list_copied(inspected, limits, own, stretches, self.known.has_letters)

    def _get_own(self, limits: SeedLimits) -> tuple[_OwnTexts[T], ...]:
        tables, own = self.tables.get(limits), self._own.get(limits, ())
        if [each.table for each in own] != list(tables):
            texts = self._texts[limits]
            own = self._own[limits] = tuple(_OwnTexts(table, texts) for table in tables)
        return own

    def _scan(self, element: str, limits: SeedLimits, own: _OwnTexts[T]) -> _Scan[T]:
        """Searches an element by itself, or returns what an earlier scan of an equal element found."""
        key = make_element_key(element)
        if key is not element and (scan := own.scans.get(key)) is not None:
            return scan
        seeds = own.locate(own.table.look_up(element))
        closed: list[_Stretch] = []
        open_seeds: list[tuple[int, int]] = []
        for stretch in _find_stretches(element, own.table.row, limits, seeds):
            at, offset, start, end = stretch
            if start == 0 or end == len(element):
                open_seeds.append((at, offset))
            else:
                closed.append(stretch)
        found: tuple[T, ...] = ()
        used: Set[int] = frozenset()
        if closed:
            with self.known.record() as used:
                found = tuple(_list_copied(InspectedText([element]), limits, own, closed, self.known.has_letters))
        if len(own.scans) >= _MAX_SCANS:
            own.scans.clear()
        own.scans[key] = scan = _Scan(found, tuple(open_seeds), used)
        return scan


# The offset of a seed, its offset in the row of a table, and the start and end of the stretch around it in which both
# texts agree.
_Stretch = tuple[int, int, int, int]


def _find_stretches(letters: str, row: str, limits: SeedLimits, seeds: Iterable[tuple[int, int]]) -> list[_Stretch]:
    """Returns the stretch around each seed, unless an earlier seed had the same stretch; stretches within the letters
    that are too short to count are left out.
    """
    # For each difference between the two offsets, the end of the letters that were already compared.
    compared: dict[int, int] = {}
    found: list[_Stretch] = []
    length, size, shortest = len(letters), limits.seed, limits.stretch
    least = length - len(row)
    for at, offset in seeds:
        difference = at - offset
        if compared.get(difference, 0) > at:
            continue
        start, end = at, at + size
        while start and start > difference and row[start - difference - 1] == letters[start - 1]:
            start -= 1
        last = length if difference >= least else len(row) + difference
        while end < last and row[end - difference] == letters[end]:
            end += 1
        compared[difference] = end
        if end - start >= shortest or not start or end == length:
            found.append((at, offset, start, end))
    return found


def _list_copied(
    inspected: InspectedText,
    limits: SeedLimits,
    own: _OwnTexts[T],
    stretches: Iterable[_Stretch],
    is_known: IsKnown,
) -> Iterator[T]:
    """Yields the results of the texts of which a stretch is a copy, or with the text around it a near copy."""
    for at, offset, start, end in stretches:
        if end - start < limits.stretch:
            continue
        element = inspected.find_element(start)
        if end <= element[1] and inspected.is_element_known(element, is_known):
            continue
        texts, begin = own.find_texts(offset)
        for text in texts:
            if (end - start >= text.shortest and _is_distinctive(inspected, start, end, limits, is_known)) or (
                not text.is_exact
                and end <= element[1]
                and _is_near_copy(
                    text.letters, start - at + offset - begin, inspected.letters, element, start, end, limits, is_known
                )
            ):
                yield text.what


def _is_distinctive(inspected: InspectedText, start: int, end: int, limits: SeedLimits, is_known: IsKnown) -> bool:
    """Returns whether a stretch is unknown in itself, and not only because known elements are adjacent in it."""
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
    letters: str,
    element: tuple[int, int],
    start: int,
    end: int,
    limits: SeedLimits,
    is_known: IsKnown,
) -> bool:
    """Returns whether the text around a stretch, within its element, agrees as well.

    `offset` is where the stretch begins in `text`, `start` and `end` where it is in the inspected `letters`; the `element`
    around it is also given by its start and end.
    """
    low, high = max(start - limits.around, element[0]), min(end + limits.around, element[1])
    ours = text[max(offset - limits.around, 0) : offset + end - start + limits.around]
    theirs = letters[low:high]
    # If all of it is known, so is each part; finding where they agree would take longer.
    if not _may_agree(ours, theirs, limits) or is_known(theirs):
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
    """Makes a pattern of texts that have the blocks in this order, and between them the numbers that both texts share.

    Between two of these there may be up to `widest` other characters.
    """
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
def _may_agree(ours: str, theirs: str, limits: SeedLimits) -> bool:
    """Returns whether enough letters may agree for a copy."""
    # A name in Latin letters within a Han text is mostly too short.
    if theirs.isascii() and len(ours.encode("ascii", "ignore")) < limits.copy:
        return False
    return (
        _count_shared(ours, theirs, limits.block) >= limits.copy
        and _count_shared(theirs, ours, limits.block) >= limits.copy
    )


@lru_cache(maxsize=10_000)
def _find_blocks(ours: str, theirs: str, limits: SeedLimits) -> tuple[tuple[int, int, int], ...]:
    """Returns the stretches in which the two texts agree: the offset in each of them, and the length."""
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    return tuple((a, b, size) for a, b, size in matcher.get_matching_blocks() if size >= limits.block)
