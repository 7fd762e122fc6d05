"""From a variant to a Word document."""

from collections.abc import Iterable, Iterator

from docx.document import Document

from brief.model.assets import Image
from brief.model.variant import Section, Variant
from brief.templating.template_set import TemplateSet
from brief.writers.docx.body.anchors import Anchors
from brief.writers.docx.body.back_matter import reference as reference_line
from brief.writers.docx.body.back_matter import sources, terms
from brief.writers.docx.body.blocks import composed
from brief.writers.docx.body.columns import ACROSS, Part, in_columns
from brief.writers.docx.body.composer import Compositor
from brief.writers.docx.body.pictures import logo
from brief.writers.docx.body.tables import gap
from brief.writers.docx.body.toc import contents
from brief.writers.docx.body.typesetting import keep_undivided
from brief.writers.docx.reference.document import opened
from brief.writers.docx.reference.languages import Language
from brief.writers.docx.reference.styles import Style
from brief.writers.formats import Written
from brief.writers.ooxml.elements import Element, qualified
from brief.writers.ooxml.package import closed, set_properties

_TWIPS_PER_POINT = 20
_KEY_TAKEAWAYS = "Key takeaways"


def write(variant: Variant, look_set: TemplateSet) -> Written:
    """The variant as a Word document on the set's `reference.docx`: cover, contents, sections, names and sources.

    The number of pages is not known, as Word alone lays the pages out.

    Raises:
        ContentError: the reference document has faults.
    """
    reference = opened(variant, look_set)
    document = reference.document
    language = Language.of(variant.locale)
    press = Compositor(
        part=document.part,
        styles=reference.styles,
        language=language,
        catalogue=variant.catalogue,
        look=look_set.look,
        anchors=Anchors.of(variant),
        width=_text_width(document),
        footnotes=reference.footnotes,
        references={source.number: reference_line(source) for source in variant.sources if look_set.look.has_footnotes},
    )
    for paragraph in reference.logos:
        _put_logo(press, look_set.look.logo, variant.publisher, paragraph)
    # The body comes first: its captions are counted in the order in which they stand.
    made = {
        "body": in_columns(_body(press, variant), document),
        "introduction": [*_introduction(press, variant), *_changes(press, variant)],
        "contents": [] if variant.is_compact and look_set.look.has_compact else [contents(press, variant)],
    }
    if "introduction" not in reference.fields:
        made["body"] = [*made["introduction"], *made["body"]]
    for name, field in reference.fields.items():
        _put(made[name], field)
    press.footnotes.close()
    keep_undivided(document.settings.element, language, press.units)
    set_properties(document, variant, language.east_asian if language.is_chinese else language.latin)
    return Written(closed(document, variant), None)


def _put(elements: Iterable[Element], field: Element) -> None:
    """Puts the elements where the field's paragraph stands, which then goes."""
    for element in elements:
        field.addprevious(element)
    parent = field.getparent()
    if parent is not None:
        parent.remove(field)


def _put_logo(press: Compositor, image: Image | None, publisher: str, paragraph: Element) -> None:
    """Puts the logo in the place of the field that the paragraph consists of."""
    for run in paragraph.findall(qualified("w:r")):
        paragraph.remove(run)
    if image is not None:
        paragraph.append(logo(press, image, publisher))


def _introduction(press: Compositor, variant: Variant) -> list[Element]:
    if not variant.introduction:
        return []
    return [press.paragraph(Style.INTRODUCTION, *press.runs(variant.introduction))]


def _changes(press: Compositor, variant: Variant) -> Iterator[Element]:
    if variant.changes is None:
        return
    yield press.paragraph(Style.TAKEAWAY_HEADING, *press.text(variant.changes.title))
    for entry in variant.changes.entries:
        yield press.paragraph(Style.TAKEAWAY, *press.runs(entry))
    yield gap(press)


def _body(press: Compositor, variant: Variant) -> Iterator[Part]:
    for section in variant.sections:
        yield Part(list(_opening(press, section)), across=True)
        for block in section.blocks:
            yield Part(composed(press, block), across=isinstance(block, ACROSS))
    yield Part(list(terms(press, variant)), across=True)
    yield Part(list(sources(press, variant)), across=True)


def _opening(press: Compositor, section: Section) -> Iterator[Element]:
    anchor = press.anchors.sections[section.number]
    yield press.paragraph(Style.HEADING_1, *press.bookmarked(anchor, press.runs(section.title)))
    yield press.paragraph(Style.LEAD, *press.runs(section.summary), keep_next=bool(section.takeaways))
    if section.takeaways:
        yield press.paragraph(Style.TAKEAWAY_HEADING, *press.text(press.catalogue.get(_KEY_TAKEAWAYS)))
        for takeaway in section.takeaways:
            yield press.paragraph(Style.TAKEAWAY, *press.runs(takeaway))
        yield gap(press)


def _text_width(document: Document) -> int:
    """The width between the margins of the last section, in twentieths of a point."""
    page = document.sections[-1]
    edges = (page.page_width, page.left_margin, page.right_margin)
    width, left, right = (length.pt if length is not None else 0.0 for length in edges)
    return round((width - left - right) * _TWIPS_PER_POINT)
