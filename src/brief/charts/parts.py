"""Splits charts that are taller than a page into parts."""

from dataclasses import replace

from brief.charts.kinds import CHART_DRAWINGS
from brief.charts.legend import draw_heading
from brief.charts.problems import report_undrawable
from brief.charts.rows import split_rows
from brief.model.appearance.look import Look
from brief.model.record import dataclass
from brief.model.variant import Chart

# In CSS pixels, for a chart that is as wide as the text: two thirds of a page, which leaves room for the caption.
MAX_PART_HEIGHT = 620.0


@dataclass(frozen=True, slots=True)
class ChartPart:
    """The rows `shown` of a chart, and the number of their part among all parts."""

    shown: range
    number: int = 1
    count: int = 1


def make_whole_part(chart: Chart) -> ChartPart:
    """Makes one part of a whole chart."""
    return ChartPart(range(len(chart.categories)))


def split_chart(chart: Chart, look: Look) -> tuple[ChartPart, ...]:
    """Splits a chart into parts that fit a page, each with its heading; usually one part.

    Raises:
        ContentError: the chart would mislead, or its labels overlap.
    """
    measure = CHART_DRAWINGS[chart.chart_kind].measure
    if measure is None:
        return (make_whole_part(chart),)
    head = draw_heading(chart, look, legend=len(chart.series) > 1).height
    with report_undrawable(chart):
        heights = measure(chart, look)
    runs = split_rows(heights, MAX_PART_HEIGHT - head)
    return tuple(ChartPart(run, number, len(runs)) for number, run in enumerate(runs, 1))


def take_part(chart: Chart, part: ChartPart) -> Chart:
    """Returns the chart with only the categories of one part."""
    if part.count == 1:
        return chart
    shown = slice(part.shown.start, part.shown.stop)
    return replace(
        chart,
        description=f"{chart.description} ({part.number}/{part.count})",
        categories=chart.categories[shown],
        series=tuple(replace(series, points=series.points[shown]) for series in chart.series),
        annotations=tuple(
            replace(each, category=each.category - shown.start)
            for each in chart.annotations
            if each.category in part.shown
        ),
    )
