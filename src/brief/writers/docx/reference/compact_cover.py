"""Turns the cover of a reference document into a band across the first page, as in PDFs of short variants.

Such a cover, as `tools/reference_docx` makes it, is a table in the style "Cover Table" with the title in its last row,
then lines about the variant, and the end of a section. Covers of other forms remain unchanged.
"""

from collections.abc import Mapping

from docx.document import Document

from brief.writers.ooxml.elements import Element, qualify_name, word

_COVER_TABLE, _COVER_MARKING = "CoverTable", "CoverMarking"
# The character style of a marking, as in page headers.
_MARKING = "Marking"
# Factors for type sizes, line heights and spacing, by style name.
_SCALES: Mapping[str, float] = {
    "Title": 0.68,
    "Subtitle": 0.81,
    "Cover Audience": 0.81,
    "Introduction": 0.84,
    "Lead": 0.9,
    "heading 1": 0.66,
    "Body Text": 0.95,
    "List Number": 0.95,
    "List Bullet": 0.95,
    "Takeaway": 0.93,
    "heading 2": 0.92,
    "caption": 0.95,
    "Source Entry": 0.93,
}
_SCALED = (("sz", "val"), ("szCs", "val"), ("spacing", "line"), ("spacing", "before"), ("spacing", "after"))
# In twentieths of a point: above and below the title in its band, and above and below the lines under it.
_PADDING = 340
_LINES_BEFORE, _LINES_AFTER = 160, 260
_BETWEEN = "\u2003"


def compact_styles(styles: Element) -> None:
    """Reduces type sizes, line heights and spacing in the styles of a short variant."""
    for style in styles.iter(_qualify("style")):
        name = style.find(_qualify("name"))
        style_name = "" if name is None else str(name.get(_qualify("val")))
        scale = _SCALES.get(style_name)
        if scale is None:
            continue
        for tag, key in _SCALED:
            for element in style.iter(_qualify(tag)):
                if (size_text := element.get(_qualify(key), "")).isdecimal():
                    element.set(_qualify(key), str(round(int(size_text) * scale)))
        # Only on a cover is a subtitle narrower than the title.
        for indent in style.iter(_qualify("ind")) if style_name == "Subtitle" else ():
            indent.set(_qualify("right"), "0")


def compact_cover(document: Document, brand: str) -> None:
    """Turns the cover into the top of the first page of text, with a band in the colour `brand` (`#rrggbb`); does
    nothing if the document has no such cover.
    """
    body: Element = document.element.body
    table = body[0]
    style = table.find(f"{_qualify('tblPr')}/{_qualify('tblStyle')}")
    end = next(
        (element for element in body if element.find(f"{_qualify('pPr')}/{_qualify('sectPr')}") is not None), None
    )
    if style is None or style.get(_qualify("val")) != _COVER_TABLE or end is None or end.getprevious() is None:
        return
    section = document.sections[-1]
    left, right = (
        int(margin.twips) if margin is not None else 0 for margin in (section.left_margin, section.right_margin)
    )
    width = int(section.page_width.twips) if section.page_width is not None else 0
    _stretch(table, width, left, right, brand.lstrip("#").upper())
    _join_lines(
        [
            element
            for element in body
            if element is not table and element.tag == _qualify("p") and _is_before(element, end)
        ]
    )
    _remove_section(document, end)
    _hide_first_header(document)


def _qualify(tag: str) -> str:
    return qualify_name(f"w:{tag}")


def _is_before(element: Element, end: Element) -> bool:
    return any(sibling is end for sibling in element.itersiblings())


def _stretch(table: Element, width: int, left: int, right: int, brand: str) -> None:
    """Makes the table as wide as the page and its rows as high as their text, and fills the last row with the brand's
    colour.
    """
    properties = table.find(_qualify("tblPr"))
    if properties is None:
        return
    for size in properties.findall(_qualify("tblW")):
        size.set(_qualify("w"), str(width))
        size.addnext(word("tblInd", w=-left, type="dxa"))
    for column in table.iter(_qualify("gridCol")):
        column.set(_qualify("w"), str(width))
    rows = table.findall(_qualify("tr"))
    for row in rows:
        for height in list(row.iter(_qualify("trHeight"))):
            height.getparent().remove(height)  # type: ignore[union-attr]
        room = _PADDING if row is rows[-1] else _LINES_BEFORE
        for cell in row.iter(_qualify("tcPr")):
            for size in cell.findall(_qualify("tcW")):
                size.set(_qualify("w"), str(width))
            sides = zip(("top", "left", "bottom", "right"), (room * (row is rows[-1]), left, room, right), strict=True)
            margins = word("tcMar", *(word(side, w=margin, type="dxa") for side, margin in sides))
            shading = word("shd", val="clear", color="auto", fill=brand, themeFill="accent1")
            position = len(cell.findall(_qualify("tcW")))
            for added in (margins, *([shading] if row is rows[-1] else [])):
                cell.insert(position, added)


def _join_lines(lines: list[Element]) -> None:
    """Joins the lines about the variant into one."""
    if not lines:
        return
    first, *others = lines
    for other in others:
        runs = other.findall(_qualify("r"))
        style = other.find(f"{_qualify('pPr')}/{_qualify('pStyle')}")
        if style is not None and style.get(_qualify("val")) == _COVER_MARKING:
            for run in runs:
                for old in run.findall(_qualify("rPr")):
                    run.remove(old)
                run.insert(0, word("rPr", word("rStyle", val=_MARKING)))
        if runs:
            space = word("r", word("t"))
            space[0].text = _BETWEEN
            first.append(space)
        first.extend(runs)
        other.getparent().remove(other)  # type: ignore[union-attr]
    properties = first.find(_qualify("pPr"))
    style = None if properties is None else properties.find(_qualify("pStyle"))
    if style is not None:
        style.addnext(word("spacing", before=_LINES_BEFORE, after=_LINES_AFTER))


def _remove_section(document: Document, end: Element) -> None:
    """Removes the end of the cover's section, with the header that draws its background."""
    for reference in end.iter(_qualify("headerReference"), _qualify("footerReference")):
        document.part.rels.pop(str(reference.get(qualify_name("r:id"))))
    end.getparent().remove(end)  # type: ignore[union-attr]


def _hide_first_header(document: Document) -> None:
    """Gives the first page the footer of the other pages, and no header (17.10.6)."""
    section: Element = document.sections[-1]._sectPr
    for footer in section.findall(_qualify("footerReference")):
        footer.addnext(word("footerReference", type="first", r_id=str(footer.get(qualify_name("r:id")))))
    document.sections[-1].different_first_page_header_footer = True
