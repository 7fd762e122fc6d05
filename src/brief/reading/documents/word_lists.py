"""Makes lists of the list paragraphs of a Word document, because Word stores no lists, only paragraphs with a level."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

from brief.model.prose import ProseList, ProseParagraph
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.reading.documents.document import LossReport, Part, Span, Spans
from brief.reading.documents.word_styles import ListLevel, Numbering

_BULLET = ListLevel(is_ordered=False, has_marker=True, start=1, number_format="bullet")
# Formats whose numbers or bullets are kept (ECMA-376 part 1, 17.18.59).
_KEPT_FORMATS = ("decimal", "decimalZero", "bullet", "none")


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A paragraph of a list. Without `numbering`, it continues the entry before it; `number` counts in the list."""

    numbering: Numbering | None
    text: Spans
    location: SourceLocation
    is_ordered: bool = False
    number: int = 1


@dataclass(slots=True)
class ListReader:
    """Numbers the entries of all lists of a document, which may continue after other text.

    `levels` has the format of each list and level, `counters` the last number in them, and `reported_formats` the
    formats that are reported once.
    """

    levels: Mapping[tuple[str, int], ListLevel]
    report: LossReport
    counters: dict[tuple[str, int], int] = field(default_factory=dict)
    reported_formats: set[str] = field(default_factory=set)

    def read_entry(self, numbering: Numbering, text: Spans, location: SourceLocation) -> ListEntry:
        """Returns the entry of a paragraph with a number or bullet. It counts, so call it in reading order."""
        # The list of a style such as "List Number 2" has only level 0; its nesting is in the name of the style.
        lowest = self.levels.get((numbering.list, 0), _BULLET)
        level = self.levels.get((numbering.list, numbering.level), lowest)
        if not level.has_marker:
            return ListEntry(None, text, location)
        if level.number_format not in _KEPT_FORMATS and level.number_format not in self.reported_formats:
            self.reported_formats.add(level.number_format)
            message = f"lists with numbers of the format '{level.number_format}' are numbered 1, 2, 3"
            self.report.simplify(location, message, "check texts that refer to their entries")
        key = numbering.list, numbering.level
        number = self.counters.get(key, level.start - 1) + 1
        self.counters[key] = number
        for other in [other for other in self.counters if other[0] == numbering.list and other[1] > numbering.level]:
            del self.counters[other]
        return ListEntry(numbering, text, location, level.is_ordered, number)

    def build(self, entries: Sequence[ListEntry]) -> Iterator[Part]:
        """Yields the lists of adjacent entries; a first paragraph that continues no entry remains a paragraph."""
        position = 0
        while position < len(entries):
            first = entries[position].numbering
            if first is None:
                yield ProseParagraph(entries[position].text)
                position += 1
                continue
            list_, position = _build_list(entries, position, first.level)
            yield list_


def _build_list(entries: Sequence[ListEntry], position: int, base: int) -> tuple[ProseList[Span], int]:
    """Returns the list that begins at `position`, whose entries are at the level `base`, and the position after it."""
    first = entries[position]
    items: list[list[Part]] = []
    while position < len(entries):
        entry = entries[position]
        if entry.numbering is None:
            items[-1].append(ProseParagraph(entry.text))
            position += 1
            continue
        if entry.numbering.level > base and items:
            nested, position = _build_list(entries, position, entry.numbering.level)
            items[-1].append(nested)
            continue
        is_next = entry.number == first.number + len(items) or not entry.is_ordered
        if entry.numbering.level != base or entry.is_ordered != first.is_ordered or not (is_next or not items):
            break
        if items and entry.numbering.list != first.numbering.list and entry.is_ordered:  # type: ignore[union-attr]
            break
        items.append([ProseParagraph(entry.text)])
        position += 1
    return ProseList(first.is_ordered, first.number if first.is_ordered else 1, tuple(map(tuple, items))), position
