"""From a chart to its drawing, or to the frame for another program to draw it in."""

from typing import assert_never

from brief.charts.bar_chart import draw_bars, rows_frame
from brief.charts.canvas import Drawing
from brief.charts.line_chart import draw_lines, line_frame
from brief.charts.plot_area import Frame
from brief.charts.slope_chart import draw_slopes
from brief.charts.timeline_chart import draw_timeline
from brief.model.blocks import ChartKind
from brief.model.variant import Chart
from brief.templating.template_set import Look


def frame(chart: Chart, look: Look) -> Frame | None:
    """Where the plot of the chart lies; None where nothing but our own drawing comes out right."""
    if not chart.categories:
        return None
    match chart.chart:
        case ChartKind.BARS | ChartKind.GROUPED_BARS:
            return rows_frame(chart, look)
        case ChartKind.LINE:
            return line_frame(chart, look)
        case ChartKind.SLOPE | ChartKind.RANGE | ChartKind.TIMELINE:
            return None
        case _ as never:
            assert_never(never)


def draw_chart(chart: Chart, look: Look) -> Drawing:
    """The chart in CSS pixels, with every value labelled."""
    match chart.chart:
        case ChartKind.BARS | ChartKind.GROUPED_BARS | ChartKind.RANGE:
            return draw_bars(chart, look)
        case ChartKind.SLOPE if len(chart.categories) == 2:
            return draw_slopes(chart, look)
        case ChartKind.LINE | ChartKind.SLOPE:
            return draw_lines(chart, look)
        case ChartKind.TIMELINE:
            return draw_timeline(chart, look)
        case _ as never:
            assert_never(never)
