"""Draws what line and slope charts share: lines with their points, and arrows at open ends."""

from collections.abc import Iterator, Sequence

from brief.charts.series_style import choose_series_style
from brief.charts.svg import Mark, Path, PixelPoint, Symbol
from brief.model.appearance.look import Look
from brief.model.variant import Chart, OpenEnd

# Half the width of a point, in pixels.
DOT = 4.0
# The lengths of an arrow at an open end, and of the arrow's head.
ARROW = 13.0
_HEAD = 4.0


def draw_open_end(
    place: PixelPoint, open_end: OpenEnd | None, colour: str, *, is_across: bool = False
) -> Iterator[Mark]:
    """Draws an arrow from a point towards the true value: upwards if that is greater, or to the right if `is_across`.
    Draws nothing without an open end.
    """
    if open_end is None:
        return
    along = 1.0 if (open_end is OpenEnd.ABOVE) is is_across else -1.0

    def make_point(forward: float, aside: float) -> PixelPoint:
        if is_across:
            return PixelPoint(place.x + along * forward, place.y + aside)
        return PixelPoint(place.x + aside, place.y + along * forward)

    tip = make_point(ARROW, 0)
    yield Path((place, tip), stroke=colour, width=1.5)
    yield Path((make_point(ARROW - _HEAD, -3), tip, make_point(ARROW - _HEAD, 3)), stroke=colour, width=1.5)


def draw_series(places: Sequence[Sequence[PixelPoint]], chart: Chart, look: Look) -> list[Mark]:
    """Draws a line with its points for each series, the first on top."""
    marks: list[Mark] = []
    for index in reversed(range(len(places))):
        marks += [_draw_line(places[index], index, chart, look), *_draw_points(places[index], index, chart, look)]
    return marks


def draw_legend_samples(middles: Sequence[PixelPoint], length: float, chart: Chart, look: Look) -> list[Mark]:
    """Draws a legend sample for each series: a short line with one point, centred on the position."""
    marks: list[Mark] = []
    for index, middle in enumerate(middles):
        ends = [PixelPoint(middle.x - length / 2, middle.y), PixelPoint(middle.x + length / 2, middle.y)]
        marks += [_draw_line(ends, index, chart, look), *_draw_points([middle], index, chart, look)]
    return marks


def _draw_line(places: Sequence[PixelPoint], index: int, chart: Chart, look: Look) -> Mark:
    style = choose_series_style(chart, look, index)
    return Path(tuple(places), stroke=style.colour, dash=style.dash)


def _draw_points(places: Sequence[PixelPoint], index: int, chart: Chart, look: Look) -> list[Mark]:
    style = choose_series_style(chart, look, index)
    return [Symbol(style.shape, place, DOT, style.colour, look.colours["paper"]) for place in places]
