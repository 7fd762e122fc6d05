"""Rasterises a chart's SVG, for programs that do not draw SVG."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator

from brief.charts.engine import render_png
from brief.charts.text_metrics import measure_advance
from brief.model.han import EAST_ASIAN

_SVG = "http://www.w3.org/2000/svg"
_HAN = re.compile(rf"[{EAST_ASIAN}]+")
# In Chinese, dashes, quotation marks and the ellipsis also use the Han font.
_HAN_AND_SHARED = re.compile(rf"[—‘’“”…{EAST_ASIAN}]+")


def rasterise(svg: str, scale: float = 2.0, render: Callable[[str, float], bytes] = render_png) -> bytes:
    """Rasterises an SVG that `draw_svg` made; `render` makes a PNG with `scale` pixels per CSS pixel.

    resvg sets a text in one font; if that font lacks a character, resvg uses any installed font that has all of them,
    which for Han may be Japanese or a serif. Therefore the text in each script becomes a separate element.
    """
    root = ET.fromstring(svg)  # noqa: S314  drawn by this package
    latin, _, han = root.get("font-family", "").partition(",")
    if han:
        pattern = _HAN_AND_SHARED if root.get("lang", "").startswith("zh") else _HAN
        children = list(root)
        root[:] = [part for child in children for part in _split_by_script(child, pattern, latin, han)]
    ET.register_namespace("", _SVG)
    return render(ET.tostring(root, encoding="unicode"), scale)


def _split_by_script(element: ET.Element, pattern: re.Pattern[str], latin: str, han: str) -> Iterator[ET.Element]:
    if element.tag != f"{{{_SVG}}}text" or not pattern.search("".join(element.itertext())):
        yield element
        return
    size = float(element.attrib["font-size"].removesuffix("px"))
    share = {"start": 0.0, "middle": 0.5, "end": 1.0}[element.get("text-anchor", "start")]
    style = {name: value for name, value in element.items() if name not in ("text-anchor", "dx")}
    y = float(element.attrib["y"])
    for line in list(element) or [element]:
        y += float(line.get("dy", "0"))
        text = line.text or ""
        left = float(element.attrib["x"]) - share * measure_advance(text, size)
        end = 0
        for run, family in _split_runs(text, pattern, latin, han):
            end += len(run)
            x = left + measure_advance(text[:end], size) - measure_advance(run, size)
            part = ET.Element(element.tag, {**style, "font-family": family, "x": f"{x:.2f}", "y": f"{y:.2f}"})
            # A run may begin or end with a space, which separates two texts.
            part.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            part.text = run
            yield part


def _split_runs(text: str, pattern: re.Pattern[str], latin: str, han: str) -> Iterator[tuple[str, str]]:
    start = 0
    for match in pattern.finditer(text):
        if start < match.start():
            yield text[start : match.start()], latin
        yield match[0], han
        start = match.end()
    if start < len(text):
        yield text[start:], latin
