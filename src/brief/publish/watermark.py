"""Stamps a finished PDF for one recipient: their name on every page and in the properties, without a new layout.

The stamp is one form that every page draws, marked as an artifact (ISO 32000-1, 14.8.2.2), so that the document stays
tagged and reads as before. Its Type 3 fonts contain only the glyphs of this stamp, so that no copy reveals another recipient's name.
"""

import io
import math
import re
from collections.abc import Iterator
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from brief.fonts.outlines import EM, ShapedLine
from brief.model.record import dataclass
from brief.writers.pdf.streams import save_for_validators
from brief.writers.pdf.xmp import build_extension_schema, insert_schema

_FORM = Name("/BriefCopy")
_POINTS_PER_MM = 72 / 25.4
# Sizes and positions are in points.
_FOOT_SIZE, _FOOT_BOTTOM = 7.0, 8 * _POINTS_PER_MM
_GREY = 0.45
# The share of the page's diagonal that the mark takes, its largest size, and its opacity.
_MARK_LENGTH, _MARK_SIZE, _MARK_OPACITY = 0.7, 64.0, 0.06
_BEFORE = b"q"
_AFTER = b"Q\n/Artifact << /Type /Pagination /Subtype /Watermark >> BDC\nq /BriefCopy Do Q\nEMC"
# The most glyphs of a font: codes are one byte, and 0 is not used. A stamp with more needs several fonts.
_MAX_GLYPHS = 255
_MAPPING = (
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Copy def /CMapType 2 def\n"
    "1 begincodespacerange <00> <FF> endcodespacerange\n{entries}endcmap end end"
)
# The outline, advance and text of a glyph.
_GlyphKey = tuple[str, int, str]
_RDF_END = re.compile(rb"</(?:\w+:)?RDF>")
_PROPERTIES = "http://ns.adobe.com/pdfx/1.3/"
_SCHEMA = build_extension_schema(
    "Copies",
    _PROPERTIES,
    "pdfx",
    "external",
    {"Recipient": ("Text", "Whose copy this is"), "CopyNumber": ("Text", "The number of the copy")},
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """The text of a stamp: `foot` small on every page, `mark` large across it, and name and number as properties."""

    recipient: str
    number: int
    foot: ShapedLine
    mark: ShapedLine


class Stamper:
    """Makes copies of one PDF. Use as a context manager."""

    def __init__(self, data: bytes) -> None:
        """Opens the PDF and adds the drawing of the stamp to every page."""
        self.pdf = pikepdf.open(io.BytesIO(data))
        self.forms: dict[tuple[float, ...], pikepdf.Stream] = {}
        before, after = self.pdf.make_stream(_BEFORE), self.pdf.make_stream(_AFTER)
        for page in self.pdf.pages:
            box = tuple(float(edge) for edge in page.mediabox)
            if box not in self.forms:
                self.forms[box] = self._make_form(box)
            page.add_resource(self.forms[box], Name.XObject, _FORM, replace_existing=True)
            contents = page.obj.Contents
            drawn = list(contents) if isinstance(contents, Array) else [contents]
            page.obj.Contents = Array([before, *drawn, after])
        metadata = self.pdf.Root.get("/Metadata")
        self.metadata = insert_schema(metadata.read_bytes(), _SCHEMA) if isinstance(metadata, pikepdf.Stream) else b""

    def __enter__(self) -> "Stamper":
        return self

    def __exit__(self, *_: object) -> None:
        self.pdf.close()

    def stamp(self, stamp: Stamp) -> bytes:
        """Returns the PDF with this stamp; the same stamp always gives the same bytes."""
        fonts = _Fonts(self.pdf)
        lines = tuple((line, fonts.encode(line)) for line in (stamp.foot, stamp.mark))
        resources = Dictionary(
            Font=fonts.make_resources(),
            ExtGState=Dictionary(G=Dictionary(Type=Name.ExtGState, ca=_MARK_OPACITY)),
        )
        for box, form in self.forms.items():
            form.Resources = resources
            form.write("\n".join(_draw_stamp(box, *lines)).encode("ascii"))
        self._describe(stamp)
        return save_for_validators(self.pdf, pikepdf.ObjectStreamMode.preserve)

    def _make_form(self, box: tuple[float, ...]) -> pikepdf.Stream:
        return pikepdf.Stream(
            self.pdf, b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([round(edge, 3) for edge in box])
        )

    def _describe(self, stamp: Stamp) -> None:
        self.pdf.docinfo["/Recipient"] = String(stamp.recipient)
        self.pdf.docinfo["/CopyNumber"] = String(str(stamp.number))
        if end := _RDF_END.search(self.metadata):
            described = (
                f'<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:pdfx="{_PROPERTIES}"'
                f' rdf:about=""><pdfx:Recipient>{escape(stamp.recipient)}</pdfx:Recipient>'
                f"<pdfx:CopyNumber>{stamp.number}</pdfx:CopyNumber></rdf:Description>"
            ).encode()
            self.pdf.Root.Metadata.write(self.metadata[: end.start()] + described + self.metadata[end.start() :])


@dataclass(frozen=True, slots=True)
class _GlyphCode:
    """The resource name of a font, and the code of a glyph in it."""

    font: str
    code: int


class _Fonts:
    """The fonts of a stamp. `encode` adds the glyphs that they lack, and a font if the last one is full."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._fonts = [_Font(pdf)]
        self._pdf = pdf
        self._codes: dict[_GlyphKey, _GlyphCode] = {}

    def encode(self, line: ShapedLine) -> list[_GlyphCode]:
        """Returns the font and code of each glyph on the line; a glyph that draws two different texts has two codes."""
        return [self._encode((glyph.outline.path, glyph.outline.advance, glyph.text)) for glyph in line.glyphs]

    def _encode(self, key: _GlyphKey) -> _GlyphCode:
        if key not in self._codes:
            if len(self._fonts[-1].glyphs) == _MAX_GLYPHS:
                self._fonts.append(_Font(self._pdf))
            self._codes[key] = _GlyphCode(_name_font(len(self._fonts)), self._fonts[-1].add(key))
        return self._codes[key]

    def make_resources(self) -> Dictionary:
        """Returns the resource dictionary, with each font by its name."""
        return Dictionary({_name_font(number): font.make_object() for number, font in enumerate(self._fonts, 1)})


def _name_font(number: int) -> str:
    return f"/F{number}"


class _Font:
    """A Type 3 font (ISO 32000-1, 9.6.5); `glyphs` has the code of each glyph."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.glyphs: dict[_GlyphKey, int] = {}

    def add(self, key: _GlyphKey) -> int:
        """Adds a glyph and returns its code."""
        self.glyphs[key] = len(self.glyphs) + 1
        return self.glyphs[key]

    def make_object(self) -> pikepdf.Object:
        names = {code: f"/g{code}" for code in self.glyphs.values()}
        drawings = {
            names[code]: self.pdf.make_stream(f"{advance} 0 -1000 -1000 3000 2000 d1\n{path} f".encode("ascii"))
            for (path, advance, _), code in self.glyphs.items()
        }
        entries = "".join(
            f"1 beginbfchar <{code:02X}> <{text.encode('utf-16-be').hex()}> endbfchar\n"
            for (_, _, text), code in self.glyphs.items()
            if text
        )
        font: pikepdf.Object = self.pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type3,
                FontBBox=Array([-EM, -EM, 3 * EM, 2 * EM]),
                FontMatrix=Array([1 / EM, 0, 0, 1 / EM, 0, 0]),
                CharProcs=Dictionary(drawings),
                Encoding=Dictionary(
                    Type=Name.Encoding, Differences=Array([1, *(Name(name) for name in names.values())])
                ),
                FirstChar=1,
                LastChar=len(self.glyphs),
                Widths=Array([advance for _, advance, _ in self.glyphs]),
                Resources=Dictionary(),
                ToUnicode=self.pdf.make_stream(_MAPPING.format(entries=entries).encode("ascii")),
            )
        )
        return font


