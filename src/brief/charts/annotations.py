"""Annotations on charts with axes: text beside a point, or at a line through a category."""

from collections.abc import Iterator, Sequence

from brief.charts.canvas import SMALL_SIZE
from brief.charts.point_labels import WantedLabel
from brief.charts.svg import Mark, Path, PixelBox, PixelPoint, Symbol
from brief.charts.text_metrics import wrap
from brief.model.appearance.look import Look
from brief.model.variant import Chart

_WIDTH = 140.0
_RING = 5.0
_DASH = (2.0, 3.0)

Places = Sequence[Sequence[PixelPoint | None]]


def make_annotation_labels(
    chart: Chart, xs: Sequence[float], places: Places, within: PixelBox, look: Look
) -> list[WantedLabel]:
    """Returns labels for the annotations. `xs` are the positions of the categories, `places` those of the points of
    each series (None for a missing figure), and `within` is the area for labels, all in pixels.
    """
    room = min(_WIDTH, (within.right - within.left) / 2)
    return [
        WantedLabel(
            place,
            wrap(text, room, SMALL_SIZE),
            look.colours["ink"],
            SMALL_SIZE,
            is_required=True,
            is_beside=not is_point,
        )
        for text, place, is_point in _locate(chart, xs, places, within)
    ]


def draw_annotation_lines(chart: Chart, xs: Sequence[float], within: PixelBox) -> list[tuple[PixelPoint, PixelPoint]]:
    """Returns the ends of a vertical line through each category that is annotated as a whole."""
    return [
        (PixelPoint(xs[each.category], within.top), PixelPoint(xs[each.category], within.bottom))
        for each in chart.annotations
        if each.series is None
    ]


def draw_annotation_marks(
    chart: Chart, xs: Sequence[float], places: Places, within: PixelBox, look: Look
) -> Iterator[Mark]:
    """Draws the lines, and a circle around each annotated point."""
    for start, end in draw_annotation_lines(chart, xs, within):
        yield Path((start, end), stroke=look.colours["muted"], width=1.0, dash=_DASH)
    for _, place, is_point in _locate(chart, xs, places, within):
        if is_point:
            yield Symbol("circle", place, _RING, "none", look.colours["ink"])


def _locate(
    chart: Chart, xs: Sequence[float], places: Places, within: PixelBox
) -> Iterator[tuple[str, PixelPoint, bool]]:
    for each in chart.annotations:
        place = places[each.series][each.category] if each.series is not None else None
        yield each.text, place or PixelPoint(xs[each.category], within.top + SMALL_SIZE), place is not None
