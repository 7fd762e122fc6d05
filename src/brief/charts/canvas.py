"""What every chart is drawn on: a sheet of pixels, a value axis, and Vega-Lite layers laid over one another."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from brief.charts.text_metrics import widest

Spec = dict[str, Any]

# CSS pixels: 640 of them are 169 mm, the text column of an A4 page.
WIDTH = 640.0
TEXT_SIZE = 12.0
SMALL_SIZE = 11.0
LINE_HEIGHT = 1.25
# From the middle of a line of figures or Han characters down to its baseline, in em.
_MIDDLE = 0.36


@dataclass(frozen=True, slots=True)
class TextLabel:
    """Lines of text. `x` is where `align` says, `middle` the height of the block's middle, both in pixels."""

    lines: tuple[str, ...]
    x: float
    middle: float
    colour: str
    align: str = "left"
    size: float = TEXT_SIZE

    @property
    def width(self) -> float:
        return widest(self.lines, self.size)

    @property
    def height(self) -> float:
        return block_height(self.lines, self.size)

    @property
    def box(self) -> "PixelBox":
        left = self.x - self.width * {"left": 0.0, "center": 0.5, "right": 1.0}[self.align]
        return PixelBox(left, self.middle - self.height / 2, left + self.width, self.middle + self.height / 2)


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
class ValueScale:
    """A linear value axis: `low` is drawn at `start` and `high` at `end`, in pixels."""

    low: float
    high: float
    start: float
    end: float

    def position(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def value(self, position: float) -> float:
        """The value that is drawn there; outside the axis too."""
        return self.low + (position - self.start) / (self.end - self.start) * (self.high - self.low)

    def spec(self) -> Spec:
        return {"type": "linear", "domain": [self.low, self.high], "range": [self.start, self.end], "nice": False}


def domain(values: Iterable[float], *, zero: bool) -> tuple[float, float]:
    """The least and the greatest value, of which bars take in zero; never empty."""
    drawn = [*values, *([0.0] if zero else [])]
    low, high = min(drawn), max(drawn)
    return (low, high) if low < high else (low - (0.0 if zero else 0.5), high + (1.0 if zero else 0.5))


def block_height(lines: Sequence[str], size: float) -> float:
    """The height of lines set one under another, in pixels."""
    return len(lines) * size * LINE_HEIGHT


def pixels(field: str) -> Spec:
    """A channel that takes pixels as they are."""
    return {"field": field, "type": "quantitative", "scale": None, "axis": None}


def scaled(field: str, scale: ValueScale) -> Spec:
    """A channel on the value axis. No axis is drawn: every value carries its own label."""
    return {"field": field, "type": "quantitative", "scale": scale.spec(), "axis": None}


def layer(mark: Spec, encoding: Spec, rows: Iterable[Mapping[str, object]]) -> Spec:
    """One kind of mark, drawn once for each row."""
    return {"data": {"values": [dict(row) for row in rows]}, "mark": mark, "encoding": encoding}


def rules(lines: Iterable[tuple[float, float, float, float]], colour: str, width: float = 1.0) -> Spec:
    """Straight lines from (x, y) to (x2, y2), in pixels; upright and level ones fall on whole pixels."""
    encoding = {"x": pixels("x"), "y": pixels("y"), "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    rows = [dict(zip(("x", "y", "x2", "y2"), _crisp(*line), strict=True)) for line in lines]
    return layer({"type": "rule", "color": colour, "strokeWidth": width}, encoding, rows)


def boxes(areas: Iterable[tuple[PixelBox, str]]) -> Spec:
    """Filled rectangles, each with its colour."""
    rows = [{"x": box.left, "y": box.top, "x2": box.right, "y2": box.bottom, "colour": colour} for box, colour in areas]
    encoding = {
        "x": pixels("x"),
        "y": pixels("y"),
        "x2": {"field": "x2"},
        "y2": {"field": "y2"},
        "color": {"field": "colour", "type": "nominal", "scale": None},
    }
    return layer({"type": "rect"}, encoding, rows)


def dots(areas: Iterable[PixelBox], colour: str) -> Spec:
    """Filled circles, each as wide as its box."""
    rows = [
        {"x": (box.left + box.right) / 2, "y": (box.top + box.bottom) / 2, "size": (box.right - box.left) ** 2}
        for box in areas
    ]
    encoding = {"x": pixels("x"), "y": pixels("y"), "size": {"field": "size", "type": "quantitative", "scale": None}}
    mark = {"type": "point", "filled": True, "opacity": 1, "shape": "circle", "color": colour}
    return layer(mark, encoding, rows)


def texts(labels: Iterable[TextLabel]) -> list[Spec]:
    """Labels as layers, one for each style of text among them."""
    styles: dict[tuple[str, float], list[TextLabel]] = {}
    for label in labels:
        styles.setdefault((label.align, label.size), []).append(label)
    return [_text_layer(align, size, group) for (align, size), group in styles.items()]


def sheet(height: float, layers: Iterable[Spec]) -> Spec:
    """The whole chart. No padding and no automatic size: every place in it is already decided."""
    return {
        "width": WIDTH,
        "height": round(height),
        "padding": 0,
        "autosize": {"type": "none"},
        "background": None,
        "layer": [each for each in layers if each["data"]["values"]],
        "config": {"view": {"stroke": None}},
    }


def _crisp(x: float, y: float, x2: float, y2: float) -> tuple[float, float, float, float]:
    if x == x2:
        x = x2 = math.floor(x) + 0.5
    if y == y2:
        y = y2 = math.floor(y) + 0.5
    return x, y, x2, y2


def _text_layer(align: str, size: float, labels: Iterable[TextLabel]) -> Spec:
    mark = {
        "type": "text",
        "align": align,
        "baseline": "alphabetic",
        "fontSize": size,
        "lineBreak": "\n",
        "lineHeight": size * LINE_HEIGHT,
    }
    encoding = {
        "x": pixels("x"),
        "y": pixels("y"),
        "text": {"field": "text", "type": "nominal"},
        "color": {"field": "colour", "type": "nominal", "scale": None},
    }
    rows = [
        {
            "x": label.x,
            "y": label.middle - (len(label.lines) - 1) / 2 * size * LINE_HEIGHT + _MIDDLE * size,
            "text": "\n".join(label.lines),
            "colour": label.colour,
        }
        for label in labels
    ]
    return layer(mark, encoding, rows)
