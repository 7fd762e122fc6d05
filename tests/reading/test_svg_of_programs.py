"""SVG as plotting and drawing programs write it: what is drawn stays, as styles and shapes that every engine knows."""

import base64
import io
import re

import pytest
from PIL import Image, ImageChops
from test_bad_images import picture, svg
from test_bad_images import png as png_header
from test_converted_pictures import turn_picture

from brief.charts.engine import render_png
from brief.reading.pictures.svg import SvgRefusedError, parse_svg

MATPLOTLIB = """<?xml version="1.0" encoding="utf-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"
  "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns:xlink="http://www.w3.org/1999/xlink" width="115pt" height="50pt" viewBox="0 0 115 50" xmlns="http://www.w3.org/2000/svg" version="1.1">
 <metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></metadata>
 <defs><style type="text/css">*{stroke-linejoin: round; stroke-linecap: butt}</style></defs>
 <g id="line2d_1"><path d="M 5 45 L 60 5 L 110 30" clip-path="url(#p1)" style="fill: none; stroke: #1f77b4; stroke-width: 6"/>
  <defs><path id="m1" d="M 0 0 L 0 8" style="stroke: #d62728; stroke-width: 2"/></defs>
  <g><use xlink:href="#m1" x="20" y="30" style="stroke: #d62728"/><use xlink:href="#m1" x="90" y="30"/></g></g>
 <g style="fill: #2ca02c" transform="translate(40 40) scale(0.1 -0.1)">
  <defs><path id="Glyph-31" d="M 0 0 L 0 60 L 60 0 z" transform="scale(1.5)"/></defs>
  <use xlink:href="#Glyph-31"/><use xlink:href="#Glyph-31" transform="translate(100 0)"/></g>
 <defs><clipPath id="p1"><rect x="2" y="2" width="100" height="46"/></clipPath></defs>
</svg>"""

SVGLITE = """<?xml version='1.0' encoding='UTF-8' ?>
<svg xmlns='http://www.w3.org/2000/svg' width='120.00pt' height='60.00pt' viewBox='0 0 120.00 60.00'>
<g class='svglite'>
<defs><style type='text/css'><![CDATA[
  .svglite line, .svglite polyline, .svglite polygon, .svglite path, .svglite rect, .svglite circle {
    fill: none; stroke: #000000; stroke-linecap: round; stroke-linejoin: round; stroke-miterlimit: 10.00; }
  .svglite text { white-space: pre; }
  .svglite g.glyphgroup path { fill: inherit; stroke: none; }
]]></style></defs>
<rect width='100%' height='100%' style='stroke: none; fill: #FFFFFF;'/>
<defs><clipPath id='cpMA=='><rect x='0.00' y='0.00' width='120.00' height='60.00' /></clipPath></defs>
<g clip-path='url(#cpMA==)'><circle cx='40' cy='30' r='9' style='stroke-width: 2.13; fill: #F8766D;' />
<polyline points='5,55 60,5 115,40' style='stroke-width: 3;' /></g>
</g></svg>"""

CAIRO = """<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="90pt" height="40pt" viewBox="0 0 90 40" version="1.1">
<defs><g><symbol overflow="visible" id="glyph0-1"><path style="stroke:none;" d="M 0 0 L 9 0 L 4 -9 Z"/></symbol>
<symbol id="box" viewBox="0 0 10 10"><rect width="10" height="10" fill="#0a0"/></symbol></g></defs>
<g style="fill:rgb(30%,0%,90%);fill-opacity:1;"><use xlink:href="#glyph0-1" x="10" y="20"/><use xlink:href="#glyph0-1" x="24" y="20"/></g>
<use xlink:href="#box" x="50" y="5" width="30" height="30"/>
</svg>"""

INKSCAPE = """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<svg width="40mm" height="20mm" viewBox="0 0 40 20" version="1.1" id="svg5" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"
   xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns="http://www.w3.org/2000/svg">
  <sodipodi:namedview id="namedview7" pagecolor="#ffffff"/>
  <defs id="defs2"><linearGradient id="stops"><stop style="stop-color:#ff0000;stop-opacity:1" offset="0"/><stop style="stop-color:#0000ff" offset="1"/></linearGradient>
    <linearGradient inkscape:collect="always" xlink:href="#stops" id="lg1" x1="2" y1="5" x2="30" y2="5" gradientUnits="userSpaceOnUse"/>
    <clipPath id="clip"><use xlink:href="#shape" transform="translate(1 0)" id="use1"/></clipPath></defs>
  <g inkscape:label="Layer 1" inkscape:groupmode="layer"><rect style="fill:url(#lg1);-inkscape-stroke:none" id="shape" width="20" height="9" x="2" y="3"/>
    <use x="0" y="0" xlink:href="#shape" id="use2" transform="translate(8 8)" width="100%" height="100%"/>
    <circle cx="22" cy="8" r="9" clip-path="url(#clip)" style="fill:#00aa00"/></g>
</svg>"""

