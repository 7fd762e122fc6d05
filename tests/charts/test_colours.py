"""Series can be distinguished on a grey printer and by colour-blind readers, in every packaged look."""

import io
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from chart_samples import LOOK, plain
from PIL import Image
from test_geometry import bars

from brief.charts.draw import draw_svg
from brief.charts.raster import rasterise
from brief.model.blocks import ChartKind
from brief.templating.template_set import find_template_set, list_template_sets

# What each kind of sight sees of linear red, green and blue; Machado, Oliveira and Fernandes (2009), severity 1.0.
SIGHTS = {
    "normal": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
# Differences of CIELAB: about 2 is the least that is seen side by side.
ADJACENT, ANY = 20, 12
GREY_STEPS = 40  # of 255

every_set = pytest.mark.parametrize("name", list_template_sets())


def lab(colour: str, sight: Sequence[Sequence[float]]) -> tuple[float, float, float]:
    """CIELAB under D65 of a colour as the sight sees it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    red, green, blue = (min(1.0, max(0.0, sum(a * b for a, b in zip(row, linear, strict=True)))) for row in sight)
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def difference(one: str, other: str, sight: Sequence[Sequence[float]]) -> float:
    pairs = zip(lab(one, sight), lab(other, sight), strict=True)
    return float(sum((a - b) ** 2 for a, b in pairs) ** 0.5)


@every_set
@pytest.mark.parametrize("sight", SIGHTS.values(), ids=SIGHTS)
def test_series_differ_in_every_sight(name: str, sight: Sequence[Sequence[float]]) -> None:
    series = find_template_set(name).look.series
    assert min(difference(one, other, sight) for one, other in pairwise(series)) > ADJACENT
    assert min(difference(one, other, sight) for one, other in combinations(series, 2)) > ANY


@every_set
def test_bars_beside_one_another_differ_in_greys(name: str) -> None:
    look = replace(LOOK, series=find_template_set(name).look.series)
    base = plain(ChartKind.GROUPED_BARS, "en")
    chart = replace(base, categories=base.categories[:1], series=base.series[:1] * len(look.series))
    svg = draw_svg(chart, "en", look)
    grey = Image.open(io.BytesIO(rasterise(svg, scale=1))).convert("L")
    drawn = [box for box in bars(svg) if box.right - box.left > 20]
    assert len(drawn) == len(look.series)
    pixels = grey.tobytes()
    tones = [pixels[round((box.top + box.bottom) / 2) * grey.width + round(box.left + 5)] for box in drawn]
    assert all(abs(one - other) > GREY_STEPS for one, other in pairwise(tones)), tones
