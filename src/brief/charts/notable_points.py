"""Chooses the points of a long line, area or scatter chart that a short table lists."""

from brief.model.blocks import ChartKind
from brief.model.variant import Chart

# Kinds whose values are read from axes, so that they may have hundreds of points.
_WITH_AXES = (ChartKind.LINE, ChartKind.AREA, ChartKind.SCATTER)
# A table with more rows fills more than a page.
MAX_LISTED = 50


def has_many_points(chart: Chart) -> bool:
    """Returns whether a table of all figures would be longer than a page."""
    return chart.chart_kind in _WITH_AXES and len(chart.categories) > MAX_LISTED


def find_notable_categories(chart: Chart) -> list[int]:
    """Returns the indices of the categories in which a series begins, ends, is greatest or least, or has a point that
    the author names, in order.
    """
    indices: set[int] = set()
    for series in chart.series:
        values = {index: point.value for index, point in enumerate(series.points) if point.value is not None}
        if values:
            indices |= {min(values), max(values)}
            indices.add(max(values, key=lambda index: (values[index], -index)))
            indices.add(min(values, key=lambda index: (values[index], index)))
        indices |= {index for index, point in enumerate(series.points) if point.is_labelled}
    return sorted(indices)
