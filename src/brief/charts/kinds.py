"""The table of functions for each kind of chart: they draw it, measure its rows, and locate its plot area for Word.

`brief.model.chart_kinds` has the names of the kinds and the data that they need.
"""

from collections.abc import Callable, Mapping

from brief.charts.canvas import Drawing
from brief.charts.plot_area import PlotArea
from brief.charts.plots.axis_chart import draw_axis_chart, locate_axis_chart
from brief.charts.plots.bar_chart import draw_bars, locate_bars, measure_bar_rows
from brief.charts.plots.dumbbell_chart import draw_dumbbells, measure_dumbbell_rows
from brief.charts.plots.line_chart import draw_lines, locate_lines
from brief.charts.plots.scatter_chart import draw_scatter, locate_scatter
from brief.charts.plots.slope_chart import draw_slopes
from brief.charts.plots.stacked_chart import draw_stacks, locate_stacks, measure_stack_rows
from brief.charts.plots.timeline_chart import draw_timeline, measure_timeline_rows
from brief.charts.plots.upright_bars import draw_upright_bars, fits_upright, locate_upright_bars
from brief.charts.plots.waterfall_chart import draw_waterfall, measure_waterfall_rows
from brief.model.appearance.look import Look
from brief.model.blocks import ChartKind
from brief.model.record import dataclass
from brief.model.variant import Chart


@dataclass(frozen=True, slots=True)
class ChartDrawing:
    """The functions for one kind of chart.

    `draw` draws a chart; if the kind has a row for each category, only the rows in the range, which may be empty. `locate` returns the plot
    area for Word's native chart, None if Word would draw the chart differently; without it, the kind is never a native
    chart. `measure` returns the heights of the rows, by which a chart that is taller than a page is divided into parts;
    without it, the kind is never divided.
    """

    draw: Callable[[Chart, Look, range], Drawing]
    locate: Callable[[Chart, Look, range], PlotArea | None] | None = None
    measure: Callable[[Chart, Look], list[float]] | None = None


def _draw_undivided(draw: Callable[[Chart, Look], Drawing]) -> Callable[[Chart, Look, range], Drawing]:
    """Adapts a drawing function without a range, of a kind that is never divided."""
    return lambda chart, look, _: draw(chart, look)


def _draw_as_fits(horizontal: ChartDrawing) -> ChartDrawing:
    """Makes functions that draw bars upright if the author wants that and all texts have room, and otherwise
    horizontally.
    """

    def draw(chart: Chart, look: Look, shown: range) -> Drawing:
        return draw_upright_bars(chart, look) if fits_upright(chart, look) else horizontal.draw(chart, look, shown)

    def locate(chart: Chart, look: Look, shown: range) -> PlotArea | None:
        if fits_upright(chart, look):
            return locate_upright_bars(chart, look)
        return horizontal.locate(chart, look, shown) if horizontal.locate else None

    def measure(chart: Chart, look: Look) -> list[float]:
        # Upright bars are never divided.
        is_horizontal = horizontal.measure is not None and not fits_upright(chart, look)
        return horizontal.measure(chart, look) if is_horizontal and horizontal.measure else []

    return ChartDrawing(draw, locate, measure)


_BARS = _draw_as_fits(ChartDrawing(draw_bars, locate_bars, lambda chart, _: measure_bar_rows(chart)))
_STACKS = _draw_as_fits(ChartDrawing(draw_stacks, locate_stacks, measure_stack_rows))

CHART_DRAWINGS: Mapping[ChartKind, ChartDrawing] = {
    ChartKind.BARS: _BARS,
    ChartKind.GROUPED_BARS: _BARS,
    ChartKind.STACKED: _STACKS,
    ChartKind.STACKED_100: _STACKS,
    ChartKind.LINE: ChartDrawing(_draw_undivided(draw_lines), lambda chart, look, _: locate_lines(chart, look)),
    ChartKind.AREA: ChartDrawing(
        _draw_undivided(draw_axis_chart), lambda chart, look, _: locate_axis_chart(chart, look)
    ),
    ChartKind.SCATTER: ChartDrawing(_draw_undivided(draw_scatter), lambda chart, look, _: locate_scatter(chart, look)),
    ChartKind.DUMBBELL: ChartDrawing(draw_dumbbells, measure=measure_dumbbell_rows),
    ChartKind.WATERFALL: ChartDrawing(draw_waterfall, measure=lambda chart, _: measure_waterfall_rows(chart)),
    ChartKind.SLOPE: ChartDrawing(_draw_undivided(draw_slopes)),
    ChartKind.RANGE: ChartDrawing(draw_bars, measure=lambda chart, _: measure_bar_rows(chart)),
    ChartKind.TIMELINE: ChartDrawing(draw_timeline, measure=measure_timeline_rows),
}
