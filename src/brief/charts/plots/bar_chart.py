"""Charts of horizontal bars: one row for each category, one bar in it for each series."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from brief.charts.canvas import (
    LEAST_VALUE_SIZE,
    TEXT_SIZE,
    VALUE_PART,
    Drawing,
    ValueScale,
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
from brief.charts.plot_area import PlotArea
from brief.charts.series_style import SeriesStyle, choose_point_style
from brief.charts.svg import Mark, Path, PixelBox, PixelPoint, TextLabel, measure_block
from brief.charts.text_metrics import find_fitting_size, measure_widest, wrap_figure
from brief.model.appearance.look import Look
from brief.model.blocks import ChartKind
from brief.model.record import dataclass
from brief.model.variant import Chart, OpenEnd, Point

_VALUE_WIDTH = 130.0
BAR = 20.0
_GROUPED_BAR = 15.0
_RANGE_BAR = 12.0
_BAR_GAP = 3.0
# How much thicker the bars of a theme's main exhibit are, if they are few.
_HERO = 1.4
_FEW = 4
# Extra width in pixels for labels drawn by other programs.
_SPARE = 16.0
# The minimum bar length in pixels.
LEAST_BAR = 1.5
# The length of the tip of an open-ended bar, and the depth of its notch.
_TIP = 7.0


@dataclass(frozen=True, slots=True)
class _Bar:
    series: int
    low: float
    high: float
    point: Point
    lines: tuple[str, ...]
    text_size: float
    top: float
    height: float

    @property
    def middle(self) -> float:
        return self.top + self.height / 2

    @property
    def runs_left(self) -> bool:
        return self.low < 0 and self.high <= 0

    @property
    def is_open_outwards(self) -> bool:
        """Whether the true value lies beyond the end of the bar; a loss of "more than" −5 is a shorter bar."""
        return self.point.open_end is (OpenEnd.BELOW if self.runs_left else OpenEnd.ABOVE)

    @property
    def tip(self) -> float:
        return _TIP if self.is_open_outwards else 0.0


def draw_bars(chart: Chart, look: Look, shown: range) -> Drawing:
    """Draws bars from zero, or for ranges from low to high, each with its value at the end that points away from zero."""
    head = draw_heading(chart, look, legend=len(chart.series) > 1)
    rows = place_rows(chart, _measure_rows(chart), shown, head.height)
    bars = [bar for row in rows for bar in _make_bars(chart, row)]
    bottom = find_rows_bottom(rows, head.height)
    scale = _make_scale(chart)

    zero = scale.to_position(0)
    rule = look.colours["rule"]
    tracks = [
        (zero, bar.middle, scale.to_position(bar.low), bar.middle)
        for bar in bars
        if chart.chart_kind is ChartKind.RANGE
    ]
    return make_drawing(
        bottom + 2,
        [
            *draw_rules(tracks, rule),
            *head.marks,
            *_draw_bars(chart, look, bars, scale),
            *draw_rules([(zero, head.height, zero, bottom)], look.colours["muted"]),
            *draw_category_labels(rows, look),
            *(_make_value_label(bar, scale, look) for bar in bars),
        ],
    )


def measure_bar_rows(chart: Chart) -> list[float]:
    """Returns the height of every row with the gap after it."""
    rows = place_rows(chart, _measure_rows(chart), range(len(chart.categories)), 0)
    return [row.height + ROW_GAP for row in rows]


def locate_bars(chart: Chart, look: Look, shown: range) -> PlotArea | None:
    """Returns the plot area for rows of equal height, with enough space for the values even in a wider font.

    None if other programs would wrap the labels differently: if a value takes several lines; if a Chinese category,
    which has no spaces to break at, takes several; or if any category takes several beside negative bars, because it is
    then not next to the axis.
    """
    head = draw_heading(chart, look, legend=len(chart.series) > 1)
    rows = place_rows(chart, _measure_rows(chart), shown, 0)
    bars = [bar for row in rows for bar in _make_bars(chart, row)]
    runs_left = any(bar.runs_left for bar in _list_bars(chart))
    if any(len(bar.lines) > 1 or bar.text_size < TEXT_SIZE for bar in bars) or not all(
        wraps_at_spaces(row, chart) and not (runs_left and len(row.lines) > 1) for row in rows
    ):
        return None
    scale = _make_scale(chart, spare=_SPARE)
    left = measure_categories(chart) + LABEL_GAP
    bottom = head.height + len(rows) * (max(row.height for row in rows) + ROW_GAP)
    return PlotArea(
        drawing_height=bottom,
        left=left,
        top=head.height,
        right=chart.width,
        bottom=bottom,
        low=scale.to_value(left),
        high=scale.to_value(chart.width),
        legend=head.legend,
        bar=_choose_thickness(chart),
        gap=_BAR_GAP,
    )


def wraps_at_spaces(row: Row, chart: Chart) -> bool:
    """Returns whether other programs wrap a category as we do: at spaces only."""
    return len(row.lines) == 1 or " ".join(row.lines) == chart.categories[row.index]


def _measure_rows(chart: Chart) -> list[float]:
    thickness, size = _choose_thickness(chart), _choose_value_size(chart)
    return [
        sum(max(thickness, measure_block(value, size)) for value in values) + _BAR_GAP * (len(values) - 1)
        for values in _wrap_values(chart)
    ]


def _wrap_values(chart: Chart) -> list[list[tuple[str, ...]]]:
    """Returns the value labels of each category, wrapped."""
    return [_wrap_values_of_row(chart, index) for index in range(len(chart.categories))]


def _wrap_values_of_row(chart: Chart, index: int) -> list[tuple[str, ...]]:
    width, size = _limit_value_width(chart), _choose_value_size(chart)
    return [wrap_figure(series.points[index].text, width, size) for series in chart.series]


def _choose_value_size(chart: Chart) -> float:
    """Returns the size at which no value has to be broken within a number."""
    texts = tuple(point.text for series in chart.series for point in series.points)
    return _find_value_size(texts, _limit_value_width(chart))


# Every row of a chart asks for the size of all.
@lru_cache(maxsize=64)
def _find_value_size(texts: tuple[str, ...], width: float) -> float:
    return find_fitting_size(texts, width, TEXT_SIZE, LEAST_VALUE_SIZE)


def _make_bars(chart: Chart, row: Row) -> Iterator[_Bar]:
    thickness, size = _choose_thickness(chart), _choose_value_size(chart)
    values = _wrap_values_of_row(chart, row.index)
    slots = [max(thickness, measure_block(value, size)) for value in values]
    y = row.top + (row.height - sum(slots) - _BAR_GAP * (len(slots) - 1)) / 2
    for number, (series, value, slot) in enumerate(zip(chart.series, values, slots, strict=True)):
        point = series.points[row.index]
        low, high = _find_ends(point, chart.chart_kind)
        yield _Bar(number, low, high, point, value, size, y + (slot - thickness) / 2, thickness)
        y += slot + _BAR_GAP


def _limit_value_width(chart: Chart) -> float:
    return min(_VALUE_WIDTH, chart.width * VALUE_PART)


def _list_bars(chart: Chart) -> list[_Bar]:
    rows = place_rows(chart, _measure_rows(chart), range(len(chart.categories)), 0)
    return [bar for row in rows for bar in _make_bars(chart, row)]


def _choose_thickness(chart: Chart) -> float:
    if len(chart.series) > 1:
        return _GROUPED_BAR
    thickness = _RANGE_BAR if chart.chart_kind is ChartKind.RANGE else BAR
    return thickness * _HERO if chart.is_hero and len(chart.categories) <= _FEW else thickness


def _find_ends(point: Point, kind: ChartKind) -> tuple[float, float]:
    value = float(point.value or 0)
    if kind is ChartKind.RANGE and point.value is not None:
        low = value if point.low is None else float(point.low)
        high = value if point.high is None else float(point.high)
        return min(low, high), max(low, high)
    return min(value, 0.0), max(value, 0.0)


def _make_scale(chart: Chart, spare: float = 0.0) -> ValueScale:
    """Makes the value axis between the category labels and the longest value on either side, with `spare` pixels beside
    it.
    """
    bars = _list_bars(chart)
    left = max((measure_widest(bar.lines, bar.text_size) + bar.tip for bar in bars if bar.runs_left), default=0.0)
    right = max((measure_widest(bar.lines, bar.text_size) + bar.tip for bar in bars if not bar.runs_left), default=0.0)
    start = measure_categories(chart) + LABEL_GAP + (left + VALUE_GAP + spare if left else 0)
    end = chart.width - (right + VALUE_GAP + spare if right else 1)
    return make_scale_beside(find_domain([end for bar in bars for end in (bar.low, bar.high)], zero=True), start, end)


def _make_value_label(bar: _Bar, scale: ValueScale, look: Look) -> TextLabel:
    colour = look.colours["ink" if bar.point.value is not None else "muted"]
    if bar.runs_left:
        x = scale.to_position(bar.low) - VALUE_GAP - bar.tip
        return TextLabel(bar.lines, x, bar.middle, colour, "right", bar.text_size)
    x = scale.to_position(bar.high) + VALUE_GAP + bar.tip
    return TextLabel(bar.lines, x, bar.middle, colour, size=bar.text_size)


def _draw_bars(chart: Chart, look: Look, bars: Sequence[_Bar], scale: ValueScale) -> Iterator[Mark]:
    least = LEAST_BAR * (scale.high - scale.low) / (scale.end - scale.start)
    for bar in bars:
        if bar.point.value is None:
            continue
        low, high = bar.low, bar.high
        if chart.chart_kind is ChartKind.RANGE:
            spare = max(0.0, 2 * least - (high - low)) / 2
            low, high = low - spare, high + spare
        elif 0 < high - low < least:
            low, high = (high - least, high) if bar.runs_left else (low, low + least)
        box = PixelBox(scale.to_position(low), bar.top, scale.to_position(high), bar.top + bar.height)
        style = choose_point_style(chart, look, bar.series, bar.point)
        yield from draw_bar(box, style, look, is_projected=bar.point.is_projected)
        yield from _draw_open_end(box, bar, style, look)


def _draw_open_end(box: PixelBox, bar: _Bar, style: SeriesStyle, look: Look) -> Iterator[Mark]:
    """Draws a tip on a bar whose true value is above its number, and a notch in a bar whose true value is below it."""
    if bar.point.open_end is None:
        return
    end, outwards = (box.left, -1.0) if bar.runs_left else (box.right, 1.0)
    middle = (box.top + box.bottom) / 2
    is_beyond = bar.is_open_outwards
    start = end + outwards * 1.5 if is_beyond else end + outwards * 0.5
    tip = start + outwards * (_TIP - 1.5 if is_beyond else -_TIP)
    points = (PixelPoint(start, box.top), PixelPoint(tip, middle), PixelPoint(start, box.bottom))
    yield Path(points, fill=style.colour if is_beyond else look.colours["paper"])
