"""Arranges the body around landscape pages, so that no page before or beside a wide table is largely empty.

In Word, text cannot flow on before the table of the next page. So text that follows a wide table is set before it, as
much as fills the page according to estimates for several fonts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, takewhile

from brief.model.record import dataclass
from brief.model.variant import Callout, Chart, Figure, ListBlock, Paragraph, Prose, Quote, Table, Vega
from brief.writers.docx.body.columns import BodyPart, spans_columns
from brief.writers.docx.body.page_meter import PageMeter
from brief.writers.ooxml.elements import Element, qualify_name, word

# A page that is estimated to be less empty is left alone.
_MAX_EMPTY = 0.25
# Errors of the estimates add up: after so many pages since the start of a page was known, nothing is moved.
_MAX_PAGES = 6
# Text is moved only if the page is fuller by at least this share of it, for the font for which it is emptiest.
_MIN_GAIN = 0.1
# By how much of a page the estimates may err.
_ERRORS = (-0.04, 0.0, 0.05)
# So many tables or drawings after a wide table may be passed by text that is set before it.
_MAX_FIGURES = 2
# The part of a landscape page that is filled at most, and the pages of a table whose end is known well enough.
_MAX_FILLED, _MAX_TABLE_PAGES = 0.96, 2
# A text is divided after so many paragraphs or more.
_MIN_ELEMENTS = 2
_NOTE = qualify_name("w:footnoteReference")
_OWN_MARK = qualify_name("w:customMarkFollows")


@dataclass(frozen=True, slots=True)
class PageWidths:
    """The widths of text in twentieths of a point: of the page, of each of its `columns`, and of a landscape page; and
    the height of text on a landscape page.
    """

    page: int
    column: int
    columns: int
    landscape: int
    landscape_height: int


def arrange_landscape_pages(
    parts: Sequence[BodyPart], meters: Sequence[PageMeter], widths: PageWidths
) -> Iterator[BodyPart]:
    """Yields the parts in the order in which they are printed: text after wide tables may be before them. Text, tables
    and timelines that fit below a wide table are on its page, where they are as wide as on other pages.

    `meters` are at the place where the first part begins.
    """
    if not any(part.landscape for part in parts):
        yield from parts
        return
    for has_blocks, group in groupby(parts, lambda part: part.block is not None):
        found = list(group)
        for part in _arrange_section(found, meters, widths) if has_blocks else found:
            _follow(meters, part, widths)
            yield part


def _arrange_section(parts: list[BodyPart], meters: Sequence[PageMeter], widths: PageWidths) -> Iterator[BodyPart]:
    """Yields the parts of a section's blocks in the order in which they are printed."""
    ahead = [meter.copy() for meter in meters]
    ordered: list[BodyPart] = []
    rest = list(parts)
    while rest:
        if rest[0].landscape:
            count = next((index for index, part in enumerate(rest) if not part.landscape), len(rest))
            # Figures that follow the table stay behind it, in their order.
            figures = takewhile(lambda part: part.block is not None and spans_columns(part.block), rest[count:])
            count += min(len(list(figures)), _MAX_FIGURES)
            is_set = rest[0].block is not None and rest[0].block.page_break
            # In columns, LibreOffice leaves pages with notes empty before a section that begins a page.
            notes = widths.columns > 1 or any(_has_counted_notes(part) for part in rest[:count])
            moved = 0 if is_set else _choose_text(rest[count:], ahead, widths, keeps_notes=notes)
            rest = [*rest[count : count + moved], *rest[:count], *rest[count + moved :]]
            for part in rest[: moved + count]:
                _follow(ahead, part, widths)
            ordered += rest[: moved + count]
            rest = rest[moved + count :]
            continue
        _follow(ahead, rest[0], widths)
        ordered.append(rest.pop(0))
    yield from _fill_landscape_pages(ordered, meters, widths)


def _fill_landscape_pages(
    parts: Sequence[BodyPart], meters: Sequence[PageMeter], widths: PageWidths
) -> Iterator[BodyPart]:
    """Yields the parts; those that certainly fit below landscape ones are on their pages."""
    below: list[PageMeter] = []
    for part in parts:
        if part.landscape:
            below = below or [replace(meter, height=widths.landscape_height, used=0.0, pages=0) for meter in meters]
            for meter in below:
                is_table = isinstance(part.block, Table)
                meter.add(part.elements, widths.landscape if is_table else widths.page)
            yield part
            continue
        if below and _fits_below(part, below, widths):
            indent_from_right(part.elements, widths.landscape - widths.page)
            yield replace(part, across=True, landscape=True)
            continue
        count = _count_elements_below(part, below, widths) if below else 0
        if count:
            indent_from_right(part.elements[:count], widths.landscape - widths.page)
            yield replace(part, elements=part.elements[:count], across=True, landscape=True)
        below = []
        yield replace(part, elements=part.elements[count:])