DRAW_IO = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" style="background: #ffffff; background-color: light-dark(#ffffff, #121212); color-scheme: light dark;" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" width="121px" height="61px" viewBox="-0.5 -0.5 121 61" content="&lt;mxfile host=&quot;Quetzalcoatlus&quot;&gt;&lt;/mxfile&gt;"><defs/>
<g><g data-cell-id="2"><rect x="0" y="0" width="120" height="60" fill="#dae8fc" stroke="#6c8ebf" pointer-events="all" style="fill: light-dark(rgb(218, 232, 252), rgb(29, 41, 59)); stroke: light-dark(#6c8ebf, var(--ge-dark, #fff));"/></g>
<g transform="translate(-0.5 -0.5)"><switch><foreignObject pointer-events="none" width="100%" height="100%" requiredFeatures="http://www.w3.org/TR/SVG11/feature#Extensibility" style="overflow: visible;"><div xmlns="http://www.w3.org/1999/xhtml">Box</div></foreignObject><text x="60" y="34" fill="#000000" font-family="Inter" font-size="12px" text-anchor="middle">Box</text></switch></g></g>
<switch><g requiredFeatures="http://www.w3.org/TR/SVG11/feature#Extensibility"/><a transform="translate(0,-5)" xlink:href="https://www.drawio.com/doc/faq/svg-export-text-problems" target="_blank"><text font-size="10px" x="50%" y="100%">Text is not SVG - cannot display</text></a></switch></svg>"""

EXCEL = f"""<svg width="96" height="48" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" overflow="hidden"><defs><clipPath id="clip0"><rect x="10" y="10" width="96" height="48"/></clipPath>
<image width="20" height="10" xlink:href="data:image/png;base64,{base64.b64encode(picture(20, 10)).decode()}" preserveAspectRatio="none" id="img1"></image></defs>
<g clip-path="url(#clip0)" transform="translate(-10 -10)"><rect x="12" y="12" width="40" height="40" fill="#4472C4"/><use width="100%" height="100%" xlink:href="#img1" transform="translate(60 20)"></use>
<text font-family="Inter,sans-serif" font-weight="400" font-size="12" transform="translate(60 50)">Q1</text></g></svg>"""

CASCADE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 20"><style>
.a{fill:#f00} rect.a{fill:#00f} #one{fill:#0f0 !important} g > .b:first-child{fill:#888} .a:hover{fill:#fff} /* .c{fill:#123} */</style>
<rect id="one" class="a" width="10" height="10" style="fill:#000"/><rect class="a" x="20" width="10" height="10" fill="#fff"/>
<g><circle class="a b" cx="50" cy="9" r="8"/><circle class="c" cx="80" cy="9" r="8" fill="#a0a"/></g></svg>"""

PROGRAMS = {
    "matplotlib": MATPLOTLIB,
    "svglite": SVGLITE,
    "cairo": CAIRO,
    "inkscape": INKSCAPE,
    "excel": EXCEL,
    "cascade": CASCADE,
}


def pixels(drawing: str) -> Image.Image:
    return Image.open(io.BytesIO(render_png(drawing, 2.0))).convert("RGBA")


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_is_drawn_stays_as_the_program_wrote_it(name: str) -> None:
    """By an engine that knows style sheets and uses; the cleaned drawing needs neither."""
    cleaned = parse_svg(PROGRAMS[name].encode()).serialise().decode()
    assert not re.search(r"<(use|style|switch)\b|\bclass=|DOCTYPE", cleaned)
    before, after = pixels(resize(PROGRAMS[name], cleaned)), pixels(cleaned)
    assert before.size == after.size
    assert len(before.getcolors(1 << 20) or ()) > 3
    assert max(ImageChops.difference(before, after).tobytes()) <= 2


def resize(drawing: str, cleaned: str) -> str:
    """The drawing with the size in whole pixels that the cleaned one has; the engine of this test takes no other unit."""
    end = drawing.index(">", drawing.index("<svg"))
    head, rest = drawing[:end], drawing[end:]
    size = re.findall(r' (?:width|height|viewBox)="[^"]*"', cleaned[: cleaned.index(">")])
    return re.sub(r"""\s(?:width|height|viewBox)=(?:"[^"]*"|'[^']*')""", "", head) + "".join(size) + rest


def test_of_alternatives_the_one_in_svg_is_taken() -> None:
    cleaned = parse_svg(DRAW_IO.encode()).serialise().decode()
    assert ">Box</text>" in cleaned
    assert not re.search("foreignObject|cannot display|drawio.com|Quetzalcoatlus|light-dark|var\\(", cleaned)
    assert "fill:rgb(218, 232, 252);stroke:#6c8ebf" in cleaned
    assert pixels(cleaned).getpixel((20, 20)) == (218, 232, 252, 255)


def test_a_picture_within_loses_its_remarks() -> None:
    from PIL import PngImagePlugin

    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "Quetzalcoatlus")
    uri = base64.b64encode(picture(kind="PNG", pnginfo=words)).decode()
    cleaned = parse_svg(svg(f'<image width="9" height="9" href="data:image/png;base64,{uri}"/>')).serialise().decode()
    embedded = base64.b64decode(re.findall('base64,([^"]+)', cleaned)[0])
    assert Image.open(io.BytesIO(embedded)).size == (20, 10)
    assert b"Quetzalcoatlus" not in embedded


