"""What stands at the end: "Who is who" and the list of sources."""

from collections.abc import Iterator

from brief.model.blocks import Align
from brief.model.inline import Runs, Text, plain_text
from brief.model.variant import SourceEntry, TermEntry, Variant
from brief.resolve.columns import fitted
from brief.writers.docx.body.anchors import MATTER_SOURCES, MATTER_TERMS
from brief.writers.docx.body.composer import Compositor, Format
from brief.writers.docx.body.tables import EM, HEADS, gap, grid, in_twips
from brief.writers.docx.reference.styles import Style
from brief.writers.ooxml.elements import Element, word

_COLUMNS = (("Name", Align.START), ("Owner", Align.START), ("What it is", Align.START), ("Mentioned in", Align.END))
_NONE = "–"
_JOINT = "\u00a0· "


def terms(press: Compositor, variant: Variant) -> Iterator[Element]:
    """The names that the briefing mentions, as a table; nothing where there are none."""
    if not variant.terms:
        return
    yield _heading(press, MATTER_TERMS, "Who is who")
    heads = [press.catalogue.get(column) for column, _ in _COLUMNS]
    texts = [
        [heads[0], *(term.name for term in variant.terms)],
        [heads[1], *(term.owner or _NONE for term in variant.terms)],
        [heads[2], *(plain_text(term.says) for term in variant.terms)],
        [heads[3]],
    ]
    rows: list[list[tuple[Element, ...]]] = [
        [
            (press.paragraph(HEADS[align], *press.text(head), keep_next=True),)
            for head, (_, align) in zip(heads, _COLUMNS, strict=True)
        ],
        *(_term(press, term) for term in variant.terms),
    ]
    title = press.catalogue.get("Who is who")
    widths = in_twips(fitted(texts, press.width / EM), press.width)
    yield grid(press, Style.BRIEF_TABLE, widths, rows, header=True, row_heads=True, title=title)
    yield gap(press)


def _term(press: Compositor, term: TermEntry) -> list[tuple[Element, ...]]:
    mentions: list[Element] = []
    for position, number in enumerate(term.mentions):
        mentions += press.text(press.catalogue.get(", ", "list")) if position else []
        mentions.append(press.jump(press.anchors.sections[number], press.text(str(number), Format(Style.HYPERLINK))))
    return [
        (
            press.paragraph(Style.TABLE_TEXT, *press.text(term.name)),
            press.paragraph(Style.TABLE_KIND, *press.text(term.kind)),
        ),
        (press.paragraph(Style.TABLE_TEXT, *press.text(term.owner or _NONE)),),
        (press.paragraph(Style.TABLE_TEXT, *press.runs(term.says)),),
        (press.paragraph(Style.TABLE_FIGURE, *mentions),),
    ]


def sources(press: Compositor, variant: Variant) -> Iterator[Element]:
    """The source list with what a reader must know of the evidence beneath each entry."""
    if not variant.sources:
        return
    yield _heading(press, MATTER_SOURCES, "Sources")
    for source in variant.sources:
        yield _source(press, source)
        for note in source.notes:
            yield press.paragraph(Style.SOURCE_NOTE, *press.runs(note))


def _source(press: Compositor, source: SourceEntry) -> Element:
    ordinal = press.text(str(source.number), Format(Style.ORDINAL))
    return press.paragraph(
        Style.SOURCE_ENTRY,
        *press.bookmarked(press.anchors.sources[source.number], ordinal),
        word("r", word("tab")),
        *press.runs(source.title, Format(Style.SOURCE_TITLE)),
        *press.text(_details(source)),
    )


def reference(source: SourceEntry) -> Runs:
    """The line of a source without its number."""
    return (*source.title, Text(_details(source)))


def _details(source: SourceEntry) -> str:
    return "".join(f"{_JOINT}{detail}" for detail in (source.author, source.publisher, source.date) if detail)


def _heading(press: Compositor, anchor: str, title: str) -> Element:
    words = press.bookmarked(anchor, press.text(press.catalogue.get(title)))
    return press.paragraph(Style.MATTER_HEADING, *words)
