"""Positions: no text over another or over the edge, bars from zero and as long as their numbers."""

import importlib.util
import unicodedata
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import combinations, product
from pathlib import Path

import pytest
from chart_samples import LOCALES, LOOK, SVG, awkward, parse_svg, plain
from PIL import ImageFont

from brief.charts.canvas import NARROW
from brief.charts.draw import draw_svg
from brief.charts.plots.upright_bars import fits_upright
from brief.charts.spread import spread_apart
from brief.charts.svg import PixelBox
from brief.charts.text_metrics import measure_text, wrap
from brief.model.blocks import ChartKind
from brief.model.variant import Chart, Point

UPRIGHT = (ChartKind.BARS, ChartKind.GROUPED_BARS, ChartKind.STACKED, ChartKind.STACKED_100)
CASES = {
    f"{name}-{locale}": (chart, locale)
    for locale in LOCALES
    for name, chart in [
        *((kind.value, plain(kind, locale)) for kind in ChartKind),
        *awkward(locale).items(),
        *((f"upright-{kind.value}", replace(plain(kind, locale), is_upright=True)) for kind in UPRIGHT),
    ]
}
every_case = pytest.mark.parametrize(("chart", "locale"), CASES.values(), ids=CASES)


@cache
def inter() -> ImageFont.FreeTypeFont:
    found = importlib.util.find_spec("fontpkg_inter")
    assert found is not None
    assert found.origin is not None
    return ImageFont.truetype(str(Path(found.origin).parent / "files" / "Inter[opsz,wght].ttf"), 1000)


@cache
def true_width(text: str, size: float) -> float:
    """As Inter sets it, and Han in squares."""
    wide = [character for character in text if unicodedata.east_asian_width(character) in "WF"]
    latin = "".join(character for character in text if character not in wide)
    return (len(wide) + inter().getlength(latin) / 1000) * size


def text_boxes(svg: str) -> list[tuple[str, PixelBox]]:
    boxes = []
    for element in parse_svg(svg).iter(f"{SVG}text"):
        x, y = float(element.attrib["x"]), float(element.attrib["y"])
        size = float(element.attrib["font-size"].removesuffix("px"))
        share = {"start": 0.0, "middle": 0.5, "end": 1.0}[element.attrib["text-anchor"]]
        for line in list(element) or [element]:
            y += float(line.get("dy", "0"))
            width = true_width(line.text or "", size)
            left = x - share * width
            boxes.append((line.text or "", PixelBox(left, y - 0.8 * size, left + width, y + 0.2 * size)))
    return boxes


def bars(svg: str) -> list[PixelBox]:
    """The rectangles of a drawing."""
    boxes = []
    for element in parse_svg(svg).iter(f"{SVG}rect"):
        x, y, width, height = (float(element.attrib[name]) for name in ("x", "y", "width", "height"))
        boxes.append(PixelBox(x, y, x + width, y + height))
    return boxes


@every_case
@pytest.mark.parametrize("width", [640, NARROW])
def test_no_text_lies_on_another_or_over_the_edge(chart: Chart, locale: str, width: int) -> None:
    svg = draw_svg(replace(chart, width=width), locale, LOOK)
    root = parse_svg(svg)
    height = float(root.attrib["height"])
    assert float(root.attrib["width"]) == width
    boxes = text_boxes(svg)
    for text, box in boxes:
        assert box.left >= -0.5, text
        assert box.right <= width + 0.5, text
        assert box.top >= -0.5, text
        assert box.bottom <= height, text
    for (one, first), (other, second) in combinations(boxes, 2):
        assert not first.overlaps(second), f"{one!r} over {other!r}"


@every_case
def test_text_is_on_a_bar_only_in_segments_of_stacked_bars(chart: Chart, locale: str) -> None:
    svg = draw_svg(chart, locale, LOOK)
    if chart.chart_kind in (ChartKind.STACKED, ChartKind.STACKED_100):
        return
    for (text, box), bar in product(text_boxes(svg), bars(svg)):
        assert not box.overlaps(bar), text


def upright_lines(svg: str) -> list[PixelBox]:
    lines = []
    for element in parse_svg(svg).iter(f"{SVG}line"):
        x, y, x2, y2 = (float(element.attrib[name]) for name in ("x1", "y1", "x2", "y2"))
        if x == x2:
            lines.append(PixelBox(x - 0.4, min(y, y2) + 0.1, x + 0.4, max(y, y2) - 0.1))
    return lines


@pytest.mark.parametrize("locale", LOCALES)
def test_the_divisions_of_time_pass_through_no_word_and_no_mark(locale: str) -> None:
    timelines = [chart for chart, tag in CASES.values() if tag == locale and chart.chart_kind is ChartKind.TIMELINE]
    assert len(timelines) > 5
    for chart in timelines:
        svg = draw_svg(chart, locale, LOOK)
        lines = upright_lines(svg)
        assert lines
        for line, (words, box) in product(lines, text_boxes(svg)):
            assert not line.overlaps(box), words
        assert not any(line.overlaps(bar) for line, bar in product(lines, bars(svg)))


def test_marks_stand_to_scale() -> None:
    svg = draw_svg(plain(ChartKind.TIMELINE, "en"), "en", LOOK)
    early, june, quarter = bars(svg)
    assert early.right - early.left == pytest.approx(3 * (june.right - june.left), rel=0.02)
    assert quarter.right - quarter.left == pytest.approx(early.right - early.left, rel=0.02)
    assert june.left - early.left == pytest.approx(152 / 91 * (early.right - early.left), rel=0.01)


