"""What line and slope charts share: lines with their points."""

from collections.abc import Sequence

from brief.charts.series_style import series_style
from brief.charts.svg import Mark, Path, PixelPoint, Symbol
from brief.model.appearance.look import Look
from brief.model.variant import Chart

# Half the width of a point, in pixels.
DOT = 4.0


def series_marks(places: Sequence[Sequence[PixelPoint]], chart: Chart, look: Look) -> list[Mark]:
    """One line and its points for each series, the first on top."""
    marks: list[Mark] = []
    for index in reversed(range(len(places))):
        marks += [_line(places[index], index, chart, look), *_points(places[index], index, chart, look)]
    return marks


def draw_legend_samples(middles: Sequence[PixelPoint], length: float, chart: Chart, look: Look) -> list[Mark]:
    """For each series a short piece of its line with one point, centred on the place."""
    marks: list[Mark] = []
    for index, middle in enumerate(middles):
        ends = [PixelPoint(middle.x - length / 2, middle.y), PixelPoint(middle.x + length / 2, middle.y)]
        marks += [_line(ends, index, chart, look), *_points([middle], index, chart, look)]
    return marks


def _line(places: Sequence[PixelPoint], index: int, chart: Chart, look: Look) -> Mark:
    style = series_style(chart, look, index)
    return Path(tuple(places), stroke=style.colour, dash=style.dash)


def _points(places: Sequence[PixelPoint], index: int, chart: Chart, look: Look) -> list[Mark]:
    style = series_style(chart, look, index)
    return [Symbol(style.shape, place, DOT, style.colour, look.colours["paper"]) for place in places]
