"""Charts of stacked bars: the parts of each category end to end, as amounts or as shares of their sum."""

from collections.abc import Iterator, Sequence

from brief.charts.canvas import SMALL_SIZE, Drawing, ValueScale, draw_rules, find_domain, make_drawing
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
from brief.charts.legend import draw_bar, draw_heading
from brief.charts.plot_area import PlotArea
from brief.charts.plots.bar_chart import BAR, wraps_at_spaces
from brief.charts.problems import UndrawableError, create_no_room_error
from brief.charts.series_style import SeriesStyle, choose_series_style, darken_for_text
from brief.charts.svg import Mark, Path, PixelBox, PixelPoint, Rectangle, TextLabel
from brief.charts.text_metrics import measure_text
from brief.model.appearance.contrast import READABLE, compute_contrast_ratio
from brief.model.appearance.look import Look
from brief.model.blocks import ChartKind
from brief.model.record import dataclass
from brief.model.variant import Chart, OpenEnd, Point

_INSIDE = 3.0


@dataclass(frozen=True, slots=True)
class _Segment:
    """The part of one series in a bar, from `left` to `right` in pixels."""

    point: Point
    style: SeriesStyle
    left: float
    right: float

    @property
    def is_labelled_inside(self) -> bool:
        return self.right - self.left >= measure_text(self.point.text, SMALL_SIZE) + 2 * _INSIDE


@dataclass(frozen=True, slots=True)
class _Stack:
    segments: tuple[_Segment, ...]
    beneath: LabelsBeneath

    @property
    def height(self) -> float:
        return BAR + self.beneath.height


def draw_stacks(chart: Chart, look: Look, shown: range) -> Drawing:
    """Draws stacked bars, with each value in its part, or below it if the part is too short."""
    head = draw_heading(chart, look, legend=True)
    scale = _make_scale(chart)
    stacks = _make_stacks(chart, look, scale)
    rows = place_rows(chart, [stack.height for stack in stacks], shown, head.height)
    bottom = find_rows_bottom(rows, head.height)
    zero = scale.to_position(0)
    marks: list[Mark] = []
    for row in rows:
        stack = stacks[row.index]
        top = row.top + (row.height - stack.height) / 2
        for segment in stack.segments:
            marks += _draw_segment(segment, top, look)
        marks += stack.beneath.draw(top + BAR, look.colours["muted"])
    return make_drawing(
        bottom + 2,
        [
            *head.marks,
            *marks,
            *_draw_zero_line(zero, head.height, bottom, stacks, look),
            *draw_category_labels(rows, look),
        ],
    )


def measure_stack_rows(chart: Chart, look: Look) -> list[float]:
    """Returns the height of every row with the gap after it."""
    inner = [stack.height for stack in _make_stacks(chart, look, _make_scale(chart))]
    return [row.height + ROW_GAP for row in place_rows(chart, inner, range(len(inner)), 0)]


def locate_stacks(chart: Chart, look: Look, shown: range) -> PlotArea | None:
    """Returns the area of stacked bars; None if a value does not fit into its part, or other programs would wrap
    differently.
    """
    head = draw_heading(chart, look, legend=True)
    scale = _make_scale(chart)
    stacks = _make_stacks(chart, look, scale)
    rows = place_rows(chart, [BAR] * len(stacks), shown, 0)
    if any(stack.beneath.labels for stack in stacks) or not all(wraps_at_spaces(row, chart) for row in rows):
        return None
    if scale.low < 0 and any(len(row.lines) > 1 for row in rows):
        return None
    bottom = head.height + len(rows) * (max(row.height for row in rows) + ROW_GAP)
    return PlotArea(
        drawing_height=bottom,
        left=scale.start,
        top=head.height,
        right=scale.end,
        bottom=bottom,
        low=scale.low,
        high=scale.high,
        legend=head.legend,
        bar=BAR,
    )


def _make_scale(chart: Chart) -> ValueScale:
    start, end = measure_categories(chart) + LABEL_GAP, chart.width - 1
    if chart.chart_kind is ChartKind.STACKED_100:
        return ValueScale(0.0, 1.0, start, end)
    sums = [0.0]
    for column in compute_part_lengths(chart):
        sums += [sum(value for value in column if value > 0), sum(value for value in column if value < 0)]
    return ValueScale(*find_domain(sums, zero=True), start, end)