def embed_picture(data: bytes, kind: str = "png") -> str:
    return f'<image width="9" height="9" href="data:image/{kind};base64,{base64.b64encode(data).decode()}"/>'


REFUSED = {
    "imported": ("<style>@import url(https://example.org/a.css);</style>", "@import"),
    "face": ("<style>@font-face{font-family:x;src:url(data:font/woff2;base64,AA)}</style>", "@font-face"),
    "media": ("<style>@media print{rect{fill:red}}</style>", "@media"),
    "outer-rule": ('<style>rect{fill:url(https://example.org/#a)}</style><rect width="9" height="9"/>', "load"),
    "escaped-rule": (r'<style>rect{fill:u\72l(https://example.org/)}</style><rect width="9" height="9"/>', "load"),
    "sass": ('<style type="text/x-scss">rect{fill:red}</style>', "not plain CSS"),
    "outer-use": ('<use href="https://example.org/a.svg#b"/>', "outside the file"),
    "used-script": ('<defs><g id="a"><script>1</script></g></defs><use href="#a"/>', "<script>"),
    "loop": ('<g id="a"><use href="#a"/></g>', "repeats itself"),
    "long-loop": ('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>', "repeats itself"),
    "laughs": (
        '<g id="a0"><path d="M0 0"/></g>'
        + "".join(f'<g id="a{n}">{f"<use href={chr(34)}#a{n - 1}{chr(34)}/>" * 10}</g>' for n in range(1, 9)),
        "more than 100,000 elements",
    ),
    "outer-gradient": ('<linearGradient href="https://example.org/#a"/>', "load"),
    "outer-picture": ('<image href="photo.png" width="9" height="9"/>', "another file"),
    "nested-svg": ('<image href="data:image/svg+xml;base64,PHN2Zy8+" width="9" height="9"/>', "another file"),
    "damaged-picture": (embed_picture(b"\x89PNG\r\n\x1a\n"), "contains a picture that"),
    "bomb": (embed_picture(png_header(60_000, 60_000)), "pixels"),
    "cmyk-picture": (embed_picture(picture(mode="CMYK", kind="JPEG"), "jpeg"), "CMYK"),
    "turned-picture": (embed_picture(turn_picture(6), "jpeg"), "rotated by a tag"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_leads_out_of_the_file_or_grows_is_refused(name: str) -> None:
    inner, reason = REFUSED[name]
    with pytest.raises(SvgRefusedError, match=re.escape(reason)):
        parse_svg(svg(inner))


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE svg [<!ENTITY a "b">]>',
        '<!DOCTYPE svg SYSTEM "a.dtd" [<!ENTITY % b SYSTEM "c">%b;]>',
        "<!DOCTYPE html>",
    ],
)
def test_a_document_type_with_declarations_is_refused(doctype: str) -> None:
    with pytest.raises(SvgRefusedError, match="entities"):
        parse_svg(doctype.encode() + svg(""))


@pytest.mark.parametrize(
    ("written", "completed"),
    [
        ("sans", "sans-serif"),
        ("mono", "monospace"),
        ("Arial", "Arial, sans-serif"),
        ("'Open Sans', verdana, arial, sans-serif", "'Open Sans', verdana, arial, sans-serif"),
        ("Times New Roman", "Times New Roman, serif"),
        ("DejaVu Sans Mono", "DejaVu Sans Mono, monospace"),
        ("Noto Sans Serif Display", "Noto Sans Serif Display, sans-serif"),
        ("PingFang SC", "PingFang SC, sans-serif"),
        ("inherit", "inherit"),
    ],
)
def test_families_end_with_a_generic_one(written: str, completed: str) -> None:
    quoted = written.replace("'", "&apos;")
    drawn = parse_svg(
        f"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><text font-family='{quoted}'>a</text>"
        f"<text style='fill: red; font-family: {quoted}; font-size: 8pt'>a</text></svg>".encode()
    )
    by_attribute, by_style = drawn.root
    assert by_attribute.get("font-family") == completed
    style = by_style.get("style", "").replace('"', "'")
    assert f"font-family: {completed};font-size:8pt" in style


@pytest.mark.parametrize("family", ["sans", "Helvetica", "Nothing Of This Name", "serif", "monospace", "cursive"])
@pytest.mark.parametrize("size", ["12px", "9pt", "12"])
def test_text_in_any_family_and_size_is_drawn(family: str, size: str) -> None:
    source = (
        "<svg xmlns='http://www.w3.org/2000/svg' width='60' height='20'>"
        f"<text x='2' y='15' style='font-family: {family}; font-size: {size}'>Beds</text></svg>"
    )
    drawing = render_png(parse_svg(source.encode()).serialise().decode(), 1)
    with Image.open(io.BytesIO(drawing)) as drawn:
        inked = drawn.getchannel("A").getbbox()
    assert inked is not None
    assert inked[2] - inked[0] > 15
