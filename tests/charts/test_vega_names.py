"""Names of categories in Vega-Lite charts are neither cut nor left out, and not set upright."""

import json
import xml.etree.ElementTree as ET

import pytest
from chart_samples import LOOK

from brief.charts.vega.overlap import find_overlaps, find_texts_below
from brief.charts.vega.process import draw_specification
from brief.charts.vega.style import make_config, style_specification

GERMAN = (
    "Erneuerbare Energien insgesamt",
    "Erdgaskraftwerke mit Wärmeauskopplung",
    "Photovoltaikanlagen",
    "Braunkohle",
)
CHINESE = tuple(f"2024年{month}月" for month in range(1, 13))


def draw(names: tuple[str, ...], channel: str, angle: int = 0) -> ET.Element:
    encoding = {each: {"field": "value", "type": "quantitative"} for each in ("x", "y")}
    encoding |= {channel: {"field": "name", "type": "nominal"}}
    values = [{"name": name, "value": at} for at, name in enumerate(names, 1)]
    specification = json.dumps({"mark": "point", "data": {"values": values}, "encoding": encoding})
    drawn = draw_specification(
        style_specification(specification, LOOK),
        make_config(LOOK, "de", angle),
        json.dumps({"numbers": None, "times": None}),
    )
    root = ET.fromstring(drawn)  # noqa: S314  drawn by this package
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


@pytest.mark.parametrize("channel", ["x", "y", "color"])
def test_no_name_is_cut_or_left_out(channel: str) -> None:
    said = {"".join(element.itertext()) for element in draw(GERMAN, channel).iter("text")}
    assert set(GERMAN) <= said


def test_names_that_overlap_when_level_slant() -> None:
    assert any(find_overlaps(draw(CHINESE, "x")))
    assert not any(find_overlaps(draw(CHINESE, "x", -45)))


def test_a_legend_that_is_cut_off_is_found() -> None:
    names = tuple(f"Name {at}" for at in range(60))
    root = draw(names, "color")
    assert any(find_texts_below(root, float(root.attrib["height"])))