def compute_part_lengths(chart: Chart) -> list[list[float]]:
    """Returns the lengths of the parts of each category, in the unit of the scale."""
    points = list(zip(*(series.points for series in chart.series), strict=True))
    columns = [[float(point.value or 0) for point in column] for column in points]
    if chart.chart_kind is not ChartKind.STACKED_100:
        return columns
    for category, column, points_of_category in zip(chart.categories, columns, points, strict=True):
        if any(point.value is None for point in points_of_category):
            raise UndrawableError(
                "incomplete-whole",
                f"'{category}' has a part without a figure, so its shares cannot be computed",
                "write chart: grouped-bars",
            )
        if min(column) < 0 or sum(column) <= 0:
            raise UndrawableError(
                "negative-share",
                f"'{category}' has a negative part, or no positive one, so its parts are not shares of a whole",
                "write chart: stacked",
            )
    return [[value / sum(column) for value in column] for column in columns]


def _make_stacks(chart: Chart, look: Look, scale: ValueScale) -> list[_Stack]:
    styles = [choose_series_style(chart, look, index) for index in range(len(chart.series))]
    stacks = []
    for index, column in enumerate(compute_part_lengths(chart)):
        reached = {True: 0.0, False: 0.0}
        segments = []
        for series, style, length in zip(chart.series, styles, column, strict=True):
            start = reached[length >= 0]
            reached[length >= 0] += length
            ends = sorted((scale.to_position(start), scale.to_position(start + length)))
            segments.append(_Segment(series.points[index], style, *ends))
        stacks.append(_Stack(tuple(segments), _place_labels_below(segments, chart.categories[index], scale, look)))
    return stacks


def _place_labels_below(segments: Sequence[_Segment], category: str, scale: ValueScale, look: Look) -> LabelsBeneath:
    wanted = sorted(
        (
            ((segment.left + segment.right) / 2, segment.point.text, darken_for_text(segment.style.colour, look))
            for segment in segments
            if not segment.is_labelled_inside
        ),
        key=lambda label: label[0],
    )
    beneath = place_labels_beneath(wanted, scale.start, scale.end)
    if beneath is None:
        raise create_no_room_error(f"the values of '{category}'", "draw fewer series, or write chart: grouped-bars")
    return beneath


def _draw_segment(segment: _Segment, top: float, look: Look) -> Iterator[Mark]:
    if segment.point.value is None or segment.right == segment.left:
        return
    paper = look.colours["paper"]
    # A thin line in the colour of the paper separates adjacent parts.
    right = max(segment.left + 0.75, segment.right - 1)
    yield from draw_bar(
        PixelBox(segment.left, top, right, top + BAR), segment.style, look, is_projected=segment.point.is_projected
    )
    if not segment.is_labelled_inside:
        return
    middle = (segment.left + right) / 2
    ground = paper if segment.point.is_projected else segment.style.colour
    label = TextLabel(
        (segment.point.text,), middle, top + BAR / 2, choose_word_colour(ground, look), "center", SMALL_SIZE
    )
    if segment.style.pattern != "solid" or segment.point.is_projected:
        box = label.box
        yield Rectangle(PixelBox(box.left - 2, top + 3, box.right + 2, top + BAR - 3), ground)
    yield label
    yield from _draw_open_end(PixelBox(segment.left, top, right, top + BAR), segment.point, label)


def _draw_open_end(box: PixelBox, point: Point, label: TextLabel) -> Iterator[Mark]:
    """Draws a chevron in a part whose true value is greater or less than drawn, towards its true end."""
    end = box.right - 9 if (point.value or 0) >= 0 else box.left + 9
    if point.open_end is None or abs(end - label.x) < label.width / 2 + 6:
        return
    tip = 4.0 if point.open_end is OpenEnd.ABOVE else -4.0
    ends = (PixelPoint(end - tip / 2, box.top + 4), PixelPoint(end - tip / 2, box.bottom - 4))
    middle = PixelPoint(end + tip / 2, (box.top + box.bottom) / 2)
    yield Path((ends[0], middle, ends[1]), stroke=label.colour, width=1.5)


def choose_word_colour(ground: str, look: Look) -> str:
    """Returns the colour of text on a mark: the colour of paper or of ink, or black if neither has enough contrast."""
    best = max((look.colours["paper"], look.colours["ink"]), key=lambda colour: compute_contrast_ratio(colour, ground))
    return best if compute_contrast_ratio(best, ground) >= READABLE else "#000000"


def _draw_zero_line(zero: float, top: float, bottom: float, stacks: Sequence[_Stack], look: Look) -> list[Mark]:
    """Draws the line of zero, below text that overlaps it."""
    has_words = any(abs(label.x - zero) < label.width / 2 + 2 for stack in stacks for label in stack.beneath.labels)
    return [] if has_words else draw_rules([(zero, top, zero, bottom)], look.colours["muted"])
