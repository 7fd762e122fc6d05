"""Charts of horizontal bars: one row for each category, one bar in it for each series."""

from collections.abc import Iterator
from dataclasses import dataclass

from brief.charts.canvas import (
    TEXT_SIZE,
    WIDTH,
    Spec,
    TextLabel,
    ValueScale,
    block_height,
    domain,
    layer,
    pixels,
    rules,
    scaled,
    sheet,
    texts,
)
from brief.charts.legend import heading, series_colour
from brief.charts.plot_area import Frame
from brief.charts.text_metrics import widest, wrap
from brief.model.appearance.look import Look
from brief.model.blocks import ChartKind
from brief.model.variant import Chart, Point

_CATEGORY_WIDTH = 200.0
_VALUE_WIDTH = 130.0
_LABEL_GAP = 14.0
_VALUE_GAP = 6.0
_BAR = 20.0
_GROUPED_BAR = 15.0
_RANGE_BAR = 12.0
_BAR_GAP = 3.0
_ROW_GAP = 12.0
# Of which other programs' labels may take more than ours, in pixels.
_SPARE = 16.0
# So that a bar beside one a thousand times longer is still seen.
_LEAST_BAR = 1.5


@dataclass(frozen=True, slots=True)
class _Bar:
    series: int
    low: float
    high: float
    lines: tuple[str, ...]
    top: float
    height: float

    @property
    def middle(self) -> float:
        return self.top + self.height / 2

    @property
    def leftwards(self) -> bool:
        return self.low < 0 and self.high <= 0


@dataclass(frozen=True, slots=True)
class _Row:
    lines: tuple[str, ...]
    top: float
    height: float
    bars: tuple[_Bar, ...]


def rows_spec(chart: Chart, look: Look) -> Spec:
    """Bars from zero, or for ranges from low to high, each with its value at the end that points away from zero."""
    head = heading(chart, look, legend=len(chart.series) > 1)
    rows = tuple(_rows(chart, head.height))
    bars = [bar for row in rows for bar in row.bars]
    bottom = rows[-1].top + rows[-1].height if rows else head.height
    scale = _scale(rows, bars)

    least = _LEAST_BAR * (scale.high - scale.low) / (scale.end - scale.start)
    zero = scale.position(0)
    ink, rule = look.colours["ink"], look.colours["rule"]
    tracks = [(zero, bar.middle, scale.position(bar.low), bar.middle) for bar in bars if chart.chart is ChartKind.RANGE]
    return sheet(
        bottom + 2,
        [
            *head.layers,
            rules(tracks, rule),
            _bar_layer(chart, look, bars, scale, least),
            rules([(zero, head.height, zero, bottom)], look.colours["muted"]),
            *texts(TextLabel(row.lines, 0, row.top + row.height / 2, ink) for row in rows),
            *texts(_value(bar, scale, ink) for bar in bars),
        ],
    )


def rows_frame(chart: Chart, look: Look) -> Frame | None:
    """The plot of bars in rows of one height, with room in it for the values, in a wider face too if need be.

    None where they would break lines otherwise: if a value takes several; if a category does and is Chinese, which has
    no spaces to break at; and if one does where bars run to the left, for there its words stand away from their axis.
    """
    head = heading(chart, look, legend=len(chart.series) > 1)
    rows = tuple(_rows(chart, 0))
    bars = [bar for row in rows for bar in row.bars]
    leftwards = any(bar.leftwards for bar in bars)
    if any(len(bar.lines) > 1 for bar in bars) or not all(
        len(row.lines) == 1 or (" ".join(row.lines) == category and not leftwards)
        for row, category in zip(rows, chart.categories, strict=True)
    ):
        return None
    scale = _scale(rows, bars, spare=_SPARE)
    left = widest((line for row in rows for line in row.lines), TEXT_SIZE) + _LABEL_GAP
    bottom = head.height + len(rows) * (max(row.height for row in rows) + _ROW_GAP)
    return Frame(
        height=bottom,
        left=left,
        top=head.height,
        right=WIDTH,
        bottom=bottom,
        low=scale.value(left),
        high=scale.value(WIDTH),
        legend=head.legend,
        bar=_thickness(chart),
        gap=_BAR_GAP,
    )


