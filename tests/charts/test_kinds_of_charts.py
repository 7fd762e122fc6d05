"""What each kind of chart promises beyond its words: axes, parts, projections, open ends, accents, refusals."""

import re
import time
from dataclasses import replace
from datetime import date, timedelta

import pytest
from chart_samples import (
    COMPANIES,
    FUELS,
    LOCALES,
    LOOK,
    NAMES,
    QUARTERS,
    REVENUE,
    STEPS,
    SVG,
    Words,
    make_chart,
    make_timeline,
    months,
    number_names,
    parse_svg,
    plain,
    row,
)
from test_geometry import bars, text_boxes

from brief.charts.canvas import NARROW
from brief.charts.draw import draw_svg
from brief.charts.kinds import CHART_DRAWINGS
from brief.charts.parts import MAX_PART_HEIGHT, split_chart, take_part
from brief.charts.series_style import MARK_CONTRAST, choose_series_colour, choose_series_style
from brief.charts.text_alternative import describe_chart_data
from brief.model.appearance.contrast import compute_contrast_ratio
from brief.model.blocks import ChartKind
from brief.model.chart_kinds import CHART_KINDS, MAX_SERIES
from brief.model.diagnostics import ContentError
from brief.model.figures.quantity import Qualifier, Quantity
from brief.model.source_location import SourceLocation
from brief.model.variant import Chart
from brief.templating.template_set import find_template_set, list_template_sets

everywhere = pytest.mark.parametrize("locale", LOCALES)


def texts(chart: Chart, locale: str = "en") -> list[str]:
    """The drawn texts, each with its lines joined."""
    return [" ".join(text.itertext()) for text in parse_svg(draw_svg(chart, locale, LOOK)).iter(f"{SVG}text")]


def test_every_kind_is_named_and_drawn() -> None:
    assert set(CHART_KINDS) == set(CHART_DRAWINGS) == set(ChartKind)
    assert len({kind.name for kind in CHART_KINDS.values()}) == len(ChartKind)


@everywhere
@pytest.mark.parametrize("count", [13, 24, 60, 120, 500])
def test_a_line_of_many_points_has_whole_numbers_and_the_ones_that_matter(count: int, locale: str) -> None:
    values = [150_000 + 137 * at * (-1) ** at for at in range(count)]
    chart = make_chart(ChartKind.LINE, locale, months(count), NAMES[:1], [row(*values)], labelled=[(0, 7)])
    svg = draw_svg(chart, locale, LOOK)
    lines = [line for line, _ in text_boxes(svg)]
    shown = {point.text for point in chart.series[0].points} | {tick.text for tick in chart.ticks}
    for line in lines:
        assert not re.fullmatch(r"[0-9,.]+", line) or line in {*shown, "2022"}, line
    for index in (0, 7, count - 1, values.index(max(values)), values.index(min(values))):
        assert chart.series[0].points[index].text in lines
    assert len(chart.ticks) >= 3
    assert len([line for line in lines if line in shown]) <= 5 + len(chart.ticks)


def test_ticks_name_the_first_month_of_each_year() -> None:
    found = texts(make_chart(ChartKind.LINE, "en", months(72), NAMES[:1], [row(*range(72))]))
    assert [text for text in found if text.startswith("Jan")] == [f"Jan {year}" for year in range(2022, 2028)]
    assert not [text for text in found if text.startswith("Feb")]


def test_ticks_name_the_first_day_of_months() -> None:
    days: list[Words] = [(f"{date(2024, 1, 5) + timedelta(at)}",) * 3 for at in range(400)]
    found = texts(make_chart(ChartKind.LINE, "en", days, NAMES[:1], [row(*range(400))]))
    ticks = [text for text in found if re.fullmatch(r"202[45]-[0-9]{2}-[0-9]{2}", text)]
    assert len(ticks) >= 3
    assert {text[-2:] for text in ticks} == {"01"}


def test_twelve_lines_of_500_points_take_no_time() -> None:
    rows = [row(*[at * (number + 1) % 97 for at in range(500)]) for number in range(12)]
    chart = make_chart(ChartKind.LINE, "en", number_names(500), number_names(12), rows)
    start = time.process_time()
    draw_svg(chart, "en", LOOK)
    assert time.process_time() - start < 5


