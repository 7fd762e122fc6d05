"""Labels of points: beside them, else away at the end of a line, else reported with the place of their chart."""

import math
from dataclasses import replace
from decimal import Decimal

import pytest
from chart_samples import LOOK, make_chart, parse_svg

from brief.charts.axes import choose_ticks
from brief.charts.draw import draw_svg, report_left_out
from brief.charts.point_labels import WantedLabel, crosses, place_labels
from brief.charts.svg import PixelBox, PixelPoint
from brief.model.blocks import ChartKind
from brief.model.diagnostics import ContentError, Severity
from brief.model.figures.quantity import Quantity
from brief.model.source_location import SourceLocation
from brief.model.variant import Chart

WITHIN = PixelBox(0, 0, 600, 300)
POINT = PixelPoint(300, 150)


def fence(distance: float) -> list[tuple[PixelPoint, PixelPoint]]:
    """Lines around the point that leave no room for words near it."""
    levels = [POINT.y + side * step for step in range(4, int(distance), 6) for side in (-1, 1)]
    return [(PixelPoint(150, y), PixelPoint(450, y)) for y in levels]


def test_a_label_that_does_not_fit_is_moved_and_joined_by_a_leader() -> None:
    found = place_labels([WantedLabel(POINT, ("4,213",), "#000000", 11, is_required=True)], fence(60), WITHIN)
    (label,), (leader,) = found.placed, found.leaders
    assert math.hypot(label.x - POINT.x, label.middle - POINT.y) > 44
    assert math.hypot(leader[0].x - POINT.x, leader[0].y - POINT.y) < 7
    assert label.box.left <= leader[1].x <= label.box.right
    assert not found.missing


def test_leaders_cross_neither_labels_nor_other_points() -> None:
    points = [PixelPoint(260 + 20 * n, 150) for n in range(5)]
    dots = [PixelBox(p.x - 3, p.y - 3, p.x + 3, p.y + 3) for p in points]
    wanted = [WantedLabel(p, (f"{n},213 kWh",), "#000000", 11, is_required=True) for n, p in enumerate(points)]
    found = place_labels(wanted, fence(50), WITHIN, dots)
    assert len(found.placed) == 5
    assert len(found.leaders) >= 2
    for leader in found.leaders:
        assert sum(crosses(label.box, *leader) for label in found.placed) == 1  # the label that it leads to
        assert not any(crosses(dot, *leader) for dot in dots)


def test_only_notable_labels_are_moved_or_reported() -> None:
    full = fence(200)
    for wanted, missing, left_out in (
        (WantedLabel(POINT, ("5",), "#000000", 11, is_required=True), ("5",), ()),
        (WantedLabel(POINT, ("5",), "#000000", 11, is_notable=True), (), ("5",)),
        (WantedLabel(POINT, ("5",), "#000000", 11), (), ()),
    ):
        found = place_labels([wanted], full, WITHIN)
        assert (found.missing, found.left_out) == (missing, left_out)
    assert not place_labels([WantedLabel(POINT, ("5",), "#000000", 11)], fence(60), WITHIN).placed


def saw(count: int, labelled: tuple[int, ...] = ()) -> Chart:
    """A line that goes up and down at every point, so that it fills its plot."""
    values = [Decimal(1000 + (at % 2) * 500 + at % 7) for at in range(count)]
    row: list[Quantity | None] = [Quantity(value=value, unit="kWh") for value in values]
    made = make_chart(ChartKind.LINE, "en", [(f"{at}",) * 3 for at in range(count)], [("Load",) * 3], [row])
    points = tuple(replace(point, is_labelled=at in labelled) for at, point in enumerate(made.series[0].points))
    place = SourceLocation("content/themes/load.yaml", 7, 5)
    return replace(made, series=(replace(made.series[0], points=points),), location=place)


