"""The plots of a chart: its bars, lines, areas or points, with their data and labels."""

from collections.abc import Iterator, Sequence
from copy import deepcopy

from brief.charts.canvas import TEXT_SIZE
from brief.charts.plot_area import PlotArea
from brief.charts.plots.stacked_chart import choose_word_colour
from brief.charts.series_style import DASHES, SHAPES, SeriesStyle, readable, series_style
from brief.model.blocks import ChartKind
from brief.model.variant import Chart, OpenEnd, Point
from brief.writers.docx.charts.chart_figures import FormattedValue
from brief.writers.docx.charts.elements import (
    CATEGORY_AXIS,
    HAIRLINE,
    VALUE_AXIS,
    ChartTextSetting,
    chart_element,
    colour_element,
    filled_shape,
    hex_digits,
    rich_text,
    stroke,
    text_properties,
)
from brief.writers.docx.charts.workbook import SHEET, column_letter
from brief.writers.ooxml.elements import Element, drawing

_SERIES_LINE = 19050
# With more points than this lines have no marks.
_MARKED = 40
_GROUPINGS = {ChartKind.STACKED: "stacked", ChartKind.STACKED_100: "percentStacked"}
# What comes nearest to the shapes, dashes and patterns of our own drawing (ST_MarkerStyle, ST_PresetLineDashVal,
# ST_PresetPatternVal).
_MARKERS = dict(zip(SHAPES, ("circle", "square", "diamond", "triangle", "x", "dash"), strict=True))
_DASHES = dict(zip(DASHES, ("solid", "dash", "sysDot", "dashDot", "lgDash", "sysDash"), strict=True))
_PATTERNS = {
    "rising": "wdUpDiag",
    "falling": "wdDnDiag",
    "level": "dkHorz",
    "upright": "dkVert",
    "crossed": "diagCross",
}
_MARKER_SIZE = 6


def build_bars(
    chart: Chart, rows: Sequence[Sequence[FormattedValue]], area: PlotArea, setting: ChartTextSetting
) -> Element:
    """Bars as thick and as far apart as in our own drawing; Word counts both in hundredths of a bar."""
    grouping = _GROUPINGS.get(chart.chart, "clustered")
    count = len(rows) if grouping == "clustered" else 1
    slot = (area.bottom - area.top) / len(chart.categories) / area.bar
    overlap = area.gap / area.bar
    series = []
    for index, row in enumerate(rows):
        style = series_style(chart, setting.look, index)
        is_stacked = grouping != "clustered"
        ink = choose_word_colour(style.colour, setting.look) if is_stacked else setting.look.colours["ink"]
        series.append(
            chart_element(
                "ser",
                *_series_head(chart, index),
                _fill_bar(style, setting),
                chart_element("invertIfNegative", val=0),
                *_single_bars(chart.series[index].points, style, setting),
                _labels(row, ["ctr" if is_stacked else "outEnd"] * len(row), ink, setting),
                *_data(chart, index, row),
            )
        )
    gap = 100 * (slot - count - overlap * (count - 1))
    return chart_element(
        "barChart",
        chart_element("barDir", val="bar"),
        chart_element("grouping", val=grouping),
        chart_element("varyColors", val=0),
        *series,
        chart_element("gapWidth", val=max(0, min(500, round(gap)))),
        chart_element("overlap", val=100 if grouping != "clustered" else -round(100 * overlap))
        if len(rows) > 1
        else None,
        chart_element("axId", val=CATEGORY_AXIS),
        chart_element("axId", val=VALUE_AXIS),
    )


def _fill_bar(style: SeriesStyle, setting: ChartTextSetting, *, is_projected: bool = False) -> Element:
    """The ground of a bar: its colour, with lines of paper over it, or for a projection lines of it over paper."""
    paper = setting.look.colours["paper"]
    if not is_projected and style.pattern == "solid":
        return filled_shape(style.colour)
    pattern = _PATTERNS.get(style.pattern, "wdUpDiag")
    lines, ground = (style.colour, paper) if is_projected else (paper, style.colour)
    fill = drawing("a:pattFill", colour_element("a:fgClr", lines), colour_element("a:bgClr", ground), prst=pattern)
    edge = stroke(style.colour, HAIRLINE) if is_projected else drawing("a:ln", drawing("a:noFill"))
    return chart_element("spPr", fill, edge)