def _draw_stamp(
    box: tuple[float, ...], foot: tuple[ShapedLine, list[_GlyphCode]], mark: tuple[ShapedLine, list[_GlyphCode]]
) -> Iterator[str]:
    """Yields the operators of the stamp on a page with the media box `box`; `foot` and `mark` are each a line and the codes of its
    glyphs.
    """
    left, bottom, right, top = box
    width, height = right - left, top - bottom
    yield f"q {_GREY} g"
    # Room is left at both sides, because printers cut off the edges.
    size = min(_FOOT_SIZE, (width - 2 * _FOOT_BOTTOM) * EM / max(foot[0].width, 1))
    start = left + (width - foot[0].width / EM * size) / 2, bottom + _FOOT_BOTTOM
    yield from _draw_text(*foot, size, (1.0, 0.0, *start))
    yield "Q q /G gs 0 g"
    diagonal = math.hypot(width, height)
    line = mark[0]
    size = min(_MARK_SIZE, diagonal * _MARK_LENGTH * EM / max(line.width, 1))
    cosine, sine = width / diagonal, height / diagonal
    half, drop = line.width / EM * size / 2, size * 0.3
    start = (left + width / 2 - half * cosine + drop * sine, bottom + height / 2 - half * sine - drop * cosine)
    yield from _draw_text(*mark, size, (cosine, sine, *start))
    yield "Q"


def _draw_text(
    line: ShapedLine, codes: list[_GlyphCode], size: float, matrix: tuple[float, float, float, float]
) -> Iterator[str]:
    """Yields the operators that draw the line from the point (x, y) in the direction (cosine, sine).

    `matrix` is (cosine, sine, x, y); `size` is the font size in points.
    """
    cosine, sine, x, y = matrix
    yield "BT"
    font = ""
    for glyph, code in zip(line.glyphs, codes, strict=True):
        if code.font != font:
            font = code.font
            yield f"{font} {size:.2f} Tf"
        along, up = glyph.x / EM * size, glyph.y / EM * size
        yield (
            f"{cosine:.5f} {sine:.5f} {-sine:.5f} {cosine:.5f}"
            f" {x + along * cosine - up * sine:.2f} {y + along * sine + up * cosine:.2f} Tm <{code.code:02X}> Tj"
        )
    yield "ET"
