"""From a chart to its Vega-Lite specification."""

from typing import assert_never

from brief.charts.canvas import Spec
from brief.charts.points import line_spec
from brief.charts.rows import rows_spec
from brief.charts.slopes import slope_spec
from brief.charts.timelines import timeline_spec
from brief.model.blocks import ChartKind
from brief.model.variant import Chart
from brief.templating.template_set import Look


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
