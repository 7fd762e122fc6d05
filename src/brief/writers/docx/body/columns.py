"""Sets the body in the columns of the reference document, except for what needs the whole width.

In Word, sections have columns (ECMA-376 part 1, 17.6.4). Each change between columns and the whole width ends a section
on the same page, and Word balances the columns before it.
"""

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from itertools import groupby
from typing import TypeAlias, assert_never

from docx.document import Document

from brief.model.record import dataclass
from brief.model.variant import (
    Block,
    Callout,
    Chart,
    Figure,
    ListBlock,
    Metrics,
    Paragraph,
    Prose,
    Quote,
    Table,
    Timeline,
    Vega,
)
from brief.writers.docx.body.landscape_headers import REFERENCES, find_references, widen_references
from brief.writers.ooxml.elements import Element, qualify_name, word

# Between columns, if the document does not say (17.6.4), in twentieths of a point.
_COLUMN_SPACE = 720
_FOOTNOTE = f".//{qualify_name('w:footnoteReference')}"
# Whether the elements span all columns, whether they are on landscape pages, and the elements themselves.
_Group: TypeAlias = tuple[bool, bool, list[Element]]


@dataclass(frozen=True, slots=True)
class BodyPart:
    """Elements of the body; whether they span all columns (`across`); whether they are on separate `landscape` pages;
    and the block that they are composed of, if they are one.
    """

    elements: list[Element]
    across: bool = False
    landscape: bool = False
    block: Block | None = None


def spans_columns(block: Block) -> bool:
    """Returns whether a block takes the width of all columns: tables and drawings are composed for it."""
    match block:
        case Table() | Chart() | Timeline() | Metrics() | Figure() | Vega():
            return True
        case Paragraph() | Prose() | ListBlock() | Callout() | Quote():
            return False
        case other:
            assert_never(other)


def lay_out_columns(parts: Iterable[BodyPart], document: Document, widening: float) -> list[Element]:
    """Returns the elements of the parts, with a section break wherever columns or page orientation change.

    Changes the paragraphs that carry the breaks and the last section of the document, which gets the layout of the last
    part; adds headers and footers for landscape pages.

    `widening` is the length of lines on landscape pages, as a multiple of their length on other pages.

    Raises:
        ValueError: as `count_columns` does.
    """
    last_section: Element = document.sections[-1]._sectPr
    filled_parts = [part for part in parts if part.elements]
    has_columns = count_columns(document) > 1
    groups = [
        (across, landscape, elements)
        for (across, landscape), group in groupby(
            filled_parts, lambda part: (part.across and has_columns, part.landscape)
        )
        for elements in _divide_at_drawings([element for part in group for element in part.elements], across=across)
    ]
    groups = list(_separate_footnotes(groups))
    references = find_references(document)
    wide = widen_references(references, document, widening) if any(landscape for _, landscape, _ in groups) else []
    laid_out: list[Element] = []
    was_landscape = False
    for index, (across, landscape, elements) in enumerate(groups):
        section = last_section if index == len(groups) - 1 else deepcopy(last_section)
        if index:
            _continue_section(section, "nextPage" if landscape or was_landscape else "continuous")
        if across:
            _set_single_column(section)
        if landscape:
            _make_landscape(section)
        if landscape or was_landscape:
            _set_references(section, wide if landscape else references)
        was_landscape = landscape
        if section is not last_section:
            _end_section(elements, section)
        laid_out += elements
    return laid_out


def _separate_footnotes(groups: Iterable[_Group]) -> Iterator[_Group]:
    """Yields the groups, with a paragraph one point high between text in columns and a group with footnotes that spans
    all columns.

    Without it, LibreOffice does not balance the columns: all text is in the first one, and the others are empty.
    """
    was_in_columns = False
    for across, landscape, elements in groups:
        if (
            was_in_columns
            and across
            and not landscape
            and any(element.find(_FOOTNOTE) is not None for element in elements)
        ):
            yield True, False, [word("p", word("pPr", word("spacing", before=0, after=0, line=20, lineRule="exact")))]
        was_in_columns = not across
        yield across, landscape, elements


def _divide_at_drawings(elements: list[Element], *, across: bool) -> list[list[Element]]:
    """Divides the elements of a section after each of several consecutive drawings, such as the parts of a tall chart,
    if the section spans all columns.

    If a section with several such drawings continues on the next page, LibreOffice draws what follows over them.
    """
    is_drawing = [element.find(f".//{qualify_name('w:drawing')}") is not None for element in elements] if across else []
    groups: list[list[Element]] = [[]]
    for index, element in enumerate(elements):
        groups[-1].append(element)
        neighbours = is_drawing[max(index - 1, 0) : index] + is_drawing[index + 1 : index + 2]
        if across and is_drawing[index] and True in neighbours:
            groups.append([])
    return [group for group in groups if group]


def count_columns(document: Document) -> int:
    """Returns how many columns the last section has.

    Raises:
        ValueError: there is no section, or the count is not a number.
    """
    if not len(document.sections):
        raise ValueError("it does not define a page size")
    columns = document.sections[-1]._sectPr.find(qualify_name("w:cols"))
    count = "1" if columns is None else str(columns.get(qualify_name("w:num"), "1"))
    if not count.isdecimal():
        raise ValueError(f"its text is in '{count[:20]}' columns, which is not a number")
    return int(count)


def measure_column(document: Document, width: int) -> int:
    """Returns the width of each column of text in a text area of this `width`, in twentieths of a point."""
    count = count_columns(document)
    if count < 2:
        return width
    columns = document.sections[-1]._sectPr.find(qualify_name("w:cols"))
    space_text = "" if columns is None else str(columns.get(qualify_name("w:space"), ""))
    space = int(space_text) if space_text.isdecimal() else _COLUMN_SPACE
    return (width - (count - 1) * space) // count


def _make_landscape(section: Element) -> None:
    """Turns the section's pages to landscape."""
    size = section.find(qualify_name("w:pgSz"))
    if size is not None and size.get(qualify_name("w:orient")) != "landscape":
        width, height = qualify_name("w:w"), qualify_name("w:h")
        size.attrib[width], size.attrib[height] = size.attrib[height], size.attrib[width]
        size.set(qualify_name("w:orient"), "landscape")


def _continue_section(section: Element, start: str) -> None:
    """Makes the section start as `start` says (17.18.77), with the headers, footers and page numbers of the one before."""
    _set_references(section, ())
    for title_page in section.findall(qualify_name("w:titlePg")):
        section.remove(title_page)
    kind = section.find(qualify_name("w:type"))
    if kind is None:
        kind = word("type")
        section.insert(0, kind)
    kind.set(qualify_name("w:val"), start)
    numbers = section.find(qualify_name("w:pgNumType"))
    if numbers is not None:
        numbers.attrib.pop(qualify_name("w:start"), "")


def _set_references(section: Element, references: Sequence[Element]) -> None:
    for old in [child for child in section if child.tag in REFERENCES]:
        section.remove(old)
    for index, reference in enumerate(references):
        section.insert(index, deepcopy(reference))


def _set_single_column(section: Element) -> None:
    for columns in section.findall(qualify_name("w:cols")):
        columns.getparent().remove(columns)  # type: ignore[union-attr]


def _end_section(elements: list[Element], section: Element) -> None:
    """Ends the section with the last paragraph of its elements."""
    if elements[-1].tag != qualify_name("w:p"):
        elements.append(word("p"))
    properties = elements[-1].find(qualify_name("w:pPr"))
    if properties is None:
        properties = word("pPr")
        elements[-1].insert(0, properties)
    properties.append(section)
