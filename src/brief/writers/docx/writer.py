"""Writes a variant as a Word document."""

from collections.abc import Iterable, Iterator
from functools import partial

from docx.document import Document

from brief.model.assets import Image
from brief.model.variant import Section, Table, Variant
from brief.templating.template_set import TemplateSet
from brief.writers.docx.body.anchors import BookmarkNames
from brief.writers.docx.body.back_matter import compose_sources, compose_terms, format_reference
from brief.writers.docx.body.blocks import compose_block
from brief.writers.docx.body.columns import BodyPart, count_columns, lay_out_columns, measure_column, spans_columns
from brief.writers.docx.body.composer import Composer
from brief.writers.docx.body.landscape_pages import PageWidths, arrange_landscape_pages, indent_from_right
from brief.writers.docx.body.numbering import add_appendix_numbering
from brief.writers.docx.body.openings import compose_opening, keep_opening
from brief.writers.docx.body.page_meter import PageMeter, make_meters
from brief.writers.docx.body.pictures import compose_logo
from brief.writers.docx.body.tables import build_table_gap, needs_landscape
from brief.writers.docx.body.toc import compose_exhibits, compose_toc, start_page
from brief.writers.docx.body.typesetting import enable_hyphenation, set_line_break_rules
from brief.writers.docx.reference.document import open_reference
from brief.writers.docx.reference.languages import Language
from brief.writers.docx.reference.styles import WordStyle
from brief.writers.front_matter import fills_front_page
from brief.writers.landscape import find_landscape_blocks, has_text_after
from brief.writers.ooxml.elements import Element, qualify_name
from brief.writers.ooxml.package import serialise_document, set_properties
from brief.writers.result import WriterResult

_TWIPS_PER_POINT = 20
# The height of a caption and of the line below a drawing together, in twentieths of a point.
_CAPTION_HEIGHT = 1300
# The least size of text in tables that widths are computed for, in half points: fonts that are substituted are wider.
_TABLE_SIZE = 18


def write(variant: Variant, template_set: TemplateSet) -> WriterResult:
    """Writes the variant as a Word document on the set's `reference.docx`: cover, contents, sections, names and
    sources.

    The number of pages is unknown, because only Word lays out the pages.

    Raises:
        ContentError: the reference document has errors, or a chart or picture cannot be drawn.
    """
    reference = open_reference(variant, template_set)
    document = reference.document
    language = Language.from_locale(variant.locale)
    meters = make_meters(document.styles.element, _measure_text_height(document))
    composer = Composer(
        part=document.part,
        styles=reference.styles,
        language=language,
        catalogue=variant.catalogue,
        look=template_set.look,
        anchors=BookmarkNames.from_variant(variant),
        width=_measure_text_width(document),
        height=_measure_text_height(document) - _CAPTION_HEIGHT,
        long_width=_measure_text_width(document, landscape=True),
        column_width=measure_column(document, _measure_text_width(document)),
        table_size=max(_TABLE_SIZE, meters[0].get_size(reference.styles[WordStyle.TABLE_TEXT])),
        footnotes=reference.footnotes,
        references={
            source.number: format_reference(source) for source in variant.sources if template_set.look.has_footnotes
        },
    )
    for paragraph in reference.logos:
        _replace_logo_field(composer, template_set.look.logo, variant.publisher, paragraph)
    # Sets with footnote references have no contents page, and neither do short variants.
    has_contents = not (variant.is_compact and template_set.look.has_compact)
    starts_page = (
        has_contents and not template_set.look.has_footnotes and fills_front_page(variant, lists_exhibits=True)
    )
    # The body is composed first, because its captions are counted in their order.
    parts = list(_compose_body(composer, variant, meters[-1], starts_page=starts_page))
    introduction = [*_compose_introduction(composer, variant), *_compose_changes(composer, variant)]
    has_field = "introduction" in reference.fields
    composed = {
        "introduction": introduction,
        "contents": _compose_contents(composer, variant, template_set) if has_contents else [],
    }
    for name in composed.keys() & reference.fields.keys():
        _replace_field(composed[name], reference.fields[name])
    body = reference.fields["body"]
    widths = PageWidths(
        page=composer.width,
        column=composer.column_width,
        columns=count_columns(document),
        landscape=composer.long_width,
        landscape_height=_measure_text_height(document, landscape=True),
    )
    front = list(reversed(list(body.itersiblings(preceding=True))))
    for meter in meters:
        meter.add_front(front, composer.width, document.sections[-1]._sectPr)
        if starts_page:
            meter.start_page()
    laid_out = lay_out_columns(
        arrange_landscape_pages(parts, meters, widths), document, composer.long_width / composer.width
    )
    _replace_field(laid_out if has_field else [*introduction, *laid_out], body)
    composer.footnotes.close()
    set_line_break_rules(document.settings.element, language, composer.units)
    enable_hyphenation(document.settings.element, language)
    set_properties(document, variant, language.document_tag)
    return WriterResult(serialise_document(document, variant), None)


