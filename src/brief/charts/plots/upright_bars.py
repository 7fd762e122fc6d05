"""Charts of upright bars: one group of bars for each category side by side, from left to right.

A chart that the author wants upright is drawn so only if every text has room; otherwise its bars are horizontal.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from brief.charts.canvas import SMALL_SIZE, TEXT_SIZE, Drawing, ValueScale, draw_rules, find_domain, make_drawing
from brief.charts.legend import draw_bar, draw_heading
from brief.charts.plot_area import PlotArea
from brief.charts.plots.bar_chart import LEAST_BAR
from brief.charts.plots.stacked_chart import choose_word_colour, compute_part_lengths
from brief.charts.series_style import choose_point_style
from brief.charts.svg import Mark, Path, PixelBox, PixelPoint, Rectangle, TextLabel, measure_block
from brief.charts.text_metrics import measure_widest, wrap
from brief.model.appearance.look import Look
from brief.model.blocks import ChartKind
from brief.model.han import EAST_ASIAN_CHARACTER
from brief.model.record import dataclass
from brief.model.variant import Chart, OpenEnd, Point

_PLOT_HEIGHT = 210.0
_GROUP_GAP = 0.28
_BAR_GAP = 3.0
_WIDEST_BAR = 56.0
_VALUE_GAP = 4.0
_NAME_GAP = 6.0
# The space between the names of two categories, and between the values of two bars.
_BETWEEN = 6.0
_MOST_LINES = 3
_WITHIN_FIGURE = re.compile(r"[0-9.,\u2212][0-9.,]")
# The length of the tip of an open-ended bar, and the depth of its notch.
_TIP = 7.0


@dataclass(frozen=True, slots=True)
class _Bar:
    """A bar, or a part of a stacked one: its edges in pixels, and the values at which it begins and ends."""

    series: int
    point: Point
    lines: tuple[str, ...]
    left: float
    right: float
    start: float
    end: float

    @property
    def is_below(self) -> bool:
        return self.end < self.start

    @property
    def is_open_outwards(self) -> bool:
        return self.point.open_end is (OpenEnd.BELOW if self.is_below else OpenEnd.ABOVE)

    @property
    def tip(self) -> float:
        return _TIP if self.is_open_outwards else 0.0


@dataclass(frozen=True, slots=True)
class _Layout:
    """The bars and the names of the categories, with the edges of the plot and its scale."""

    bars: tuple[_Bar, ...]
    names: tuple[tuple[str, ...], ...]
    middles: tuple[float, ...]
    scale: ValueScale
    top: float
    bottom: float
    bar: float
    legend: float | None


def fits_upright(chart: Chart, look: Look) -> bool:
    """Returns whether the author wants the chart upright, and every name and value has room in its column.

    Raises:
        UndrawableError: the parts of a category are not shares of a whole.
    """
    if not chart.is_upright or chart.annotations:
        return False
    slot = chart.width / len(chart.categories)
    room = slot - _BETWEEN
    layout = _lay_out(chart, look)
    if not all(
        _has_room(lines, room) and _breaks_between_words(lines, name) for lines, name in _pair_names(chart, layout)
    ):
        return False
    if _is_stacked(chart):
        return all(_fits_into_part(bar, layout) for bar in layout.bars)
    beside = layout.bar + _BAR_GAP - _BETWEEN / 2 if len(chart.series) > 1 else room
    # A figure is never broken between digits.
    return all(
        _has_room(bar.lines, beside)
        and _breaks_between_words(bar.lines, bar.point.text)
        and not any(_WITHIN_FIGURE.match(first[-1] + second[0]) for first, second in pairwise(bar.lines))
        for bar in layout.bars
    )


def draw_upright_bars(chart: Chart, look: Look) -> Drawing:
    """Draws upright bars from zero, each with its value at its end or, if stacked, in its part."""
    head = draw_heading(chart, look, legend=len(chart.series) > 1)
    layout = _lay_out(chart, look)
    zero = layout.scale.to_position(0)
    names = [
        TextLabel(
            lines, x, layout.bottom + _NAME_GAP + measure_block(lines, TEXT_SIZE) / 2, look.colours["ink"], "center"
        )
        for lines, x in zip(layout.names, layout.middles, strict=True)
    ]
    return make_drawing(
        max(label.box.bottom for label in names) + 2,
        [
            *head.marks,
            *(mark for bar in layout.bars for mark in _draw_bar(chart, bar, layout, look)),
            *draw_rules([(0, zero, chart.width, zero)], look.colours["muted"]),
            *(_make_value_label(chart, bar, layout, look) for bar in layout.bars if bar.lines),
            *names,
        ],
    )


def locate_upright_bars(chart: Chart, look: Look) -> PlotArea | None:
    """Returns the plot area; None if a name or a value takes several lines, which other programs would turn or cut."""
    layout = _lay_out(chart, look)
    if any(len(lines) > 1 for lines in (*layout.names, *(bar.lines for bar in layout.bars))):
        return None
    return PlotArea(
        drawing_height=layout.bottom + _NAME_GAP + 2 * TEXT_SIZE,
        left=0,
        top=layout.top,
        right=chart.width,
        bottom=layout.bottom,
        low=layout.scale.to_value(layout.bottom),
        high=layout.scale.to_value(layout.top),
        legend=layout.legend,
        bar=layout.bar,
        gap=_BAR_GAP,
        is_upright=True,
    )


def _is_stacked(chart: Chart) -> bool:
    return chart.chart_kind in (ChartKind.STACKED, ChartKind.STACKED_100)


def _lay_out(chart: Chart, look: Look) -> _Layout:
    head = draw_heading(chart, look, legend=len(chart.series) > 1)
    slot = chart.width / len(chart.categories)
    columns = 1 if _is_stacked(chart) else len(chart.series)
    thickness = min(_WIDEST_BAR, (slot * (1 - _GROUP_GAP) - _BAR_GAP * (columns - 1)) / columns)
    middles = tuple(slot * (index + 0.5) for index in range(len(chart.categories)))
    names = tuple(wrap(name, slot - _BETWEEN, TEXT_SIZE) for name in chart.categories)
    bars = tuple(
        _make_stacked_parts(chart, middles, thickness)
        if columns == 1 and _is_stacked(chart)
        else _make_bars(chart, middles, thickness, slot)
    )
    ends = [value for bar in bars for value in (bar.start, bar.end)]
    outside = () if _is_stacked(chart) else bars
    above = max((_measure_label(bar) for bar in outside if not bar.is_below), default=0.0)
    below = max((_measure_label(bar) for bar in outside if bar.is_below), default=0.0)
    top = head.height
    scale = ValueScale(*find_domain(ends, zero=True), top + above + _PLOT_HEIGHT, top + above)
    return _Layout(bars, names, middles, scale, top, top + above + _PLOT_HEIGHT + below, thickness, head.legend)


def _measure_label(bar: _Bar) -> float:
    return measure_block(bar.lines, TEXT_SIZE) + _VALUE_GAP + bar.tip


def _make_bars(chart: Chart, middles: Sequence[float], thickness: float, slot: float) -> Iterator[_Bar]:
    count = len(chart.series)
    room = thickness + _BAR_GAP - _BETWEEN / 2 if count > 1 else slot - _BETWEEN
    for number, middle in enumerate(middles):
        left = middle - (count * thickness + (count - 1) * _BAR_GAP) / 2
        for index, series in enumerate(chart.series):
            point = series.points[number]
            lines = wrap(point.text, room, TEXT_SIZE, figures=True)
            start = left + index * (thickness + _BAR_GAP)
            yield _Bar(index, point, lines, start, start + thickness, 0.0, float(point.value or 0))


def _make_stacked_parts(chart: Chart, middles: Sequence[float], thickness: float) -> Iterator[_Bar]:
    for number, (middle, lengths) in enumerate(zip(middles, compute_part_lengths(chart), strict=True)):
        reached = {True: 0.0, False: 0.0}
        for index, (series, length) in enumerate(zip(chart.series, lengths, strict=True)):
            start = reached[length >= 0]
            reached[length >= 0] += length
            left = middle - thickness / 2
            yield _Bar(
                index,
                series.points[number],
                (series.points[number].text,),
                left,
                left + thickness,
                start,
                start + length,
            )


def _pair_names(chart: Chart, layout: _Layout) -> Iterator[tuple[tuple[str, ...], str]]:
    return zip(layout.names, chart.categories, strict=True)


def _has_room(lines: Sequence[str], room: float) -> bool:
    return len(lines) <= _MOST_LINES and measure_widest(lines, TEXT_SIZE) <= room


def _breaks_between_words(lines: Sequence[str], name: str) -> bool:
    return " ".join(lines) == " ".join(name.split()) or EAST_ASIAN_CHARACTER.search(name) is not None


def _fits_into_part(bar: _Bar, layout: _Layout) -> bool:
    height = abs(layout.scale.to_position(bar.end) - layout.scale.to_position(bar.start))
    width = measure_widest(bar.lines, SMALL_SIZE) + _BETWEEN
    return (
        bar.point.value is not None
        and not bar.point.open_end
        and height >= measure_block(bar.lines, SMALL_SIZE) + 2
        and width <= bar.right - bar.left
    )


def _draw_bar(chart: Chart, bar: _Bar, layout: _Layout, look: Look) -> Iterator[Mark]:
    if bar.point.value is None or bar.start == bar.end:
        return
    base, end = layout.scale.to_position(bar.start), layout.scale.to_position(bar.end)
    if abs(end - base) < LEAST_BAR:
        end = base + LEAST_BAR if bar.is_below else base - LEAST_BAR
    # A thin line in the colour of the paper separates adjacent parts.
    parting = 1.0 if _is_stacked(chart) else 0.0
    box = PixelBox(bar.left, min(base, end) + parting, bar.right, max(base, end))
    style = choose_point_style(chart, look, bar.series, bar.point)
    yield from draw_bar(box, style, look, is_projected=bar.point.is_projected)
    if _is_stacked(chart) and (style.pattern != "solid" or bar.point.is_projected):
        label = _make_value_label(chart, bar, layout, look).box
        ground = look.colours["paper"] if bar.point.is_projected else style.colour
        yield Rectangle(PixelBox(label.left - 2, label.top, label.right + 2, label.bottom), ground)
    if bar.point.open_end is not None and not _is_stacked(chart):
        outwards = 1.0 if bar.is_below else -1.0
        start = end + outwards * (1.5 if bar.is_open_outwards else 0.5)
        tip = start + outwards * (_TIP - 1.5 if bar.is_open_outwards else -_TIP)
        ends = (PixelPoint(bar.left, start), PixelPoint((bar.left + bar.right) / 2, tip), PixelPoint(bar.right, start))
        yield Path(ends, fill=style.colour if bar.is_open_outwards else look.colours["paper"])


def _make_value_label(chart: Chart, bar: _Bar, layout: _Layout, look: Look) -> TextLabel:
    x = (bar.left + bar.right) / 2
    end = layout.scale.to_position(bar.end)
    if _is_stacked(chart):
        style = choose_point_style(chart, look, bar.series, bar.point)
        ground = look.colours["paper"] if bar.point.is_projected else style.colour
        middle = (layout.scale.to_position(bar.start) + end) / 2
        return TextLabel(bar.lines, x, middle, choose_word_colour(ground, look), "center", SMALL_SIZE)
    height = measure_block(bar.lines, TEXT_SIZE)
    away = _VALUE_GAP + bar.tip + height / 2
    colour = look.colours["ink" if bar.point.value is not None else "muted"]
    return TextLabel(bar.lines, x, end + away if bar.is_below else end - away, colour, "center")
