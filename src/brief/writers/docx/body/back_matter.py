"""The back matter: "Who is who" and the list of sources."""

from collections.abc import Iterator, Mapping

from brief.model.align import Align
from brief.model.inline import Runs, Text, to_plain_text
from brief.model.variant import SourceEntry, TermEntry, Variant
from brief.resolve.columns import fit_columns
from brief.writers.docx.body.anchors import MATTER_SOURCES, MATTER_TERMS
from brief.writers.docx.body.composer import Composer, RunFormat
from brief.writers.docx.body.tables import (
    HEADER_STYLES,
    TWIPS_PER_HALF_POINT,
    build_table,
    build_table_gap,
    ems_to_twips,
)
from brief.writers.docx.reference.styles import WordStyle
from brief.writers.ooxml.elements import Element, word

_COLUMNS = (("Name", Align.START), ("What it is", Align.START), ("Mentioned in", Align.END))
_SEPARATOR = "\u00a0·\u00a0"


def compose_terms(composer: Composer, variant: Variant) -> Iterator[Element]:
    """Yields the heading and the table of the terms that the briefing mentions; yields nothing if it mentions none."""
    if not variant.terms:
        return
    yield _compose_heading(composer, MATTER_TERMS, "Who is who")
    ordinals = {section.number: section.ordinal for section in variant.sections}
    headers = [composer.catalogue.get(column) for column, _ in _COLUMNS]
    separator = composer.catalogue.get(", ", "list")
    texts = [
        [headers[0], *(term.name for term in variant.terms)],
        [headers[1], *(to_plain_text(term.says) for term in variant.terms)],
        [headers[2], *(separator.join(ordinals[number] for number in term.mentions) for term in variant.terms)],
    ]
    rows: list[list[tuple[Element, ...]]] = [
        [
            (composer.compose_paragraph(HEADER_STYLES[align], *composer.compose_text(header), keep_next=True),)
            for header, (_, align) in zip(headers, _COLUMNS, strict=True)
        ],
        *(_compose_term(composer, term, ordinals, separator) for term in variant.terms),
    ]
    title = composer.catalogue.get("Who is who")
    em = TWIPS_PER_HALF_POINT * composer.table_size
    widths = ems_to_twips(fit_columns(texts, composer.width / em), composer.width)
    yield build_table(composer, WordStyle.BRIEF_TABLE, widths, rows, head_rows=1, row_heads=True, title=title)
    yield build_table_gap(composer)


def _compose_term(
    composer: Composer, term: TermEntry, ordinals: Mapping[int, str], separator: str
) -> list[tuple[Element, ...]]:
    # A separator is in the link of the number before it, because LibreOffice begins lines with what follows a link.
    mentions = [
        composer.compose_internal_link(
            composer.anchors.sections[number],
            [
                *composer.compose_text(ordinals[number], RunFormat(WordStyle.HYPERLINK)),
                *composer.compose_text(separator if position < len(term.mentions) else ""),
            ],
        )
        for position, number in enumerate(term.mentions, 1)
    ]
    return [
        (composer.compose_paragraph(WordStyle.TABLE_TEXT, *composer.compose_text(term.name)),),
        (
            composer.compose_paragraph(WordStyle.TABLE_TEXT, *composer.compose_runs(term.says)),
            composer.compose_paragraph(
                WordStyle.TABLE_KIND, *composer.compose_text(_SEPARATOR.join(filter(None, (term.kind, term.owner))))
            ),
        ),
        (composer.compose_paragraph(WordStyle.TABLE_FIGURE, *mentions),),
    ]


def compose_sources(composer: Composer, variant: Variant) -> Iterator[Element]:
    """Yields the heading and the source list, with links and notes on the evidence below each entry."""
    if not variant.sources:
        return
    yield _compose_heading(composer, MATTER_SOURCES, "Sources")
    if variant.rounding:
        yield composer.compose_paragraph(WordStyle.SOURCE_NOTE, *composer.compose_text(variant.rounding))
    for source in variant.sources:
        yield _compose_source(composer, source)
        for note in (*source.links, *source.notes):
            yield composer.compose_paragraph(WordStyle.SOURCE_NOTE, *composer.compose_runs(note))


def _compose_source(composer: Composer, source: SourceEntry) -> Element:
    composer.keep_units(source.date or "")
    ordinal = composer.compose_text(str(source.number), RunFormat(WordStyle.ORDINAL))
    return composer.compose_paragraph(
        WordStyle.SOURCE_ENTRY,
        *composer.add_bookmark(composer.anchors.sources[source.number], ordinal),
        word("r", word("tab")),
        *composer.compose_runs(source.title, RunFormat(WordStyle.SOURCE_TITLE)),
        # A line of its own, because Word cannot keep a name whole without characters that a search would not find.
        word("r", word("br")),
        *composer.compose_text(_format_details(source)),
    )


def format_reference(source: SourceEntry) -> Runs:
    """Formats the entry of a source as runs, without its number."""
    return (*source.title, Text(_SEPARATOR + _format_details(source)))


def _format_details(source: SourceEntry) -> str:
    return _SEPARATOR.join(filter(None, (source.author, source.publisher, source.date)))


def _compose_heading(composer: Composer, anchor: str, title: str) -> Element:
    content = composer.add_bookmark(
        anchor, composer.mark_theme_name(composer.compose_text(composer.catalogue.get(title)))
    )
    return composer.compose_paragraph(WordStyle.MATTER_HEADING, *content)
