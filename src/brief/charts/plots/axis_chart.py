"""Lines and areas over many categories: axes with ticks, and labels for the points that matter.

Labels are placed on the first, last, lowest and highest point of a line, and on the points that the author names; if
there are several lines, each has its title and last value at its end."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from brief.charts.annotations import draw_annotation_lines, draw_annotation_marks, make_annotation_labels
from brief.charts.axes import (
    choose_ticks,
    draw_category_axis,
    draw_value_axis,
    find_base_value,
    make_value_scale,
    measure_tick_labels,
)
from brief.charts.canvas import SMALL_SIZE, Drawing, ValueScale, draw_rules, make_drawing
from brief.charts.legend import draw_heading
from brief.charts.plot_area import PlotArea
from brief.charts.point_labels import LabelsAtPoints, WantedLabel, place_labels
from brief.charts.problems import UndrawableError, create_no_room_error
from brief.charts.series_marks import ARROW, draw_open_end
from brief.charts.series_style import SeriesStyle, choose_series_style, darken_for_text
from brief.charts.spread import spread_apart
from brief.charts.svg import Mark, Path, PixelBox, PixelPoint, Symbol, TextLabel, measure_block
from brief.charts.text_metrics import measure_text, measure_widest, wrap
from brief.model.appearance.look import Look
from brief.model.blocks import ChartKind
from brief.model.record import dataclass
from brief.model.variant import Chart, OpenEnd, Point

_PLOT_HEIGHT = 230.0
# The space above and below the outermost values, for their labels.
_MARGIN = 22.0
_TITLE_WIDTH = 130.0
_TITLE_PART = 0.3
_TITLE_GAP = 12.0
_POINT_RADIUS = 3.0
# Above this number of points, only labelled points get a marker.
_MOST_MARKED = 40
# Up to this number, every point is labelled if it fits.
_MOST_LABELLED = 12
_PROJECTED_DASH = (5.0, 3.0)


@dataclass(frozen=True, slots=True)
class _Curve:
    """A series in the drawing: its points, their positions (None for a missing figure), and the positions of the lower
    edge of an area, which are empty for a line.
    """

    points: tuple[Point, ...]
    positions: tuple[PixelPoint | None, ...]
    lower_edge: tuple[PixelPoint, ...]
    style: SeriesStyle

    def split_at_gaps(self) -> Iterator[list[int]]:
        """Yields the indices of each stretch of points without a gap."""
        run: list[int] = []
        for index, place in enumerate(self.positions):
            if place is None:
                if run:
                    yield run
                run = []
            else:
                run.append(index)
        if run:
            yield run

    def list_arrows(self) -> Iterator[tuple[PixelPoint, PixelPoint]]:
        for point, place in zip(self.points, self.positions, strict=True):
            if point.open_end is not None and place is not None:
                down = -ARROW if point.open_end is OpenEnd.ABOVE else ARROW
                yield place, PixelPoint(place.x, place.y + down)

    def list_segments(self) -> list[tuple[PixelPoint, PixelPoint]]:
        ends = [(self.positions[a], self.positions[b]) for run in self.split_at_gaps() for a, b in pairwise(run)]
        return [(start, end) for start, end in ends if start is not None and end is not None]


def draw_axis_chart(chart: Chart, look: Look) -> Drawing:
    """Draws ticks at the left and at the bottom, lines or areas, and the labels that fit.

    Raises:
        UndrawableError: there is no room for a required label or for the titles of the series, or a stack of areas has
            values of both signs or a missing figure.
    """
    is_area = chart.chart_kind is ChartKind.AREA
    head = draw_heading(chart, look, legend=False)
    ends = _wrap_end_labels(chart)
    left = measure_tick_labels(chart.ticks)
    right = chart.width - measure_widest((line for lines in ends for line in lines), SMALL_SIZE) - _TITLE_GAP
    top, bottom = head.height + _MARGIN, head.height + _MARGIN + _PLOT_HEIGHT
    heights = _stack(chart) if is_area else [[_to_float(point) for point in series.points] for series in chart.series]
    values = [value for row in heights for value in row if value is not None]
    scale = make_value_scale(chart.ticks, values, bottom, top)
    xs = _space_evenly(len(chart.categories), left + 6, right - 6)
    curves = list(_make_curves(chart, look, heights, xs, scale, is_area=is_area))

    chosen = choose_ticks(chart.categories, xs, chart.width)
    floor = bottom + (4 if is_area and scale.low >= 0 else _MARGIN)
    names, end = draw_category_axis(chart.categories, xs, chosen, floor, chart.width, look)
    ground = scale.to_position(find_base_value(scale))
    ground_line = (PixelPoint(left, ground), PixelPoint(right, ground))
    within = PixelBox(left, head.height, right + 2, floor)
    places = [curve.positions for curve in curves]
    labels = _label_points(chart, curves, xs, look, within, ground_line)
    return make_drawing(
        max(end, floor) + 2,
        [
            *head.marks,
            *draw_value_axis(chart.ticks, scale, left, right, look),
            *(mark for curve in reversed(curves) for mark in _draw_curve(curve, look, len(xs), is_area=is_area)),
            *_draw_end_labels(curves, ends, right, head.height, floor, look, is_area=is_area),
            *names,
            *draw_annotation_marks(chart, xs, places, within, look),
            *_draw_leaders(labels, look),
            *labels.placed,
        ],
        labels.left_out,
    )


def locate_axis_chart(chart: Chart, look: Look) -> PlotArea | None:
    """Returns the plot area, for programs that draw their own axes. None if it has too few ticks, missing or projected
    figures, or figures that are only bounds ("over 5").

    Several series are named in a legend; the notable points of a single series are labelled with their values.
    """
    points = [point for series in chart.series for point in series.points]
    if len(chart.ticks) < 2 or any(point.value is None or point.open_end or point.is_projected for point in points):
        return None
    several = len(chart.series) > 1
    head = draw_heading(chart, look, legend=several)
    left = measure_tick_labels(chart.ticks) + 6
    top, bottom = head.height + _MARGIN, head.height + _MARGIN + _PLOT_HEIGHT
    scale = make_value_scale(chart.ticks, (), bottom, top)
    xs = _space_evenly(len(chart.categories), left, chart.width - 24)
    chosen = choose_ticks(chart.categories, xs, chart.width)
    _, end = draw_category_axis(chart.categories, xs, chosen, bottom, chart.width, look)
    is_area = chart.chart_kind is ChartKind.AREA
    heights = _stack(chart) if is_area else [[_to_float(point) for point in series.points] for series in chart.series]
    curves = _make_curves(chart, look, heights, xs, scale, is_area=is_area)
    labelled = [
        tuple(
            index
            for index in _choose_labelled(curve, has_end_label=False)
            if curve.points[index].is_labelled or not several
        )
        for curve in curves
    ]
    return PlotArea(
        drawing_height=end + 6,
        left=left,
        top=top,
        right=chart.width - 24,
        bottom=bottom,
        low=scale.low,
        high=scale.high,
        legend=head.legend,
        above=tuple(tuple((point.value or 0) >= 0 for point in series.points) for series in chart.series),
        labelled=tuple(labelled),
        named=tuple(chosen),
        has_axis=True,
    )


def _to_float(point: Point) -> float | None:
    return None if point.value is None else float(point.value)


def _space_evenly(count: int, left: float, right: float) -> list[float]:
    if count == 1:
        return [(left + right) / 2]
    return [left + (right - left) * index / (count - 1) for index in range(count)]


def _stack(chart: Chart) -> list[list[float | None]]:
    """Returns the upper edges of the stacked areas, as values; None is a gap, which only a single area may have.

    Raises:
        UndrawableError: several areas have values of both signs, or a missing figure.
    """
    below = [0.0] * len(chart.categories)
    rows: list[list[float | None]] = []
    signs = {point.value > 0 for series in chart.series for point in series.points if point.value}
    if len(chart.series) > 1 and len(signs) > 1:
        raise UndrawableError(
            "negative-share", "values above and below zero cannot be stacked in one area chart", "write chart: line"
        )
    gaps = [point.value is None for series in chart.series for point in series.points]
    if len(chart.series) > 1 and any(gaps):
        raise UndrawableError("incomplete-whole", "a missing figure leaves a gap in the total", "write chart: line")
    for series in chart.series:
        below = [under + float(point.value or 0) for under, point in zip(below, series.points, strict=True)]
        rows.append([None if point.value is None else top for point, top in zip(series.points, below, strict=True)])
    return rows


def _make_curves(
    chart: Chart,
    look: Look,
    heights: Sequence[Sequence[float | None]],
    xs: Sequence[float],
    scale: ValueScale,
    *,
    is_area: bool,
) -> Iterator[_Curve]:
    ground = scale.to_position(find_base_value(scale))
    floor = tuple(PixelPoint(x, ground) for x in xs)
    for index, (series, row) in enumerate(zip(chart.series, heights, strict=True)):
        places = tuple(
            None if value is None else PixelPoint(x, scale.to_position(value)) for x, value in zip(xs, row, strict=True)
        )
        yield _Curve(series.points, places, floor if is_area else (), choose_series_style(chart, look, index))
        if is_area:
            floor = tuple(place or under for place, under in zip(places, floor, strict=True))


def _draw_curve(curve: _Curve, look: Look, count: int, *, is_area: bool) -> Iterator[Mark]:
    paper = look.colours["paper"]
    for run in curve.split_at_gaps():
        places = [place for index in run if (place := curve.positions[index]) is not None]
        if is_area:
            outline = (*places, *(curve.lower_edge[index] for index in reversed(run)))
            yield Path(outline, fill=curve.style.colour, stroke=paper, width=1.0)
        # Segments next to a projected point are dashed.
        ways = [any(curve.points[index].is_projected for index in pair) for pair in pairwise(run)]
        start = 0
        for is_projected, stretch in groupby(ways):
            way = tuple(places[start : (end := start + len(list(stretch))) + 1])
            start = end
            if is_projected:
                yield Path(way, stroke=paper if is_area else curve.style.colour, dash=_PROJECTED_DASH)
            elif not is_area:
                yield Path(way, stroke=curve.style.colour, dash=curve.style.dash)
        if is_area:
            for index, place in zip(run, places, strict=True):
                open_end = curve.points[index].open_end
                yield from draw_open_end(place, open_end, paper if open_end is OpenEnd.BELOW else look.colours["ink"])
            continue
        for index, place in zip(run, places, strict=True):
            point = curve.points[index]
            if count <= _MOST_MARKED or len(run) == 1 or point.is_labelled:
                fill, edge = (paper, curve.style.colour) if point.is_projected else (curve.style.colour, paper)
                yield Symbol(curve.style.shape, place, _POINT_RADIUS, fill, edge)
            yield from draw_open_end(place, point.open_end, curve.style.colour)


def _label_points(
    chart: Chart,
    curves: Sequence[_Curve],
    xs: Sequence[float],
    look: Look,
    within: PixelBox,
    ground: tuple[PixelPoint, PixelPoint],
) -> LabelsAtPoints:
    """Makes the labels of points. On stacked areas, whose heights are sums, only points that the author names are
    labelled.
    """
    several = len(curves) > 1
    is_stacked = several and chart.chart_kind is ChartKind.AREA
    wanted: list[WantedLabel] = []
    for curve in curves:
        colour = darken_for_text(curve.style.colour, look) if several else look.colours["ink"]
        for index in _choose_labelled(curve, has_end_label=True):
            point, place = curve.points[index], curve.positions[index]
            if place is not None and (not is_stacked or point.is_labelled):
                is_extreme = not several and index in _find_extremes(curve)
                wanted.append(
                    WantedLabel(place, (point.text,), colour, SMALL_SIZE, point.is_labelled, is_notable=is_extreme)
                )
    wanted += make_annotation_labels(chart, xs, [curve.positions for curve in curves], within, look)
    # The inner edges of stacked areas are within areas, on which no label is placed.
    segments = [segment for curve in (curves[-1:] if is_stacked else curves) for segment in curve.list_segments()]
    segments += draw_annotation_lines(chart, xs, within)
    segments.append(ground)
    segments += [arrow for curve in curves for arrow in curve.list_arrows()]
    # No label is placed on an area, because it may be dark.
    segments += [
        (place, under)
        for curve in curves
        for place, under in zip(curve.positions, curve.lower_edge, strict=False)
        if place
    ]
    taken = [
        PixelBox(place.x - _POINT_RADIUS, place.y - _POINT_RADIUS, place.x + _POINT_RADIUS, place.y + _POINT_RADIUS)
        for curve in curves
        for place in curve.positions
        if place is not None and len(curve.positions) <= _MOST_MARKED
    ]
    taken += [box for curve in curves if curve.lower_edge for box in _find_area_boxes(curve)]
    labels = place_labels(wanted, segments, within, taken)
    if labels.missing:
        names = ", ".join(f"'{text}'" for text in labels.missing)
        hint = "name fewer points in 'label_points', or write shorter annotations"
        raise create_no_room_error(f"the {'label' if len(labels.missing) == 1 else 'labels'} {names}", hint)
    return labels


def _draw_leaders(labels: LabelsAtPoints, look: Look) -> list[Mark]:
    return draw_rules([(start.x, start.y, end.x, end.y) for start, end in labels.leaders], look.colours["muted"])


def _find_area_boxes(curve: _Curve) -> Iterator[PixelBox]:
    """Yields boxes within an area, between each two neighbouring points."""
    for run in curve.split_at_gaps():
        for index, following in pairwise(run):
            ends = [(curve.positions[position], curve.lower_edge[position]) for position in (index, following)]
            (place, under), (other, _) = ends
            if place is None or other is None:
                continue
            if place.y < under.y:
                yield PixelBox(place.x, max(place.y, other.y), other.x, under.y)
            else:
                yield PixelBox(place.x, under.y, other.x, min(place.y, other.y))


def _choose_labelled(curve: _Curve, *, has_end_label: bool) -> list[int]:
    """Returns the indices of the points to label, the most notable first."""
    known = [index for index, place in enumerate(curve.positions) if place is not None]
    if not known:
        return []
    named = [index for index in known if curve.points[index].is_labelled]
    last = [] if has_end_label else known[-1:]
    skipped = {known[-1]} if has_end_label else set()
    chosen = [*named, *last, *_find_extremes(curve), *(known if len(known) <= _MOST_LABELLED else ())]
    return [index for index in dict.fromkeys(chosen) if index not in skipped or index in named]


def _find_extremes(curve: _Curve) -> tuple[int, int, int]:
    """Returns the indices of the first, the highest and the lowest point."""
    known = [index for index, place in enumerate(curve.positions) if place is not None]
    greatest = max(known, key=lambda index: (curve.points[index].value or 0, -index))
    least = min(known, key=lambda index: (curve.points[index].value or 0, index))
    return known[0], greatest, least


def _wrap_end_labels(chart: Chart) -> list[tuple[str, ...]]:
    """Returns the label at the end of each series: its title, and its last figure."""
    room = min(_TITLE_WIDTH, chart.width * _TITLE_PART)
    if len(chart.series) == 1:
        known = [point.text for point in chart.series[0].points if point.value is not None]
        return [wrap(known[-1], room, SMALL_SIZE, figures=True)]
    lines = []
    for series in chart.series:
        last = next((point.text for point in reversed(series.points) if point.value is not None), "")
        title = wrap(series.title, room, SMALL_SIZE)
        joined = f"{title[-1]} {last}"
        fits = measure_text(joined, SMALL_SIZE) <= room
        lines.append((*title[:-1], joined) if fits else (*title, last))
    return lines


def _draw_end_labels(
    curves: Sequence[_Curve],
    ends: Sequence[tuple[str, ...]],
    right: float,
    top: float,
    bottom: float,
    look: Look,
    *,
    is_area: bool,
) -> list[Mark]:
    heights = [measure_block(lines, SMALL_SIZE) + 1 for lines in ends]
    if sum(heights) > bottom - top:
        raise create_no_room_error("the titles of the series", "give them shorter titles, or draw fewer series")
    points = [_find_end(curve, is_area=is_area, is_alone=len(curves) == 1) for curve in curves]
    middles = spread_apart([place.y for place in points], heights, top, bottom)
    marks: list[Mark] = []
    for curve, lines, middle, place in zip(curves, ends, middles, points, strict=True):
        if abs(place.y - middle) > 1 or right - place.x > 8:
            marks += draw_rules([(place.x + 5, place.y, right + _TITLE_GAP - 4, middle)], look.colours["rule"])
        colour = darken_for_text(curve.style.colour, look) if len(curves) > 1 else look.colours["ink"]
        marks.append(TextLabel(lines, right + _TITLE_GAP, middle, colour, size=SMALL_SIZE))
    return marks


def _find_end(curve: _Curve, *, is_area: bool, is_alone: bool) -> PixelPoint:
    index, place = next(
        ((index, place) for index, place in reversed(list(enumerate(curve.positions))) if place is not None),
        (0, PixelPoint(0.0, 0.0)),
    )
    if not is_area or is_alone:
        return place
    return PixelPoint(place.x, (place.y + curve.lower_edge[index].y) / 2)