def _single_bars(points: Sequence[Point], style: SeriesStyle, setting: ChartTextSetting) -> Iterator[Element]:
    """Bars that differ from their series: of projections, and open-ended ones, which fade where they are open."""
    for index, point in enumerate(points):
        if point.value is None or not (point.is_projected or point.open_end):
            continue
        if point.is_projected:
            fill = _fill_bar(style, setting, is_projected=True)
        else:
            fill = _fade(style.colour, setting.look.colours["paper"], point)
        yield chart_element(
            "dPt",
            chart_element("idx", val=index),
            chart_element("invertIfNegative", val=0),
            chart_element("bubble3D", val=0),
            fill,
        )


def _fade(colour: str, paper: str, point: Point) -> Element:
    start, end = (paper, colour) if (point.value or 0) < 0 else (colour, paper)
    solid = 60 if point.open_end is OpenEnd.ABOVE else 85
    at = solid if start == colour else 100 - solid
    stops = drawing(
        "a:gsLst",
        drawing("a:gs", drawing("a:srgbClr", val=hex_digits(start)), pos=0),
        drawing("a:gs", drawing("a:srgbClr", val=hex_digits(colour)), pos=at * 1000),
        drawing("a:gs", drawing("a:srgbClr", val=hex_digits(end)), pos=100000),
    )
    gradient = drawing("a:gradFill", stops, drawing("a:lin", ang=0, scaled=0), rotWithShape=1)
    return chart_element("spPr", gradient, drawing("a:ln", drawing("a:noFill")))


def build_lines(
    chart: Chart, rows: Sequence[Sequence[FormattedValue]], area: PlotArea, setting: ChartTextSetting
) -> Element:
    series = []
    for index, (row, above) in enumerate(zip(rows, area.above, strict=True)):
        style = series_style(chart, setting.look, index)
        ink = readable(style.colour, setting.look) if len(rows) > 1 else setting.look.colours["ink"]
        chosen = area.labelled[index] if area.labelled else None
        series.append(
            chart_element(
                "ser",
                *_series_head(chart, index),
                chart_element("spPr", stroke(style.colour, _SERIES_LINE, _DASHES[style.dash])),
                _marker(style) if len(row) <= _MARKED else chart_element("marker", chart_element("symbol", val="none")),
                _labels(row, ["t" if high else "b" for high in above], ink, setting, chosen),
                *_data(chart, index, row),
                chart_element("smooth", val=0),
            )
        )
    return chart_element(
        "lineChart",
        chart_element("grouping", val="standard"),
        chart_element("varyColors", val=0),
        *series,
        chart_element("marker", val=1),
        chart_element("axId", val=CATEGORY_AXIS),
        chart_element("axId", val=VALUE_AXIS),
    )


def build_areas(chart: Chart, rows: Sequence[Sequence[FormattedValue]], setting: ChartTextSetting) -> Element:
    """Areas upon one another. Their values stand in the table beneath: Word places no label of an area at its edge."""
    series = [
        chart_element(
            "ser",
            *_series_head(chart, index),
            _fill_bar(series_style(chart, setting.look, index), setting),
            *_data(chart, index, row),
        )
        for index, row in enumerate(rows)
    ]
    return chart_element(
        "areaChart",
        chart_element("grouping", val="stacked"),
        chart_element("varyColors", val=0),
        *series,
        chart_element("axId", val=CATEGORY_AXIS),
        chart_element("axId", val=VALUE_AXIS),
    )


def build_scatter(
    chart: Chart, rows: Sequence[Sequence[FormattedValue]], area: PlotArea, setting: ChartTextSetting
) -> Element:
    """Points with the names of their categories, from the two columns of the workbook."""
    style = series_style(chart, setting.look, 0)
    labels = [
        chart_element(
            "dLbl",
            chart_element("idx", val=index),
            chart_element("tx", rich_text(lines, setting)),
            *_label_settings(None, side),
        )
        for index, side, lines in area.names
    ]
    series = chart_element(
        "ser",
        *_series_head(chart, 1, order=0),
        chart_element("spPr", drawing("a:ln", drawing("a:noFill"))),
        _marker(style),
        chart_element("dLbls", *labels, *_label_settings(None, "r", is_shown=False)),
        chart_element("xVal", _numbers(0, rows[0])),
        chart_element("yVal", _numbers(1, rows[1])),
        chart_element("smooth", val=0),
    )
    return chart_element(
        "scatterChart",
        chart_element("scatterStyle", val="lineMarker"),
        chart_element("varyColors", val=0),
        series,
        chart_element("axId", val=CATEGORY_AXIS),
        chart_element("axId", val=VALUE_AXIS),
    )