def _compose_contents(composer: Composer, variant: Variant, template_set: TemplateSet) -> list[Element]:
    contents = list(compose_toc(composer, variant))
    # Sets with footnote references have no list of exhibits.
    return contents if template_set.look.has_footnotes else [*contents, *compose_exhibits(composer, variant)]


def _replace_field(elements: Iterable[Element], field: Element) -> None:
    """Replaces the paragraph of the field with the elements."""
    for element in elements:
        field.addprevious(element)
    parent = field.getparent()
    if parent is not None:
        parent.remove(field)


def _replace_logo_field(composer: Composer, image: Image | None, publisher: str, paragraph: Element) -> None:
    """Replaces the field of which the paragraph consists with the logo."""
    for run in paragraph.findall(qualify_name("w:r")):
        paragraph.remove(run)
    if image is not None:
        paragraph.append(compose_logo(composer, image, publisher))


def _compose_introduction(composer: Composer, variant: Variant) -> list[Element]:
    if not variant.introduction:
        return []
    return [composer.compose_paragraph(WordStyle.INTRODUCTION, *composer.compose_runs(variant.introduction))]


def _compose_changes(composer: Composer, variant: Variant) -> Iterator[Element]:
    if variant.changes is None:
        return
    yield composer.compose_paragraph(WordStyle.TAKEAWAY_HEADING, *composer.compose_text(variant.changes.title))
    for entry in variant.changes.entries:
        yield composer.compose_paragraph(WordStyle.TAKEAWAY, *composer.compose_runs(entry))
    yield build_table_gap(composer)


def _compose_body(composer: Composer, variant: Variant, meter: PageMeter, *, starts_page: bool) -> Iterator[BodyPart]:
    """Yields the sections and the back matter. If `starts_page`, the first section starts a page. `meter` measures
    openings.
    """
    letters = None
    if any(section.letter for section in variant.sections):
        letters = add_appendix_numbering(composer.part, composer.styles[WordStyle.HEADING_1])
    for number, section in enumerate(variant.sections):
        opening = compose_opening(composer, section, letters)
        if number == 0 and starts_page:
            start_page(opening[0])
        parts = list(_compose_blocks(composer, section))
        after = parts[0] if parts else None
        keep_opening(composer, opening, len(section.takeaways), after, meter)
        yield BodyPart(opening, across=True)
        yield from parts
    yield BodyPart(list(compose_terms(composer, variant)), across=True)
    yield BodyPart(list(compose_sources(composer, variant)), across=True)


def _compose_blocks(composer: Composer, section: Section) -> Iterator[BodyPart]:
    landscapes = find_landscape_blocks(section.blocks, partial(needs_landscape, composer))
    for block, landscape in zip(section.blocks, landscapes, strict=True):
        elements = compose_block(composer, block, at_end=not has_text_after(section.blocks, block))
        if landscape and not isinstance(block, Table):
            indent_from_right(elements, composer.long_width - composer.width)
        yield BodyPart(elements, across=landscape or spans_columns(block), landscape=landscape, block=block)


def _measure_text_height(document: Document, *, landscape: bool = False) -> int:
    """Returns the height between the margins of the last section's pages, or of the same pages in landscape, in
    twentieths of a point.
    """
    page = document.sections[-1]
    edges = (page.page_width if landscape else page.page_height, page.top_margin, page.bottom_margin)
    height, top, bottom = (0.0 if length is None else float(length.pt) for length in edges)
    return round((height - top - bottom) * _TWIPS_PER_POINT)


def _measure_text_width(document: Document, *, landscape: bool = False) -> int:
    """Returns the width between the margins of the last section's pages, or of the same pages in landscape, in
    twentieths of a point.
    """
    page = document.sections[-1]
    edges = (page.page_height if landscape else page.page_width, page.left_margin, page.right_margin)
    width, left, right = (0.0 if length is None else float(length.pt) for length in edges)
    return round((width - left - right) * _TWIPS_PER_POINT)
