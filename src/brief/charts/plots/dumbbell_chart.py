"""Dumbbell charts: a row for each category, a dot for each series, and a line from the least to the greatest."""

from collections.abc import Sequence

from brief.charts.canvas import (
    Drawing,
    ValueScale,
    choose_value_size,
    find_domain,
    make_drawing,
    make_scale_beside,
)
from brief.charts.category_rows import (
    LABEL_GAP,
    ROW_GAP,
    LabelsBeneath,
    draw_category_labels,
    find_rows_bottom,
    measure_categories,
    place_labels_beneath,
    place_rows,
)
from brief.charts.legend import draw_heading
from brief.charts.problems import create_no_room_error
from brief.charts.series_marks import draw_open_end
from brief.charts.series_style import choose_series_style, darken_for_text
from brief.charts.svg import Line, Mark, PixelPoint, Symbol, TextLabel
from brief.charts.text_metrics import measure_text
from brief.model.appearance.look import Look
from brief.model.variant import Chart, OpenEnd, Point

_DOT = 5.0
_ROW = 16.0
_GAP = 5.0
# The gap between a label and a dot with an arrow.
_ARROW = 12.0
# The axis includes zero unless all values are positive and differ by less than this share of the largest.
_NARROW = 0.35


def draw_dumbbells(chart: Chart, look: Look, shown: range) -> Drawing:
    """Draws the dots: the lowest and the highest with their values at the sides, the others with theirs below."""
    head = draw_heading(chart, look, legend=True, shapes=True)
    scale = _make_scale(chart)
    beneath = _place_labels_below(chart, look, scale)
    rows = place_rows(chart, [_ROW + each.height for each in beneath], shown, head.height)
    bottom = find_rows_bottom(rows, head.height)
    marks: list[Mark] = []
    for row in rows:
        below = beneath[row.index]
        y = row.top + (row.height - _ROW - below.height) / 2 + _ROW / 2
        marks += _draw_row(chart, row.index, y, scale, look)
        marks += below.draw(y + _DOT + 1, look.colours["muted"])
    return make_drawing(bottom + 2, [*head.marks, *marks, *draw_category_labels(rows, look)])


def measure_dumbbell_rows(chart: Chart, look: Look) -> list[float]:
    """Returns the height of every row with the gap after it."""
    inner = [_ROW + each.height for each in _place_labels_below(chart, look, _make_scale(chart))]
    return [row.height + ROW_GAP for row in place_rows(chart, inner, range(len(inner)), 0)]


def _sort_values(chart: Chart, index: int) -> list[tuple[int, Point]]:
    """Returns the points of a category that have a value, each with the index of its series, in ascending order."""
    points = [(number, series.points[index]) for number, series in enumerate(chart.series)]
    return sorted(
        (each for each in points if each[1].value is not None), key=lambda each: (each[1].value or 0, each[0])
    )


def _make_scale(chart: Chart) -> ValueScale:
    rows = [_sort_values(chart, index) for index in range(len(chart.categories))]
    size = _choose_value_size(chart)
    left = max((measure_text(row[0][1].text, size) for row in rows if row), default=0.0)
    right = max((measure_text(row[-1][1].text, size) for row in rows if row), default=0.0)
    values = [float(point.value or 0) for row in rows for _, point in row] or [0.0]
    low, high = min(values), max(values)
    is_narrow = low > 0 and high - low < high * _NARROW
    before = max((_measure_gap(row[0][1], OpenEnd.BELOW) for row in rows if row), default=_GAP)
    after = max((_measure_gap(row[-1][1], OpenEnd.ABOVE) for row in rows if row), default=_GAP)
    start = measure_categories(chart) + LABEL_GAP + left + before + _DOT
    return make_scale_beside(find_domain(values, zero=not is_narrow), start, chart.width - right - after - _DOT)


def _choose_value_size(chart: Chart) -> float:
    return choose_value_size([point.text for series in chart.series for point in series.points], chart.width)


def _measure_gap(point: Point, outward: OpenEnd) -> float:
    """Returns the gap between an outer dot and its label; an arrow outwards needs a wider one."""
    return _ARROW if point.open_end is outward else _GAP


def _place_labels_below(chart: Chart, look: Look, scale: ValueScale) -> list[LabelsBeneath]:
    placed = []
    for index, category in enumerate(chart.categories):
        inner = _sort_values(chart, index)[1:-1]
        wanted = [
            (
                scale.to_position(float(point.value or 0)),
                point.text,
                darken_for_text(choose_series_style(chart, look, n).colour, look),
            )
            for n, point in inner
        ]
        beneath = place_labels_beneath(wanted, measure_categories(chart) + LABEL_GAP, chart.width)
        if beneath is None:
            raise create_no_room_error(f"the values of '{category}'", "draw fewer series, or write chart: grouped-bars")
        placed.append(beneath)
    return placed


def _draw_row(chart: Chart, index: int, y: float, scale: ValueScale, look: Look) -> Sequence[Mark]:
    points = _sort_values(chart, index)
    if not points:
        text = chart.series[0].points[index].text
        return [TextLabel((text,), scale.start, y, look.colours["muted"])]
    places = [scale.to_position(float(point.value or 0)) for _, point in points]
    marks: list[Mark] = [Line(PixelPoint(places[0], y), PixelPoint(places[-1], y), look.colours["muted"], 2.0)]
    paper, ink = look.colours["paper"], look.colours["ink"]
    for (number, point), x in zip(points, places, strict=True):
        style = choose_series_style(chart, look, number)
        fill, edge = (paper, style.colour) if point.is_projected else (style.colour, paper)
        marks += draw_open_end(PixelPoint(x, y), point.open_end, style.colour, is_across=True)
        marks.append(Symbol(style.shape, PixelPoint(x, y), _DOT, fill, edge))
    first, last, size = points[0][1], points[-1][1], _choose_value_size(chart)
    marks.append(TextLabel((first.text,), places[0] - _DOT - _measure_gap(first, OpenEnd.BELOW), y, ink, "right", size))
    if len(points) > 1:
        x = places[-1] + _DOT + _measure_gap(last, OpenEnd.ABOVE)
        marks.append(TextLabel((last.text,), x, y, ink, size=size))
    return marks
