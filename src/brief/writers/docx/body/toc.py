"""The contents, filled in before Word opens the document.

Page numbers are not known before Word lays out the pages, and a wrong number is worse than none: the entries are links
without numbers, and the \\n switch of the field keeps it so when Word updates it.
"""

from brief.model.inline import plain_text
from brief.model.variant import Variant
from brief.writers.docx.body.anchors import MATTER_SOURCES, MATTER_TERMS
from brief.writers.docx.body.composer import Composer, RunFormat
from brief.writers.docx.reference.styles import WordStyle
from brief.writers.ooxml.elements import Element, begin_field, end_field, word

_CODE = 'TOC \\o "1-1" \\n \\h \\z \\u'


def compose_toc(composer: Composer, variant: Variant) -> Element:
    """Heading and entries in the frame that Word offers to update (17.5.2.12)."""
    entries = list(_list_entries(composer, variant))
    made = []
    for at, (style, anchor, content) in enumerate(entries):
        link = composer.jump(anchor, content)
        before = begin_field(_CODE) if at == 0 else []
        after = [end_field()] if at == len(entries) - 1 else []
        made.append(composer.paragraph(style, *before, link, *after))
    heading = composer.paragraph(WordStyle.TOC_HEADING, *composer.text(composer.catalogue.get("Contents")))
    frame = word(
        "sdtPr",
        word("docPartObj", word("docPartGallery", val="Table of Contents"), word("docPartUnique")),
    )
    return word("sdt", frame, word("sdtContent", heading, *made))


def compose_exhibits(composer: Composer, variant: Variant) -> list[Element]:
    """The tables and figures as links, under a heading; nothing where there are none.

    No field: Word's own list (17.16.5.68, switch `\\c`) would repeat captions with their citations.
    """
    exhibits = variant.exhibits()
    if not exhibits:
        return []
    heading = composer.paragraph(WordStyle.TOC_HEADING, *composer.text(composer.catalogue.get("Tables and figures")))
    made = [heading]
    for exhibit in exhibits:
        label = composer.text(exhibit.label, RunFormat(WordStyle.ORDINAL))
        content = [*label, *composer.text(f"\u2002{exhibit.title}")]
        made.append(
            composer.paragraph(WordStyle.TABLE_TEXT, composer.jump(composer.anchors.blocks[exhibit.id], content))
        )
    return made


def _list_entries(composer: Composer, variant: Variant) -> list[tuple[WordStyle, str, list[Element]]]:
    """Style, bookmark and words of each entry: sections with their numbers, and the lists at the end."""
    found: list[tuple[WordStyle, str, list[Element]]] = []
    for section in variant.sections:
        number = [*composer.text(section.ordinal, RunFormat(WordStyle.ORDINAL)), word("r", word("tab"))]
        title = composer.text(plain_text(section.title))
        found.append((WordStyle.TOC_1, composer.anchors.sections[section.number], [*number, *title]))
    for entries, anchor, message in (
        (variant.terms, MATTER_TERMS, "Who is who"),
        (variant.sources, MATTER_SOURCES, "Sources"),
    ):
        if entries:
            found.append(
                (WordStyle.TOC_1, anchor, [word("r", word("tab")), *composer.text(composer.catalogue.get(message))])
            )
    return found