@pytest.mark.parametrize("width", [NARROW, 640])
def test_values_below_lines_are_never_broken(width: int) -> None:
    rows = [row(*[153_017 + 1013 * at + number for at in range(8)], unit="count") for number in range(5)]
    chart = replace(make_chart(ChartKind.LINE, "en", months(8), number_names(5), rows), width=width)
    shown = {point.text for series in chart.series for point in series.points} | {tick.text for tick in chart.ticks}
    for line, _ in text_boxes(draw_svg(chart, "en", LOOK)):
        assert not re.fullmatch(r"[0-9,.]+", line) or line in {*shown, "2022"}, line


def test_a_gap_is_not_bridged_and_is_reported() -> None:
    chart = make_chart(ChartKind.LINE, "en", QUARTERS, NAMES[:1], [row(10, None, 14, 15)])
    paths = [
        path.attrib["d"]
        for path in parse_svg(draw_svg(chart, "en", LOOK)).iter(f"{SVG}path")
        if "Z" not in path.attrib["d"]
    ]
    assert [path.count("L") for path in paths] == [1]
    assert chart.series[0].points[1].text == "no figure"


def test_a_projection_is_hatched_or_dashed_and_named() -> None:
    line = make_chart(ChartKind.LINE, "en", QUARTERS, NAMES[:1], [row(10, 12, 14, 15)], projected_from=2)
    assert "stroke-dasharray" in draw_svg(line, "en", LOOK)
    chart = make_chart(ChartKind.BARS, "en", QUARTERS, NAMES[:1], [row(10, 12, 14, 15)], projected_from=2)
    outlined = [each for each in parse_svg(draw_svg(chart, "en", LOOK)).iter(f"{SVG}rect") if each.get("stroke")]
    assert len(outlined) == 3  # two bars, and one in the legend
    assert "projection" in texts(chart)


@pytest.mark.parametrize(
    ("value", "qualifier", "shapes"),
    [(200, Qualifier.EXACT, 0), (200, Qualifier.OVER, 1), (200, Qualifier.UNDER, 1), (-200, Qualifier.OVER, 1)],
)
def test_an_open_end_is_seen(value: int, qualifier: Qualifier, shapes: int) -> None:
    rows = [[*row(value, qualifier=qualifier), *row(300, -300)]]
    svg = draw_svg(make_chart(ChartKind.BARS, "en", QUARTERS[:3], NAMES[:1], rows), "en", LOOK)
    assert len(list(parse_svg(svg).iter(f"{SVG}path"))) == shapes


def test_one_accent_leaves_the_rest_grey() -> None:
    rows = [row(10, 12, 14, 15), row(8, 9, 11, 13), row(3, 4, 5, 6)]
    chart = make_chart(ChartKind.GROUPED_BARS, "en", QUARTERS, NAMES, rows, accents=[1])
    colours = [choose_series_style(chart, LOOK, at).colour for at in range(3)]
    spread = [
        max(parts) - min(parts) for parts in ([int(each[at : at + 2], 16) for at in (1, 3, 5)] for each in colours)
    ]
    assert spread[1] > 60
    assert max(spread[0], spread[2]) < 30


@pytest.mark.parametrize("name", list_template_sets())
@pytest.mark.parametrize("accents", [(), (0,)])
def test_series_differ_from_one_another_and_stand_out_from_paper(name: str, accents: tuple[int, ...]) -> None:
    look = find_template_set(name).look
    rows = [row(at, at) for at in range(1, MAX_SERIES + 1)]
    chart = make_chart(ChartKind.GROUPED_BARS, "en", QUARTERS[:2], number_names(MAX_SERIES), rows, accents=accents)
    styles = [choose_series_style(chart, look, at) for at in range(MAX_SERIES)]
    assert len({(style.colour, style.pattern) for style in styles}) == MAX_SERIES
    assert len({(style.colour, style.shape, style.dash) for style in styles}) == MAX_SERIES
    for style in styles:
        assert compute_contrast_ratio(style.colour, look.colours["paper"]) >= MARK_CONTRAST


