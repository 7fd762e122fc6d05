"""Finds overlapping texts of a drawing, including rotated ones."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from itertools import combinations
from math import cos, radians, sin

from brief.charts.text_metrics import measure_advance
from brief.model.record import dataclass

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_FUNCTION = re.compile(r"(translate|rotate|scale)\(([^)]*)\)")
# In units of the font size: from the baseline to the top of capitals, and to the bottom of descenders.
_ABOVE, _BELOW = 0.72, 0.2
_TOLERANCE = 1.0
Corner = tuple[float, float]


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text with the four corners of its box, in order around the box."""

    words: str
    corners: tuple[Corner, ...]


def find_overlaps(svg: ET.Element) -> Iterator[tuple[str, str]]:
    """Yields the pairs of overlapping texts in an SVG."""
    for first, second in combinations(list(_list_texts(svg, _IDENTITY)), 2):
        if not _is_apart(first.corners, second.corners):
            yield first.words, second.words


def find_texts_below(svg: ET.Element, height: float) -> Iterator[str]:
    """Yields the texts that lie wholly below a drawing of this height, and so are not visible, as the last entries of a
    long legend may.
    """
    for text in _list_texts(svg, _IDENTITY):
        if min(y for _, y in text.corners) > height:
            yield text.words


def _list_texts(element: ET.Element, matrix: Matrix) -> Iterator[PlacedText]:
    if element.get("opacity") == "0" or element.get("display") == "none":
        return
    here = _multiply_matrices(matrix, _read_transform(element.get("transform", "")))
    if element.tag == "text":
        lines = [child for child in element if child.tag == "tspan"] or [element]
        for line in lines:
            words = "".join(line.itertext()).strip()
            if words:
                yield PlacedText(words, _surround(element, line, words, here))
    for child in element:
        if element.tag != "text":
            yield from _list_texts(child, here)


def _surround(text: ET.Element, line: ET.Element, words: str, matrix: Matrix) -> tuple[Corner, ...]:
    size = _parse_length(text.get("font-size", "11"))
    width = measure_advance(words, size)
    x = _parse_length(line.get("x", text.get("x", "0")))
    y = _parse_length(line.get("y", text.get("y", "0"))) + _parse_length(line.get("dy", "0"))
    left = x - {"middle": width / 2, "end": width}.get(text.get("text-anchor", "start"), 0.0)
    top, bottom = y - _ABOVE * size + _TOLERANCE, y + _BELOW * size - _TOLERANCE
    box = (
        (left + _TOLERANCE, top),
        (left + width - _TOLERANCE, top),
        (left + width - _TOLERANCE, bottom),
        (left + _TOLERANCE, bottom),
    )
    a, b, c, d, e, f = matrix
    return tuple((a * x + c * y + e, b * x + d * y + f) for x, y in box)


def _parse_length(text: str) -> float:
    match = re.match(r"[-+]?[0-9.]+", text)
    return float(match[0]) if match else 0.0


def _read_transform(text: str) -> Matrix:
    matrix = _IDENTITY
    for name, arguments in _FUNCTION.findall(text):
        numbers = [float(number) for number in re.split(r"[\s,]+", arguments.strip()) if number]
        if name == "translate":
            step: Matrix = (1.0, 0.0, 0.0, 1.0, numbers[0], numbers[1] if len(numbers) > 1 else 0.0)
        elif name == "scale":
            step = (numbers[0], 0.0, 0.0, numbers[-1], 0.0, 0.0)
        else:
            angle = radians(numbers[0])
            step = (cos(angle), sin(angle), -sin(angle), cos(angle), 0.0, 0.0)
        matrix = _multiply_matrices(matrix, step)
    return matrix


def _multiply_matrices(one: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * m + e, b * k + d * m + f


def _is_apart(one: Sequence[Corner], other: Sequence[Corner]) -> bool:
    """Returns whether a straight line separates two boxes. Lines parallel to their sides suffice (separating axis
    theorem).
    """
    for box in (one, other):
        for (x, y), (x2, y2) in zip(box, (*box[1:], box[0]), strict=True):
            across = (y - y2, x2 - x)
            spans = [[across[0] * px + across[1] * py for px, py in corners] for corners in (one, other)]
            if max(spans[0]) <= min(spans[1]) or max(spans[1]) <= min(spans[0]):
                return True
    return False
