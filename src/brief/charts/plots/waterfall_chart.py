"""Waterfall charts: the figure at the start, the cumulative changes, and the figure at the end."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from brief.charts.canvas import (
    Drawing,
    ValueScale,
    choose_value_size,
    draw_rules,
    find_domain,
    make_drawing,
    make_scale_beside,
)
from brief.charts.category_rows import (
    LABEL_GAP,
    ROW_GAP,
    VALUE_GAP,
    Row,
    draw_category_labels,
    find_rows_bottom,
    measure_categories,
    place_rows,
)
from brief.charts.legend import draw_bar, draw_heading
from brief.charts.plots.bar_chart import BAR, LEAST_BAR
from brief.charts.problems import UndrawableError
from brief.charts.series_style import MARK_CONTRAST, SeriesStyle, choose_series_colour, darken
from brief.charts.svg import Line, Mark, PixelBox, PixelPoint, Rectangle, TextAlign, TextLabel
from brief.charts.text_metrics import measure_text
from brief.model.appearance.look import Look
from brief.model.figures.running_sums import find_disagreements
from brief.model.record import dataclass
from brief.model.variant import Chart, Point


@dataclass(frozen=True, slots=True)
class _Step:
    """A bar from one value to another. `is_total` is true for the first and last figures, and for subtotals."""

    point: Point
    start: Decimal
    end: Decimal
    is_total: bool

    @property
    def falls(self) -> bool:
        return self.end < self.start


def draw_waterfall(chart: Chart, look: Look, shown: range) -> Drawing:
    """Draws totals from zero, and each change from the end of the bar before it; every bar is labelled at its end."""
    head = draw_heading(chart, look, legend=False)
    steps = _make_steps(chart)
    scale = _make_scale(chart, steps)
    rows = place_rows(chart, [BAR] * len(steps), shown, head.height)
    bottom = find_rows_bottom(rows, head.height)
    zero = scale.to_position(0)
    size = choose_value_size([step.point.text for step in steps], chart.width)
    return make_drawing(
        bottom + 2,
        [
            *head.marks,
            *draw_rules([(zero, head.height, zero, bottom)], look.colours["muted"]),
            *_draw_connectors(rows, steps, scale, look),
            *(mark for row in rows for mark in _draw_step(row, steps[row.index], scale, size, look)),
            *draw_category_labels(rows, look),
        ],
    )


def measure_waterfall_rows(chart: Chart) -> list[float]:
    """Returns the height of every row with the gap after it."""
    rows = place_rows(chart, [BAR] * len(chart.categories), range(len(chart.categories)), 0)
    return [row.height + ROW_GAP for row in rows]


def _make_steps(chart: Chart) -> list[_Step]:
    (series,) = chart.series
    values = []
    for category, point in zip(chart.categories, series.points, strict=True):
        if point.value is None:
            message = f"a waterfall chart needs a figure for every category, and '{category}' has none"
            raise UndrawableError("waterfall-sum", message, "give it a claim")
        values.append(point.value)
    totals = {0, len(values) - 1, *(index for index, point in enumerate(series.points) if point.is_total)}
    for disagreement in find_disagreements(values, totals):
        raise UndrawableError(
            "waterfall-sum",
            f"'{chart.categories[disagreement.start]}' and the changes after it add up to {disagreement.reached:f}, but"
            f" '{chart.categories[disagreement.end]}' is {values[disagreement.end]:f}",
            "give the changes that are missing, or correct the figure that is wrong",
        )
    steps: list[_Step] = []
    for index, (point, value) in enumerate(zip(series.points, values, strict=True)):
        start = Decimal(0) if index in totals else steps[-1].end
        steps.append(_Step(point, start, start + value, is_total=index in totals))
    return steps


def _make_scale(chart: Chart, steps: list[_Step]) -> ValueScale:
    size = choose_value_size([step.point.text for step in steps], chart.width)
    left = max((measure_text(step.point.text, size) for step in steps if step.falls), default=0.0)
    right = max((measure_text(step.point.text, size) for step in steps if not step.falls), default=0.0)
    start = measure_categories(chart) + LABEL_GAP + (left + VALUE_GAP if left else 0)
    ends = [float(end) for step in steps for end in (step.start, step.end)]
    return make_scale_beside(find_domain(ends, zero=True), start, chart.width - right - VALUE_GAP)


def _draw_step(row: Row, step: _Step, scale: ValueScale, size: float, look: Look) -> Iterator[Mark]:
    zero = scale.to_position(0)
    left, right = sorted(scale.to_position(float(end)) for end in (step.start, step.end))
    top = row.middle - BAR / 2
    box = PixelBox(left, top, max(right, left + LEAST_BAR) if step.start != step.end else right, top + BAR)
    yield from draw_bar(box, _choose_style(step, look), look, is_projected=step.point.is_projected)
    side: TextAlign = "right" if step.falls else "left"
    x = left - VALUE_GAP if step.falls else box.right + VALUE_GAP
    label = TextLabel((step.point.text,), x, row.middle, look.colours["ink"], side, size)
    if label.box.left < zero < label.box.right:
        yield Rectangle(label.box, look.colours["paper"])
    yield label


def _choose_style(step: _Step, look: Look) -> SeriesStyle:
    if step.is_total:
        colour = darken(look.colours["muted"], look, MARK_CONTRAST)
    else:
        colour = choose_series_colour(look, 1 if step.falls else 0)
    return SeriesStyle(colour, "solid", "circle", ())


def _draw_connectors(rows: tuple[Row, ...], steps: list[_Step], scale: ValueScale, look: Look) -> list[Mark]:
    """Draws lines from the end of each bar to the beginning of the next."""
    marks: list[Mark] = []
    for row, following in pairwise(rows):
        x = scale.to_position(float(steps[row.index].end))
        ends = PixelPoint(x, row.middle + BAR / 2), PixelPoint(x, following.middle - BAR / 2)
        marks.append(Line(*ends, look.colours["muted"]))
    return marks
