"""Writes a variant as a Word document."""

from collections.abc import Iterable, Iterator

from docx.document import Document

from brief.model.assets import Image
from brief.model.variant import Section, Variant
from brief.templating.template_set import TemplateSet
from brief.writers.docx.body.anchors import BookmarkNames
from brief.writers.docx.body.back_matter import compose_sources, compose_terms
from brief.writers.docx.body.back_matter import format_reference as reference_line
from brief.writers.docx.body.blocks import compose_block, needs_landscape
from brief.writers.docx.body.columns import ACROSS, BodyPart, lay_out_columns
from brief.writers.docx.body.composer import Composer
from brief.writers.docx.body.pictures import compose_logo
from brief.writers.docx.body.tables import build_table_gap
from brief.writers.docx.body.toc import compose_exhibits, compose_toc
from brief.writers.docx.body.typesetting import forbid_line_starts
from brief.writers.docx.reference.document import open_reference
from brief.writers.docx.reference.languages import Language
from brief.writers.docx.reference.styles import WordStyle
from brief.writers.ooxml.elements import Element, qualified_name
from brief.writers.ooxml.package import serialise_document, set_properties
from brief.writers.result import WriterResult

_TWIPS_PER_POINT = 20
_KEY_TAKEAWAYS = "Key takeaways"


def write(variant: Variant, template_set: TemplateSet) -> WriterResult:
    """The variant as a Word document on the set's `reference.docx`: cover, contents, sections, names and sources.

    The number of pages is unknown, because only Word lays out the pages.

    Raises:
        ContentError: the reference document has errors.
    """
    reference = open_reference(variant, template_set)
    document = reference.document
    language = Language.of(variant.locale)
    press = Composer(
        part=document.part,
        styles=reference.styles,
        language=language,
        catalogue=variant.catalogue,
        look=template_set.look,
        anchors=BookmarkNames.of(variant),
        width=_text_width(document),
        long_width=_text_width(document, landscape=True),
        footnotes=reference.footnotes,
        references={
            source.number: reference_line(source) for source in variant.sources if template_set.look.has_footnotes
        },
    )
    for paragraph in reference.logos:
        _replace_logo_field(press, template_set.look.logo, variant.publisher, paragraph)
    # The body is composed first, because its captions are counted in their order.
    made = {
        "body": lay_out_columns(_compose_body(press, variant), document),
        "introduction": [*_compose_introduction(press, variant), *_compose_changes(press, variant)],
        "contents": _compose_contents(press, variant, template_set),
    }
    if "introduction" not in reference.fields:
        made["body"] = [*made["introduction"], *made["body"]]
    for name, field in reference.fields.items():
        _replace_field(made[name], field)
    press.footnotes.close()
    forbid_line_starts(document.settings.element, language, press.units)
    set_properties(document, variant, language.east_asian if language.is_chinese else language.latin)
    return WriterResult(serialise_document(document, variant), None)


def _compose_contents(press: Composer, variant: Variant, template_set: TemplateSet) -> list[Element]:
    if variant.is_compact and template_set.look.has_compact:
        return []
    contents = [compose_toc(press, variant)]
    # A paper with references at the foot of its pages begins at once.
    return contents if template_set.look.has_footnotes else [*contents, *compose_exhibits(press, variant)]


def _replace_field(elements: Iterable[Element], field: Element) -> None:
    """Replaces the paragraph of the field by the elements."""
    for element in elements:
        field.addprevious(element)
    parent = field.getparent()
    if parent is not None:
        parent.remove(field)


def _replace_logo_field(press: Composer, image: Image | None, publisher: str, paragraph: Element) -> None:
    """Replaces the field that the paragraph consists of by the logo."""
    for run in paragraph.findall(qualified_name("w:r")):
        paragraph.remove(run)
    if image is not None:
        paragraph.append(compose_logo(press, image, publisher))


def _compose_introduction(press: Composer, variant: Variant) -> list[Element]:
    if not variant.introduction:
        return []
    return [press.paragraph(WordStyle.INTRODUCTION, *press.runs(variant.introduction))]


def _compose_changes(press: Composer, variant: Variant) -> Iterator[Element]:
    if variant.changes is None:
        return
    yield press.paragraph(WordStyle.TAKEAWAY_HEADING, *press.text(variant.changes.title))
    for entry in variant.changes.entries:
        yield press.paragraph(WordStyle.TAKEAWAY, *press.runs(entry))
    yield build_table_gap(press)


def _compose_body(press: Composer, variant: Variant) -> Iterator[BodyPart]:
    for section in variant.sections:
        yield BodyPart(list(_compose_opening(press, section)), across=True)
        for block in section.blocks:
            across, landscape = isinstance(block, ACROSS), needs_landscape(press, block)
            yield BodyPart(compose_block(press, block), across=across, landscape=landscape)
    yield BodyPart(list(compose_terms(press, variant)), across=True)
    yield BodyPart(list(compose_sources(press, variant)), across=True)


def _compose_opening(press: Composer, section: Section) -> Iterator[Element]:
    anchor = press.anchors.sections[section.number]
    yield press.paragraph(WordStyle.HEADING_1, *press.bookmarked(anchor, press.runs(section.title)))
    yield press.paragraph(WordStyle.LEAD, *press.runs(section.summary), keep_next=bool(section.takeaways))
    if section.takeaways:
        yield press.paragraph(WordStyle.TAKEAWAY_HEADING, *press.text(press.catalogue.get(_KEY_TAKEAWAYS)))
        for takeaway in section.takeaways:
            yield press.paragraph(WordStyle.TAKEAWAY, *press.runs(takeaway))
        yield build_table_gap(press)


def _text_width(document: Document, *, landscape: bool = False) -> int:
    """The width between the margins of the last section, or of its pages in landscape, in twentieths of a point."""
    page = document.sections[-1]
    edges = (page.page_height if landscape else page.page_width, page.left_margin, page.right_margin)
    width, left, right = (length.pt if length is not None else 0.0 for length in edges)
    return round((width - left - right) * _TWIPS_PER_POINT)
