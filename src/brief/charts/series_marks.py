"""What line and slope charts share: lines with their points, labels spread so that none lies on another."""

from collections.abc import Sequence
from dataclasses import dataclass

from brief.charts.canvas import Spec, layer, pixels
from brief.charts.legend import series_colour
from brief.model.appearance.contrast import READABLE, contrast_ratio
from brief.model.appearance.look import Look

# Half the width of a point, in pixels.
DOT = 4.0
# Series differ by shape and dash as well as colour, for readers who see no colour and printers that print none.
_SHAPES = ("circle", "square", "diamond", "triangle-up", "cross", "triangle-down")
# The share of a point's square that makes the shapes look equally large.
_AREA = (0.85, 0.8, 1.0, 0.9, 0.9, 0.9)
_DASHES: tuple[tuple[int, ...], ...] = ((), (7, 3), (2, 2), (8, 3, 2, 3), (12, 3), (4, 2))
_BLACK = "#000000"


@dataclass(frozen=True, slots=True)
class PixelPoint:
    """A point on the sheet, in pixels."""

    x: float
    y: float


def series_layers(places: Sequence[Sequence[PixelPoint]], look: Look) -> list[Spec]:
    """One line and its points for each series, the first on top."""
    layers: list[Spec] = []
    for index in reversed(range(len(places))):
        layers += [_line(places[index], index, look), _points(places[index], index, look)]
    return layers


def key_layers(middles: Sequence[PixelPoint], length: float, look: Look) -> list[Spec]:
    """For each series a short piece of its line with one point, centred on the place."""
    layers: list[Spec] = []
    for index, middle in enumerate(middles):
        ends = [PixelPoint(middle.x - length / 2, middle.y), PixelPoint(middle.x + length / 2, middle.y)]
        layers += [_line(ends, index, look), _points([middle], index, look)]
    return layers


def _line(places: Sequence[PixelPoint], index: int, look: Look) -> Spec:
    mark: Spec = {"type": "line", "color": series_colour(look, index), "strokeWidth": 2, "strokeCap": "butt"}
    if dash := _DASHES[index % len(_DASHES)]:
        mark["strokeDash"] = list(dash)
    encoding = {"x": pixels("x"), "y": pixels("y"), "order": {"field": "order", "type": "quantitative"}}
    return layer(mark, encoding, [{"x": place.x, "y": place.y, "order": n} for n, place in enumerate(places)])


def _points(places: Sequence[PixelPoint], index: int, look: Look) -> Spec:
    mark = {
        "type": "point",
        "filled": True,
        "opacity": 1,
        "shape": _SHAPES[index % len(_SHAPES)],
        "size": (2 * DOT) ** 2 * _AREA[index % len(_AREA)],
        "color": series_colour(look, index),
        "stroke": look.colours["paper"],
        "strokeWidth": 1,
    }
    encoding = {"x": pixels("x"), "y": pixels("y")}
    return layer(mark, encoding, [{"x": place.x, "y": place.y} for place in places])


def spread(middles: Sequence[float], heights: Sequence[float], top: float, bottom: float) -> list[float]:
    """New middles for blocks of these heights, as near the old ones as can be, in the same order, none over another.

    The blocks stay between `top` and `bottom`; if they do not fit there, they start at `top`. Least squares by pooling
    adjacent violators (Barlow et al., 1972).
    """
    order = sorted(range(len(middles)), key=lambda index: (middles[index], index))
    pools: list[tuple[float, int]] = []
    above, total = [], 0.0
    for index in order:
        above.append(total + heights[index] / 2)
        pool, count = middles[index] - above[-1], 1
        while pools and pools[-1][0] > pool:
            mean, size = pools.pop()
            pool, count = (mean * size + pool * count) / (size + count), size + count
        pools.append((pool, count))
        total += heights[index]
    starts = [max(top, min(mean, bottom - total)) for mean, count in pools for _ in range(count)]
    placed = dict(zip(order, (start + offset for start, offset in zip(starts, above, strict=True)), strict=True))
    return [placed[index] for index in range(len(middles))]


def readable(colour: str, look: Look) -> str:
    """The colour, darkened until text in it can be read on paper."""
    shade = colour
    while contrast_ratio(shade, look.colours["paper"]) < READABLE and shade != _BLACK:
        shade = "#" + "".join(f"{int(shade[at : at + 2], 16) * 9 // 10:02x}" for at in (1, 3, 5))
    return shade
