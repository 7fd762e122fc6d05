"""Applies a look to a Vega-Lite specification: colour roles, fonts and the whole `config` come from the look."""

import json
from typing import Any

from brief.charts.canvas import SMALL_SIZE, TEXT_SIZE, WIDTH
from brief.model.appearance.look import Look

_FACES = ("font", "labelFont", "titleFont", "subtitleFont")


def style_specification(specification: str, look: Look) -> str:
    """Replaces each colour role (`{"$colour": "accent"}`) with the colour that the look gives it, and makes the chart
    as wide as the text.

    Font names in the specification are removed. A view that states its width, or consists of several views, keeps its
    width.
    """
    read = _style(json.loads(specification), look)
    read.pop("config", None)
    if "width" not in read and ("mark" in read or "layer" in read):
        read |= {"width": WIDTH, "autosize": {"type": "fit-x", "contains": "padding"}}
    return json.dumps(read, ensure_ascii=False, sort_keys=True)


def _style(value: Any, look: Look) -> Any:
    if isinstance(value, list):
        return [_style(child, look) for child in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"$colour"}:
        return look.colours[value["$colour"]]
    return {name: _style(child, look) for name, child in value.items() if name not in _FACES}


def make_config(look: Look, locale: str, angle: int = 0) -> str:
    """Returns the Vega-Lite configuration for the look as JSON.

    `angle` is that of the category names on the x axis. Unlike Vega-Lite by default, it truncates and drops no name.
    """
    colours = look.colours
    face = ", ".join(look.find_faces(locale).sans)
    guide = {
        "labelFont": face,
        "titleFont": face,
        "labelFontSize": SMALL_SIZE,
        "titleFontSize": SMALL_SIZE,
        "titleFontWeight": "normal",
        "labelColor": colours["muted"],
        "titleColor": colours["ink"],
        "labelLimit": 0,
        "titleLimit": 0,
    }
    axis = {"gridColor": colours["rule"], "domainColor": colours["muted"], "tickColor": colours["muted"]}
    return json.dumps(
        {
            "background": None,
            "font": face,
            "view": {"stroke": None},
            "axis": {**guide, **axis, "labelOverlap": "greedy", "labelSeparation": 8},
            "axisDiscrete": {"labelOverlap": False},
            "axisXDiscrete": {"labelAngle": angle, "labelOverlap": False},
            "legend": {**guide, "symbolLimit": 0},
            "header": guide,
            "title": {
                "font": face,
                "subtitleFont": face,
                "fontSize": TEXT_SIZE,
                "subtitleFontSize": SMALL_SIZE,
                "color": colours["ink"],
                "subtitleColor": colours["muted"],
            },
            "range": {
                "category": list(look.series),
                "ordinal": [colours["rule"], colours["brand"]],
                "ramp": [colours["tint"], colours["brand"]],
                "heatmap": [colours["tint"], colours["brand"]],
                "diverging": [colours["accent"], colours["paper"], colours["brand"]],
            },
            "mark": {"color": look.series[0]},
            "rule": {"color": colours["muted"]},
            "text": {"color": colours["ink"], "font": face, "fontSize": SMALL_SIZE},
            "boxplot": {"median": {"color": colours["paper"]}},
            "numberFormat": ",.10~f",
        },
        ensure_ascii=False,
        sort_keys=True,
    )
