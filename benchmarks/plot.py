"""The results as one SVG: how many times the cost of `brief` each tool takes, and how cost grows."""

import json
from collections.abc import Sequence

import vl_convert
from growth import Point

Bars = Sequence[tuple[str, float, float]]


def svg(bars: Bars, growth: dict[str, list[Point]]) -> str:
    """`bars` are name, ratio of wall time and ratio of CPU time."""
    rows = [
        {"name": name, "what": what, "ratio": round(ratio, 2)}
        for name, wall, cpu in bars
        for what, ratio in (("wall", wall), ("CPU", cpu))
    ]
    ratios = {
        "title": "Time, as a multiple of what brief takes cold for the same files",
        "width": 420,
        "data": {"values": rows},
        "mark": "bar",
        "encoding": {
            "y": {"field": "name", "type": "nominal", "title": None, "sort": None, "axis": {"labelLimit": 320}},
            "yOffset": {"field": "what"},
            "x": {"field": "ratio", "type": "quantitative", "title": "times brief", "scale": {"type": "symlog"}},
            "color": {"field": "what", "title": None, "scale": {"range": ["#12355b", "#d98e04"]}},
        },
    }
    lines = [_line(name, points) for name, points in growth.items() if points]
    spec = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "vconcat": [ratios, *lines]}
    drawn: str = vl_convert.vegalite_to_svg(json.dumps(spec), allowed_base_urls=[])
    return drawn


def _line(name: str, points: list[Point]) -> dict[str, object]:
    rows = [{"number": point.number, "cpu": round(point.cost.cpu, 3)} for point in points]
    return {
        "title": f"CPU seconds by {name}",
        "width": 420,
        "height": 160,
        "data": {"values": rows},
        "mark": {"type": "line", "point": True, "color": "#12355b"},
        "encoding": {
            "x": {"field": "number", "type": "quantitative", "title": name, "scale": {"type": "log"}},
            "y": {"field": "cpu", "type": "quantitative", "title": "seconds", "scale": {"type": "log"}},
        },
    }
