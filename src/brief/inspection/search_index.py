"""Indexes the content that is searched for in the files of an audience, so that one pass over a file finds all of it."""

from collections.abc import Iterator
from dataclasses import field
from decimal import Decimal
from functools import lru_cache

from brief.inspection.elements import PreparedPart, SqueezedText
from brief.inspection.extract import Part
from brief.inspection.extract.part import BREAK
from brief.inspection.figures import FigureFinder, keep_written_figures
from brief.inspection.folding import measure_length
from brief.inspection.near_copies import CopyFinder, InspectedText
from brief.inspection.seeds import SeedTables
from brief.inspection.visible_texts import VisibleTexts
from brief.model.record import dataclass
from brief.resolve.withheld import SourceString, WithheldKind

_SHORTEST_ACROSS = 16
# For texts from a length on: the length of a seed, and the distance between seeds that are looked up.
_SEEDS = {16: (8, 9), 6: (4, 3), 0: (2, 2)}


@dataclass(frozen=True, slots=True)
class Copied:
    """The letters of a long text, copies of which are searched for; with `is_exact`, copies with changed words do not
    count.

    `disguises` has other ways to write the same text, each with the least number of letters of a copy; these must be
    exact.
    """

    letters: str
    disguises: tuple[tuple[str, int], ...]
    is_exact: bool


@dataclass(frozen=True, slots=True)
class Whole:
    """A squeezed text that is searched for as a whole; with `in_code`, also in ids, links and style sheets.

    `written` is the text as authored. `is_reversed` is set for a text with its letters reversed or rotated.
    """

    text: str
    written: str
    kind: WithheldKind
    in_code: bool
    is_reversed: bool = False


@dataclass(frozen=True, slots=True)
class WithheldPicture:
    """The SHA-256 of a picture's file or of its samples, in hexadecimal."""

    digest: str


@dataclass(frozen=True, slots=True)
class Value:
    """A value with its unit, and the folded words for the unit next to a figure; with `is_exact`, not rounded."""

    value: Decimal
    unit: str
    unit_words: tuple[str, ...]
    is_exact: bool


Wanted = Copied | Whole | WithheldPicture | Value


# Most of what one audience may not see, others may not see either, also after an edit.
@lru_cache(maxsize=50_000)
def _list_first_seeds(text: str, shortest: int) -> frozenset[tuple[str, ...]]:
    """Returns the seeds at the first offsets of a text, one of which is looked up wherever the text occurs."""
    size, step = _SEEDS[shortest]
    return frozenset(tuple(text[at : at + size]) for at in range(step))


@dataclass(slots=True)
class _Wholes:
    """An index of short texts by their first seeds: each occurrence of a text has one of them at an offset that is
    looked up.
    """

    _by_seed: dict[int, dict[tuple[str, ...], list[Whole]]] = field(
        default_factory=lambda: {shortest: {} for shortest in _SEEDS}
    )
    _texts: set[str] = field(default_factory=set)

    def add(self, whole: Whole) -> bool:
        """Adds a text; returns False if it was added before."""
        if whole.text in self._texts:
            return False
        self._texts.add(whole.text)
        shortest = next(shortest for shortest in _SEEDS if len(whole.text) >= shortest)
        for seed in _list_first_seeds(whole.text, shortest):
            self._by_seed[shortest].setdefault(seed, []).append(whole)
        return True

    def list_candidates(self, *texts: str) -> Iterator[Whole]:
        """Yields the added texts that may occur in the given ones."""
        for shortest, table in self._by_seed.items():
            size, step = _SEEDS[shortest]
            seeds: set[tuple[str, ...]] = set()
            for text in texts if table else ():
                # Seeds as tuples of letters, which are cut and looked up without a Python loop over them.
                seeds |= table.keys() & zip(*(text[at::step] for at in range(size)), strict=False)
            yield from {whole.text: whole for seed in seeds for whole in table[seed]}.values()


class SearchIndex:
    """Finds withheld items in parts, except content that is also in visible texts, and names that the template set has.

    `visible_figures` has the absolute values from which a figure may be rounded. Several indexes may share `tables`.
    """

    def __init__(self, visible: VisibleTexts, visible_figures: frozenset[Decimal], tables: SeedTables) -> None:
        self._visible = visible
        self._copies: CopyFinder[SourceString] = CopyFinder(visible, tables)
        self._wholes = _Wholes()
        self._items: dict[str, SourceString] = {}
        self._pictures: dict[str, SourceString] = {}
        self._values: FigureFinder[SourceString] = FigureFinder(visible_figures)

    def add(self, wanted: Wanted, item: SourceString) -> None:
        """Adds a text, picture or figure to search for, with the item that it is part of."""
        match wanted:
            case Copied(letters, disguises, is_exact):
                self._copies.add(letters, item, is_exact=is_exact)
                for disguise, shortest in disguises:
                    self._copies.add(disguise, item, is_exact=True, shortest=shortest)
            case Whole():
                if self._wholes.add(wanted):
                    self._items[wanted.text] = item
            case WithheldPicture(digest):
                self._pictures[digest] = item
            case Value(value, unit, unit_words, is_exact):
                self._values.add(value, unit, unit_words, item, is_exact=is_exact)

    def find(self, part: Part, vocabulary: str) -> Iterator[SourceString]:
        """Yields the items in the part, each at least once. `vocabulary` is the squeezed text of the template set."""
        prepared = PreparedPart.from_part(part)
        for elements in (prepared.words, prepared.code_row):
            yield from self._copies.find(InspectedText(each.letters for each in elements))
        for whole in self._find_wholes(prepared):
            is_of_set = whole.kind is WithheldKind.NAME and whole.text in vocabulary
            if not (is_of_set or self._visible.has_squeezed(whole.text)):
                yield self._items[whole.text]
        if self._values:
            yield from self._values.find(BREAK.join(prepared.written))
            yield from self._values.find(keep_written_figures(BREAK.join(prepared.code_written)))
        for picture in part.digests.intersection(self._pictures):
            if not self._visible.has_squeezed(picture):
                yield self._pictures[picture]

    def _find_wholes(self, part: PreparedPart) -> Iterator[Whole]:
        """Finds the short texts in the part: first without gaps, which is fast, then as whole words."""
        words, joined = SqueezedText(part.unique_words), SqueezedText(part.words, across=True)
        code = SqueezedText(part.code)
        for whole in self._wholes.list_candidates(joined.text, code.text):
            text = whole.text
            # What is within an element is also in all of them joined.
            if (
                text in joined.text
                and (
                    words.has_word(text)
                    or (
                        measure_length(text) >= _SHORTEST_ACROSS
                        and not whole.is_reversed
                        and not self._visible.has_all_words(whole.written)
                        and joined.has_word(text)
                    )
                )
            ) or (whole.in_code and code.has_word(text)):
                yield whole
