"""Slope charts: two categories, and for each series the change between them."""

from collections.abc import Iterator, Sequence

from brief.charts.canvas import TEXT_SIZE, WIDTH, Drawing, ValueScale, draw_rules, find_domain, make_drawing
from brief.charts.legend import draw_heading
from brief.charts.plots.line_chart import draw_lines
from brief.charts.series_marks import DOT, draw_open_end, draw_series
from brief.charts.series_style import choose_series_style, darken_for_text
from brief.charts.spread import spread_apart
from brief.charts.svg import Mark, PixelPoint, TextLabel, measure_block
from brief.charts.text_metrics import measure_widest, wrap, wrap_figure
from brief.model.appearance.look import Look
from brief.model.variant import Chart

_PLOT_HEIGHT = 170.0
_TITLE_WIDTH = 150.0
_VALUE_WIDTH = 110.0
_CATEGORY_WIDTH = 200.0
_GAP = 10.0
_LEADER = 14.0
_BLOCK_GAP = 6.0


def draw_slopes(chart: Chart, look: Look) -> Drawing:
    """Draws the slopes, each labelled at both ends: its title and value at the left, its value at the right."""
    has_gaps = any(point.value is None for series in chart.series for point in series.points)
    if has_gaps or chart.annotations or len(chart.categories) != 2:
        return draw_lines(chart, look)
    head = draw_heading(chart, look, legend=False)
    part = chart.width / WIDTH
    titles = [wrap(series.title, _TITLE_WIDTH * part, TEXT_SIZE) for series in chart.series]
    values = [
        [wrap_figure(point.text, _VALUE_WIDTH * part, TEXT_SIZE) for point in series.points] for series in chart.series
    ]
    names = [wrap(category, _CATEGORY_WIDTH * part, TEXT_SIZE) for category in chart.categories]
    heights = [
        [max(measure_block(title, TEXT_SIZE), measure_block(value, TEXT_SIZE)) + _BLOCK_GAP for value in pair]
        for title, pair in zip(titles, values, strict=True)
    ]
    title_width = measure_widest((line for title in titles for line in title), TEXT_SIZE)
    widths = [measure_widest((line for pair in values for line in pair[end]), TEXT_SIZE) for end in (0, 1)]
    left = max(title_width + _GAP + widths[0] + _LEADER, measure_widest(names[0], TEXT_SIZE) / 2)
    right = chart.width - max(widths[1] + _LEADER, measure_widest(names[1], TEXT_SIZE) / 2)

    top = head.height + max(measure_block(name, TEXT_SIZE) for name in names) + _GAP
    bottom = top + max(_PLOT_HEIGHT, *(sum(pair[end] for pair in heights) for end in (0, 1)))
    margin = max(max(pair) for pair in heights) / 2
    numbers = [float(point.value or 0) for series in chart.series for point in series.points]
    scale = ValueScale(*find_domain(numbers, zero=False), bottom - margin, top + margin)
    ends = [[scale.to_position(float(series.points[end].value or 0)) for series in chart.series] for end in (0, 1)]
    middles = [spread_apart(ends[end], [pair[end] for pair in heights], top, bottom) for end in (0, 1)]

    labels = []
    for index, (title, pair) in enumerate(zip(titles, values, strict=True)):
        colour = darken_for_text(choose_series_style(chart, look, index).colour, look)
        labels += [
            TextLabel(title, left - _LEADER - widths[0] - _GAP, middles[0][index], colour, "right"),
            TextLabel(pair[0], left - _LEADER, middles[0][index], colour, "right"),
            TextLabel(pair[1], right + _LEADER, middles[1][index], colour),
        ]
    places = [[PixelPoint(left, start), PixelPoint(right, end)] for start, end in zip(*ends, strict=True)]
    return make_drawing(
        bottom + 2,
        [
            *head.marks,
            *draw_rules([(left, top, left, bottom), (right, top, right, bottom)], look.colours["rule"]),
            *draw_rules(_find_leaders(ends, middles, left, right), look.colours["rule"]),
            *draw_series(places, chart, look),
            *_open_ends(places, chart, look),
            *(_draw_headers(names, (left, right), head.height, look)),
            *labels,
        ],
    )


def _open_ends(places: Sequence[Sequence[PixelPoint]], chart: Chart, look: Look) -> Iterator[Mark]:
    for index, (series, ends) in enumerate(zip(chart.series, places, strict=True)):
        for point, place in zip(series.points, ends, strict=True):
            yield from draw_open_end(place, point.open_end, choose_series_style(chart, look, index).colour)


def _draw_headers(names: Sequence[tuple[str, ...]], xs: tuple[float, float], top: float, look: Look) -> list[TextLabel]:
    height = max(measure_block(name, TEXT_SIZE) for name in names)
    return [
        TextLabel(name, x, top + height - measure_block(name, TEXT_SIZE) / 2, look.colours["muted"], "center")
        for name, x in zip(names, xs, strict=True)
    ]


def _find_leaders(
    ends: list[list[float]], middles: list[list[float]], left: float, right: float
) -> list[tuple[float, float, float, float]]:
    """Finds the leader lines to labels that were moved."""
    lines = []
    for x, direction, points, labels in ((left, -1, ends[0], middles[0]), (right, 1, ends[1], middles[1])):
        lines += [
            (x + direction * DOT, point, x + direction * (_LEADER - 2), label)
            for point, label in zip(points, labels, strict=True)
            if abs(point - label) > 1
        ]
    return lines
