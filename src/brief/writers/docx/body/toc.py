"""The table of contents: entries that link to what they name, each with its page number.

Page numbers are not known before a word processor lays out the pages with the fonts of its machine, and a wrong
number is worse than none: each is a field without a result that is marked as outdated (17.16.18, `dirty`), so that Word
updates it when it opens the document. LibreOffice counts such fields too, but none inside a TOC field (17.16.5.68),
whose contents it shows as they are written. Therefore the entries are not in a TOC field.
"""

from collections.abc import Iterator

from brief.model.inline import to_plain_text
from brief.model.variant import Variant
from brief.writers.docx.body.anchors import MATTER_SOURCES, MATTER_TERMS
from brief.writers.docx.body.composer import Composer, RunFormat
from brief.writers.docx.reference.styles import WordStyle
from brief.writers.ooxml.elements import Element, begin_field, end_field, qualify_name, word


def compose_toc(composer: Composer, variant: Variant) -> Iterator[Element]:
    """Composes the heading and the entries of the contents."""
    title = composer.mark_theme_name(composer.compose_text(composer.catalogue.get("Contents")))
    yield composer.compose_paragraph(WordStyle.TOC_HEADING, *title)
    for style, anchor, content, second_line in _list_entries(composer, variant):
        link = composer.compose_internal_link(
            anchor, [*content, word("r", word("tab")), *_make_page_field(anchor), *second_line]
        )
        yield _end_at_margin(composer.compose_paragraph(style, link), composer.width)


def compose_exhibits(composer: Composer, variant: Variant) -> list[Element]:
    """Composes the list of tables and figures, as links under a heading; empty if there are none.

    Word's own list of them (17.16.5.68, switch `\\c`) would repeat captions with their citations.
    """
    exhibits = variant.list_exhibits()
    if not exhibits:
        return []
    heading = composer.compose_paragraph(
        WordStyle.TOC_HEADING, *composer.compose_text(composer.catalogue.get("Tables and figures"))
    )
    elements = [heading]
    for exhibit in exhibits:
        label = composer.compose_text(exhibit.label, RunFormat(WordStyle.ORDINAL))
        content = [*label, *composer.compose_text(f"\u2002{exhibit.title}")]
        anchor = composer.anchors.blocks[exhibit.id]
        link = composer.compose_internal_link(anchor, [*content, word("r", word("tab")), *_make_page_field(anchor)])
        elements.append(_end_at_margin(composer.compose_paragraph(WordStyle.TABLE_TEXT, link), composer.width))
    return elements


def start_page(paragraph: Element) -> None:
    """Makes a paragraph begin a page (17.3.1.23), at its top like those that begin one by chance."""
    _set_property(paragraph, word("spacing", before=0))
    _set_property(paragraph, word("pageBreakBefore"))


def _make_page_field(anchor: str) -> list[Element]:
    """Returns a field for the page number of a bookmark, which Word fills in (17.16.5.43)."""
    field = begin_field(f"PAGEREF {anchor} \\h")
    field[0][-1].set(qualify_name("w:dirty"), "true")
    return [*field, end_field()]


def _end_at_margin(paragraph: Element, width: int) -> Element:
    """Returns the paragraph with a tab stop at the margin for its page number."""
    _set_property(paragraph, word("tabs", word("tab", val="right", pos=width)))
    return paragraph


def _set_property(paragraph: Element, added: Element) -> None:
    """Adds a property that the schema puts after the style, `keepNext` and `keepLines` (17.3.1.26)."""
    properties = paragraph[0]
    before = (qualify_name(f"w:{name}") for name in ("pStyle", "keepNext", "keepLines"))
    properties.insert(sum(len(properties.findall(tag)) for tag in before), added)


def _list_entries(
    composer: Composer, variant: Variant
) -> Iterator[tuple[WordStyle, str, list[Element], list[Element]]]:
    """Yields the style, the bookmark, the first and the second line of each entry: first the sections, then the back
    matter. The second line may be empty.
    """
    for section in variant.sections:
        number = [*composer.compose_text(section.ordinal, RunFormat(WordStyle.ORDINAL)), word("r", word("tab"))]
        title, second_line = composer.compose_text(to_plain_text(section.title)), []
        if section.finding:
            second_line = [word("r", word("br")), *composer.compose_text(to_plain_text(section.finding))]
        yield WordStyle.TOC_1, composer.anchors.sections[section.number], [*number, *title], second_line
    for entries, anchor, message in (
        (variant.terms, MATTER_TERMS, "Who is who"),
        (variant.sources, MATTER_SOURCES, "Sources"),
    ):
        if entries:
            heading = composer.compose_text(composer.catalogue.get(message))
            yield WordStyle.TOC_1, anchor, [word("r", word("tab")), *heading], []
