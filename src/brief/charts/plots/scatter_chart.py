"""Draws scatter charts: each category is a point with a name, placed by its values in two series."""

from brief.charts.axes import TICK_LABEL_OFFSET, draw_value_axis, find_base_value, make_value_scale, measure_tick_labels
from brief.charts.canvas import SMALL_SIZE, Drawing, ValueScale, draw_rules, make_drawing
from brief.charts.category_rows import wrap_notes
from brief.charts.legend import Heading, draw_heading
from brief.charts.plot_area import PlotArea
from brief.charts.point_labels import LabelsAtPoints, WantedLabel, place_labels
from brief.charts.problems import create_no_room_error
from brief.charts.series_marks import ARROW, draw_open_end
from brief.charts.series_style import choose_series_colour
from brief.charts.svg import Mark, PixelBox, PixelPoint, Symbol, TextLabel, measure_block
from brief.charts.text_metrics import measure_text, wrap
from brief.model.appearance.look import Look
from brief.model.record import dataclass
from brief.model.variant import Chart, OpenEnd, Series

_PLOT_HEIGHT = 300.0
_MARGIN = 8.0
_NAME_WIDTH = 150.0
# The margin to the right of the plot, for the names of points at its edge.
_RIGHT_MARGIN = 24.0
_DOT_RADIUS = 4.5
# What Word needs below the plot, for the labels and the title of the horizontal axis.
_NATIVE_AXIS_HEIGHT = 44.0
# With more points than this, names that do not fit are left out, unless the author asked for them.
_MAX_NAMED = 25


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the plot and its points are. `across` and `up` are the scales of the horizontal and the vertical axis.

    `points` has the index of the category and the position of each point that has both values. `within` is the area for
    the names of points. Positions are in pixels.
    """

    head: Heading
    left: float
    top: float
    right: float
    bottom: float
    across: ValueScale
    up: ValueScale
    points: list[tuple[int, PixelPoint]]

    @property
    def within(self) -> PixelBox:
        return PixelBox(self.left, self.top - _MARGIN, self.right + _RIGHT_MARGIN, self.bottom + 2)


def _lay_out(chart: Chart, look: Look) -> _Layout:
    across, up = chart.series
    head = draw_heading(chart, look, legend=False)
    top = head.height + measure_block(wrap(format_axis_title(up), chart.width, SMALL_SIZE), SMALL_SIZE) + 2 * _MARGIN
    bottom = top + _PLOT_HEIGHT
    left, right = measure_tick_labels(up.ticks), chart.width - _RIGHT_MARGIN
    xs = make_value_scale(across.ticks, _list_values(across), left + _MARGIN, right)
    ys = make_value_scale(up.ticks, _list_values(up), bottom, top)
    points = [
        (index, PixelPoint(xs.to_position(float(x.value)), ys.to_position(float(y.value))))
        for index, (x, y) in enumerate(zip(across.points, up.points, strict=True))
        if x.value is not None and y.value is not None
    ]
    return _Layout(head, left, top, right, bottom, xs, ys, points)


def draw_scatter(chart: Chart, look: Look) -> Drawing:
    """Draws a point for each category that has a value in both series: x is the value in the first, y in the second.

    Raises:
        UndrawableError: the name of a point that needs one cannot be placed without overlap.
    """
    across, up = chart.series
    layout = _lay_out(chart, look)
    head, top, bottom, left, right = layout.head, layout.top, layout.bottom, layout.left, layout.right
    ink, muted = look.colours["ink"], look.colours["muted"]
    up_title = wrap(format_axis_title(up), chart.width, SMALL_SIZE)
    across_title = wrap(format_axis_title(across), chart.width, SMALL_SIZE)
    xs, ys = layout.across, layout.up
    marks: list[Mark] = [
        *head.marks,
        TextLabel(up_title, 0, head.height + measure_block(up_title, SMALL_SIZE) / 2, ink, size=SMALL_SIZE),
        *draw_value_axis(up.ticks, ys, left, right, look),
    ]
    base_x = xs.to_position(find_base_value(xs))
    marks += draw_rules([(base_x, top, base_x, bottom)], muted)
    next_free_x = 0.0
    for tick in across.ticks:
        x = xs.to_position(float(tick.value or 0))
        half = measure_text(tick.text, SMALL_SIZE) / 2
        marks += draw_rules([(x, bottom, x, bottom + 4)], muted)
        if x - half >= next_free_x and x + half <= chart.width:
            label_y = bottom + TICK_LABEL_OFFSET + measure_block(("",), SMALL_SIZE) / 2
            marks.append(TextLabel((tick.text,), x, label_y, muted, "center", SMALL_SIZE))
            next_free_x = x + half + 4
    title_top = bottom + TICK_LABEL_OFFSET + measure_block(("",), SMALL_SIZE) + 2
    marks.append(
        TextLabel(
            across_title, right, title_top + measure_block(across_title, SMALL_SIZE) / 2, ink, "right", SMALL_SIZE
        )
    )
    colour, paper = choose_series_colour(look, 0), look.colours["paper"]
    for index, place in layout.points:
        is_projected = up.points[index].is_projected
        fill, edge = (paper, colour) if is_projected else (colour, paper)
        marks += draw_open_end(place, up.points[index].open_end, colour)
        marks += draw_open_end(place, across.points[index].open_end, colour, is_across=True)
        marks.append(Symbol("circle", place, _DOT_RADIUS, fill, edge))
    labels = _place_names(chart, layout, look)
    marks += draw_rules([(start.x, start.y, end.x, end.y) for start, end in labels.leaders], muted)
    marks += labels.placed
    return make_drawing(title_top + measure_block(across_title, SMALL_SIZE) + 2, marks)


def format_axis_title(series: Series) -> str:
    """Returns what an axis measures, with the unit in brackets if it has one."""
    return f"{series.title} ({series.unit})" if series.unit else series.title


def locate_scatter(chart: Chart, look: Look) -> PlotArea | None:
    """Returns the area of the plot for Word's native chart; None if that would differ from our drawing.

    It differs if a value is missing, projected or open-ended, if an axis has fewer than two ticks, or if a name is not
    next to its point.
    """
    across, up = chart.series
    if len(across.ticks) < 2 or len(up.ticks) < 2:
        return None
    if any(
        point.value is None or point.is_projected or point.open_end
        for series in chart.series
        for point in series.points
    ):
        return None
    layout = _lay_out(chart, look)
    names = []
    labels = _place_names(chart, layout, look)
    for label, point in zip(labels.placed, labels.points, strict=True):
        # By identity, because two points may have the same position.
        index, place = next(entry for entry in layout.points if entry[1] is point)
        side = _find_side(label, place)
        if side is None:
            return None
        names.append((index, side, label.lines))
    return PlotArea(
        drawing_height=layout.bottom + _NATIVE_AXIS_HEIGHT,
        left=layout.left + _MARGIN,
        top=layout.top,
        right=chart.width - _RIGHT_MARGIN,
        bottom=layout.bottom,
        low=float(up.ticks[0].value or 0),
        high=float(up.ticks[-1].value or 0),
        names=tuple(names),
    )


def _find_side(label: TextLabel, place: PixelPoint) -> str | None:
    """Returns the side of a point that its label is on, as a value of `c:dLblPos` (t, b, l or r); None if the label is
    not next to the point.
    """
    across, down = label.x - place.x, label.middle - place.y
    if abs(across) < 1 and abs(down) < label.height:
        return "t" if down < 0 else "b"
    if abs(down) < 1 and abs(across) < label.width / 2 + 10:
        return "r" if across > 0 else "l"
    return None


def _list_values(series: Series) -> list[float]:
    return [float(point.value) for point in series.points if point.value is not None]


def _place_names(chart: Chart, layout: _Layout, look: Look) -> LabelsAtPoints:
    """Places the names of the points so that they overlap neither each other nor points, arrows or axes. Names that are
    not required are left out if they do not fit.

    Raises:
        UndrawableError: there is no room for a name that is required.
    """
    (across, up), points = chart.series, layout.points

    def is_requested(index: int) -> bool:
        is_annotated = any(annotation.category == index for annotation in chart.annotations)
        return is_annotated or across.points[index].is_labelled or up.points[index].is_labelled

    base_y, base_x = (
        layout.up.to_position(find_base_value(layout.up)),
        layout.across.to_position(find_base_value(layout.across)),
    )
    lines = [
        (PixelPoint(layout.left, base_y), PixelPoint(layout.right, base_y)),
        (PixelPoint(base_x, layout.top), PixelPoint(base_x, layout.bottom)),
    ]
    for index, place in points:
        if (end := up.points[index].open_end) is not None:
            lines.append((place, PixelPoint(place.x, place.y + (-ARROW if end is OpenEnd.ABOVE else ARROW))))
        if (end := across.points[index].open_end) is not None:
            lines.append((place, PixelPoint(place.x + (ARROW if end is OpenEnd.ABOVE else -ARROW), place.y)))
    wanted = [
        WantedLabel(
            place,
            (*wrap(chart.categories[index], _NAME_WIDTH, SMALL_SIZE), *wrap_notes(chart, index, _NAME_WIDTH)),
            look.colours["ink"],
            SMALL_SIZE,
            is_required=is_requested(index) or len(points) <= _MAX_NAMED,
        )
        for index, place in points
    ]
    taken = [PixelBox(p.x - _DOT_RADIUS, p.y - _DOT_RADIUS, p.x + _DOT_RADIUS, p.y + _DOT_RADIUS) for _, p in points]
    labels = place_labels(wanted, lines, layout.within, taken)
    if labels.missing:
        names = ", ".join(f"'{text}'" for text in labels.missing)
        raise create_no_room_error(f"the names {names}", "shorten the names, or draw fewer points")
    return labels
