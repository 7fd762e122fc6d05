"""The back matter: "Who is who" and the list of sources."""

from collections.abc import Iterator

from brief.model.blocks import Align
from brief.model.inline import Runs, Text, plain_text
from brief.model.variant import SourceEntry, TermEntry, Variant
from brief.resolve.columns import fit_columns
from brief.writers.docx.body.anchors import MATTER_SOURCES, MATTER_TERMS
from brief.writers.docx.body.composer import Composer, RunFormat
from brief.writers.docx.body.tables import EM, HEADS, build_table, build_table_gap, ems_to_twips
from brief.writers.docx.reference.styles import WordStyle
from brief.writers.ooxml.elements import Element, word

_COLUMNS = (("Name", Align.START), ("Owner", Align.START), ("What it is", Align.START), ("Mentioned in", Align.END))
_NONE = "–"
_JOINT = "\u00a0· "


def compose_terms(press: Composer, variant: Variant) -> Iterator[Element]:
    """The names that the briefing mentions, as a table; nothing if there are none."""
    if not variant.terms:
        return
    yield _compose_heading(press, MATTER_TERMS, "Who is who")
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
        *(_compose_term(press, term) for term in variant.terms),
    ]
    title = press.catalogue.get("Who is who")
    widths = ems_to_twips(fit_columns(texts, press.width / EM), press.width)
    yield build_table(press, WordStyle.BRIEF_TABLE, widths, rows, header=True, row_heads=True, title=title)
    yield build_table_gap(press)


def _compose_term(press: Composer, term: TermEntry) -> list[tuple[Element, ...]]:
    mentions: list[Element] = []
    for position, number in enumerate(term.mentions):
        mentions += press.text(press.catalogue.get(", ", "list")) if position else []
        mentions.append(
            press.jump(press.anchors.sections[number], press.text(str(number), RunFormat(WordStyle.HYPERLINK)))
        )
    return [
        (
            press.paragraph(WordStyle.TABLE_TEXT, *press.text(term.name)),
            press.paragraph(WordStyle.TABLE_KIND, *press.text(term.kind)),
        ),
        (press.paragraph(WordStyle.TABLE_TEXT, *press.text(term.owner or _NONE)),),
        (press.paragraph(WordStyle.TABLE_TEXT, *press.runs(term.says)),),
        (press.paragraph(WordStyle.TABLE_FIGURE, *mentions),),
    ]


def compose_sources(press: Composer, variant: Variant) -> Iterator[Element]:
    """The source list, with the notes on the evidence below each entry."""
    if not variant.sources:
        return
    yield _compose_heading(press, MATTER_SOURCES, "Sources")
    if variant.rounding:
        yield press.paragraph(WordStyle.SOURCE_NOTE, *press.text(variant.rounding))
    for source in variant.sources:
        yield _compose_source(press, source)
        for note in (*source.links, *source.notes):
            yield press.paragraph(WordStyle.SOURCE_NOTE, *press.runs(note))


def _compose_source(press: Composer, source: SourceEntry) -> Element:
    ordinal = press.text(str(source.number), RunFormat(WordStyle.ORDINAL))
    return press.paragraph(
        WordStyle.SOURCE_ENTRY,
        *press.bookmarked(press.anchors.sources[source.number], ordinal),
        word("r", word("tab")),
        *press.runs(source.title, RunFormat(WordStyle.SOURCE_TITLE)),
        *press.text(_format_details(source)),
    )


def format_reference(source: SourceEntry) -> Runs:
    """The line of a source without its number."""
    return (*source.title, Text(_format_details(source)))


def _format_details(source: SourceEntry) -> str:
    return "".join(f"{_JOINT}{detail}" for detail in (source.author, source.publisher, source.date) if detail)


def _compose_heading(press: Composer, anchor: str, title: str) -> Element:
    words = press.bookmarked(anchor, press.text(press.catalogue.get(title)))
    return press.paragraph(WordStyle.MATTER_HEADING, *words)
