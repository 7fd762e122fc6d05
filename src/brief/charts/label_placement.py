"""Places the value labels of line charts above or below their points, so that each is unambiguous."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, pairwise, product

from brief.charts.series_marks import DOT
from brief.charts.svg import LINE_HEIGHT, PixelBox, PixelPoint, TextLabel
from brief.model.record import dataclass

_GAP = 4.0
# A label keeps this much further from other series' points than from its own.
_APART = 4.0
# The minimum gap between the labels of one category, so that each is seen to belong to its own point.
_BETWEEN = 5.0
# The distance from the top of the em to the top of capitals and figures, in em.
_ABOVE_CAPITALS = 0.04
_SIDES = (-1, 1)
_SHIFTS = (0, -1, 1)
# With more series than this, it takes too long to try shifts, too.
_FEW = 4
# Penalties of a position, relative to each other.
_ACROSS = 8.0
_SHIFTED = 2.0
_BELOW = 1.0


@dataclass(frozen=True, slots=True)
class _Choice:
    label: TextLabel
    cost: float


def place_values(
    places: Sequence[Sequence[PixelPoint]],
    values: Sequence[Sequence[tuple[str, ...]]],
    size: float,
    colours: Sequence[str],
    ground: float,
    right: float,
) -> list[TextLabel] | None:
    """Returns a label for every point, category by category, or None if a label cannot be placed next to its point
    without crossing a line. The labels of a single series can always be placed, but may cross its own line.

    `places` has the points of each series, and `values` the lines of their labels. `ground` is the y of the base line,
    `right` the limit for labels, both in pixels.
    """
    labels: list[TextLabel] = []
    taken: list[PixelBox] = []
    rule = (PixelPoint(0, ground), PixelPoint(right, ground))
    shifts = _SHIFTS if len(places) <= _FEW else _SHIFTS[:1]
    for index in range(len(places[0])):
        choices = []
        for number, series in enumerate(places):
            label = TextLabel(values[number][index], series[index].x, series[index].y, colours[number], "center", size)
            positions = [_shift_label(label, side, shift, right) for side in _SIDES for shift in shifts]
            free_positions = [label for label in positions if not _overlaps_any(label.box, taken)]
            choices.append(list(_list_candidates(free_positions, places, number, index, rule)))
        best = min(
            (combination for combination in product(*choices) if not _are_too_close(combination)),
            key=lambda combination: sum(choice.cost for choice in combination),
            default=None,
        )
        if best is None:
            return None
        labels += [choice.label for choice in best]
        taken += [choice.label.box for choice in best]
    return labels


def _overlaps_any(box: PixelBox, others: Sequence[PixelBox]) -> bool:
    return any(box.overlaps(other) for other in reversed(others))


def _shift_label(label: TextLabel, side: int, shift: int, right: float) -> TextLabel:
    """Returns the label moved above (-1) or below (1) its point, and sideways by `shift`."""
    x = label.x + shift * max(0.0, label.width / 2 - DOT)
    x = min(max(x, label.width / 2), right - label.width / 2)
    return replace(label, x=x, middle=label.middle + side * (DOT + _GAP + label.height / 2))


def _list_candidates(
    labels: Sequence[TextLabel],
    places: Sequence[Sequence[PixelPoint]],
    number: int,
    index: int,
    rule: tuple[PixelPoint, PixelPoint],
) -> Iterator[_Choice]:
    """Lists the labels that do not touch other series, each with its penalty."""
    own = places[number][index]
    others = [series for other, series in enumerate(places) if other != number]
    foreign = [pair for series in others for pair in pairwise(series)]
    dots = [_surround(series[index], DOT + _APART) for series in others]
    for label in labels:
        ink = _find_ink_box(label)
        if any(label.box.overlaps(dot) for dot in dots) or any(_crosses(ink, *pair) for pair in foreign):
            continue
        across = sum(_crosses(ink, *pair) for pair in [*pairwise(places[number]), rule])
        if across and others:
            continue
        below, shifted = label.middle > own.y, abs(label.x - own.x) > 1
        yield _Choice(label, _ACROSS * across + _BELOW * below + _SHIFTED * shifted)


def _are_too_close(combination: Sequence[_Choice]) -> bool:
    return any(
        abs(first.label.middle - second.label.middle) < (first.label.height + second.label.height) / 2 + _BETWEEN
        for first, second in combinations(combination, 2)
    )


def _surround(place: PixelPoint, reach: float) -> PixelBox:
    return PixelBox(place.x - reach, place.y - reach, place.x + reach, place.y + reach)


def _find_ink_box(label: TextLabel) -> PixelBox:
    """Returns the label's box without the leading above its first line and below its last."""
    leading = label.size * (LINE_HEIGHT - 1) / 2 + _ABOVE_CAPITALS * label.size
    return replace(label.box, top=label.box.top + leading, bottom=label.box.bottom - leading)


def _crosses(box: PixelBox, start: PixelPoint, end: PixelPoint) -> bool:
    """Returns whether a line that runs from left to right passes through the box."""
    left, right = max(box.left, start.x), min(box.right, end.x)
    if left > right:
        return False
    slope = (end.y - start.y) / (end.x - start.x)
    heights = sorted(start.y + (x - start.x) * slope for x in (left, right))
    return heights[0] < box.bottom and heights[1] > box.top
