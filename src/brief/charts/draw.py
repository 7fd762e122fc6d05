"""From a chart to a self-contained SVG."""

import re
import xml.etree.ElementTree as ET

from brief.charts.canvas import LINE_HEIGHT, Spec
from brief.charts.engine import vega_svg
from brief.charts.spec import chart_spec
from brief.charts.text_metrics import meetings
from brief.model.appearance.look import Look
from brief.model.han import ROOM
from brief.model.locale import primary_language
from brief.model.variant import Chart

SVG = "http://www.w3.org/2000/svg"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")

# What Vega says of each mark is about marks, not about the subject; the <title> says it for the whole.
_MEASURES = frozenset(("d", "transform", "x2", "y2"))
_LONG_FRACTION = re.compile(r"-?\d+\.\d{3,}")
_NOISE = ("role", "aria-label", "aria-hidden", "aria-roledescription", "class", "cursor", "pointer-events")


def draw_svg(chart: Chart, locale: str, look: Look) -> str:
    """The chart as an `<svg>` element of 640 CSS pixels' width, to stand in a page or alone.

    It names its own faces and language, since WeasyPrint does not hand a page's down to it; refers to nothing
    outside itself; and carries the chart's description as its accessible name (SVG-AAM 1.0, 8.1), all of it in its
    `<title>`, since WeasyPrint takes a PDF's alternative text from there alone.
    """
    spec, words = _without_words(chart_spec(chart, look))
    root = ET.fromstring(vega_svg(spec))  # noqa: S314  the engine's own output
    families = ",".join(_quoted(family) for family in look.faces_for(locale).sans)
    drawing = _cleaned(root, families, words)
    if primary_language(locale) == "zh":
        for element in drawing:
            for line in element.iter():
                _leave_room(line, float(element.get("font-size", "0").removesuffix("px")))

    svg = ET.Element(f"{{{SVG}}}svg")
    title = f"{chart.id}-chart-title"
    svg.attrib.update(
        {
            "width": root.attrib["width"],
            "height": root.attrib["height"],
            "viewBox": root.attrib["viewBox"],
            "role": "img",
            "aria-labelledby": title,
            "lang": locale,
            _LANG: locale,
            "font-family": families,
        }
    )
    ET.SubElement(svg, f"{{{SVG}}}title", id=title).text = chart.description
    svg.extend(drawing)
    ET.register_namespace("", SVG)
    return ET.tostring(svg, encoding="unicode")


def _without_words(spec: Spec) -> tuple[Spec, list[str]]:
    """The specification with numbered slots for its texts, and the texts.

    Vega measures what it sets, which for Han takes longer than all the rest and would tie its output to the fonts of
    the machine; every place is decided already, so it need not see the words.
    """
    words: list[str] = []
    layers = []
    for each in spec["layer"]:
        if each["mark"]["type"] == "text":
            rows = []
            for row in each["data"]["values"]:
                rows.append({**row, "text": f"{len(words)}"})
                words.append(row["text"])
            each = {**each, "data": {"values": rows}}
        layers.append(each)
    return {**spec, "layer": layers}, words


def _cleaned(root: ET.Element, families: str, words: list[str]) -> list[ET.Element]:
    """The marks of Vega's SVG in the order of painting, out of their groups, each with its own place and style."""
    marks = []
    for element in root.iter():
        kind = element.tag.removeprefix(f"{{{SVG}}}")
        if kind not in ("path", "line", "text") or element.get("class") in ("background", "foreground"):
            continue
        for name in _NOISE:
            element.attrib.pop(name, None)
        for name in _MEASURES.intersection(element.attrib):
            element.set(name, _LONG_FRACTION.sub(_rounded, element.attrib[name]))
        if kind == "text":
            element.set("font-family", families)
            _set_lines(element, words[int(element.text or "")].split("\n"))
        elif "fill" not in element.attrib:
            element.set("fill", "none")
        marks.append(element)
    return marks


def _set_lines(element: ET.Element, lines: list[str]) -> None:
    """One line as the element's own text; more of them one under another."""
    if len(lines) == 1:
        element.text = lines[0]
        return
    element.text = None
    height = float(element.attrib["font-size"].removesuffix("px")) * LINE_HEIGHT
    for number, line in enumerate(lines):
        position = {"x": "0", "dy": f"{height:g}"} if number else {}
        ET.SubElement(element, f"{{{SVG}}}tspan", position).text = line


def _leave_room(line: ET.Element, size: float) -> None:
    """Moves what follows on a meeting of Han and Western text to the right (SVG 1.1, 10.5, `dx`).

    Browsers count what UTF-16 counts, others characters: a line that has more of the one than of the other stays as it is.
    """
    text = line.text or ""
    places = meetings(text)
    if places and max(text) <= "\uffff":
        room = f"{ROOM * size:g}"
        line.set("dx", " ".join(room if place in places else "0" for place in range(places[-1] + 1)))


def _rounded(match: re.Match[str]) -> str:
    return f"{float(match[0]):.2f}".rstrip("0").rstrip(".")


def _quoted(family: str) -> str:
    """A family name as CSS writes it: bare if it is a run of identifiers, else in quotes (CSS Fonts 4, 2.1)."""
    return family if all(_IDENTIFIER.fullmatch(word) for word in family.split(" ")) else f"'{family}'"
