"""From a chart to its Vega-Lite specification, or to the frame for another program to draw it in."""

from typing import assert_never

from brief.charts.bar_chart import rows_frame, rows_spec
from brief.charts.canvas import Spec
from brief.charts.line_chart import line_frame, line_spec
from brief.charts.plot_area import Frame
from brief.charts.slope_chart import slope_spec
from brief.charts.timeline_chart import timeline_spec
from brief.model.appearance.look import Look
from brief.model.blocks import ChartKind
from brief.model.variant import Chart


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


def chart_spec(chart: Chart, look: Look) -> Spec:
    """The chart as a Vega-Lite specification in CSS pixels, with every value labelled and every place decided."""
    match chart.chart:
        case ChartKind.BARS | ChartKind.GROUPED_BARS | ChartKind.RANGE:
            return rows_spec(chart, look)
        case ChartKind.SLOPE if len(chart.categories) == 2:
            return slope_spec(chart, look)
        case ChartKind.LINE | ChartKind.SLOPE:
            return line_spec(chart, look)
        case ChartKind.TIMELINE:
            return timeline_spec(chart, look)
        case _ as never:
            assert_never(never)
