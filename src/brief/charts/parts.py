"""Splits charts that are taller than a page into parts."""

from dataclasses import replace
from math import ceil

from brief.charts.category_rows import split_rows
from brief.charts.kinds import CHART_DRAWINGS
from brief.charts.problems import report_undrawable
from brief.model.appearance.look import Look
from brief.model.inline import to_plain_text
from brief.model.record import dataclass
from brief.model.variant import Chart
from brief.resolve.columns import measure_ems

# In CSS pixels, for a chart as wide as the text: the height of a page, and of a line of the caption or note; and the
# estimated length of such a line, in ems. On landscape pages, charts are drawn smaller.
_PAGE, _LINE, _EMS = 1040.0, 24.0, 40.0
_LANDSCAPE_PAGE = 480.0
# At the end of a theme, no later text can move up into the gap that a chart leaves when it moves to the next page, so a
# chart that is taller than this share of a page is split.
_MAX_SHARE_AT_END = 0.4
# The height of the parts of a chart that does not fit on a page. Several parts fill a page, so that none leaves a third
# of a page empty.
MAX_PART_HEIGHT = 310.0
_LANDSCAPE_PART = 186.0
# The least height of the rows of a part, however tall its heading is.
_MIN_ROWS_HEIGHT = 90.0


@dataclass(frozen=True, slots=True)
class ChartPart:
    """A part of a chart: the indices of its categories (`shown`), its number, counted from 1, and the count of all
    parts.
    """

    shown: range
    number: int = 1
    count: int = 1


def make_whole_part(chart: Chart) -> ChartPart:
    """Makes one part of a whole chart."""
    return ChartPart(range(len(chart.categories)))


def split_chart(chart: Chart, look: Look, *, ends_section: bool = False) -> tuple[ChartPart, ...]:
    """Splits a chart that does not fit a page into parts of similar height, each with its heading; usually one part.

    `ends_section` says that no text follows in the section that can fill the page before the chart; then the chart is
    split if it takes a large part of a page.

    Raises:
        ContentError: the chart would mislead, or its labels do not fit.
    """
    drawing = CHART_DRAWINGS[chart.chart_kind]
    if drawing.measure is None:
        return (make_whole_part(chart),)
    with report_undrawable(chart):
        heights = drawing.measure(chart, look)
        # The heading, the legend and a time axis, which each part has.
        head = drawing.draw(chart, look, range(0)).height if heights else 0.0
    if head + sum(heights) <= _measure_page(chart, look) * (_MAX_SHARE_AT_END if ends_section else 1):
        return (make_whole_part(chart),)
    part = _LANDSCAPE_PART if look.is_landscape else MAX_PART_HEIGHT
    runs = split_rows(heights, max(part - head, _MIN_ROWS_HEIGHT))
    return tuple(ChartPart(run, number, len(runs)) for number, run in enumerate(runs, 1))


def _measure_page(chart: Chart, look: Look) -> float:
    """Returns the height that a page has for a chart besides its caption and its note, in CSS pixels."""
    if look.is_landscape:
        return _LANDSCAPE_PAGE
    texts = (chart.title, (*chart.citation, *(chart.note or ())))
    return _PAGE - _LINE * sum(ceil(measure_ems(to_plain_text(text)) / _EMS) for text in texts)


def take_part(chart: Chart, part: ChartPart) -> Chart:
    """Returns the chart with only the categories of a part, whose number is added to the description."""
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
