"""Pictures in the line of text, each with its description; drawings as SVG with a PNG for readers without it."""

import io
import struct

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsmap

from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.place import Place
from brief.writers.docx.compositor import Compositor
from brief.writers.docx.elements import Element, drawing, word

_EMU_PER_TWIP = 635
_EMU_PER_PIXEL = 9525  # at 96 pixels to the inch
# The tallest picture, in twentieths of a point: about two thirds of a page, so that its caption stays with it.
_TALLEST = 9600
# [MS-ODRAWXML] 2.3.1.10 names the extension that carries the SVG.
_SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_SVG_NAMESPACE = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png_size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels, from the header (PNG specification, 11.2.1)."""
    if not data.startswith(_PNG_SIGNATURE):
        raise ValueError("not a PNG")
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def drawn(press: Compositor, svg: str, png: bytes, description: str) -> Element:
    """A run with a drawing as wide as the text."""
    number = press.next_drawing()
    svg_part = Part(
        PackURI(f"/word/media/drawing{number}.svg"), "image/svg+xml", svg.encode("utf-8"), press.part.package
    )
    svg_relation = press.part.relate_to(svg_part, RELATIONSHIP_TYPE.IMAGE)
    relation, _ = press.part.get_or_add_image(io.BytesIO(png))
    width, height = png_size(png)
    return _run(number, relation, _fitted(press, width, height, widen=True), description, svg_relation)


def pictured(press: Compositor, name: str, data: bytes, size: tuple[int, int], description: str) -> Element:
    """A run with a picture at its own size of `size` pixels, or smaller where the text is narrower.

    Raises:
        ContentError: Word cannot show pictures of this type.
    """
    # python-docx names no common base for what it raises on pictures it cannot read.
    from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError

    try:
        relation, _ = press.part.get_or_add_image(io.BytesIO(data))
    except (InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError):
        message = f"the picture {name} cannot be put into a Word document"
        raise ContentError(
            [Diagnostic("image-type", message, Place(f"assets/{name}"), hint="save it as PNG or JPEG")]
        ) from None
    return _run(press.next_drawing(), relation, _fitted(press, *size), description)


def _fitted(press: Compositor, width: int, height: int, *, widen: bool = False) -> tuple[int, int]:
    """Width and height in EMU (20.1.2.1): 914,400 to the inch."""
    scale = press.width * _EMU_PER_TWIP / (width * _EMU_PER_PIXEL)
    if not widen:
        scale = min(scale, 1.0)
    scale = min(scale, _TALLEST * _EMU_PER_TWIP / (height * _EMU_PER_PIXEL))
    return round(width * _EMU_PER_PIXEL * scale), round(height * _EMU_PER_PIXEL * scale)


def _run(number: int, relation: str, size: tuple[int, int], description: str, svg: str | None = None) -> Element:
    width, height = size
    blip = drawing("a:blip", namespaces={"r": nsmap["r"]}, r_embed=relation)
    if svg is not None:
        vector = blip.makeelement(
            f"{{{_SVG_NAMESPACE}}}svgBlip",
            {f"{{{nsmap['r']}}}embed": svg},
            {"asvg": _SVG_NAMESPACE, "r": nsmap["r"]},
        )
        blip.append(drawing("a:extLst", drawing("a:ext", vector, uri=_SVG_EXTENSION)))
    picture = drawing(
        "pic:pic",
        drawing(
            "pic:nvPicPr",
            drawing("pic:cNvPr", id=number, name=f"Picture {number}", descr=description),
            drawing("pic:cNvPicPr"),
        ),
        drawing("pic:blipFill", blip, drawing("a:stretch", drawing("a:fillRect"))),
        drawing(
            "pic:spPr",
            drawing("a:xfrm", drawing("a:off", x=0, y=0), drawing("a:ext", cx=width, cy=height)),
            drawing("a:prstGeom", drawing("a:avLst"), prst="rect"),
        ),
    )
    inline = drawing(
        "wp:inline",
        drawing("wp:extent", cx=width, cy=height),
        drawing("wp:docPr", id=number, name=f"Picture {number}", descr=description),
        drawing("wp:cNvGraphicFramePr", drawing("a:graphicFrameLocks", noChangeAspect=1)),
        drawing("a:graphic", drawing("a:graphicData", picture, uri=nsmap["pic"])),
        distT=0,
        distB=0,
        distL=0,
        distR=0,
    )
    return word("r", word("drawing", inline))
