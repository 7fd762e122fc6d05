"""Finds copies of long texts in others: whole or in part, reversed, or with a word changed.

Letters and digits alone are compared. Every offset of a withheld text is a seed; of the inspected text only every sixth
offset (third, of Han characters) is looked up, which meets every stretch of 13 letters (6 Han characters) that both have.
A stretch of 20 (12) is a copy. A shorter one is a copy with words changed if what stands around it agrees as well.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Generic, TypeVar

from brief.inspection.extract.part import BREAK
from brief.inspection.folding import HAN, keep_letters


@dataclass(frozen=True, slots=True)
class _Script:
    """How texts of a script are compared: lengths of a seed and of the steps, and how many letters make a copy."""

    seed: int
    step: int
    copy: int
    stretch: int
    block: int
    around: int


_LETTERS = _Script(seed=8, step=6, copy=20, stretch=12, block=4, around=40)
_HAN = _Script(seed=4, step=3, copy=12, stretch=6, block=2, around=20)
# Of what stands around a stretch, so much must agree.
_AGREEING = 0.75
# A seed that stands in more places is said of anything; a copy has rarer ones.
_PLACES = 32

T = TypeVar("T")


def shortest_copy(letters: str) -> int:
    """The number of letters from which on a text is long."""
    return _script_of(letters).copy


def _script_of(letters: str) -> _Script:
    return _HAN if HAN.search(letters) else _LETTERS


class InspectedText:
    """A folded text with `BREAK` between its elements, and its letters."""

    def __init__(self, folded: str) -> None:
        elements = [letters for letters in keep_letters(folded).split(BREAK) if letters]
        self.letters = "".join(elements)
        self._starts = [0]
        for element in elements:
            self._starts.append(self._starts[-1] + len(element))
        self._known: dict[tuple[int, int], bool] = {}

    def element(self, at: int) -> tuple[int, int]:
        """Where the element begins and ends that holds the letter."""
        index = max(bisect_right(self._starts, at) - 1, 0)
        return self._starts[index], self._starts[min(index + 1, len(self._starts) - 1)]

    def stands_in_known(self, start: int, end: int, is_known: Callable[[str], bool]) -> bool:
        """Whether the stretch is within one element, of which all is known: most of what a reader is shown is."""
        element = self.element(start)
        if end > element[1]:
            return False
        known = self._known.get(element)
        if known is None:
            known = self._known[element] = is_known(self.letters[slice(*element)])
        return known

    def breaks(self, start: int, end: int) -> list[int]:
        """Where elements begin within the stretch."""
        return self._starts[bisect_right(self._starts, start) : bisect_right(self._starts, end - 1)]


@dataclass(slots=True)
class CopyFinder(Generic[T]):
    """Looks for copies of the texts that were added."""

    _texts: list[tuple[str, T, bool]] = field(default_factory=list)
    _seeds: dict[_Script, dict[str, list[tuple[int, int]]]] = field(default_factory=dict)

    def add(self, letters: str, what: T, *, is_exact: bool = False) -> None:
        """A text of letters alone, and what to answer where it is found; `is_exact` says that words must not differ."""
        for text, is_reversed in ((letters, False), (letters[::-1], True)):
            index = len(self._texts)
            self._texts.append((text, what, is_reversed or is_exact))
            script = _script_of(text)
            table = self._seeds.setdefault(script, {})
            for at in range(len(text) - script.seed + 1):
                places = table.setdefault(text[at : at + script.seed], [])
                if len(places) < _PLACES:
                    places.append((index, at))

    def find(self, inspected: InspectedText, is_known: Callable[[str], bool]) -> Iterator[T]:
        """What of the texts the inspected one holds and `is_known` does not know; each at least once."""
        for script, seeds in self._seeds.items():
            yield from self._find_in_script(inspected, script, seeds, is_known)

    def _find_in_script(
        self,
        inspected: InspectedText,
        script: _Script,
        seeds: Mapping[str, list[tuple[int, int]]],
        is_known: Callable[[str], bool],
    ) -> Iterator[T]:
        letters, size = inspected.letters, script.seed
        # The end of what was compared already, of each text at each distance between the two.
        compared: dict[tuple[int, int], int] = {}
        met = [
            (at, places)
            for at in range(0, len(letters) - size + 1, script.step)
            if (places := seeds.get(letters[at : at + size]))
        ]
        for at, places in met:
            for index, offset in places:
                if compared.get((index, at - offset), 0) > at:
                    continue
                text, what, is_exact = self._texts[index]
                start, end = _extend(text, offset, letters, at, size)
                compared[index, at - offset] = end
                if end - start < script.stretch or inspected.stands_in_known(start, end, is_known):
                    continue
                if (
                    _is_telling(inspected, start, end, script, is_known)
                    if end - start >= script.copy
                    else not is_exact
                    and _is_near_copy(text, start - at + offset, inspected, start, end, script, is_known)
                ):
                    yield what


def _extend(text: str, offset: int, letters: str, at: int, size: int) -> tuple[int, int]:
    """The stretch of `letters` around the seed that is the same in both."""
    start, end = at, at + size
    before, after = offset, offset + size
    while before and start and text[before - 1] == letters[start - 1]:
        before, start = before - 1, start - 1
    while after < len(text) and end < len(letters) and text[after] == letters[end]:
        after, end = after + 1, end + 1
    return start, end


def _is_telling(
    inspected: InspectedText, start: int, end: int, script: _Script, is_known: Callable[[str], bool]
) -> bool:
    """Whether a stretch is unknown: as a piece somewhere, and not only because two known elements stand side by side."""
    letters, size = inspected.letters, script.copy
    if is_known(letters[start:end]):
        return False
    starts = [*range(start, end - size, size // 4), end - size]
    if all(is_known(letters[at : at + size]) for at in starts):
        return False
    ends = [start, *inspected.breaks(start, end), end]
    if len(ends) == 2:
        return True
    # Known elements side by side; single letters and short words are known of any text.
    shortest = script.stretch // 2
    return not all(other - one >= shortest and is_known(letters[one:other]) for one, other in pairwise(ends))


def _is_near_copy(
    text: str,
    offset: int,
    inspected: InspectedText,
    start: int,
    end: int,
    script: _Script,
    is_known: Callable[[str], bool],
) -> bool:
    """Whether what stands around a stretch agrees as well, within its element."""
    letters = inspected.letters
    first, last = inspected.element(start)
    if end > last or is_known(letters[max(start - script.block, first) : min(end + script.block, last)]):
        return False
    low, high = max(start - script.around, first), min(end + script.around, last)
    ours = text[max(offset - script.around, 0) : offset + end - start + script.around]
    theirs = letters[low:high]
    if _count_shared(ours, theirs, script.block) < script.copy:
        return False
    blocks = _blocks_of(ours, theirs, script.block)
    agreeing = sum(size for _, _, size in blocks)
    if len(blocks) < 2 or agreeing < script.copy:
        return False
    spans = [(blocks[0][side], blocks[-1][side] + blocks[-1][2]) for side in (0, 1)]
    if any(agreeing < _AGREEING * (to - since) for since, to in spans):
        return False
    return not is_known(theirs[spans[1][0] : spans[1][1]])


def _count_shared(ours: str, theirs: str, size: int) -> int:
    """The letters of `theirs` in pieces of `size` that `ours` has too: no fewer than agree, and counted quickly."""
    shared = end = 0
    for at in range(len(theirs) - size + 1):
        if theirs[at : at + size] in ours:
            shared += at + size - max(at, end)
            end = at + size
    return shared


def _blocks_of(ours: str, theirs: str, shortest: int) -> list[tuple[int, int, int]]:
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    return [(a, b, size) for a, b, size in matcher.get_matching_blocks() if size >= shortest]
