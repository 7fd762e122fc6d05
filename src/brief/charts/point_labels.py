"""Places labels for some points of a chart, each near its point, without overlapping lines, points or other labels."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import hypot

from brief.charts.svg import PixelBox, PixelPoint, TextLabel
from brief.model.record import dataclass

_DISTANCES = (7.0, 13.0, 21.0, 32.0)
# At these distances, a line leads from the label to its point.
_FAR = (44.0, 58.0, 74.0, 92.0, 112.0, 134.0)
# In half widths of the label.
_SHIFTS = (0.0, -1.0, 1.0, -2.0, 2.0, -3.0, 3.0)
_AIR = 1.5
# The gap between a point and the line that leads to its label.
_CLEAR = 6.0


@dataclass(frozen=True, slots=True)
class WantedLabel:
    """The label of a point. The author requested a required label; a notable one is reported if it does not fit. A
    label with `is_beside` belongs to a line through the point, and is preferably beside that line.
    """

    point: PixelPoint
    lines: tuple[str, ...]
    colour: str
    size: float
    is_required: bool = False
    is_notable: bool = False
    is_beside: bool = False


@dataclass(frozen=True, slots=True)
class LabelsAtPoints:
    """The labels that were placed, with their points, and the texts of the labels that do not fit: of required ones in
    `missing`, of notable ones in `left_out`.

    `leaders` has the lines from points to labels that are further away.
    """

    placed: tuple[TextLabel, ...]
    points: tuple[PixelPoint, ...]
    missing: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    leaders: tuple[tuple[PixelPoint, PixelPoint], ...] = ()


def place_labels(
    wanted: Sequence[WantedLabel],
    segments: Sequence[tuple[PixelPoint, PixelPoint]],
    within: PixelBox,
    taken: Sequence[PixelBox] = (),
) -> LabelsAtPoints:
    """Places the required labels first, then the others in order; labels that do not fit are left out.

    A label is placed beside its point if possible. Otherwise, a required or notable label is placed further away, at
    the end of a line that crosses no other label.
    """
    # Sorted by their left ends, so that the few segments that a label may meet are found among thousands.
    ordered = sorted(segments, key=lambda segment: min(segment[0].x, segment[1].x))
    lefts = [min(start.x, end.x) for start, end in ordered]
    longest = max((abs(end.x - start.x) for start, end in segments), default=0.0)
    placed: list[TextLabel] = []
    points = []
    missing: list[str] = []
    left_out: list[str] = []
    leaders: list[tuple[PixelPoint, PixelPoint]] = []
    boxes = list(taken)

    def is_free(box: PixelBox) -> bool:
        near = ordered[bisect_left(lefts, box.left - longest) : bisect_right(lefts, box.right)]
        return _is_free(box, boxes, [*near, *leaders], within)

    for request in sorted(wanted, key=lambda label: not label.is_required):
        found = next((label for label in _list_candidates(request) if is_free(label.box)), None)
        if found is None and (request.is_required or request.is_notable):
            far = (
                (label, _find_leader(request.point, label.box))
                for label in _list_far_candidates(request)
                if is_free(label.box)
            )
            found, leader = next(
                ((label, leader) for label, leader in far if _is_clear(leader, placed, request.point, boxes)),
                (None, None),
            )
            leaders += [leader] if leader else []
        if found is not None:
            placed.append(found)
            points.append(request.point)
            boxes.append(found.box)
        elif request.is_required:
            missing.append(" ".join(request.lines))
        elif request.is_notable:
            left_out.append(" ".join(request.lines))
    return LabelsAtPoints(tuple(placed), tuple(points), tuple(missing), tuple(left_out), tuple(leaders))


def crosses(box: PixelBox, start: PixelPoint, end: PixelPoint) -> bool:
    """Returns whether a straight line passes through the box (Liang and Barsky, 1984)."""
    dx, dy = end.x - start.x, end.y - start.y
    first, last = 0.0, 1.0
    for delta, distance in (
        (-dx, start.x - box.left),
        (dx, box.right - start.x),
        (-dy, start.y - box.top),
        (dy, box.bottom - start.y),
    ):
        if delta == 0:
            if distance < 0:
                return False
        elif delta < 0:
            first = max(first, distance / delta)
        else:
            last = min(last, distance / delta)
    return first <= last


def _list_candidates(wanted: WantedLabel) -> Iterator[TextLabel]:
    """Yields positions above the point, below it, then to its sides and further away."""
    label = TextLabel(wanted.lines, wanted.point.x, wanted.point.y, wanted.colour, "center", wanted.size)
    half, height = label.width / 2, label.height
    if wanted.is_beside:
        for side in (1, -1):
            yield replace(label, x=label.x + side * (half + _DISTANCES[0]))
    for distance in _DISTANCES:
        for side in (-1, 1):
            level = replace(label, middle=label.middle + side * (distance + height / 2 - 2))
            for shift in (0.0, -half * 0.6, half * 0.6, -half, half):
                yield replace(level, x=label.x + shift)
        for side in (1, -1):
            yield replace(label, x=label.x + side * (half + distance))


def _list_far_candidates(wanted: WantedLabel) -> Iterator[TextLabel]:
    """Yields positions above and below the point, far enough away for a line in between."""
    label = TextLabel(wanted.lines, wanted.point.x, wanted.point.y, wanted.colour, "center", wanted.size)
    for distance in _FAR:
        for side in (-1, 1):
            level = replace(label, middle=label.middle + side * (distance + label.height / 2 - 2))
            for shift in _SHIFTS:
                yield replace(level, x=label.x + shift * label.width / 2)


def _find_leader(point: PixelPoint, box: PixelBox) -> tuple[PixelPoint, PixelPoint]:
    """Returns the line from near a point to the closest position on a label's upper or lower edge."""
    x = min(max(point.x, box.left + 2), box.right - 2)
    y = box.bottom if box.bottom < point.y else box.top
    length = max(1.0, hypot(x - point.x, y - point.y))
    start = PixelPoint(point.x + (x - point.x) * _CLEAR / length, point.y + (y - point.y) * _CLEAR / length)
    return start, PixelPoint(x, y)


def _is_clear(
    leader: tuple[PixelPoint, PixelPoint], placed: Sequence[TextLabel], own: PixelPoint, taken: Sequence[PixelBox]
) -> bool:
    """Returns whether a leader crosses no label, and no point except its own."""
    others = [box for box in taken if not (box.left <= own.x <= box.right and box.top <= own.y <= box.bottom)]
    return not any(crosses(box, *leader) for box in (*others, *(label.box for label in placed)))


def _is_free(
    box: PixelBox,
    taken: Sequence[PixelBox],
    segments: Sequence[tuple[PixelPoint, PixelPoint]],
    within: PixelBox,
) -> bool:
    if box.left < within.left or box.right > within.right or box.top < within.top or box.bottom > within.bottom:
        return False
    ink = replace(box, top=box.top + _AIR, bottom=box.bottom - _AIR)
    if any(ink.overlaps(other) for other in taken):
        return False
    return not any(
        crosses(ink, start, end)
        for start, end in segments
        if max(start.x, end.x) >= ink.left and min(start.x, end.x) <= ink.right
    )
