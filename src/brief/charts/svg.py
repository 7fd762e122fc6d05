"""The marks of a chart, and their SVG (SVG 2): the same marks give the same bytes on every machine."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, assert_never
from xml.sax.saxutils import escape, quoteattr

from brief.charts.text_metrics import find_script_boundaries, measure_widest
from brief.model.han import SCRIPT_GAP
from brief.model.record import dataclass

NAMESPACE = "http://www.w3.org/2000/svg"
LINE_HEIGHT = 1.25
# The distance from the middle of a line of figures or Han characters down to its baseline, in em.
_MIDDLE = 0.36

TextAlign = Literal["left", "center", "right"]
SymbolShape = Literal["circle", "square", "diamond", "triangle", "cross", "wedge"]

_ANCHORS: Mapping[TextAlign, str] = {"left": "start", "center": "middle", "right": "end"}


@dataclass(frozen=True, slots=True)
class PixelPoint:
    """A point in the drawing, in pixels; y grows downwards."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class PixelBox:
    """A rectangle in pixels; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "PixelBox") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A filled rectangle, with or without a line around it."""

    box: PixelBox
    fill: str
    stroke: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line between two points. Vertical and horizontal lines are moved to the middle of a pixel."""

    start: PixelPoint
    end: PixelPoint
    colour: str
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Path:
    """A polyline, or with `fill` a polygon."""

    points: tuple[PixelPoint, ...]
    stroke: str | None = None
    width: float = 2.0
    dash: tuple[float, ...] = ()
    fill: str | None = None


@dataclass(frozen=True, slots=True)
class Strokes:
    """Straight lines of one colour, such as the lines of a pattern."""

    segments: tuple[tuple[PixelPoint, PixelPoint], ...]
    colour: str
    width: float = 1.2


@dataclass(frozen=True, slots=True)
class Symbol:
    """A filled shape around a point, with a thin edge that separates it from lines; `radius` is in pixels."""

    shape: SymbolShape
    centre: PixelPoint
    radius: float
    fill: str
    edge: str | None = None


@dataclass(frozen=True, slots=True)
class TextLabel:
    """Lines of text.

    `align` says which part of the text is at `x`: its left edge, its centre or its right edge. `middle` is the vertical
    centre of the block. Both are in pixels.
    """

    lines: tuple[str, ...]
    x: float
    middle: float
    colour: str
    align: TextAlign = "left"
    size: float = 12.0

    @property
    def width(self) -> float:
        return measure_widest(self.lines, self.size)

    @property
    def height(self) -> float:
        return measure_block(self.lines, self.size)

    @property
    def box(self) -> PixelBox:
        left = self.x - self.width * {"left": 0.0, "center": 0.5, "right": 1.0}[self.align]
        return PixelBox(left, self.middle - self.height / 2, left + self.width, self.middle + self.height / 2)


Mark = Rectangle | Line | Path | Strokes | Symbol | TextLabel


@dataclass(frozen=True, slots=True)
class TextFont:
    """The font families of a drawing's texts, as a CSS list, and whether space is added between Han and Western text."""

    families: str
    has_script_gaps: bool


def measure_block(lines: Sequence[str], size: float) -> float:
    """Returns the height of several lines of text, in pixels."""
    return len(lines) * size * LINE_HEIGHT


def render_element(tag: str, attributes: Mapping[str, str | float], *content: str) -> str:
    """Returns the markup of an element with its attributes in the given order; `content` is markup and is not escaped."""
    attribute_xml = "".join(
        f" {name}={quoteattr(value if isinstance(value, str) else format_number(value))}"
        for name, value in attributes.items()
    )
    return f"<{tag}{attribute_xml}>{''.join(content)}</{tag}>" if content else f"<{tag}{attribute_xml}/>"


def escape_text(text: str) -> str:
    """Returns text with the characters escaped that have a meaning in markup."""
    return escape(text)


