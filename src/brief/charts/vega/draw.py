"""Draws a Vega-Lite specification as an SVG, for use in a page or as a file."""

import re
import xml.etree.ElementTree as ET
from functools import lru_cache

from brief.charts.canvas import WIDTH
from brief.charts.vega.overlap import find_overlaps, find_texts_below
from brief.charts.vega.process import InvalidSpecificationError, VegaError, draw_specification, is_installed
from brief.charts.vega.style import make_config, style_specification
from brief.model.appearance.look import Look
from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.variant import Vega
from brief.reading.pictures.svg import SvgRefusedError, parse_svg

# The greatest height in CSS pixels at which a chart as wide as the text fits on a page with its caption.
_TALLEST = 780
_LEAST_SCALE = 0.8
_MOST_BYTES = 2_000_000
_MOST_TEXTS = 800
# Angles of the category names below a chart: level or, if they overlap, slanting. Vertical names are hard to read.
_ANGLES = (0, -45)
_BOX = re.compile(r"M(?P<x>[-0-9.]+),(?P<y>[-0-9.]+)h(?P<width>[0-9.]+)v(?P<height>[0-9.]+)h-[0-9.]+Z")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


class _OverlapError(ContentError):
    """Texts of a drawing overlap."""


def draw_vega(block: Vega, locale: str, look: Look) -> str:
    """Draws the chart as an `<svg>` element, at most as wide as the text, with its description as its accessible name.

    Raises:
        ContentError: vl-convert is not installed or cannot draw the chart, the drawing is too large, or its texts
            overlap.
    """
    if not is_installed():
        hint = "install it: pip install 'vl-convert-python>=1.9'"
        raise make_vega_error(
            "vega-missing", block, "needs the package 'vl-convert-python', which is not installed", hint
        )
    try:
        root, size = _draw_at_angle(block, locale, look, _ANGLES[0])
    except _OverlapError:
        root, size = _draw_at_angle(block, locale, look, _ANGLES[1])
    return _finish(block, locale, root, size)


def _draw_at_angle(block: Vega, locale: str, look: Look, angle: int) -> tuple[ET.Element, tuple[int, int]]:
    try:
        specification = style_specification(block.specification, look)
        svg_text = _draw(specification, make_config(look, locale, angle), block.formats)
    except VegaError as problem:
        raise make_vega_error(
            "vega-not-drawn", block, str(problem), "try the specification in a Vega-Lite editor"
        ) from None
    if len(svg_text) > _MOST_BYTES:
        message = f"has a drawing of {len(svg_text):,} bytes; the limit is {_MOST_BYTES:,}"
        raise make_vega_error("vega-not-drawn", block, message, "draw fewer marks")
    try:
        svg = parse_svg(svg_text.encode("utf-8"), has_our_faces=True)
    except SvgRefusedError as problem:
        raise make_vega_error(
            "vega-not-drawn", block, f"has a drawing that {problem}", problem.hint or "simplify it"
        ) from None
    _check_words(block, svg.root, svg.size[1])
    return svg.root, svg.size


def _draw(specification: str, config: str, formats: str) -> str:
    result = _draw_once(specification, config, formats)
    if isinstance(result, VegaError):
        raise VegaError(*result.args)
    return result


# Several formats of a variant, and often several audiences, draw the same specification.
@lru_cache(maxsize=64)
def _draw_once(specification: str, config: str, formats: str) -> str | InvalidSpecificationError:
    try:
        return draw_specification(specification, config, formats)
    except InvalidSpecificationError as problem:
        return problem


def _check_words(block: Vega, root: ET.Element, height: int) -> None:
    texts = [element for element in root.iter() if element.tag == "text"]
    if len(texts) > _MOST_TEXTS:
        raise make_vega_error("chart-labels", block, f"has {len(texts)} texts, too many to read", "label fewer marks")
    if (below := next(find_texts_below(root, height), None)) is not None:
        message = f"has the text '{below}' below its lower edge"
        raise make_vega_error("chart-labels", block, message, "give 'height' more room, or label fewer marks")
    overlap = next(find_overlaps(root), None)
    if overlap is not None:
        message = f"has overlapping texts '{overlap[0]}' and '{overlap[1]}'"
        hint = "label fewer marks, give the chart more room, or put long names of categories on the y axis"
        raise _OverlapError(make_vega_error("chart-labels", block, message, hint).diagnostics)


def _finish(block: Vega, locale: str, root: ET.Element, size: tuple[int, int]) -> str:
    width, height = size
    scale = min(1.0, WIDTH / width)
    if scale < _LEAST_SCALE or height * scale > _TALLEST:
        message = f"is {width} by {height} pixels; a page has room for {WIDTH} by {_TALLEST}"
        raise make_vega_error("vega-not-drawn", block, message, "give 'width' and 'height' that fit, or leave them out")
    title = f"{block.id}-chart-title"
    root.attrib |= {
        "width": f"{width * scale:g}",
        "height": f"{height * scale:g}",
        "role": "img",
        "aria-labelledby": title,
        "lang": locale,
        "xml:lang": locale,
    }
    for path in root.iterfind(".//path"):
        _redraw_gradient_box(path)
    # Ids must be unique among all charts of a page, and must not depend on what else the engine has drawn.
    ids = {each.attrib["id"]: f"{block.id}-chart-{number}" for number, each in enumerate(root.iterfind(".//*[@id]"), 1)}
    for element in root.iter():
        for attribute, value in element.attrib.items():
            if attribute == "id":
                element.attrib[attribute] = ids[value]
            elif "url(#" in value:
                element.attrib[attribute] = _REFERENCE.sub(lambda found: f"url(#{ids.get(found[1], '')})", value)
    name = ET.Element("title", {"id": title})
    name.text = block.description
    root.insert(0, name)
    return ET.tostring(root, encoding="unicode")


def _redraw_gradient_box(path: ET.Element) -> None:
    """Turns the path of a legend's colour bar into a rectangle, in place, because WeasyPrint draws no gradient in a
    path.
    """
    outline = _BOX.fullmatch(path.attrib.get("d", ""))
    if outline is None or "url(#" not in path.attrib.get("fill", ""):
        return
    path.tag = "rect"
    del path.attrib["d"]
    path.attrib |= {name: value for name, value in outline.groupdict().items() if value}


def make_vega_error(code: str, block: Vega, message: str, hint: str) -> ContentError:
    """Returns the error for a block that cannot be drawn, at the location of the block."""
    return ContentError([Diagnostic(code, f"chart '{block.id}' {message}", block.location, hint)])
