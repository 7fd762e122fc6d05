"""Composes the opening of a section, and keeps it together on a page, and with the text after it."""

from collections.abc import Sequence

from brief.model.variant import Section
from brief.writers.docx.body.blocks import begin_page
from brief.writers.docx.body.columns import BodyPart, spans_columns
from brief.writers.docx.body.composer import Composer, keep_with_next
from brief.writers.docx.body.page_meter import PageMeter
from brief.writers.docx.body.tables import build_table_gap
from brief.writers.docx.reference.styles import WordStyle
from brief.writers.ooxml.elements import Element

_KEY_TAKEAWAYS = "Key takeaways"
# The share of a page that may be kept together: what is kept moves to the next page if it does not fit, and leaves so
# much of the page before it empty. The second number is for the least that an opening is kept with: the heading, the
# summary and the first takeaway, or a low opening and the start of text; the third is the same for landscape looks.
_MAX_KEPT, _MAX_START, _MAX_START_ON_LOW_PAGE = 0.325, 0.4, 0.45


def compose_opening(composer: Composer, section: Section, letters: int | None) -> list[Element]:
    """Composes the heading, summary and takeaways of a section. `letters` is the id of the numbering of appendices, if
    there is one. The takeaways end with an empty paragraph.
    """
    anchor = composer.anchors.sections[section.number]
    title = composer.add_bookmark(anchor, composer.mark_theme_name(composer.compose_heading(section.title)))
    heading = composer.compose_paragraph(WordStyle.HEADING_1, *title, numbering=letters if section.letter else None)
    opening = begin_page(composer, [heading]) if section.page_break else [heading]
    opening.append(composer.compose_paragraph(WordStyle.LEAD, *composer.compose_runs(section.summary)))
    if section.takeaways:
        label = composer.compose_text(composer.catalogue.get(_KEY_TAKEAWAYS))
        opening += [
            composer.compose_paragraph(WordStyle.TAKEAWAY_HEADING, *label),
            *(
                composer.compose_paragraph(WordStyle.TAKEAWAY, *composer.compose_runs(takeaway))
                for takeaway in section.takeaways
            ),
            build_table_gap(composer),
        ]
    return opening


def keep_opening(
    composer: Composer, opening: Sequence[Element], takeaways: int, after: BodyPart | None, meter: PageMeter
) -> None:
    """Keeps an opening with so many `takeaways` on one page with the start of the block `after` it, if they are low
    enough.

    Otherwise the takeaways may continue on the next page: the first of them stay with the heading, and the last one with
    text after it. `meter` measures elements. Modifies the paragraphs.
    """
    width = composer.width
    max_start = _MAX_START_ON_LOW_PAGE if composer.look.is_landscape else _MAX_START

    def measure(elements: Sequence[Element]) -> float:
        return meter.measure(elements, width) / meter.height

    block = None if after is None or after.landscape else after.block
    is_followed = block is not None and not block.page_break
    start = meter.measure_start(after.elements, width) / meter.height if after is not None else 0.0
    whole = measure(opening)
    is_text = block is not None and is_followed and not spans_columns(block)
    if is_followed and whole + start <= (max_start if is_text else _MAX_KEPT):
        _keep(opening)
        return
    # The empty paragraph after takeaways is no part of them.
    filled = opening[:-1] if takeaways else opening
    if whole <= _MAX_KEPT:
        _keep(filled[:-1])
    elif takeaways:
        first = len(filled) - takeaways + 1
        if measure(filled[:first]) <= max_start:
            last = max(len(filled) - 1, first)
            fitting = [end for end in range(first, last + 1) if measure(filled[:end]) <= _MAX_KEPT]
            _keep(filled[: max(fitting, default=first) - 1])
        if is_text and takeaways > 1 and measure(opening[-2:]) + start <= _MAX_KEPT:
            _keep(opening[-2:])


def _keep(paragraphs: Sequence[Element]) -> None:
    """Keeps each of the paragraphs on the page of the element after it."""
    for paragraph in paragraphs:
        keep_with_next(paragraph)