def _marker(style: SeriesStyle) -> Element:
    return chart_element(
        "marker",
        chart_element("symbol", val=_MARKERS[style.shape]),
        chart_element("size", val=_MARKER_SIZE),
        filled_shape(style.colour),
    )


def _series_head(chart: Chart, index: int, order: int | None = None) -> Iterator[Element]:
    name = column_letter(index + 1)
    yield chart_element("idx", val=index if order is None else order)
    yield chart_element("order", val=index if order is None else order)
    cached = chart_element("strCache", chart_element("ptCount", val=1), _point(0, chart.series[index].title))
    yield chart_element("tx", chart_element("strRef", _formula(f"{SHEET}!${name}$1"), cached))


def _data(chart: Chart, index: int, row: Sequence[FormattedValue]) -> Iterator[Element]:
    """References into the workbook, and what stands there."""
    last = len(row) + 1
    words = [_point(at, category) for at, category in enumerate(chart.categories)]
    cached = chart_element("strCache", chart_element("ptCount", val=len(words)), *words)
    yield chart_element("cat", chart_element("strRef", _formula(f"{SHEET}!$A$2:$A${last}"), cached))
    yield chart_element("val", _numbers(index, row))


def _numbers(index: int, row: Sequence[FormattedValue]) -> Element:
    """The reference to a column of the workbook, with its numbers; none where there is no figure."""
    name = column_letter(index + 1)
    code = chart_element("formatCode")
    code.text = "General"
    numbers = [
        _point(at, f"{figure.value:f}", figure.code) for at, figure in enumerate(row) if figure.value is not None
    ]
    cached = chart_element("numCache", code, chart_element("ptCount", val=len(row)), *numbers)
    return chart_element("numRef", _formula(f"{SHEET}!${name}$2:${name}${len(row) + 1}"), cached)


def _point(index: int, words: str, code: str | None = None) -> Element:
    value = chart_element("v")
    value.text = words
    return chart_element("pt", value, idx=index, **({"formatCode": code} if code else {}))


def _formula(words: str) -> Element:
    made = chart_element("f")
    made.text = words
    return made


def _labels(
    row: Sequence[FormattedValue],
    positions: Sequence[str],
    colour: str,
    setting: ChartTextSetting,
    chosen: Sequence[int] | None = None,
) -> Element:
    """A label for each point, or each `chosen` one, in that point's own format or words, and position."""
    shown = [
        (index, figure, position)
        for index, (figure, position) in enumerate(zip(row, positions, strict=True))
        if figure.value is not None and (chosen is None or index in chosen)
    ]
    text = text_properties(setting, TEXT_SIZE, colour)
    single = [
        chart_element(
            "dLbl",
            chart_element("idx", val=index),
            chart_element("tx", rich_text((figure.words,), setting, colour)) if figure.words is not None else None,
            chart_element("numFmt", formatCode=figure.code, sourceLinked=0) if figure.words is None else None,
            *_label_settings(deepcopy(text), position),
        )
        for index, figure, position in shown
    ]
    general = chart_element("numFmt", formatCode="General", sourceLinked=0)
    return chart_element("dLbls", *single, general, *_label_settings(text, positions[0], is_shown=chosen is None))


def _label_settings(text: Element | None, position: str, *, is_shown: bool = True) -> Iterator[Element]:
    yield chart_element("spPr", drawing("a:noFill"), drawing("a:ln", drawing("a:noFill")))
    if text is not None:
        yield text
    yield chart_element("dLblPos", val=position)
    yield chart_element("showLegendKey", val=0)
    yield chart_element("showVal", val=int(is_shown))
    for what in ("showCatName", "showSerName", "showPercent", "showBubbleSize"):
        yield chart_element(what, val=0)