def _fits_below(part: BodyPart, meters: Sequence[PageMeter], widths: PageWidths) -> bool:
    """Returns whether a part fits on the landscape page at which all meters are, which it is added to if it does."""
    if isinstance(part.block, Chart | Figure | Vega) or part.block is None or part.block.page_break:
        return False
    ahead = [meter.copy() for meter in meters]
    for meter in ahead:
        meter.add(part.elements, widths.page)
    if not _are_on_page(ahead, meters):
        return False
    for meter in meters:
        meter.add(part.elements, widths.page)
    return True


def _count_elements_below(part: BodyPart, meters: Sequence[PageMeter], widths: PageWidths) -> int:
    """Returns how many of the first elements of a text fit on the landscape page at which all meters are, or 0 if it may
    not be divided there.
    """
    if not isinstance(part.block, Prose | ListBlock) or part.block.page_break:
        return 0
    count, ahead = 0, [meter.copy() for meter in meters]
    for position, element in enumerate(part.elements[:-1], start=1):
        for meter in ahead:
            meter.add([element], widths.page)
        if not _are_on_page(ahead, meters):
            break
        if position >= _MIN_ELEMENTS and not meters[0].is_kept(element):
            count = position
    return count


def _are_on_page(ahead: Sequence[PageMeter], meters: Sequence[PageMeter]) -> bool:
    """Returns whether the meters `ahead` are certainly on the same landscape page as `meters`."""
    pages = [meter.pages for meter in meters]
    # Where a table of many pages ends is not known.
    if max(pages) > min(pages) or max(pages) > _MAX_TABLE_PAGES:
        return False
    return all(
        meter.pages == page and meter.used <= _MAX_FILLED * meter.height
        for meter, page in zip(ahead, pages, strict=True)
    )


def _choose_text(
    after: Sequence[BodyPart], meters: Sequence[PageMeter], widths: PageWidths, *, keeps_notes: bool
) -> int:
    """Returns how many of the parts after a wide table are set before it. `keeps_notes` says that text with
    notes of authors is not.
    """
    if any(meter.pages > _MAX_PAGES for meter in meters):
        return 0
    ahead = [meter.copy() for meter in meters]
    emptiest = [_measure_emptiest(ahead)]
    if emptiest[0] < _MAX_EMPTY:
        return 0
    for part in after:
        if not _can_move(part) or (keeps_notes and _has_counted_notes(part)):
            break
        _follow(ahead, part, widths)
        emptiest.append(_measure_emptiest(ahead))
    best = min(range(len(emptiest)), key=emptiest.__getitem__)
    return best if emptiest[best] < emptiest[0] - _MIN_GAIN else 0


def _measure_emptiest(meters: Sequence[PageMeter]) -> float:
    """Returns the largest share of the last page that may be empty, if each meter may err a little: a page that seems
    full may have its last lines on the next page.
    """
    shares = [meter.used / meter.height + error for meter in meters for error in _ERRORS]
    return max(1 - (share if share <= 1 else share - 1) for share in shares)


def _can_move(part: BodyPart) -> bool:
    """Returns whether a part is text that may be before a table."""
    return (
        isinstance(part.block, Paragraph | ListBlock | Callout | Quote | Prose)
        and not part.landscape
        and not part.block.page_break
    )


def _has_counted_notes(part: BodyPart) -> bool:
    """Returns whether a part has notes of authors, which Word counts in their order."""
    return any(_OWN_MARK not in note.attrib for element in part.elements for note in element.iter(_NOTE))


def _follow(meters: Sequence[PageMeter], part: BodyPart, widths: PageWidths) -> None:
    for meter in meters:
        if part.landscape:
            meter.start_page()
        elif part.across:
            meter.add(part.elements, widths.page)
        else:
            meter.add(part.elements, widths.column, widths.columns)


def indent_from_right(elements: Sequence[Element], twips: int) -> None:
    """Indents paragraphs from the right margin (ECMA-376 part 1, 17.3.1.12)."""
    for paragraph in (element for element in elements if element.tag == qualify_name("w:p")):
        properties = paragraph[0]
        indent = properties.find(qualify_name("w:ind"))
        if indent is None:
            indent = word("ind")
            properties.append(indent)
        indent.set(qualify_name("w:right"), str(twips))
