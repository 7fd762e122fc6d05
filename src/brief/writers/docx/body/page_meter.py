"""Estimates how full the last page is after composed elements, from their styles and the widths of their letters.

Word breaks pages with the fonts of its machine, so an estimate is made for narrow and for wide ones. Lengths are in
twentieths of a point. Numbers in parentheses are sections of ECMA-376 part 1.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace
from itertools import pairwise
from math import ceil

from brief.model.record import dataclass
from brief.resolve.columns import measure_ems
from brief.writers.ooxml.elements import Element, qualify_name

# The widths of letters in fonts with narrow, middle and wide ones, as multiples of what `measure_ems` estimates.
_FONT_WIDTHS = (0.87, 0.94, 1.02)
# A line that ends at words is not full, as a share of its width.
_LINE_FILL = 0.97
_EMU_PER_TWIP = 635
_TWIPS_PER_POINT = 20
_DEFAULT_SIZE, _DEFAULT_LINE = 20, 240
# The margins at both sides of a cell together, unless the table says otherwise.
_CELL_MARGINS = 200
# A page has at least so many lines of a paragraph.
_UNDIVIDED_LINES = 2
# A note at the foot of the page.
_FOOTNOTE_HEIGHT = 260
_TEXT, _ROW, _CELL, _PARAGRAPH, _TABLE = (qualify_name(f"w:{tag}") for tag in ("t", "tr", "tc", "p", "tbl"))
_PROPERTIES, _SPACING, _INDENT = (qualify_name(f"w:{tag}") for tag in ("pPr", "spacing", "ind"))
_VALUE, _WIDTH = qualify_name("w:val"), qualify_name("w:w")
_BREAK, _SECTION, _NOTE = (qualify_name(f"w:{tag}") for tag in ("br", "sectPr", "footnoteReference"))
_EXTENT = ".//{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}extent"


@dataclass(frozen=True, slots=True)
class ParagraphFormat:
    """What the style of a paragraph says about its height. `line` is the height of a line, and `borders` has the spaces
    between the text and the borders above and below it.
    """

    size: int = _DEFAULT_SIZE
    line: int = _DEFAULT_LINE
    before: int = 0
    after: int = 0
    indent: int = 0
    borders: tuple[int, int] = (0, 0)
    keep_next: bool = False
    keep_lines: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of the text that is `divisible` between pages or not, and may stay on the page of the next one. `start` is
    the height of the part of it that is not divided.
    """

    height: float
    start: float
    keep_next: bool = False
    divisible: bool = False


