"""Lists the passages of a variant in reading order: the words that every format must have."""

import enum
from collections.abc import Collection, Iterator, Mapping
from typing import assert_never

from brief.inspection.words.marks import Mark, make_item_mark, make_label_mark, make_ordinal_mark, split_runs
from brief.model.appearance.brand import Omission
from brief.model.blocks import Tone
from brief.model.catalogue import Catalogue
from brief.model.inline import Run, Runs, Text
from brief.model.prose import ProseList, ProseParts, ProseQuotation, list_texts
from brief.model.record import dataclass
from brief.model.variant import (
    Block,
    Callout,
    Chart,
    Figure,
    ListBlock,
    Metrics,
    Paragraph,
    Prose,
    Quote,
    Section,
    Table,
    Timeline,
    Variant,
    Vega,
)
from brief.resolve.citations import find_introduced

# What templates print above a callout.
_TONES: Mapping[Tone, str] = {
    Tone.NOTE: "Note",
    Tone.INSIGHT: "Insight",
    Tone.WARNING: "Warning",
    Tone.QUESTION: "Question",
}


class PrintPosition(enum.Enum):
    """Where formats print a passage.

    - `IN_ORDER`: after the passages before it.
    - `LEADING`: in order, directly before the next passage; the words may also be in a table of contents.
    - `ANYWHERE`: for example on a cover, or at the bottom of a page.
    - `ABOVE`: before the entries of a list, if the format prints it at all.
    - `IN_ENTRY`: among the passages of the same subject, in any order.
    - `AT_FOOT`: in a footnote of a PDF.
    """

    IN_ORDER = enum.auto()
    LEADING = enum.auto()
    ANYWHERE = enum.auto()
    ABOVE = enum.auto()
    IN_ENTRY = enum.auto()
    AT_FOOT = enum.auto()


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that a format must have. Between its `pieces`, a format may print other text.

    `subject` names the part of the variant in messages, and `kind` is the kind of a block or empty. `marks` has what pages
    print beside the pieces, such as a citation mark: before the first one, and after each of them.
    """

    subject: str
    pieces: tuple[str, ...]
    kind: str = ""
    position: PrintPosition = PrintPosition.IN_ORDER
    marks: tuple[tuple[Mark, ...], ...] = ()
    may_repeat: bool = False


def list_passages(
    variant: Variant, *, has_footnotes: bool = False, leaves_out: Collection[Omission] = ()
) -> Iterator[Passage]:
    """Yields the passages of a variant, each with the marks beside it: labels and numbers, which formats place
    differently.

    With `has_footnotes`, sources are also printed at the foot of the page that first cites them. `leaves_out` has what the
    templates omit on purpose.
    """
    for name, text in (
        ("title", variant.title),
        ("subtitle", variant.subtitle),
        ("publisher", variant.publisher),
        ("audience's title", variant.audience_title),
        ("marking", variant.marking),
        ("date", variant.date_text),
        ("cut-off date", variant.cut_off_text),
    ):
        if text:
            yield Passage(f"the {name}", (text,), position=PrintPosition.ANYWHERE)
    if variant.introduction:
        yield from _make_passages("the introduction", variant.introduction)
    if variant.changes:
        for entry in variant.changes.entries:
            yield from _make_passages("the list of changes", entry)
    for section in variant.sections:
        yield from _list_section(section, variant.catalogue, leaves_out)
    for term in variant.terms:
        subject = f"the name '{term.name}'"
        kind = tuple(make_label_mark(f"'{words}'", words) for words in (term.kind, term.owner) if words)
        yield Passage(subject, (term.name,), marks=((), () if term.says else kind))
        yield from _make_passages(subject, term.says, after=kind)
    if variant.sources:
        yield Passage("the list of sources", (variant.catalogue.get("Sources"),), position=PrintPosition.ABOVE)
    introduced = find_introduced(variant.sections) if has_footnotes else set()
    for source in variant.sources:
        subject = f"source {source.number}"
        details = tuple(words for words in (source.author, source.publisher, source.date) if words)
        number = make_ordinal_mark(str(source.number), details)
        yield from _make_passages(subject, source.title, before=(number,))
        for line in (*source.links, *source.notes):
            yield from _make_passages(subject, line)
        for words in details:
            yield Passage(subject, (words,), position=PrintPosition.IN_ENTRY)
        if source.number in introduced:
            title = split_runs(source.title).pieces
            yield Passage(f"the footnote of {subject}", (*title, *details), position=PrintPosition.AT_FOOT)


def _list_section(section: Section, catalogue: Catalogue, leaves_out: Collection[Omission]) -> Iterator[Passage]:
    subject = f"theme '{section.id}'"
    ordinal = make_ordinal_mark(section.ordinal)
    yield from _make_passages(subject, section.title, position=PrintPosition.LEADING, before=(ordinal,))
    yield from _make_passages(subject, section.summary, may_repeat=True)
    label = () if Omission.LABELS in leaves_out else (_make_interface_mark(catalogue.get("Key takeaways")),)
    for runs in section.takeaways:
        yield from _make_passages(subject, runs, before=label, may_repeat=True)
        label = ()
    for block in section.blocks:
        yield from _list_block(block, catalogue, leaves_out)


def _make_interface_mark(words: str) -> Mark:
    return make_label_mark(f"the label '{words.strip()}'", words)


def _list_block(block: Block, catalogue: Catalogue, leaves_out: Collection[Omission]) -> Iterator[Passage]:
    subject, kind = f"block '{block.id}'", block.KIND
    if block.heading:
        yield from _make_passages(subject, block.heading, "", may_repeat=True)
    label: tuple[Mark, ...] = ()
    if block.label:
        label = (make_label_mark(f"the label '{block.label}'", block.label),)
    elif isinstance(block, Callout):
        label = (_make_interface_mark(catalogue.get(_TONES[block.tone])),)
    for text, text_marks in _list_marked_texts(block, catalogue, leaves_out):
        may_repeat = any(text is each for each in _list_repeated(block))
        for passage in _make_passages(subject, text, kind, before=(*label, *text_marks), may_repeat=may_repeat):
            yield passage
            label = ()
    if isinstance(block, Chart | Vega | Figure) and block.description:
        # A picture has this text in every format that shows it.
        yield Passage(f"the alternative text of {subject}", (block.description,), kind, PrintPosition.ANYWHERE)


def _list_repeated(block: Block) -> Iterator[Runs]:
    """Yields the texts of a block that are also printed in lists of tables and figures, or again on its next page."""
    yield getattr(block, "title", None) or ()
    if isinstance(block, Table):
        yield from (group.title for group in block.groups if group.title)
        yield from (column.title for column in block.columns)


def _list_marked_texts(
    block: Block, catalogue: Catalogue, leaves_out: Collection[Omission]
) -> Iterator[tuple[Runs, tuple[Mark, ...]]]:
    """Yields the texts of a block, each with the marks that are printed before it."""
    has_numbers = Omission.LIST_NUMBERS not in leaves_out
    if isinstance(block, ListBlock) and block.ordered and has_numbers:
        yield from ((item, (make_item_mark(number),)) for number, item in enumerate(block.items, 1))
    elif isinstance(block, Prose) and has_numbers:
        yield from _list_marked_parts(block.parts)
    elif isinstance(block, Chart | Vega) and Omission.LABELS not in leaves_out:
        source = (_make_interface_mark(catalogue.get("Source: ", "chart")),)
        # The citation may be empty, or equal to the title.
        yield from ((text, source if text is block.citation else ()) for text in _list_texts(block))
    else:
        yield from ((text, ()) for text in _list_texts(block))


def _list_marked_parts(parts: ProseParts[Run], mark: tuple[Mark, ...] = ()) -> Iterator[tuple[Runs, tuple[Mark, ...]]]:
    """Yields the texts of prose; the first of each numbered item has the item's number before it."""
    for part in parts:
        match part:
            case ProseList(is_ordered=is_ordered, start=start, entries=entries):
                for number, entry in enumerate(entries, start):
                    yield from _list_marked_parts(entry, (*mark, *((make_item_mark(number),) if is_ordered else ())))
                    mark = ()
            case ProseQuotation(parts=inner):
                yield from _list_marked_parts(inner, mark)
            case _:
                for text in list_texts((part,)):
                    yield text, mark
                    mark = ()
        mark = ()


