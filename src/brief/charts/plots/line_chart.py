"""Line charts: a point for each category, joined along each series.

Each value is placed beside its point, and each series is named at its end. If lines are too close together, the
values are listed in rows below the categories instead.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from brief.charts.canvas import SMALL_SIZE, TEXT_SIZE, Drawing, ValueScale, draw_rules, find_domain, make_drawing
from brief.charts.label_placement import place_values
from brief.charts.legend import Heading, draw_heading
from brief.charts.plot_area import PlotArea
from brief.charts.plots.axis_chart import draw_axis_chart, locate_axis_chart
from brief.charts.series_marks import DOT, draw_legend_samples, draw_series
from brief.charts.series_style import choose_series_style, darken_for_text
from brief.charts.spread import spread_apart
from brief.charts.svg import PixelPoint, TextLabel, measure_block
from brief.charts.text_metrics import find_fitting_size, measure_widest, wrap
from brief.model.appearance.look import Look
from brief.model.record import dataclass
from brief.model.variant import Chart

# The plot is made taller in these steps until the values fit between the lines.
_PLOT_HEIGHTS = (170.0, 210.0, 250.0, 290.0)
# The maximum number of points with value labels.
_MOST_CATEGORIES = 12
_IN_NUMBERS = "0123456789.,"
_TITLE_WIDTH = 130.0
_TITLE_PART = 0.3
_TITLE_GAP = 14.0
_SLOT_GAP = 5.0
_VALUE_ROOM = 10.0
_CATEGORY_GAP = 8.0
_ROW_GAP = 8.0
_KEY_WIDTH = 26.0
_LEAST_SIZE = 8.0
# The minimum width of a column of values; below it, row titles give up their own column.
_SMALL = 10.0
# A spread of values less than this share of the greatest is drawn without zero.
_NARROW = Decimal("0.35")
# The gap to a base line that is not zero, as a share of the plot.
_LIFT = 0.25


@dataclass(frozen=True, slots=True)
class _Columns:
    """The middle of each category, and the width and size of the text above and below it."""

    middles: tuple[float, ...]
    width: float
    size: float

    @property
    def right(self) -> float:
        return self.middles[-1] + self.width / 2


@dataclass(frozen=True, slots=True)
class _Plot:
    """Lines between `top` and `bottom` with their values as text, which reaches down to `floor`."""

    columns: _Columns
    scale: ValueScale
    ground: float
    places: Sequence[Sequence[PixelPoint]]
    colours: Sequence[str]
    values: Sequence[TextLabel]
    top: float
    bottom: float
    floor: float


def locate_lines(chart: Chart, look: Look) -> PlotArea | None:
    """Returns the plot area for Word's native chart, which names lines in a legend. None if a value is not straight
    above or below its point, if a label does not fit on one line, or for a single category, which Word sets at the
    plot's edge.
    """
    if needs_axes(chart):
        return locate_axis_chart(chart, look)
    if len(chart.categories) < 2:
        return None
    head = draw_heading(chart, look, legend=len(chart.series) > 1)
    for height in _PLOT_HEIGHTS:
        plot = _make_plot(chart, look, head.height, height, chart.width)
        if plot is None or plot.floor > plot.bottom:
            continue
        categories, total = _label_categories(chart, plot.columns, plot.floor, look)
        if plot.columns.size < TEXT_SIZE or any(len(label.lines) > 1 for label in (*categories, *plot.values)):
            return None
        # Values are placed category by category.
        labelled = [
            list(zip(plot.values[n :: len(plot.places)], places, strict=True)) for n, places in enumerate(plot.places)
        ]
        if any(abs(label.x - place.x) > 1 for series in labelled for label, place in series):
            continue
        return PlotArea(
            drawing_height=total + 2,
            left=plot.columns.middles[0],
            top=plot.top,
            right=plot.columns.middles[-1],
            bottom=plot.bottom,
            low=plot.scale.to_value(plot.bottom),
            high=plot.scale.high,
            legend=head.legend,
            above=tuple(tuple(label.middle < place.y for label, place in series) for series in labelled),
        )
    return None


def draw_lines(chart: Chart, look: Look) -> Drawing:
    """Draws lines with every value as text, over a common zero unless that would flatten them."""
    if needs_axes(chart):
        return draw_axis_chart(chart, look)
    head = draw_heading(chart, look, legend=False)
    for height in _PLOT_HEIGHTS:
        drawing = _place_values_at_points(chart, look, head, height)
        if drawing is not None:
            return drawing
    return _list_values_below(chart, look, head)


def needs_axes(chart: Chart) -> bool:
    """Returns whether lines are drawn over axes, with few of their values as text.

    This is so for lines of many points, for values that would be broken within a number, and for lines with gaps,
    projections, annotations, or labels that the author chose.
    """
    points = [point for series in chart.series for point in series.points]
    if (
        len(chart.categories) > _MOST_CATEGORIES
        or chart.annotations
        or any(point.value is None or point.is_projected or point.is_labelled or point.open_end for point in points)
    ):
        return True
    return _breaks_numbers(chart, _make_columns(chart, 0, chart.width))


def _breaks_numbers(chart: Chart, columns: _Columns) -> bool:
    """Returns whether a category or a value would be broken within a number in columns of these widths."""
    texts = [*chart.categories, *(point.text for series in chart.series for point in series.points)]
    return any(_breaks_number(text, wrap(text, columns.width, columns.size, figures=True)) for text in texts)


def _breaks_number(text: str, lines: Sequence[str]) -> bool:
    return any(
        line[-1] in _IN_NUMBERS and next_line[0] in _IN_NUMBERS and line + next_line in text
        for line, next_line in pairwise(lines)
    )


def _place_values_at_points(chart: Chart, look: Look, head: Heading, height: float) -> Drawing | None:
    several = len(chart.series) > 1
    titles = (
        [wrap(series.title, min(_TITLE_WIDTH, chart.width * _TITLE_PART), SMALL_SIZE) for series in chart.series]
        if several
        else []
    )
    right = chart.width - (
        measure_widest((line for title in titles for line in title), SMALL_SIZE) + _TITLE_GAP if titles else 0
    )
    plot = _make_plot(chart, look, head.height, height, right)
    if plot is None:
        return None

    end = max(label.box.right for label in plot.values) + _TITLE_GAP
    heights = [measure_block(title, SMALL_SIZE) + 2 for title in titles]
    if sum(heights) > plot.floor - head.height:
        return None
    middles = spread_apart([series[-1].y for series in plot.places], heights, head.height, plot.floor) if titles else []
    ends = [
        TextLabel(title, end, middle, colour, size=SMALL_SIZE)
        for title, middle, colour in zip(titles, middles, plot.colours, strict=False)
    ]
    leaders = [
        (series[-1].x + DOT + 2, series[-1].y, end - 4, middle)
        for series, middle in zip(plot.places, middles, strict=False)
    ]
    categories, total = _label_categories(chart, plot.columns, plot.floor, look)
    return make_drawing(
        total + 2,
        [
            *head.marks,
            *draw_rules([(0, plot.ground, plot.columns.right, plot.ground)], look.colours["muted"]),
            *draw_rules(leaders, look.colours["rule"]),
            *draw_series(plot.places, chart, look),
            *categories,
            *plot.values,
            *ends,
        ],
    )


def _make_plot(chart: Chart, look: Look, start: float, height: float, right: float) -> _Plot | None:
    """Places the lines and their values from `start` down; None if a value cannot be placed without touching a line."""
    columns = _make_columns(chart, 0, right)
    values = [
        [wrap(point.text, columns.width, columns.size, figures=True) for point in series.points]
        for series in chart.series
    ]
    room = max(measure_block(lines, columns.size) for row in values for lines in row) + _VALUE_ROOM
    below = room if any((point.value or 0) < 0 for series in chart.series for point in series.points) else 0
    top, bottom = start + room, start + room + height
    scale, ground = _make_scale(chart, top, bottom)
    places = _locate_points(chart, columns, scale)
    single = len(places) == 1
    colours = [
        look.colours["ink"] if single else darken_for_text(choose_series_style(chart, look, n).colour, look)
        for n in range(len(places))
    ]
    labels = place_values(places, values, columns.size, colours, ground, right)
    if labels is None:
        return None
    return _Plot(columns, scale, ground, places, colours, labels, top, bottom, bottom + below)


def _list_values_below(chart: Chart, look: Look, head: Heading) -> Drawing:
    titles = [wrap(series.title, min(_TITLE_WIDTH, chart.width * _TITLE_PART), SMALL_SIZE) for series in chart.series]
    left = _KEY_WIDTH + measure_widest((line for title in titles for line in title), SMALL_SIZE) + _TITLE_GAP
    columns = _make_columns(chart, left, chart.width)
    if columns.size < _SMALL:
        titles = [wrap(series.title, chart.width - _KEY_WIDTH, SMALL_SIZE) for series in chart.series]
        left = 0.0
        columns = _make_columns(chart, left, chart.width)
    if _breaks_numbers(chart, columns):
        return draw_axis_chart(chart, look)
    top = head.height + 2 * DOT
    bottom = top + _PLOT_HEIGHTS[0]
    scale, ground = _make_scale(chart, top, bottom)
    labels, floor = _label_categories(chart, columns, bottom + DOT, look)
    table, lines, keys, total = _lay_out_table(chart, titles, columns, floor, look, stacked=left == 0)
    return make_drawing(
        total + 2,
        [
            *head.marks,
            *draw_rules([(left, ground, chart.width, ground)], look.colours["muted"]),
            *draw_rules(lines, look.colours["rule"]),
            *draw_series(_locate_points(chart, columns, scale), chart, look),
            *draw_legend_samples(keys, _KEY_WIDTH - 8, chart, look),
            *labels,
            *table,
        ],
    )


def _lay_out_table(
    chart: Chart, titles: Sequence[tuple[str, ...]], columns: _Columns, top: float, look: Look, *, stacked: bool
) -> tuple[list[TextLabel], list[tuple[float, float, float, float]], list[PixelPoint], float]:
    """Lays out a row of values for each series: labels, rules between rows, positions of the keys, and the lower edge.

    `stacked` puts a row's title above its values instead of before them.
    """
    ink = look.colours["ink"]
    labels: list[TextLabel] = []
    lines: list[tuple[float, float, float, float]] = []
    keys = []
    y = top
    for series, title in zip(chart.series, titles, strict=True):
        y += _ROW_GAP / 2
        lines.append((0.0, y, chart.width, y))
        y += _ROW_GAP / 2
        values = [wrap(point.text, columns.width, columns.size, figures=True) for point in series.points]
        title_height = measure_block(title, SMALL_SIZE)
        height = max(measure_block(value, columns.size) for value in values)
        start = y + title_height + 2 if stacked else y + max(0, title_height - height) / 2
        middle = y + (title_height if stacked else max(title_height, height)) / 2
        keys.append(PixelPoint(_KEY_WIDTH / 2 - 3, middle))
        labels.append(TextLabel(title, _KEY_WIDTH, middle, ink, size=SMALL_SIZE))
        labels += [
            TextLabel(value, x, start + measure_block(value, columns.size) / 2, ink, "center", columns.size)
            for value, x in zip(values, columns.middles, strict=True)
        ]
        y = max(start + height, y + title_height)
    return labels, lines, keys, y


def _make_columns(chart: Chart, left: float, right: float) -> _Columns:
    """Makes columns between two edges: the outermost labels end there, unless the column is wider than its labels."""
    count = len(chart.categories)
    slot = (right - left) / count - _SLOT_GAP
    texts = [*chart.categories, *(point.text for series in chart.series for point in series.points)]
    size = find_fitting_size(texts, slot, TEXT_SIZE, _LEAST_SIZE)
    if count == 1:
        return _Columns(((left + right) / 2,), slot, size)

    def half(index: int) -> float:
        column = [chart.categories[index], *(series.points[index].text for series in chart.series)]
        return max(DOT, *(measure_widest(wrap(text, slot, size, figures=True), size) / 2 for text in column)) + 1

    first, last = left + half(0), right - half(-1)
    step = (last - first) / (count - 1)
    return _Columns(tuple(first + step * index for index in range(count)), slot, size)


def _label_categories(chart: Chart, columns: _Columns, floor: float, look: Look) -> tuple[list[TextLabel], float]:
    """Makes the labels of the categories below the plot, and returns their lower edge."""
    names = [wrap(category, columns.width, columns.size, figures=True) for category in chart.categories]
    top = floor + _CATEGORY_GAP
    labels = [
        TextLabel(name, x, top + measure_block(name, columns.size) / 2, look.colours["muted"], "center", columns.size)
        for name, x in zip(names, columns.middles, strict=True)
    ]
    return labels, top + max(measure_block(name, columns.size) for name in names)


def _make_scale(chart: Chart, top: float, bottom: float) -> tuple[ValueScale, float]:
    """Makes the value axis, and returns the y of the base line: zero if it is drawn."""
    values = [point.value or Decimal(0) for series in chart.series for point in series.points]
    low, high = min(values), max(values)
    if low > 0 and len(values) > 1 and (high - low) < high * _NARROW:
        bounds = find_domain([float(value) for value in values], zero=False)
        return ValueScale(*bounds, bottom - (bottom - top) * _LIFT, top), bottom
    scale = ValueScale(*find_domain([float(value) for value in values], zero=True), bottom, top)
    return scale, scale.to_position(0)


def _locate_points(chart: Chart, columns: _Columns, scale: ValueScale) -> Sequence[Sequence[PixelPoint]]:
    return [
        [
            PixelPoint(x, scale.to_position(float(point.value or 0)))
            for x, point in zip(columns.middles, series.points, strict=True)
        ]
        for series in chart.series
    ]