def test_two_series_of_a_set_with_one_colour_differ() -> None:
    look = replace(LOOK, series=("#12355b",))
    chart = make_chart(ChartKind.GROUPED_BARS, "en", QUARTERS[:1], number_names(6), [row(at) for at in range(1, 7)])
    assert len({choose_series_style(chart, look, at) for at in range(6)}) == 6


@everywhere
@pytest.mark.parametrize("kind", [ChartKind.BARS, ChartKind.STACKED, ChartKind.DUMBBELL, ChartKind.RANGE])
def test_a_tall_chart_breaks_into_parts_that_hold_every_row_once(kind: ChartKind, locale: str) -> None:
    count = 1 if kind in (ChartKind.BARS, ChartKind.RANGE) else 2
    rows = [row(*range(1, 71)) for _ in range(count)]
    chart = make_chart(kind, locale, number_names(70), NAMES[:count], rows)
    parts = split_chart(chart, LOOK)
    assert [index for part in parts for index in part.shown] == list(range(70))
    assert len(parts) > 2
    scale = set()
    for part in parts:
        svg = draw_svg(chart, locale, LOOK, part)
        assert float(parse_svg(svg).attrib["height"]) <= MAX_PART_HEIGHT + 2
        drawn = [line for line, _ in text_boxes(svg)]
        assert [line for line in drawn if line.startswith("Series")] == [chart.categories[at] for at in part.shown]
        if kind is ChartKind.BARS:
            for box, at in zip(bars(svg), part.shown, strict=True):
                scale.add(round((box.right - box.left) / (at + 1), 1))
    assert len(scale) <= 1
    assert take_part(chart, parts[1]).description.endswith(f"(2/{len(parts)})")


@everywhere
@pytest.mark.parametrize("lines", range(1, 6))
def test_each_part_of_a_tall_timeline_has_room_for_its_time_axis(lines: int, locale: str) -> None:
    events: list[tuple[str, Words]] = [
        (
            f"{year}-{month:02}",
            ("A long name of an event " * 2 * lines, "事件名称很长" * 4 * lines, "事件名稱很長" * 4 * lines),
        )
        for year in range(2020, 2025)
        for month in range(1, 13)
    ]
    chart = make_timeline(locale, events)
    parts = split_chart(chart, LOOK)
    assert [index for part in parts for index in part.shown] == list(range(60))
    for part in parts:
        assert float(parse_svg(draw_svg(chart, locale, LOOK, part)).attrib["height"]) <= MAX_PART_HEIGHT


def test_segments_of_a_bar_are_labelled_in_it_or_below() -> None:
    chart = make_chart(
        ChartKind.STACKED, "en", QUARTERS[:2], FUELS, [row(50, 50), row(0.25, 30), row(0.5, -20), row(40, None)]
    )
    found = texts(chart)
    for series in chart.series:
        for point in series.points:
            assert point.text in found


def test_shares_of_a_whole_fill_the_same_length() -> None:
    chart = plain(ChartKind.STACKED_100, "en")
    drawn = [box for box in bars(draw_svg(chart, "en", LOOK)) if box.bottom - box.top > 15]
    rows = {round(box.top) for box in drawn}
    assert len({round(sum(box.right - box.left for box in drawn if round(box.top) == top)) for top in rows}) == 1


