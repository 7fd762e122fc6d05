"""What line and slope charts share: lines with their points, labels spread so that none lies on another."""

from collections.abc import Sequence

from brief.charts.legend import series_colour
from brief.charts.svg import Mark, Path, PixelPoint, Symbol
from brief.templating.contrast import READABLE, contrast_ratio
from brief.templating.template_set import Look

# Half the width of a point, in pixels.
DOT = 4.0
# Series differ by shape and dash as well as colour, for readers who see no colour and printers that print none.
_SHAPES = ("circle", "square", "diamond", "triangle", "cross", "wedge")
_DASHES: tuple[tuple[int, ...], ...] = ((), (7, 3), (2, 2), (8, 3, 2, 3), (12, 3), (4, 2))
_BLACK = "#000000"


def series_marks(places: Sequence[Sequence[PixelPoint]], look: Look) -> list[Mark]:
    """One line and its points for each series, the first on top."""
    marks: list[Mark] = []
    for index in reversed(range(len(places))):
        marks += [_line(places[index], index, look), *_points(places[index], index, look)]
    return marks


def key_marks(middles: Sequence[PixelPoint], length: float, look: Look) -> list[Mark]:
    """For each series a short piece of its line with one point, centred on the place."""
    marks: list[Mark] = []
    for index, middle in enumerate(middles):
        ends = [PixelPoint(middle.x - length / 2, middle.y), PixelPoint(middle.x + length / 2, middle.y)]
        marks += [_line(ends, index, look), *_points([middle], index, look)]
    return marks


def _line(places: Sequence[PixelPoint], index: int, look: Look) -> Mark:
    return Path(tuple(places), stroke=series_colour(look, index), dash=_DASHES[index % len(_DASHES)])


def _points(places: Sequence[PixelPoint], index: int, look: Look) -> list[Mark]:
    shape, colour, paper = _SHAPES[index % len(_SHAPES)], series_colour(look, index), look.colours["paper"]
    return [Symbol(shape, place, DOT, colour, paper) for place in places]


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