@dataclass(slots=True)
class PageMeter:
    """Follows composed elements over pages of `height`. `used` is how much of the last page is filled, and `pages` the
    number of pages since the last page whose start is known.
    """

    styles: Element
    height: int
    font_width: float
    used: float = 0.0
    pages: int = 0
    _formats: dict[str, ParagraphFormat] = field(default_factory=dict)

    def copy(self) -> "PageMeter":
        """Returns a meter that is at the same place, and shares what is known of styles."""
        return replace(self)

    def start_page(self) -> None:
        """Goes to the start of a page."""
        self.used, self.pages = 0.0, 0

    def measure(self, elements: Iterable[Element], width: int) -> float:
        """Returns the height of elements that are set in a `width`."""
        return sum(piece.height for piece in self._list_pieces(list(elements), width))

    def get_size(self, style_id: str) -> int:
        """Returns the size of text in a style, in half points."""
        return self._read_format(style_id).size

    def is_kept(self, element: Element) -> bool:
        """Returns whether an element stays on the page of the next one."""
        return _has(element, "keepNext") or (element.tag == _PARAGRAPH and self._find_format(element).keep_next)

    def measure_start(self, elements: Iterable[Element], width: int) -> float:
        """Returns the height of what is on one page at the start of elements: up to the first place between or in them at
        which a page may end.
        """
        height = 0.0
        for piece in self._list_pieces(list(elements), width):
            if not piece.keep_next:
                return height + min(piece.height, piece.start)
            height += piece.height
        return height

    def add(self, elements: Iterable[Element], width: int, columns: int = 1) -> None:
        """Adds elements that are set in a `width`, in so many columns that are balanced."""
        kept = 0.0
        for piece in self._list_pieces(list(elements), width):
            height = piece.height / columns
            if piece.keep_next:
                kept += height
                continue
            self._place(kept, divisible=False)
            self._place(height, divisible=piece.divisible, after=kept)
            kept = 0.0
        self._place(kept, divisible=False)

    def add_front(self, elements: Sequence[Element], width: int, last_section: Element) -> None:
        """Adds elements of the reference document, which may contain page breaks. They are followed by text of
        `last_section`.
        """
        sections = [section for element in elements for section in element.iter(_SECTION)]
        # The properties of a section say how it starts (17.18.77).
        starts = iter([*sections[1:], last_section])
        for element in elements:
            if _starts_page(element):
                self.start_page()
            self.add([element], width)
            for _ in element.iter(_SECTION):
                kind = next(starts).find(qualify_name("w:type"))
                if kind is None or kind.get(_VALUE) != "continuous":
                    self.start_page()
            if any(found.get(qualify_name("w:type")) == "page" for found in element.iter(_BREAK)):
                self.start_page()

    def _place(self, height: float, *, divisible: bool, after: float = 0.0) -> None:
        if self.used + height > self.height:
            self.pages += 1
            if divisible:
                self.used -= self.height
            else:
                # What is kept with it moves too.
                self.used = after
        self.used = (self.used + height - 1) % self.height + 1 if height else self.used

    def _list_pieces(self, elements: list[Element], width: int) -> Iterator[_Piece]:
        before = ParagraphFormat()
        for element, following in pairwise([*elements, None]):
            if element is None or element.tag not in (_PARAGRAPH, _TABLE):
                continue
            if element.tag == _TABLE:
                yield from self._list_rows(element)
                before = ParagraphFormat()
                continue
            style = self._find_format(element)
            lines, drawing = self._measure_content(element, width, style)
            # The larger of the spaces between two paragraphs counts.
            space = max(style.before - before.after, 0) + style.after
            # Consecutive paragraphs with the same borders are in one box (17.3.1.24).
            after = ParagraphFormat()
            if following is not None and following.tag == _PARAGRAPH:
                after = self._find_format(following)
            space += style.borders[0] * (before.borders != style.borders)
            space += style.borders[1] * (after.borders != style.borders)
            before = style
            is_kept = following is not None and self.is_kept(element)
            height, divisible = lines + drawing + space, not drawing and not style.keep_lines
            start = space + _UNDIVIDED_LINES * style.line if divisible else height
            yield _Piece(height, start, is_kept, divisible)

    def _list_rows(self, table: Element) -> Iterator[_Piece]:
        widths = [int(column.get(_WIDTH, "0")) for column in table.iter(qualify_name("w:gridCol"))]
        rows = table.findall(_ROW)
        sides = table.findall(f"{qualify_name('w:tblPr')}/{qualify_name('w:tblCellMar')}/*")
        margins = sum(int(side.get(_WIDTH, "0")) for side in sides) if sides else _CELL_MARGINS
        for index, row in enumerate(rows):
            heights, first = [0.0], 0
            for cell in row.findall(_CELL):
                span = cell.find(f"{qualify_name('w:tcPr')}/{qualify_name('w:gridSpan')}")
                count = 1 if span is None else int(span.get(_VALUE, "1"))
                width = max(sum(widths[first : first + count]) - margins, 1)
                first += count
                inner = [(each, self._find_format(each)) for each in cell.findall(_PARAGRAPH)]
                heights.append(
                    sum(
                        sum(self._measure_content(each, width, style)) + style.before + style.after
                        for each, style in inner
                    )
                )
            is_kept = index < len(rows) - 1 and any(True for _ in row.iter(qualify_name("w:keepNext")))
            yield _Piece(max(heights) + 90, max(heights) + 90, is_kept)

    def _measure_content(self, paragraph: Element, width: int, style: ParagraphFormat) -> tuple[float, float]:
        """Estimates the heights of the lines of a paragraph, with their notes, and of its drawing."""
        notes = _FOOTNOTE_HEIGHT * sum(1 for _ in paragraph.iter(_NOTE))
        extent = paragraph.find(_EXTENT)
        if extent is not None:
            return notes, int(extent.get("cy", "0")) / _EMU_PER_TWIP
        text = "".join(each.text or "" for each in paragraph.iter(_TEXT))
        size = paragraph.find(f".//{qualify_name('w:sz')}")
        em = (style.size if size is None else int(size.get(_VALUE, style.size))) * 10
        is_wide = measure_ems(text) > 0.9 * len(text)
        length = measure_ems(text) * em * (1.0 if is_wide else self.font_width)
        room = max(width - style.indent, em)
        return max(1, ceil(length / (room * _LINE_FILL))) * style.line + notes, 0.0

    def _find_format(self, paragraph: Element) -> ParagraphFormat:
        reference = paragraph.find(f"{_PROPERTIES}/{qualify_name('w:pStyle')}")
        style_id = "" if reference is None else reference.get(_VALUE, "")
        if style_id not in self._formats:
            self._formats[style_id] = self._read_format(style_id)
        return self._formats[style_id]

    def _read_format(self, style_id: str) -> ParagraphFormat:
        """Reads the format of a style and of those that it is based on (17.7.4.3)."""
        by_id = {style.get(qualify_name("w:styleId")): style for style in self.styles.iterfind(qualify_name("w:style"))}
        default = next((each for each in by_id.values() if each.get(qualify_name("w:default")) == "1"), None)
        found: dict[str, str] = {}
        flags: set[str] = set()
        seen: set[str] = set()
        style = by_id.get(style_id, default)
        while style is not None and style.get(qualify_name("w:styleId"), "") not in seen:
            seen.add(style.get(qualify_name("w:styleId"), ""))
            borders = [qualify_name(f"w:{side}") for side in ("top", "bottom")]
            for part in (*style.iter(_SPACING, _INDENT, *borders), *style.iter(qualify_name("w:sz"))):
                for name, value in part.attrib.items():
                    found.setdefault(f"{part.tag}{name}", str(value))
            flags |= {tag for tag in ("keepNext", "keepLines") if _has(style, tag)}
            parent = style.find(qualify_name("w:basedOn"))
            style = None if parent is None else by_id.get(parent.get(_VALUE, ""))

        def read(tag: str, name: str, default: int) -> int:
            value = found.get(tag + qualify_name(f"w:{name}"), "")
            return int(value) if value.isdecimal() else default

        size = read(qualify_name("w:sz"), "val", _DEFAULT_SIZE)
        top, bottom = (read(qualify_name(f"w:{side}"), "space", 0) * _TWIPS_PER_POINT for side in ("top", "bottom"))
        line = read(_SPACING, "line", _DEFAULT_LINE)
        if found.get(_SPACING + qualify_name("w:lineRule"), "auto") == "auto":
            # A multiple of the height of the font's lines, in 240ths (17.3.1.33).
            line = round(line / 240 * size * 10 * 1.2)
        return ParagraphFormat(
            size=size,
            line=line,
            before=read(_SPACING, "before", 0),
            after=read(_SPACING, "after", 0),
            indent=read(_INDENT, "left", 0) + read(_INDENT, "right", 0),
            borders=(top, bottom),
            keep_next="keepNext" in flags,
            keep_lines="keepLines" in flags,
        )


def make_meters(styles: Element, height: int) -> list[PageMeter]:
    """Makes meters at the start of a page of this `height` between the margins, for narrow and wide fonts."""
    return [PageMeter(styles, height, width) for width in _FONT_WIDTHS]


def _starts_page(element: Element) -> bool:
    return element.tag == _PARAGRAPH and _has(element, "pageBreakBefore")


def _has(element: Element, tag: str) -> bool:
    found = element.find(f"{_PROPERTIES}/{qualify_name(f'w:{tag}')}")
    return found is not None and found.get(_VALUE, "1") not in ("0", "false")
