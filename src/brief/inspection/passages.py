"""Lists the passages of a variant in reading order: the words that every format must have."""

import enum
from collections.abc import Iterator
from typing import assert_never

from brief.model.inline import Citation, DigitPadding, Footnote, Formula, Run, Runs, Text, to_plain_text
from brief.model.prose import list_texts
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
from brief.resolve.citations import find_introduced, is_grade


class PrintPosition(enum.Enum):
    """Where formats print a passage.

    `LEADING` is directly before the next passage; the words may also be in a table of contents. `ANYWHERE` is on a cover,
    or at the bottom of a page. `IN_ENTRY` is among the passages of the same subject, in any order. `AT_FOOT` is in a
    footnote of a PDF. `ABOVE` is before the entries of a list, if the format prints it at all.
    """

    IN_ORDER = enum.auto()
    LEADING = enum.auto()
    ANYWHERE = enum.auto()
    ABOVE = enum.auto()
    IN_ENTRY = enum.auto()
    AT_FOOT = enum.auto()


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that a format must have. Between its `pieces`, a format may print other text, such as a citation mark.

    `subject` names the part of the variant in messages, and `kind` is the kind of a block or empty.
    """

    subject: str
    pieces: tuple[str, ...]
    kind: str = ""
    position: PrintPosition = PrintPosition.IN_ORDER


def list_passages(variant: Variant, *, has_footnotes: bool = False) -> Iterator[Passage]:
    """Lists the passages of a variant. Labels, counters and interface words are left out: formats place them differently.

    With `has_footnotes`, sources are also printed at the foot of the page that first cites them.
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
        yield from _list_section(section)
    for term in variant.terms:
        subject = f"the name '{term.name}'"
        yield Passage(subject, (term.name,))
        yield from _make_passages(subject, term.says)
    if variant.sources:
        yield Passage("the list of sources", (variant.catalogue.get("Sources"),), position=PrintPosition.ABOVE)
    introduced = find_introduced(variant.sections) if has_footnotes else set()
    for source in variant.sources:
        subject = f"source {source.number}"
        for line in (source.title, *source.links, *source.notes):
            yield from _make_passages(subject, line)
        details = tuple(words for words in (source.author, source.publisher, source.date) if words)
        for words in details:
            yield Passage(subject, (words,), position=PrintPosition.IN_ENTRY)
        if source.number in introduced:
            title = tuple(piece for piece in _split(source.title, []) if piece)
            yield Passage(f"the footnote of {subject}", (*title, *details), position=PrintPosition.AT_FOOT)


def _list_section(section: Section) -> Iterator[Passage]:
    subject = f"theme '{section.id}'"
    yield from _make_passages(subject, section.title, position=PrintPosition.LEADING)
    for runs in (section.summary, *section.takeaways):
        yield from _make_passages(subject, runs)
    for block in section.blocks:
        yield from _list_block(block)


def _list_block(block: Block) -> Iterator[Passage]:
    subject, kind = f"block '{block.id}'", block.KIND
    if block.heading:
        yield from _make_passages(subject, block.heading, "")
    for text in _list_texts(block):
        yield from _make_passages(subject, text, kind)
    if isinstance(block, Chart | Vega | Figure) and block.description:
        # A picture has this text in every format that shows it.
        yield Passage(f"the alternative text of {subject}", (block.description,), kind, PrintPosition.ANYWHERE)


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
    subject: str, runs: Runs, kind: str = "", *, position: PrintPosition = PrintPosition.IN_ORDER
) -> Iterator[Passage]:
    """Yields the passage of the runs, and the footnotes in them, which formats print at different places."""
    notes: list[Footnote[Run]] = []
    pieces = tuple(piece for piece in _split(runs, notes) if piece)
    if pieces:
        yield Passage(subject, pieces, kind, position)
    for note in notes:
        for paragraph in note.paragraphs:
            inner = tuple(piece for piece in _split(paragraph, []) if piece)
            if inner:
                yield Passage(f"a footnote of {subject}", inner, kind, PrintPosition.ANYWHERE)


def _split(runs: Runs, notes: list[Footnote[Run]]) -> Iterator[str]:
    """Yields the words between marks and formulas, which each format writes in its own way."""
    words: list[str] = []
    for run in runs:
        if isinstance(run, Footnote):
            notes.append(run)
        if isinstance(run, Citation | Footnote | Formula | DigitPadding) or is_grade(run):
            yield "".join(words)
            words.clear()
        elif hasattr(run, "children"):
            *before, last = list(_split(run.children, notes)) or [""]
            for piece in before:
                yield "".join((*words, piece))
                words.clear()
            words.append(last)
        else:
            words.append(to_plain_text((run,)))
    yield "".join(words)