def test_an_extreme_that_does_not_fit_causes_a_warning() -> None:
    chart = saw(400)
    assert not list(report_left_out(chart, LOOK))
    (series,) = chart.series
    wide = replace(series.points[0], text="1,000 by the estimate of the office " * 4)
    chart = replace(chart, series=(replace(series, points=(wide, *series.points[1:])),))
    (warning,) = report_left_out(chart, LOOK)
    assert (warning.code, warning.severity) == ("label-left-out", Severity.WARNING)
    assert warning.location.line == 7
    assert "'1,000 by" in warning.message
    assert "label_points" in (warning.hint or "")
    last = replace(chart.series[0], points=(*series.points[:-1], replace(wide, is_labelled=False)))
    found = [each.code for each in report_left_out(replace(chart, series=(last,)), LOOK)]
    assert set(found) <= {"label-left-out"}


@pytest.mark.parametrize("count", [20, 40, 90, 200, 400])
def test_every_label_that_an_author_asked_for_is_drawn(count: int) -> None:
    chart = saw(count, (count // 3, count // 2))
    drawn = {node.text for node in parse_svg(draw_svg(chart, "en", LOOK)).iter("{http://www.w3.org/2000/svg}text")}
    assert {chart.series[0].points[at].text for at in (count // 3, count // 2)} <= drawn


def test_a_label_that_an_author_asked_for_and_that_has_no_place_is_refused() -> None:
    with pytest.raises(ContentError) as refused:
        draw_svg(saw(200, tuple(range(150))), "en", LOOK)
    (found,) = refused.value.diagnostics
    assert (found.code, found.location.line) == ("chart-labels", 7)
    assert "label_points" in (found.hint or "")


def test_the_name_of_either_coordinate_labels_a_point_of_many() -> None:
    xs: list[Quantity | None] = [Quantity(value=Decimal(at % 10), unit="km") for at in range(60)]
    ys: list[Quantity | None] = [Quantity(value=Decimal(at // 10), unit="kWh") for at in range(60)]
    names = [(f"Meter of the northern district {at}",) * 3 for at in range(60)]
    chart = make_chart(ChartKind.SCATTER, "en", names, [("X",) * 3, ("Y",) * 3], [xs, ys])
    across = chart.series[0]
    points = (*across.points[:-1], replace(across.points[-1], is_labelled=True))
    chart = replace(chart, series=(replace(across, points=points), chart.series[1]))
    assert "district 59" in draw_svg(chart, "en", LOOK)


def test_the_words_of_a_line_are_at_its_side() -> None:
    line = (PixelPoint(POINT.x, WITHIN.top), PixelPoint(POINT.x, WITHIN.bottom))
    wanted = WantedLabel(POINT, ("運河閉鎖",), "#000000", 11, is_required=True, is_beside=True)
    (label,) = place_labels([wanted], [line], WITHIN).placed
    assert label.middle == POINT.y
    assert label.box.left >= POINT.x + 5


DAYS = [
    ("{d} {m} 2025", ("January", "February", "March", "April")),
    ("{d}.\u00a0{m}\u00a02025", ("Januar", "Februar", "März", "April")),
    ("2025年{m}月{d}日", ("1", "2", "3", "4")),
    ("2025년 {m}월 {d}일", ("1", "2", "3", "4")),
    ("2025-{m}-{d:02}", ("01", "02", "03", "04")),
]


@pytest.mark.parametrize(("form", "months"), DAYS, ids=["en", "de", "zh", "ko", "key"])
def test_an_axis_of_days_is_labelled_at_the_first_of_months(form: str, months: tuple[str, ...]) -> None:
    days = [form.format(d=day, m=month) for month in months for day in range(1, 29)]
    assert choose_ticks(days, [5.0 * at for at in range(len(days))], 640) == [0, 28, 56, 84]


def test_an_axis_of_many_days_is_labelled_at_every_second_month() -> None:
    months = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober")
    days = [f"{day}. {month} 2025" for month in months for day in range(1, 31)]
    assert choose_ticks(days, [70 + 1.7 * at for at in range(len(days))], 640) == [0, 60, 120, 180, 240]
