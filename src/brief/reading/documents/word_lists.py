"""Joins the numbered paragraphs of a Word document into lists. Word stores no lists, only paragraphs with a level."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

from brief.model.prose import ProseList, ProseParagraph
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.reading.documents.document import LossReport, Part, Span, Spans
from brief.reading.documents.word_styles import ListLevel, Numbering

_BULLET = ListLevel(is_ordered=False, has_mark=True, start=1, form="bullet")
_DECIMAL = ("decimal", "decimalZero", "bullet", "none")


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A paragraph of a list. Without `numbering` it continues the entry before it; `number` is its number in the list."""

    numbering: Numbering | None
    text: Spans
    location: SourceLocation
    is_ordered: bool = False
    number: int = 1


@dataclass(slots=True)
class ListReader:
    """Numbers the entries of all lists of a document, which may continue after other text."""

    levels: Mapping[tuple[str, int], ListLevel]
    report: LossReport
    counters: dict[tuple[str, int], int] = field(default_factory=dict)
    forms: set[str] = field(default_factory=set)

    def read_entry(self, numbering: Numbering, text: Spans, location: SourceLocation) -> ListEntry:
        """Returns the entry of a numbered paragraph. Must be called in reading order."""
        # The list of a style such as "List Number 2" has one level, which is nested by the name of the style alone.
        only = self.levels.get((numbering.list, 0), _BULLET)
        level = self.levels.get((numbering.list, numbering.level), only)
        if not level.has_mark:
            return ListEntry(None, text, location)
        if level.form not in _DECIMAL and level.form not in self.forms:
            self.forms.add(level.form)
            message = f"lists numbered in the form '{level.form}' are numbered 1, 2, 3"
            self.report.simplify(location, message, "check texts that refer to their entries")
        key = numbering.list, numbering.level
        number = self.counters.get(key, level.start - 1) + 1
        self.counters[key] = number
        for other in [other for other in self.counters if other[0] == numbering.list and other[1] > numbering.level]:
            del self.counters[other]
        return ListEntry(numbering, text, location, level.is_ordered, number)

    def build(self, entries: Sequence[ListEntry]) -> Iterator[Part]:
        """Yields lists of adjacent entries; a paragraph that continues no entry remains a paragraph."""
        position = 0
        while position < len(entries):
            first = entries[position].numbering
            if first is None:
                yield ProseParagraph(entries[position].text)
                position += 1
                continue
            made, position = _build_list(entries, position, first.level)
            yield made


def _build_list(entries: Sequence[ListEntry], position: int, base: int) -> tuple[ProseList[Span], int]:
    """Returns the list that begins at `position`, whose entries are at the level `base`, and the position after it."""
    first = entries[position]
    made: list[list[Part]] = []
    while position < len(entries):
        entry = entries[position]
        if entry.numbering is None:
            made[-1].append(ProseParagraph(entry.text))
            position += 1
            continue
        if entry.numbering.level > base and made:
            nested, position = _build_list(entries, position, entry.numbering.level)
            made[-1].append(nested)
            continue
        follows = entry.number == first.number + len(made) or not entry.is_ordered
        if entry.numbering.level != base or entry.is_ordered != first.is_ordered or not (follows or not made):
            break
        if made and entry.numbering.list != first.numbering.list and entry.is_ordered:  # type: ignore[union-attr]
            break
        made.append([ProseParagraph(entry.text)])
        position += 1
    return ProseList(first.is_ordered, first.number if first.is_ordered else 1, tuple(map(tuple, made))), position
