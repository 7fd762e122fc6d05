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
    lines = [panel for name, points in growth.items() if points for panel in _panels(name, points)]
    spec = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "vconcat": [ratios, *lines]}
    drawn: str = vl_convert.vegalite_to_svg(json.dumps(spec), allowed_base_urls=[])
    return drawn


def _panels(name: str, points: list[Point]) -> list[dict[str, object]]:
    """What so many of them cost in time, and in the memory of the largest process."""
    rows = [{"number": p.number, "cpu": round(p.cost.cpu, 3), "peak": round(p.cost.peak)} for p in points]
    return [
        _line(f"CPU seconds by {name}", name, rows, "cpu", "seconds", "log"),
        _line(f"Memory by {name}", name, rows, "peak", "MiB", "linear"),
    ]


def _line(title: str, name: str, rows: list[dict[str, float]], value: str, unit: str, scale: str) -> dict[str, object]:
    return {
        "title": title,
        "width": 420,
        "height": 160,
        "data": {"values": rows},
        "mark": {"type": "line", "point": True, "color": "#12355b"},
        "encoding": {
            "x": {"field": "number", "type": "quantitative", "title": name, "scale": {"type": "log"}},
            "y": {"field": value, "type": "quantitative", "title": unit, "scale": {"type": scale}},
        },
    }
