"""Prepares SVG drawings for Typst: each piece of text names one face.

The engine uses only the first family of a text. If that lacks a character, it sets the whole line in any other face.
"""

import re
import xml.etree.ElementTree as ET
from functools import lru_cache

from brief.model.appearance.look import Faces
from brief.model.han import EAST_ASIAN, LATIN_MARK, WORD_JOINER
from brief.model.locale import get_primary_language
from brief.model.record import dataclass
from brief.templating.formulas import draw_formula

_SVG = "http://www.w3.org/2000/svg"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_HAN = re.compile(rf"[{EAST_ASIAN}]+")
# In Chinese, dashes, quotation marks and the ellipsis belong to the Han face (CLREQ, 3.1.2 and 3.1.3), except within Latin
# words.
_HAN_AND_SHARED = re.compile(rf"(?:(?!{LATIN_MARK})[·—‘’“”…{EAST_ASIAN}])+")
_TEXTS = (f"{{{_SVG}}}text", f"{{{_SVG}}}tspan")
_FORMULA_SIZE = re.compile(r"width: ([\d.]+)em; height: ([\d.]+)em; vertical-align: -([\d.]+)em")


@dataclass(frozen=True, slots=True)
class DrawnFormula:
    """A formula as SVG, in ems of the text; `depth` is how far it reaches below the baseline."""

    svg: str
    width: float
    height: float
    depth: float


def assign_faces(svg: str, faces: Faces, locale: str) -> str:
    """Returns the SVG with its Han text in the Han face of the locale, and all other text in the Latin face."""
    latin, *others = faces.sans
    root = ET.fromstring(svg.replace(WORD_JOINER, ""))  # noqa: S314  drawn by this program
    pattern = _HAN_AND_SHARED if get_primary_language(locale) == "zh" else _HAN
    for element in list(root.iter()):
        if element.tag in _TEXTS:
            _assign(element, pattern, latin, others[0] if others else latin)
    root.set("font-family", latin)
    ET.register_namespace("", _SVG)
    return ET.tostring(root, encoding="unicode")


@lru_cache(maxsize=256)
def draw_inline_formula(markup: str) -> DrawnFormula:
    """Draws a formula from its MathML."""
    svg = str(draw_formula(markup))
    size = _FORMULA_SIZE.search(svg)
    if size is None:
        raise AssertionError(svg[:200])
    width, height, depth = (float(number) for number in size.groups())
    return DrawnFormula(svg, width, height, depth)


def _assign(element: ET.Element, pattern: re.Pattern[str], latin: str, han: str) -> None:
    """Names the face of the element's own text; text in several scripts is divided into one `<tspan>` for each run."""
    text = element.text or ""
    runs = _divide(text, pattern, latin, han)
    if len(runs) <= 1:
        if text.strip():
            element.set("font-family", runs[0][1])
        return
    element.text = None
    element.set(_SPACE, "preserve")
    for position, (run, family) in enumerate(runs):
        part = ET.Element(_TEXTS[1], {"font-family": family})
        part.text = run
        element.insert(position, part)


def _divide(text: str, pattern: re.Pattern[str], latin: str, han: str) -> list[tuple[str, str]]:
    runs, start = [], 0
    for match in pattern.finditer(text):
        if start < match.start():
            runs.append((text[start : match.start()], latin))
        runs.append((match[0], han))
        start = match.end()
    if start < len(text):
        runs.append((text[start:], latin))
    return runs