def bar_chart(values: list[str]) -> Chart:
    base = plain(ChartKind.BARS, "en")
    points = tuple(Point(value=Decimal(value), text=value) for value in values)
    series = replace(base.series[0], points=points)
    return replace(base, categories=tuple("abcdefgh"[: len(values)]), series=(series,))


def test_bars_start_from_zero_and_are_as_long_as_their_numbers() -> None:
    one, two, four, minus = bars(draw_svg(bar_chart(["10", "20", "40", "-20"]), "en", LOOK))
    assert one.left == two.left == four.left == pytest.approx(minus.right, abs=0.02)
    unit = one.right - one.left
    assert two.right - two.left == pytest.approx(2 * unit, abs=0.05)
    assert four.right - four.left == pytest.approx(4 * unit, abs=0.05)
    assert minus.right - minus.left == pytest.approx(2 * unit, abs=0.05)


def test_a_tiny_bar_is_visible_and_zero_is_not() -> None:
    giant, dwarf, nought = bars(draw_svg(bar_chart(["1e9", "1", "0"]), "en", LOOK))
    assert giant.right - giant.left > 300
    assert 1 <= dwarf.right - dwarf.left <= 2
    assert nought.right == nought.left


def test_upright_bars_stand_on_zero_and_are_as_tall_as_their_numbers() -> None:
    one, two, minus = bars(draw_svg(replace(bar_chart(["10", "20", "-20"]), is_upright=True), "en", LOOK))
    assert one.bottom == two.bottom == pytest.approx(minus.top, abs=0.02)
    unit = one.bottom - one.top
    assert two.bottom - two.top == pytest.approx(2 * unit, abs=0.05)
    assert minus.bottom - minus.top == pytest.approx(2 * unit, abs=0.05)
    assert one.right < two.left


def test_bars_whose_texts_lack_room_are_horizontal() -> None:
    upright = replace(bar_chart(["1", "2"]), is_upright=True)
    assert fits_upright(upright, LOOK)
    assert not fits_upright(replace(upright, categories=("Donaudampfschifffahrtsgesellschaften" * 3, "b")), LOOK)
    points = tuple(Point(value=Decimal(at), text=f"about {at} million people") for at in range(1, 31))
    many = replace(upright, categories=tuple(map(str, range(30))), series=(replace(upright.series[0], points=points),))
    assert not fits_upright(many, LOOK)
    level = bars(draw_svg(many, "en", LOOK))
    assert len({bar.left for bar in level}) == 1


def test_the_parts_of_upright_stacks_are_on_one_another() -> None:
    drawn = replace(plain(ChartKind.STACKED, "en"), is_upright=True)
    assert fits_upright(drawn, LOOK)
    legend = len(drawn.series)
    first, second = bars(draw_svg(drawn, "en", LOOK))[legend : legend + 2]
    assert (first.left, first.right) == (second.left, second.right)
    assert second.bottom == pytest.approx(first.top - 1, abs=0.02)


def test_no_line_runs_through_a_value_of_a_waterfall() -> None:
    """The value of a fall that ends near zero lies across the line of zero, whose part below it is covered."""
    base = replace(bar_chart(["120", "-85", "35"]), chart_kind=ChartKind.WATERFALL, width=NARROW)
    points = tuple(replace(point, text=f"{point.text}.00 million") for point in base.series[0].points)
    svg = draw_svg(replace(base, series=(replace(base.series[0], points=points),)), "en", LOOK)
    drawn = list(parse_svg(svg).iter())
    (label,) = [at for at, each in enumerate(drawn) if (each.text or "").startswith("-85")]
    cover = drawn[label - 1]
    assert (cover.tag, cover.get("fill")) == (f"{SVG}rect", LOOK.colours["paper"])


def test_ranges_float_between_their_ends() -> None:
    first, second, third, level, from_zero = bars(draw_svg(plain(ChartKind.RANGE, "en"), "en", LOOK))
    unit = first.right - first.left
    assert third.right - third.left == pytest.approx(2.5 * unit, abs=0.05)
    assert first.left - from_zero.left == pytest.approx(unit, abs=0.05)
    assert second.left > from_zero.left
    assert level.right - level.left == pytest.approx(3, abs=0.05)


def test_estimated_width_is_never_less_than_the_true_one() -> None:
    for text in ("US$71.5 million", "Donaudampf “quoted” — naïve", "2.5亿美元", "生數科技（Vidu）", "WWWW mmmm @@@@"):
        assert true_width(text, 12) <= measure_text(text, 12)


def test_line_breaking_of_latin_and_han() -> None:
    assert wrap("Shengshu Technology", 80, 12) == ("Shengshu", "Technology")
    for width in range(40, 200, 7):
        lines = wrap("生数科技（视频），以及它的“海外”业务。", width, 12)
        assert not any(line[0] in "），”。" for line in lines)
        assert not any(line[-1] in "（“" for line in lines)
        assert "".join(lines) == "生数科技（视频），以及它的“海外”业务。"


def test_a_figure_keeps_its_unit_while_there_is_room() -> None:
    assert wrap("2025年10月", 45, 12, figures=True) == ("2025年", "10月")
    assert wrap("0.132亿美元", 45, 12, figures=True) == ("0.132", "亿美元")


def test_spread_moves_blocks_apart_and_no_more() -> None:
    assert spread_apart([10, 50], [20, 20], 0, 100) == [10, 50]
    assert spread_apart([50, 50, 50], [20, 20, 20], 0, 100) == [30, 50, 70]
    assert spread_apart([98, 99], [20, 20], 0, 100) == [70, 90]
    assert spread_apart([5, 1], [20, 20], 0, 30) == [30, 10]