def format_number(value: float) -> str:
    """Returns a number of pixels with at most two decimals, without trailing zeros."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def render_mark(mark: Mark, typeface: TextFont) -> str:
    """Returns the markup of the element that draws the mark."""
    match mark:
        case Rectangle(box, fill, stroke):
            size = {"width": box.right - box.left, "height": box.bottom - box.top}
            edge = {"stroke": stroke} if stroke else {}
            return render_element("rect", {"x": box.left, "y": box.top, **size, "fill": fill, **edge})
        case Strokes(segments, colour, width):
            outline = "".join(_format_outline(segment, is_closed=False) for segment in segments)
            return render_element("path", {"d": outline, "stroke": colour, "stroke-width": width})
        case Line(start, end, colour, width):
            x, y, x2, y2 = _snap_to_pixels(start, end)
            places = {"x1": x, "y1": y, "x2": x2, "y2": y2}
            return render_element("line", {**places, "stroke": colour, "stroke-width": width})
        case Path():
            return _render_path(mark)
        case Symbol():
            return _render_symbol(mark)
        case TextLabel():
            return _render_label(mark, typeface)
        case _ as never:
            assert_never(never)


def _snap_to_pixels(start: PixelPoint, end: PixelPoint) -> tuple[float, float, float, float]:
    x, y, x2, y2 = start.x, start.y, end.x, end.y
    if x == x2:
        x = x2 = math.floor(x) + 0.5
    if y == y2:
        y = y2 = math.floor(y) + 0.5
    return x, y, x2, y2


def _render_path(path: Path) -> str:
    attributes: dict[str, str | float] = {"d": _format_outline(path.points, is_closed=path.fill is not None)}
    attributes["fill"] = path.fill or "none"
    if path.stroke is not None:
        attributes.update({"stroke": path.stroke, "stroke-width": path.width, "stroke-linejoin": "round"})
    if path.dash:
        attributes["stroke-dasharray"] = ",".join(map(format_number, path.dash))
    return render_element("path", attributes)


def _format_outline(points: Iterable[PixelPoint], *, is_closed: bool) -> str:
    coordinates = "L".join(f"{format_number(point.x)},{format_number(point.y)}" for point in points)
    return f"M{coordinates}{'Z' if is_closed else ''}"


# Outlines around the origin for a radius of 1, scaled so that all shapes look about equally large.
_SHAPES: Mapping[SymbolShape, tuple[tuple[float, float], ...]] = {
    "square": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    "diamond": ((0.0, -1.25), (0.95, 0.0), (0.0, 1.25), (-0.95, 0.0)),
    "triangle": ((0.0, -1.0), (1.05, 0.85), (-1.05, 0.85)),
    "cross": (
        *((-0.4, -1.1), (0.4, -1.1), (0.4, -0.4), (1.1, -0.4), (1.1, 0.4), (0.4, 0.4)),
        *((0.4, 1.1), (-0.4, 1.1), (-0.4, 0.4), (-1.1, 0.4), (-1.1, -0.4), (-0.4, -0.4)),
    ),
    "wedge": ((0.0, 1.0), (-1.05, -0.85), (1.05, -0.85)),
}


def _render_symbol(symbol: Symbol) -> str:
    edge: dict[str, str | float] = {"stroke": symbol.edge, "stroke-width": 1.0} if symbol.edge else {}
    x, y = symbol.centre.x, symbol.centre.y
    if symbol.shape == "circle":
        return render_element("circle", {"cx": x, "cy": y, "r": symbol.radius, "fill": symbol.fill, **edge})
    points = (PixelPoint(x + dx * symbol.radius, y + dy * symbol.radius) for dx, dy in _SHAPES[symbol.shape])
    return render_element("path", {"d": _format_outline(points, is_closed=True), "fill": symbol.fill, **edge})


def _render_label(label: TextLabel, typeface: TextFont) -> str:
    """Returns a `text` element: a single line is its own text, and several lines are `tspan` elements."""
    first = label.middle - (len(label.lines) - 1) / 2 * label.size * LINE_HEIGHT + _MIDDLE * label.size
    attributes: dict[str, str | float] = {
        "x": label.x,
        "y": first,
        "font-family": typeface.families,
        "font-size": f"{format_number(label.size)}px",
        "text-anchor": _ANCHORS[label.align],
        "fill": label.colour,
    }
    if len(label.lines) == 1:
        (line,) = label.lines
        return render_element("text", attributes | _shift_at_boundaries(line, label.size, typeface), escape_text(line))
    lines = []
    for number, line in enumerate(label.lines):
        place: dict[str, str | float] = {"x": label.x, "dy": label.size * LINE_HEIGHT} if number else {}
        lines.append(
            render_element("tspan", place | _shift_at_boundaries(line, label.size, typeface), escape_text(line))
        )
    return render_element("text", attributes, *lines)


def _shift_at_boundaries(line: str, size: float, typeface: TextFont) -> dict[str, str | float]:
    """Returns the `dx` attribute (SVG 2, 11.6.2) that adds a gap at each boundary between Han and Western text.

    Browsers count `dx` by UTF-16 code units, and other renderers by characters; a line in which the two counts differ
    is left unchanged.
    """
    places = find_script_boundaries(line) if typeface.has_script_gaps else ()
    if not places or max(line) > "\uffff":
        return {}
    room = f"{SCRIPT_GAP * size:g}"
    return {"dx": " ".join(room if place in places else "0" for place in range(places[-1] + 1))}
