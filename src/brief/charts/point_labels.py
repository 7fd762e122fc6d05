"""Labels for some points of a chart, each beside its point and clear of lines, points and one another."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from brief.charts.canvas import PixelBox, TextLabel
from brief.charts.svg import PixelPoint

_DISTANCES = (7.0, 13.0, 21.0, 32.0)
_AIR = 1.5


@dataclass(frozen=True, slots=True)
class WantedLabel:
    """Words for a point. A `required` label is one that the author asked for."""

    point: PixelPoint
    lines: tuple[str, ...]
    colour: str
    size: float
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class LabelsAtPoints:
    """The labels that found a place with their points, and the words of required ones that found none."""

    placed: tuple[TextLabel, ...]
    points: tuple[PixelPoint, ...]
    missing: tuple[str, ...]


def place_labels(
    wanted: Sequence[WantedLabel],
    segments: Sequence[tuple[PixelPoint, PixelPoint]],
    within: PixelBox,
    taken: Sequence[PixelBox] = (),
) -> LabelsAtPoints:
    """Places the required labels first, then the others in their order; those without a place are left out."""
    # By their left ends, for the few that a label may meet to be found among thousands.
    ordered = sorted(segments, key=lambda segment: min(segment[0].x, segment[1].x))
    lefts = [min(start.x, end.x) for start, end in ordered]
    longest = max((abs(end.x - start.x) for start, end in segments), default=0.0)
    placed: list[TextLabel] = []
    points = []
    missing = []
    boxes = list(taken)
    for each in sorted(wanted, key=lambda label: not label.is_required):
        found = None
        for label in _candidates(each):
            box = label.box
            near = ordered[bisect_left(lefts, box.left - longest) : bisect_right(lefts, box.right)]
            if _is_free(box, boxes, near, within):
                found = label
                break
        if found is not None:
            placed.append(found)
            points.append(each.point)
            boxes.append(found.box)
        elif each.is_required:
            missing.append(" ".join(each.lines))
    return LabelsAtPoints(tuple(placed), tuple(points), tuple(missing))


def crosses(box: PixelBox, start: PixelPoint, end: PixelPoint) -> bool:
    """Whether a straight line passes through the box (Liang and Barsky, 1984)."""
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


def _candidates(wanted: WantedLabel) -> Iterator[TextLabel]:
    """Above the point, below it, then to its sides and further away."""
    label = TextLabel(wanted.lines, wanted.point.x, wanted.point.y, wanted.colour, "center", wanted.size)
    half, height = label.width / 2, label.height
    for distance in _DISTANCES:
        for side in (-1, 1):
            level = replace(label, middle=label.middle + side * (distance + height / 2 - 2))
            for shift in (0.0, -half * 0.6, half * 0.6, -half, half):
                yield replace(level, x=label.x + shift)
        for side in (1, -1):
            yield replace(label, x=label.x + side * (half + distance))


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
