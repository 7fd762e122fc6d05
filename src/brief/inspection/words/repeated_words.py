"""Finds texts of a variant that an artifact prints once more, for example because a template prints a block twice.

The words between the passages that were found in their places are searched for runs of words of those passages. Fixed places
of each passage are looked up in a table, so that the search takes about as long as reading the words.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from brief.inspection.folding import measure_length, squeeze
from brief.model.han import DENSE_CHARACTER
from brief.model.record import dataclass

# Runs of this length, as `measure_length` returns it, are not repeated by chance.
_LONG = 24
# How many letters of a passage are one entry of the table. Every run of `_LONG` contains a whole entry.
_LATIN_STEP, _HAN_STEP = 12, 6
# Passages that begin alike have the same entries.
_MAX_ALIKE = 4


class _Span(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class RepeatedRun:
    """A run of letters that is printed once more, and the index of the passage with the run."""

    index: int
    letters: str


@dataclass(frozen=True, slots=True)
class RunIndex:
    """The entries of the table, by their number of letters: in which texts each one is, and at which offset."""

    texts: Sequence[str]
    entries: Mapping[int, Mapping[str, Sequence[tuple[int, int]]]]


def index_runs(texts: Sequence[str]) -> RunIndex:
    """Makes the table of texts, which are squeezed; empty ones are not searched for."""
    entries: dict[int, dict[str, list[tuple[int, int]]]] = {_LATIN_STEP: {}, _HAN_STEP: {}}
    for index, text in enumerate(texts):
        step = _HAN_STEP if DENSE_CHARACTER.search(text) else _LATIN_STEP
        for start in range(0, len(text) - step + 1, step):
            alike = entries[step].setdefault(text[start : start + step], [])
            if len(alike) < _MAX_ALIKE:
                alike.append((index, start))
    return RunIndex(texts, entries)


def find_repeated_runs(index: RunIndex, spans: Sequence[_Span], text: str) -> Iterator[RepeatedRun]:
    """Yields each run of words of the indexed texts in the parts of `text` that no span covers.

    The spans are in order. Only the longest run at each place is yielded.
    """
    end = 0
    for start, after in [*((span.start, span.end) for span in spans), (len(text), len(text))]:
        if start - end >= _LONG // 2:
            yield from _search(index, text[end:start])
        end = max(end, after)


def _search(index: RunIndex, gap: str) -> Iterator[RepeatedRun]:
    at = 0
    while at < len(gap):
        best = RepeatedRun(-1, "")
        end = at
        for step, entries in index.entries.items():
            for number, offset in entries.get(gap[at : at + step], ()):
                first, last = _extend(index.texts[number], offset, gap, at)
                if last - first > len(best.letters):
                    best, end = RepeatedRun(number, gap[first:last]), last
        if measure_length(best.letters) >= _LONG:
            yield best
            at = end
        else:
            at += 1


def _extend(text: str, offset: int, gap: str, at: int) -> tuple[int, int]:
    """Returns the longest part of `gap` around `at` that `text` has around `offset`."""
    length = min(len(text) - offset, len(gap) - at)
    last = next((each for each in range(length) if text[offset + each] != gap[at + each]), length)
    length = min(offset, at)
    first = next((each for each in range(length) if text[offset - each - 1] != gap[at - each - 1]), length)
    return at - first, at + last


def find_written(written: str, letters: str) -> str:
    """Returns the words of a text from those on that have the squeezed `letters`; all if they are not there."""
    starts = [index for index, character in enumerate(written) if squeeze(character)]
    return next((written[at:] for at in starts if squeeze(written[at:]).startswith(letters)), written)
