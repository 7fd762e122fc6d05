"""The contents, filled in before Word opens the document.

Page numbers are known only once a page is laid out, and a wrong number is worse than none: the entries are links
without numbers, and the field says so with its \\n switch, so that updating it in Word gives the same again.
"""

from brief.model.inline import plain_text
from brief.model.variant import Variant
from brief.writers.docx.body.anchors import MATTER_SOURCES, MATTER_TERMS
from brief.writers.docx.body.composer import Compositor, Format
from brief.writers.docx.reference.styles import Style
from brief.writers.ooxml.elements import Element, field_end, field_start, word

_CODE = 'TOC \\o "1-1" \\n \\h \\z \\u'


def contents(press: Compositor, variant: Variant) -> Element:
    """Heading and entries in the frame that Word offers to update (17.5.2.12)."""
    entries = list(_entries(press, variant))
    made = []
    for at, (style, anchor, content) in enumerate(entries):
        link = press.jump(anchor, content)
        before = field_start(_CODE) if at == 0 else []
        after = [field_end()] if at == len(entries) - 1 else []
        made.append(press.paragraph(style, *before, link, *after))
    heading = press.paragraph(Style.TOC_HEADING, *press.text(press.catalogue.get("Contents")))
    frame = word(
        "sdtPr",
        word("docPartObj", word("docPartGallery", val="Table of Contents"), word("docPartUnique")),
    )
    return word("sdt", frame, word("sdtContent", heading, *made))


def _entries(press: Compositor, variant: Variant) -> list[tuple[Style, str, list[Element]]]:
    """Style, bookmark and words of each entry: sections with their numbers, and the lists at the end."""
    found: list[tuple[Style, str, list[Element]]] = []
    for section in variant.sections:
        number = [*press.text(str(section.number), Format(Style.ORDINAL)), word("r", word("tab"))]
        title = press.text(plain_text(section.title))
        found.append((Style.TOC_1, press.anchors.sections[section.number], [*number, *title]))
    for entries, anchor, message in (
        (variant.terms, MATTER_TERMS, "Who is who"),
        (variant.sources, MATTER_SOURCES, "Sources"),
    ):
        if entries:
            found.append((Style.TOC_1, anchor, [word("r", word("tab")), *press.text(press.catalogue.get(message))]))
    return found