def _rows(chart: Chart, top: float) -> Iterator[_Row]:
    thickness = _thickness(chart)
    top += _ROW_GAP / 2
    for index, category in enumerate(chart.categories):
        lines = wrap(category, _CATEGORY_WIDTH, TEXT_SIZE)
        values = [wrap(series.points[index].text, _VALUE_WIDTH, TEXT_SIZE, figures=True) for series in chart.series]
        slots = [max(thickness, block_height(value, TEXT_SIZE)) for value in values]
        inner = sum(slots) + _BAR_GAP * (len(slots) - 1)
        height = max(inner, block_height(lines, TEXT_SIZE))
        y = top + (height - inner) / 2
        bars = []
        for number, (series, value, slot) in enumerate(zip(chart.series, values, slots, strict=True)):
            low, high = _ends(series.points[index], chart.chart)
            bars.append(_Bar(number, low, high, value, y + (slot - thickness) / 2, thickness))
            y += slot + _BAR_GAP
        yield _Row(lines, top, height, tuple(bars))
        top += height + _ROW_GAP


def _thickness(chart: Chart) -> float:
    if chart.chart is ChartKind.RANGE:
        return _RANGE_BAR
    return _BAR if len(chart.series) == 1 else _GROUPED_BAR


def _ends(point: Point, kind: ChartKind) -> tuple[float, float]:
    value = float(point.value)
    if kind is ChartKind.RANGE:
        low = value if point.low is None else float(point.low)
        high = value if point.high is None else float(point.high)
        return min(low, high), max(low, high)
    return min(value, 0.0), max(value, 0.0)


def _scale(rows: tuple[_Row, ...], bars: list[_Bar], spare: float = 0.0) -> ValueScale:
    """The value axis between the category labels and the longest value on either side, and `spare` pixels beside it."""
    category = widest((line for row in rows for line in row.lines), TEXT_SIZE)
    left = widest((line for bar in bars if bar.leftwards for line in bar.lines), TEXT_SIZE)
    right = widest((line for bar in bars if not bar.leftwards for line in bar.lines), TEXT_SIZE)
    start = category + _LABEL_GAP + (left + _VALUE_GAP + spare if left else 0)
    end = WIDTH - (right + _VALUE_GAP + spare if right else 1)
    return ValueScale(*domain([end for bar in bars for end in (bar.low, bar.high)], zero=True), start, end)


def _value(bar: _Bar, scale: ValueScale, colour: str) -> TextLabel:
    if bar.leftwards:
        return TextLabel(bar.lines, scale.position(bar.low) - _VALUE_GAP, bar.middle, colour, align="right")
    return TextLabel(bar.lines, scale.position(bar.high) + _VALUE_GAP, bar.middle, colour)


def _bar_layer(chart: Chart, look: Look, bars: list[_Bar], scale: ValueScale, least: float) -> Spec:
    encoding = {
        "x": scaled("low", scale),
        "x2": {"field": "high"},
        "y": pixels("top"),
        "y2": {"field": "bottom"},
        "color": {"field": "colour", "type": "nominal", "scale": None},
    }
    drawn = []
    for bar in bars:
        low, high = bar.low, bar.high
        if chart.chart is ChartKind.RANGE:
            spare = max(0.0, 2 * least - (high - low)) / 2
            low, high = low - spare, high + spare
        elif 0 < high - low < least:
            low, high = (high - least, high) if bar.leftwards else (low, low + least)
        drawn.append(
            {
                "low": low,
                "high": high,
                "top": bar.top,
                "bottom": bar.top + bar.height,
                "colour": series_colour(look, bar.series),
            }
        )
    return layer({"type": "rect"}, encoding, drawn)
