"""The lines above a chart: its unit, and a legend where there are several series."""

from dataclasses import dataclass

from brief.charts.canvas import SMALL_SIZE, WIDTH, PixelBox, Spec, TextLabel, block_height, boxes, texts
from brief.charts.text_metrics import wrap
from brief.model.appearance.look import Look
from brief.model.variant import Chart

_SWATCH = 10.0
_SWATCH_GAP = 6.0
_ENTRY_GAP = 20.0
_BELOW = 8.0


@dataclass(frozen=True, slots=True)
class Heading:
    """Layers, the height in pixels that they take up from the top, and how far down the legend begins."""

    layers: tuple[Spec, ...]
    height: float
    legend: float | None


def heading(chart: Chart, look: Look, *, legend: bool) -> Heading:
    """The unit, and with `legend` a coloured square and title for each series."""
    labels: list[TextLabel] = []
    top = 0.0
    if chart.unit:
        lines = wrap(chart.unit, WIDTH, SMALL_SIZE)
        height = block_height(lines, SMALL_SIZE)
        labels.append(TextLabel(lines, 0, height / 2, look.colours["muted"], size=SMALL_SIZE))
        top += height + _BELOW
    squares: list[tuple[PixelBox, str]] = []
    start = top if legend else None
    if legend:
        top += _legend(chart, look, top, labels, squares) + _BELOW
    return Heading((boxes(squares), *texts(labels)), top, start)


def series_colour(look: Look, index: int) -> str:
    return look.series[index % len(look.series)]


def _legend(
    chart: Chart, look: Look, top: float, labels: list[TextLabel], squares: list[tuple[PixelBox, str]]
) -> float:
    x, y, row_height = 0.0, top, 0.0
    indent = _SWATCH + _SWATCH_GAP
    for index, series in enumerate(chart.series):
        lines = wrap(series.title, WIDTH - indent, SMALL_SIZE)
        entry = TextLabel(lines, 0, 0, look.colours["ink"], size=SMALL_SIZE)
        if x and x + indent + entry.width > WIDTH:
            x, y, row_height = 0.0, y + row_height + 2, 0.0
        middle = y + entry.height / 2
        first_line = y + SMALL_SIZE * 0.625
        square = PixelBox(x, first_line - _SWATCH / 2, x + _SWATCH, first_line + _SWATCH / 2)
        squares.append((square, series_colour(look, index)))
        labels.append(TextLabel(lines, x + indent, middle, look.colours["ink"], size=SMALL_SIZE))
        x += indent + entry.width + _ENTRY_GAP
        row_height = max(row_height, entry.height)
    return y + row_height - top
