"""Sets the text on a cover smaller if it does not fit into rows of a fixed height, which would cut it off."""

from math import ceil

from docx.document import Document
from docx.enum.text import WD_LINE_SPACING
from docx.shared import Pt, Twips
from docx.text.paragraph import Paragraph

from brief.resolve.columns import measure_ems
from brief.writers.ooxml.elements import Element, qualify_name

# The sizes that are tried, as factors of the full size.
_FACTORS = (1.0, 0.85, 0.7, 0.6, 0.5, 0.4, 0.3)
# Bold letters of a font that is substituted for ours are wider than the estimate, and no line is full.
_SAFETY = 1.25
# The white below the title in the packaged sets, in twentieths of a point.
_MARGIN = 1000
# In half points.
_MIN_SIZE = 16
_TWIPS_PER_HALF_POINT = 10


def fit_cover(document: Document) -> None:
    """Sets the paragraphs in each cell of a fixed height smaller if their lines are estimated to be higher than the
    cell.
    """
    for row in document.element.body.iter(qualify_name("w:tr")):
        height = row.find(f"{qualify_name('w:trPr')}/{qualify_name('w:trHeight')}")
        if height is None or height.get(qualify_name("w:hRule")) != "exact":
            continue
        for cell in row.findall(qualify_name("w:tc")):
            width = cell.find(f"{qualify_name('w:tcPr')}/{qualify_name('w:tcW')}")
            if width is not None:
                _fit_cell(document, cell, _read(width, "w"), _read(height, "val"))


def _fit_cell(document: Document, cell: Element, width: int, height: int) -> None:
    paragraphs = [(paragraph, _find_style(document, paragraph)) for paragraph in cell.findall(qualify_name("w:p"))]
    room = max(height - _MARGIN, height // 2)
    factor = next(
        (
            factor
            for factor in _FACTORS
            if sum(_measure(paragraph, style, width, factor) for paragraph, style in paragraphs) <= room
        ),
        _FACTORS[-1],
    )
    if factor < 1:
        for paragraph, style in paragraphs:
            _shrink(document, paragraph, style, factor)


def _find_style(document: Document, paragraph: Element) -> Element | None:
    reference = paragraph.find(f"{qualify_name('w:pPr')}/{qualify_name('w:pStyle')}")
    styles: Element = document.styles.element
    for style in styles.iter(qualify_name("w:style")):
        if reference is not None and style.get(qualify_name("w:styleId")) == reference.get(qualify_name("w:val")):
            return style
    return None


def _measure(paragraph: Element, style: Element | None, width: int, factor: float) -> float:
    """Estimates the height of a paragraph in twentieths of a point if the size of its type is multiplied by `factor`."""
    text = "".join(piece.text or "" for piece in paragraph.iter(qualify_name("w:t")))
    full = _find_in_style(style, "sz", "val")
    size = _scale(full, factor) * _TWIPS_PER_HALF_POINT
    line = _find_in_style(style, "spacing", "line") * _scale(full, factor) / max(full, 1)
    right = _find_in_style(style, "ind", "right")
    lines = ceil(measure_ems(text) * size * _SAFETY / max(width - right, 1))
    return lines * line + _find_in_style(style, "spacing", "before") + _find_in_style(style, "spacing", "after")


def _shrink(document: Document, paragraph: Element, style: Element | None, factor: float) -> None:
    size, line = _find_in_style(style, "sz", "val"), _find_in_style(style, "spacing", "line")
    if not size or not line:
        return
    smaller = round(_scale(size, factor))
    wrapped = Paragraph(paragraph, document._body)  # type: ignore[arg-type]
    wrapped.paragraph_format.line_spacing = Twips(round(line * smaller / size))
    wrapped.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    for run in wrapped.runs:
        run.font.size = Pt(smaller / 2)


def _scale(size: int, factor: float) -> float:
    return max(size * factor, min(size, _MIN_SIZE))


def _find_in_style(style: Element | None, tag: str, key: str) -> int:
    element = None if style is None else style.find(f".//{qualify_name(f'w:{tag}')}")
    return 0 if element is None else _read(element, key)


def _read(element: Element, key: str) -> int:
    text = str(element.get(qualify_name(f"w:{key}"), ""))
    return int(text) if text.isdecimal() else 0
