"""Inline pictures, each with its description; drawings as SVG with a PNG for programs that do not support SVG."""

import hashlib
import math
import struct
import xml.etree.ElementTree as ET

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml.ns import nsmap

from brief.model.assets import Image
from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.source_location import SourceLocation
from brief.model.variant import Vega
from brief.writers.docx.body.composer import Composer
from brief.writers.ooxml.elements import Element, build_inline_drawing, make_drawing_element
from brief.writers.ooxml.package import PicturePart

# Pixels of a PNG per CSS pixel of its SVG: 288 per inch, the resolution of office printers.
_SCALE = 3.0
# Likewise, for the drawing that programs other than Word show instead of a native chart.
FALLBACK_SCALE = 2.0
# The most pixels of the PNG of a picture. An A4 page at 288 per inch has fewer. Without a limit, memory may run out,
# and then the rasteriser aborts the process.
_MAX_PIXELS = 10_000_000
EMU_PER_TWIP = 635
_EMU_PER_PIXEL = 9525  # at 96 pixels to the inch
# The height of the tallest picture, in twentieths of a point: about two thirds of a page.
_MAX_HEIGHT = 9600
# In EMU: 70 by 12 millimetres.
_LOGO_WIDTH, _LOGO_HEIGHT = 2_520_000, 432_000
_SVG = "image/svg+xml"
_SUFFIXES = {"image/png": "png", "image/jpeg": "jpg", _SVG: "svg"}
# [MS-ODRAWXML] 2.3.1.10 names the extension that carries the SVG.
_SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_SVG_NAMESPACE = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"


def compose_chart_drawing(composer: Composer, svg: str, description: str, scale: float = _SCALE) -> Element:
    """Composes a run with a drawing as wide as the text, or narrower if it would be too high for a page. Its PNG, for
    programs without SVG support, has `scale` pixels per CSS pixel.
    """
    png = _rasterise_drawing(svg, scale)
    width, height = _read_png_size(png)
    full_width = composer.width * EMU_PER_TWIP
    size = _limit_size(full_width, round(full_width * height / width), composer.height)
    return _compose_run(composer, size, description, (png, "image/png"), svg.encode("utf-8"))


def compose_picture(composer: Composer, image: Image, description: str) -> Element:
    """Composes a run with a picture in its own size, at 96 pixels to the inch, or smaller if it is too wide or too
    high.
    """
    width, height = image.width * _EMU_PER_PIXEL, image.height * _EMU_PER_PIXEL
    scale = min(1.0, composer.width * EMU_PER_TWIP / width)
    size = _limit_size(round(width * scale), round(height * scale), min(_MAX_HEIGHT, composer.height))
    return _compose_image(composer, image, description, size)


def compose_vega_drawing(composer: Composer, svg: str, block: Vega) -> Element:
    """Composes a run with the drawing of a Vega-Lite specification, at its own size."""
    root = ET.fromstring(svg)  # noqa: S314  drawn here from a checked specification
    width, height = (round(float(root.get(side, "1"))) for side in ("width", "height"))
    data = svg.encode("utf-8")
    image = Image(f"{block.id}.svg", _SVG, width, height, hashlib.sha256(data).hexdigest(), data)
    return compose_picture(composer, image, block.description)


def compose_logo(composer: Composer, image: Image, description: str) -> Element:
    """Composes a run with a logo, as large as fits into its space on a cover."""
    scale = min(_LOGO_WIDTH / image.width, _LOGO_HEIGHT / image.height)
    return _compose_image(composer, image, description, (round(image.width * scale), round(image.height * scale)))


def _compose_image(composer: Composer, image: Image, description: str, size: tuple[int, int]) -> Element:
    if image.media_type == _SVG:
        return _compose_run(composer, size, description, (_make_fallback_png(image), "image/png"), image.data)
    return _compose_run(composer, size, description, (image.data, image.media_type))


def _rasterise_drawing(svg: str, scale: float) -> bytes:
    from brief.charts.raster import rasterise
    from brief.writers.docx.body.cached_png import render_cached_png

    return rasterise(svg, scale, render_cached_png)


def _make_fallback_png(image: Image) -> bytes:
    """Makes a PNG of an SVG picture; raises ContentError if it cannot be drawn."""
    # Unlike charts, the text is not split by writing system to choose fonts (see `rasterise`): text in authors'
    # pictures need not have a position and a size.
    from brief.charts.sandboxed_raster import NotDrawnError, rasterise_untrusted

    scale = min(_SCALE, math.sqrt(_MAX_PIXELS / (image.width * image.height)))
    try:
        return rasterise_untrusted(image.data, scale)
    except NotDrawnError as problem:
        location, hint = SourceLocation(f"content/assets/{image.name}"), "simplify the picture and export it again"
        raise ContentError([Diagnostic("svg-content", f"'{image.name}' {problem}", location, hint)]) from None


def _read_png_size(data: bytes) -> tuple[int, int]:
    """Returns the width and height in pixels, from the header (PNG specification, 11.2.1)."""
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _limit_size(width: int, height: int, max_height: int) -> tuple[int, int]:
    """Scales a size in EMU (914,400 per inch; ECMA-376-1, 20.1.2.1) down, if necessary, to a height of at most
    `max_height` twentieths of a point.
    """
    scale = min(1.0, max_height * EMU_PER_TWIP / height)
    return round(width * scale), round(height * scale)


def _compose_run(
    composer: Composer, size: tuple[int, int], description: str, picture: tuple[bytes, str], svg: bytes | None = None
) -> Element:
    number = composer.take_drawing_id()
    blip = make_drawing_element(
        "a:blip", namespaces={"r": nsmap["r"]}, r_embed=_add_picture_part(composer, number, *picture)
    )
    if svg is not None:
        vector = blip.makeelement(
            f"{{{_SVG_NAMESPACE}}}svgBlip",
            {f"{{{nsmap['r']}}}embed": _add_picture_part(composer, number, svg, _SVG)},
            {"asvg": _SVG_NAMESPACE, "r": nsmap["r"]},
        )
        blip.append(make_drawing_element("a:extLst", make_drawing_element("a:ext", vector, uri=_SVG_EXTENSION)))
    name = f"Picture {number}"
    width, height = size
    content = make_drawing_element(
        "pic:pic",
        make_drawing_element(
            "pic:nvPicPr",
            make_drawing_element("pic:cNvPr", id=number, name=name, descr=description),
            make_drawing_element("pic:cNvPicPr"),
        ),
        make_drawing_element(
            "pic:blipFill", blip, make_drawing_element("a:stretch", make_drawing_element("a:fillRect"))
        ),
        make_drawing_element(
            "pic:spPr",
            make_drawing_element(
                "a:xfrm", make_drawing_element("a:off", x=0, y=0), make_drawing_element("a:ext", cx=width, cy=height)
            ),
            make_drawing_element("a:prstGeom", make_drawing_element("a:avLst"), prst="rect"),
        ),
    )
    return build_inline_drawing(
        content, nsmap["pic"], number=number, name=name, description=description, size=size, locked=True
    )


def _add_picture_part(composer: Composer, number: int, data: bytes, media_type: str) -> str:
    """Adds a part with the picture and returns the id of the document's relationship to it."""
    name = PackURI(f"/word/media/picture{number}.{_SUFFIXES[media_type]}")
    part = PicturePart(name, media_type, data, composer.part.package)
    return composer.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
