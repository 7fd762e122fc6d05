"""What a drawn chart promises: its words, its names, its independence."""

import math
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from chart_samples import LOCALES, LOOK, SVG, awkward, parse_svg, plain

from brief.charts.draw import draw_svg
from brief.charts.raster import rasterise
from brief.model.blocks import ChartKind

XML = "{http://www.w3.org/XML/1998/namespace}"

everywhere = pytest.mark.parametrize("locale", LOCALES)
every_kind = pytest.mark.parametrize("kind", ChartKind)


def words(svg: str) -> str:
    """The drawn text, without the spaces at which it may have been wrapped."""
    texts = ("".join(text.itertext()) for text in parse_svg(svg).iter(f"{SVG}text"))
    return re.sub(r"\s", "", "\n".join(texts))


@everywhere
@every_kind
def test_every_word_of_the_chart_is_drawn(kind: ChartKind, locale: str) -> None:
    chart = plain(kind, locale)
    drawn = words(draw_svg(chart, locale, LOOK))
    expected = [chart.unit, *chart.categories, *(point.text for series in chart.series for point in series.points)]
    if kind is ChartKind.AREA:
        expected = [chart.unit, "1990", "2020", *(series.points[-1].text for series in chart.series)]
    if kind is ChartKind.SCATTER:
        expected = [*chart.categories, *(series.unit for series in chart.series)]
        expected += [tick.text for series in chart.series for tick in series.ticks]
    if len(chart.series) > 1:
        expected += [series.title for series in chart.series]
    for text in expected:
        assert re.sub(r"\s", "", text) in drawn


@everywhere
def test_every_value_of_an_awkward_chart_is_drawn(locale: str) -> None:
    for name, chart in awkward(locale).items():
        drawn = words(draw_svg(chart, locale, LOOK))
        for series in chart.series:
            for point in series.points:
                assert re.sub(r"\s", "", point.text) in drawn, name


@every_kind
def test_it_says_what_it_shows_to_those_who_do_not_see_it(kind: ChartKind) -> None:
    chart = plain(kind, "en")
    svg = parse_svg(draw_svg(chart, "en", LOOK))
    title = svg[0]
    assert (svg.get("role"), title.tag, title.text) == ("img", f"{SVG}title", chart.description)
    assert svg.get("aria-labelledby") == title.get("id")
    inner = [name for element in svg.iter() if element is not svg for name in element.keys()]  # noqa: SIM118
    assert not [name for name in inner if name.startswith("aria") or name == "role"]


def test_charts_of_one_page_share_no_id() -> None:
    charts = [plain(kind, locale) for kind in ChartKind for locale in LOCALES]
    ids = [
        element.attrib["id"]
        for chart in charts
        for element in parse_svg(draw_svg(chart, "en", LOOK)).iter()
        if "id" in element.attrib
    ]
    assert len(ids) == len(set(ids)) == len(charts)
    assert all(any(identifier.startswith(chart.id) for chart in charts) for identifier in ids)


@everywhere
@every_kind
def test_it_refers_to_nothing_outside_itself(kind: ChartKind, locale: str) -> None:
    svg = draw_svg(plain(kind, locale), locale, LOOK)
    assert set(re.findall(r"[a-z]+://[^\"' ]+", svg)) == {"http://www.w3.org/2000/svg"}
    kinds = {element.tag.removeprefix(SVG) for element in parse_svg(svg).iter()}
    assert kinds <= {"svg", "title", "rect", "circle", "path", "line", "text", "tspan"}
    assert not re.search(r"url\(|href|\bstyle=|\son[a-z]+=", svg)


@everywhere
@every_kind
def test_every_text_names_the_faces_of_its_locale(kind: ChartKind, locale: str) -> None:
    svg = parse_svg(draw_svg(plain(kind, locale), locale, LOOK))
    faces = {"zh-Hant": "Inter,Noto Sans CJK TC"}.get(locale, "Inter,Noto Sans CJK SC")
    assert (svg.get("lang"), svg.get(f"{XML}lang"), svg.get("font-family")) == (locale, locale, faces)
    assert {text.get("font-family") for text in svg.iter(f"{SVG}text")} == {faces}


def test_a_family_that_is_not_an_identifier_is_quoted() -> None:
    faces = {"en": replace(LOOK.faces["en"], sans=("Source Sans 3", "Inter"))}
    assert "font-family=\"'Source Sans 3',Inter\"" in draw_svg(
        plain(ChartKind.BARS, "en"), "en", replace(LOOK, faces=faces)
    )


def test_autospacing_applies_only_to_chinese() -> None:
    chart = replace(plain(ChartKind.BARS, "zh-Hans"), categories=("对标Sora 2的项目", "甲", "AI广告", "乙", "丙"))
    rooms = {text.text: text.get("dx") for text in parse_svg(draw_svg(chart, "zh-Hans", LOOK)).iter(f"{SVG}text")}
    assert rooms["对标Sora 2的项目"] == "0 0 1.08 0 0 0 0 0 1.08"
    assert rooms["AI广告"] == "0 0 1.08"
    assert rooms["甲"] is None
    assert " dx=" not in draw_svg(chart, "en", LOOK)


def test_markup_in_words_stays_words() -> None:
    chart = replace(plain(ChartKind.BARS, "en"), categories=("<b>&amp;", "a\"b'c", "{{x}}", "\\n", "</text>"))
    drawn = words(draw_svg(chart, "en", LOOK))
    assert all(category in drawn for category in chart.categories)


PRINT_DIGEST = """
import hashlib, sys
sys.path[:0] = {folders!r}
from chart_samples import LOCALES, LOOK, plain
from brief.charts.draw import draw_svg
from brief.charts.raster import rasterise
from brief.model.blocks import ChartKind
svgs = [draw_svg(plain(kind, locale), locale, LOOK) for kind in ChartKind for locale in LOCALES]
pixels = [rasterise(svg) for svg in svgs[-2:]]
print(hashlib.sha256(b"".join([*(svg.encode() for svg in svgs), *pixels])).hexdigest())
"""


def test_another_process_in_another_place_draws_the_same_bytes(tmp_path: Path) -> None:
    program = PRINT_DIGEST.format(folders=[str(folder) for folder in (Path(__file__).parents[1] / "support",)])
    digests = [
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=folder,
            env={"PYTHONHASHSEED": seed, "TZ": zone, "LANG": language, "HOME": str(tmp_path)},
            check=True,
            capture_output=True,
        ).stdout
        for folder, seed, zone, language in (
            ("/", "1", "UTC", "C.UTF-8"),
            (tmp_path, "2", "Asia/Taipei", "zh_TW.UTF-8"),
        )
    ]
    assert digests[0] == digests[1] != b""


def test_pixels_are_a_png_of_the_scale_asked_for() -> None:
    svg = draw_svg(plain(ChartKind.SLOPE, "zh-Hant"), "zh-Hant", LOOK)
    data = rasterise(svg, scale=1.5)
    height = int(parse_svg(svg).attrib["height"])
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert (int.from_bytes(data[16:20]), int.from_bytes(data[20:24])) == (960, math.ceil(height * 1.5))


def test_pixels_show_the_han_forms_of_the_region() -> None:
    """骨 and 直 differ between the mainland and Taiwan: one picture for both would mean a face was ignored."""
    chart = replace(plain(ChartKind.BARS, "zh-Hans"), categories=("骨直", "骨", "直", "曜", "返"))
    hans, hant = (rasterise(draw_svg(chart, locale, LOOK)) for locale in ("zh-Hans", "zh-Hant"))
    assert hans != hant
