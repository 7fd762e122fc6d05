"""Draws what is above a chart: its subtitle (measure, unit and period), and a legend if there are several series or
projections.
"""

from brief.charts.canvas import SMALL_SIZE
from brief.charts.series_style import SeriesStyle, choose_series_style, fill_pattern
from brief.charts.svg import Mark, PixelBox, PixelPoint, Rectangle, Symbol, TextLabel, measure_block
from brief.charts.text_metrics import wrap
from brief.model.appearance.look import Look
from brief.model.record import dataclass
from brief.model.variant import Chart

_SWATCH = 10.0
_SWATCH_GAP = 6.0
_ENTRY_GAP = 20.0
_BELOW = 8.0


@dataclass(frozen=True, slots=True)
class Heading:
    """The marks, their height in pixels, and the y at which the legend begins; None if there is no legend."""

    marks: tuple[Mark, ...]
    height: float
    legend: float | None


def draw_heading(chart: Chart, look: Look, *, legend: bool, shapes: bool = False) -> Heading:
    """Draws the subtitle and, with `legend`, a swatch and title per series."""
    marks: list[Mark] = []
    top = 0.0
    subtitle = chart.subtitle or chart.unit
    if subtitle:
        lines = wrap(subtitle, chart.width, SMALL_SIZE)
        height = measure_block(lines, SMALL_SIZE)
        marks.append(TextLabel(lines, 0, height / 2, look.colours["muted"], size=SMALL_SIZE))
        top += height + _BELOW
    entries: list[tuple[str, SeriesStyle | None]] = []
    if legend:
        entries += [
            (series.title, choose_series_style(chart, look, index)) for index, series in enumerate(chart.series)
        ]
    if chart.projection and any(point.is_projected for series in chart.series for point in series.points):
        entries.append((chart.projection, None))
    start = top if entries else None
    if entries:
        top += _draw_legend(entries, look, top, chart.width, marks, shapes=shapes) + _BELOW
    return Heading(tuple(marks), top, start)


def draw_bar(box: PixelBox, style: SeriesStyle, look: Look, *, is_projected: bool = False) -> list[Mark]:
    """Draws a bar in the style of its series. A projected bar is hollow, outlined and hatched."""
    paper = look.colours["paper"]
    if not is_projected:
        return [Rectangle(box, style.colour), *fill_pattern(box, style.pattern, paper)]
    pattern = style.pattern if style.pattern != "solid" else "rising"
    inner = PixelBox(box.left + 0.5, box.top + 0.5, max(box.left + 0.5, box.right - 0.5), box.bottom - 0.5)
    return [*fill_pattern(inner, pattern, style.colour), Rectangle(inner, "none", style.colour)]


def _draw_legend(
    entries: list[tuple[str, SeriesStyle | None]],
    look: Look,
    top: float,
    width: float,
    marks: list[Mark],
    *,
    shapes: bool,
) -> float:
    x, y, row_height = 0.0, top, 0.0
    indent = _SWATCH + _SWATCH_GAP
    labels: list[Mark] = []
    for title, style in entries:
        lines = wrap(title, width - indent, SMALL_SIZE)
        entry = TextLabel(lines, 0, 0, look.colours["ink"], size=SMALL_SIZE)
        if x and x + indent + entry.width > width:
            x, y, row_height = 0.0, y + row_height + 2, 0.0
        middle = y + entry.height / 2
        first_line = y + SMALL_SIZE * 0.625
        square = PixelBox(x, first_line - _SWATCH / 2, x + _SWATCH, first_line + _SWATCH / 2)
        if style is None:
            plain = SeriesStyle(look.colours["muted"], "solid", "circle", ())
            marks += draw_bar(square, plain, look, is_projected=True)
        elif shapes:
            marks.append(Symbol(style.shape, PixelPoint(x + _SWATCH / 2, first_line), _SWATCH / 2, style.colour))
        else:
            marks += draw_bar(square, style, look)
        labels.append(TextLabel(lines, x + indent, middle, look.colours["ink"], size=SMALL_SIZE))
        x += indent + entry.width + _ENTRY_GAP
        row_height = max(row_height, entry.height)
    marks += labels
    return y + row_height - top