def _list_texts(block: Block) -> Iterator[Runs]:
    match block:
        case Paragraph(text=text):
            yield text
        case Prose(parts=parts):
            yield from list_texts(parts)
        case ListBlock(items=items):
            yield from items
        case Table():
            yield block.title
            yield from (group.title for group in block.groups if group.title)
            yield from (column.title for column in block.columns)
            for row in block.rows:
                yield from row
            yield block.note or ()
        case Chart() | Vega():
            # Figures are part of the drawing; only some formats list them.
            yield block.title
            yield block.citation
            yield block.note or ()
        case Figure():
            yield block.title
            yield block.note or ()
        case Callout():
            yield block.title or ()
            yield block.text
        case Quote():
            yield block.text
            yield block.attribution
        case Timeline():
            yield block.title
            for event in block.events:
                yield (Text(event.when),)
                yield event.text
        case Metrics():
            for metric in block.metrics:
                yield (Text(metric.value),)
                yield metric.label
        case _:
            assert_never(block)


def _make_passages(
    subject: str,
    runs: Runs,
    kind: str = "",
    *,
    position: PrintPosition = PrintPosition.IN_ORDER,
    before: tuple[Mark, ...] = (),
    after: tuple[Mark, ...] = (),
    may_repeat: bool = False,
) -> Iterator[Passage]:
    """Yields a passage of the runs, unless they are empty, and one for each paragraph of their footnotes.

    `before` and `after` are marks before the first and after the last piece.
    """
    words = split_runs(runs)
    if words.pieces or any(words.marks):
        words.marks[0] += before
        words.marks[-1] += after
        yield Passage(subject, tuple(words.pieces), kind, position, tuple(map(tuple, words.marks)), may_repeat)
    for note in words.notes:
        for paragraph in note.paragraphs:
            inner = split_runs(paragraph)
            if inner.pieces:
                yield Passage(f"a footnote of {subject}", tuple(inner.pieces), kind, PrintPosition.ANYWHERE)