@pytest.mark.parametrize(
    ("kind", "titles", "rows", "code"),
    [
        (ChartKind.STACKED_100, NAMES[:2], [row(5, 5), row(-1, 5)], "negative-share"),
        (ChartKind.STACKED_100, NAMES[:2], [row(5, 0), row(1, 0)], "negative-share"),
        (ChartKind.AREA, NAMES[:2], [row(5, 5), row(-1, 5)], "negative-share"),
        (ChartKind.STACKED, number_names(12), [row(1_000_000, 123_456.7) for _ in range(12)], "chart-labels"),
        (ChartKind.DUMBBELL, number_names(12), [row(at + 123_456.7, 1_000_000) for at in range(12)], "chart-labels"),
        (ChartKind.WATERFALL, [REVENUE], [row(100, 20, 130)], "waterfall-sum"),
        (ChartKind.WATERFALL, [REVENUE], [row(100, None, 120)], "waterfall-sum"),
    ],
)
def test_misleading_charts_are_refused_at_their_location(
    kind: ChartKind, titles: list[Words], rows: list[list[Quantity | None]], code: str
) -> None:
    chart = make_chart(kind, "en", STEPS[: len(rows[0])], titles, rows)
    place = SourceLocation("content/themes/a.yaml", 4, 5)
    with pytest.raises(ContentError) as caught:
        draw_svg(replace(chart, location=place), "en", LOOK)
    assert [(each.code, each.location) for each in caught.value.diagnostics] == [(code, place)]


def test_rounded_figures_of_a_waterfall_may_be_out_by_their_rounding() -> None:
    chart = make_chart(ChartKind.WATERFALL, "en", STEPS[:4], [REVENUE], [row("10.1", "2.1", "-3.1", "9.2")])
    assert "−3.1" in texts(chart)


def test_names_in_a_crowd_that_find_no_place_are_reported() -> None:
    crowd = [row(*[f"{50 + at / 1000}" for at in range(20)]), row(*[f"{50 + at / 1000}" for at in range(20)])]
    names: list[Words] = [(f"A rather long name of a place, number {at}",) * 3 for at in range(20)]
    crowd[0].extend(row(0, 100))
    crowd[1].extend(row(0, 100))
    names += [("Low",) * 3, ("High",) * 3]
    with pytest.raises(ContentError, match="chart-labels"):
        draw_svg(make_chart(ChartKind.SCATTER, "en", names, NAMES[:2], crowd), "en", LOOK)


@everywhere
def test_figures_in_words_say_which_are_projections(locale: str) -> None:
    from catalogues import load_packaged_catalogue

    chart = make_chart(ChartKind.BARS, locale, QUARTERS, NAMES[:1], [row(10, 12, 14, None)], projected_from=2)
    said = describe_chart_data(chart, load_packaged_catalogue(locale))
    word = {"en": "14 (projection)", "zh-Hans": "14（预测）", "zh-Hant": "14（預測）"}[locale]
    assert word in said
    assert {"en": "no figure", "zh-Hans": "无数据", "zh-Hant": "無資料"}[locale] in said


def test_a_scatter_chart_says_each_unit_with_its_series() -> None:
    from catalogues import load_packaged_catalogue

    chart = plain(ChartKind.SCATTER, "en")
    assert [series.unit for series in chart.series] == ["US$", "years"]
    said = describe_chart_data(chart, load_packaged_catalogue("en"))
    assert "Income per head (US$). " in said
    assert "Life expectancy at birth (years). " in said
    assert f"{COMPANIES[0][0]}: 82.1" in said


def test_one_coloured_bar_leaves_the_rest_grey() -> None:
    rows = [row(10, 12, 14, 15), row(8, 9, 11, 13)]
    chart = make_chart(ChartKind.GROUPED_BARS, "en", QUARTERS, NAMES[:2], rows, accent_points=[(1, 3)])
    fills = [bar.get("fill", "") for bar in parse_svg(draw_svg(chart, "en", LOOK)).iter(f"{SVG}rect")]
    coloured = choose_series_colour(LOOK, 0)
    assert fills.count(coloured) == 1
    # Two entries of the legend and seven bars, in one grey for each series.
    assert sorted(fills.count(grey) for grey in {*fills} - {coloured}) == [4, 5]


def test_bars_of_the_main_exhibit_are_thicker_if_they_are_few() -> None:
    def thickness(count: int, *, hero: bool) -> float:
        chart = make_chart(ChartKind.BARS, "en", number_names(count), NAMES[:1], [row(*range(1, count + 1))], hero=hero)
        return max(float(bar.get("height", "")) for bar in parse_svg(draw_svg(chart, "en", LOOK)).iter(f"{SVG}rect"))

    assert thickness(3, hero=True) > thickness(3, hero=False)
    assert thickness(12, hero=True) == thickness(12, hero=False)
