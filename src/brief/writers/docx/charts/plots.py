"""The plots of a chart: its bars, lines, areas or points, with their data and labels."""

from collections.abc import Iterator, Sequence
from copy import deepcopy

from brief.charts.canvas import TEXT_SIZE
from brief.charts.plot_area import PlotArea
from brief.charts.plots.stacked_chart import choose_word_colour
from brief.charts.series_style import (
    DASHES,
    SHAPES,
    SeriesStyle,
    choose_point_style,
    choose_series_style,
    darken_for_text,
)
from brief.model.blocks import ChartKind
from brief.model.variant import Chart, OpenEnd, Point
from brief.writers.docx.charts.chart_figures import FormattedValue
from brief.writers.docx.charts.elements import (
    CATEGORY_AXIS,
    HAIRLINE,
    VALUE_AXIS,
    ChartTextStyle,
    build_colour,
    build_element,
    build_fill,
    format_hex,
    make_rich_text,
    make_stroke,
    make_text_properties,
)
from brief.writers.docx.charts.workbook import SHEET, get_column_letters
from brief.writers.ooxml.elements import Element, make_drawing_element

_SERIES_LINE = 19050  # EMU; a point and a half
# Lines with more points than this have no markers.
_MAX_MARKERS = 40
_GROUPINGS = {ChartKind.STACKED: "stacked", ChartKind.STACKED_100: "percentStacked"}
# The closest equivalents of the shapes, dashes and patterns of our own drawing (ST_MarkerStyle, ST_PresetLineDashVal,
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
_UPWARDS = 16_200_000  # in sixty-thousandths of a degree, clockwise from the right


def build_bars(
    chart: Chart, rows: Sequence[Sequence[FormattedValue]], area: PlotArea, text_style: ChartTextStyle
) -> Element:
    """Builds bars as thick and as far apart as in our own drawing. In the file, gap and overlap are percentages of the
    thickness of a bar.
    """
    grouping = _GROUPINGS.get(chart.chart_kind, "clustered")
    count = len(rows) if grouping == "clustered" else 1
    length = area.right - area.left if area.is_upright else area.bottom - area.top
    slot = length / len(chart.categories) / area.bar
    overlap = area.gap / area.bar
    series = []
    for index, row in enumerate(rows):
        style = choose_series_style(chart, text_style.look, index)
        is_stacked = grouping != "clustered"
        ink = choose_word_colour(style.colour, text_style.look) if is_stacked else text_style.look.colours["ink"]
        series.append(
            build_element(
                "ser",
                *_build_series_head(chart, index),
                _fill_bar(style, text_style),
                build_element("invertIfNegative", val=0),
                *_build_single_bars(chart, index, text_style, is_upright=area.is_upright),
                _build_labels(row, ["ctr" if is_stacked else "outEnd"] * len(row), ink, text_style),
                *_build_data(chart, index, row),
            )
        )
    gap = 100 * (slot - count - overlap * (count - 1))
    return build_element(
        "barChart",
        build_element("barDir", val="col" if area.is_upright else "bar"),
        build_element("grouping", val=grouping),
        build_element("varyColors", val=0),
        *series,
        build_element("gapWidth", val=max(0, min(500, round(gap)))),
        build_element("overlap", val=100 if grouping != "clustered" else -round(100 * overlap))
        if len(rows) > 1
        else None,
        build_element("axId", val=CATEGORY_AXIS),
        build_element("axId", val=VALUE_AXIS),
    )


def _fill_bar(style: SeriesStyle, text_style: ChartTextStyle, *, is_projected: bool = False) -> Element:
    """Builds the fill of a bar: its colour with white hatching, or for projections white with coloured hatching."""
    paper = text_style.look.colours["paper"]
    if not is_projected and style.pattern == "solid":
        return build_fill(style.colour)
    pattern = _PATTERNS.get(style.pattern, "wdUpDiag")
    lines, ground = (style.colour, paper) if is_projected else (paper, style.colour)
    fill = make_drawing_element(
        "a:pattFill", build_colour("a:fgClr", lines), build_colour("a:bgClr", ground), prst=pattern
    )
    edge = (
        make_stroke(style.colour, HAIRLINE)
        if is_projected
        else make_drawing_element("a:ln", make_drawing_element("a:noFill"))
    )
    return build_element("spPr", fill, edge)


def _build_single_bars(chart: Chart, index: int, text_style: ChartTextStyle, *, is_upright: bool) -> Iterator[Element]:
    """Builds the bars whose style differs from their series: accented, projected and open-ended ones. An open-ended bar
    fades at its open end, unless it is projected.
    """
    for position, point in enumerate(chart.series[index].points):
        if point.value is None or not (point.is_accent or point.is_projected or point.open_end):
            continue
        style = choose_point_style(chart, text_style.look, index, point)
        if point.open_end and not point.is_projected:
            fill = _fade(style.colour, text_style.look.colours["paper"], point, is_upright=is_upright)
        else:
            fill = _fill_bar(style, text_style, is_projected=point.is_projected)
        yield build_element(
            "dPt",
            build_element("idx", val=position),
            build_element("invertIfNegative", val=0),
            build_element("bubble3D", val=0),
            fill,
        )


def _fade(colour: str, paper: str, point: Point, *, is_upright: bool) -> Element:
    """Builds a fill that fades from `colour` to `paper` towards the open end of a bar."""
    start, end = (paper, colour) if (point.value or 0) < 0 else (colour, paper)
    solid = 60 if point.open_end is OpenEnd.ABOVE else 85
    position = solid if start == colour else 100 - solid
    stops = make_drawing_element(
        "a:gsLst",
        make_drawing_element("a:gs", make_drawing_element("a:srgbClr", val=format_hex(start)), pos=0),
        make_drawing_element("a:gs", make_drawing_element("a:srgbClr", val=format_hex(colour)), pos=position * 1000),
        make_drawing_element("a:gs", make_drawing_element("a:srgbClr", val=format_hex(end)), pos=100000),
    )
    gradient = make_drawing_element(
        "a:gradFill", stops, make_drawing_element("a:lin", ang=_UPWARDS if is_upright else 0, scaled=0), rotWithShape=1
    )
    return build_element("spPr", gradient, make_drawing_element("a:ln", make_drawing_element("a:noFill")))


def build_lines(
    chart: Chart, rows: Sequence[Sequence[FormattedValue]], area: PlotArea, text_style: ChartTextStyle
) -> Element:
    """Builds lines with markers and labels."""
    series = []
    for index, (row, above) in enumerate(zip(rows, area.above, strict=True)):
        style = choose_series_style(chart, text_style.look, index)
        ink = darken_for_text(style.colour, text_style.look) if len(rows) > 1 else text_style.look.colours["ink"]
        labelled = area.labelled[index] if area.labelled else None
        series.append(
            build_element(
                "ser",
                *_build_series_head(chart, index),
                build_element("spPr", make_stroke(style.colour, _SERIES_LINE, _DASHES[style.dash])),
                _build_marker(style)
                if len(row) <= _MAX_MARKERS
                else build_element("marker", build_element("symbol", val="none")),
                _build_labels(row, ["t" if high else "b" for high in above], ink, text_style, labelled),
                *_build_data(chart, index, row),
                build_element("smooth", val=0),
            )
        )
    return build_element(
        "lineChart",
        build_element("grouping", val="standard"),
        build_element("varyColors", val=0),
        *series,
        build_element("marker", val=1),
        build_element("axId", val=CATEGORY_AXIS),
        build_element("axId", val=VALUE_AXIS),
    )


def build_areas(chart: Chart, rows: Sequence[Sequence[FormattedValue]], text_style: ChartTextStyle) -> Element:
    """Builds a stacked area chart without labels for values, because Word cannot place one at the edge of an area.

    The values are in the table below the chart.
    """
    series = [
        build_element(
            "ser",
            *_build_series_head(chart, index),
            _fill_bar(choose_series_style(chart, text_style.look, index), text_style),
            *_build_data(chart, index, row),
        )
        for index, row in enumerate(rows)
    ]
    return build_element(
        "areaChart",
        build_element("grouping", val="stacked"),
        build_element("varyColors", val=0),
        *series,
        build_element("axId", val=CATEGORY_AXIS),
        build_element("axId", val=VALUE_AXIS),
    )


def build_scatter(
    chart: Chart, rows: Sequence[Sequence[FormattedValue]], area: PlotArea, text_style: ChartTextStyle
) -> Element:
    """Builds the points of a scatter chart: x is the first series, y the second. Points in `area.names` are labelled."""
    style = choose_series_style(chart, text_style.look, 0)
    labels = [
        build_element(
            "dLbl",
            build_element("idx", val=index),
            build_element("tx", make_rich_text(lines, text_style)),
            *_build_label_settings(None, side),
        )
        for index, side, lines in area.names
    ]
    series = build_element(
        "ser",
        *_build_series_head(chart, 1, order=0),
        build_element("spPr", make_drawing_element("a:ln", make_drawing_element("a:noFill"))),
        _build_marker(style),
        build_element("dLbls", *labels, *_build_label_settings(None, "r", is_shown=False)),
        build_element("xVal", _build_numbers(0, rows[0])),
        build_element("yVal", _build_numbers(1, rows[1])),
        build_element("smooth", val=0),
    )
    return build_element(
        "scatterChart",
        build_element("scatterStyle", val="lineMarker"),
        build_element("varyColors", val=0),
        series,
        build_element("axId", val=CATEGORY_AXIS),
        build_element("axId", val=VALUE_AXIS),
    )


def _build_marker(style: SeriesStyle) -> Element:
    return build_element(
        "marker",
        build_element("symbol", val=_MARKERS[style.shape]),
        build_element("size", val=_MARKER_SIZE),
        build_fill(style.colour),
    )


def _build_series_head(chart: Chart, index: int, order: int | None = None) -> Iterator[Element]:
    name = get_column_letters(index + 1)
    yield build_element("idx", val=index if order is None else order)
    yield build_element("order", val=index if order is None else order)
    cached = build_element("strCache", build_element("ptCount", val=1), _build_point(0, chart.series[index].title))
    yield build_element("tx", build_element("strRef", _build_formula(f"{SHEET}!${name}$1"), cached))


def _build_data(chart: Chart, index: int, row: Sequence[FormattedValue]) -> Iterator[Element]:
    """Builds workbook references with cached values."""
    last = len(row) + 1
    points = [_build_point(position, category) for position, category in enumerate(chart.categories)]
    cached = build_element("strCache", build_element("ptCount", val=len(points)), *points)
    yield build_element("cat", build_element("strRef", _build_formula(f"{SHEET}!$A$2:$A${last}"), cached))
    yield build_element("val", _build_numbers(index, row))


def _build_numbers(index: int, row: Sequence[FormattedValue]) -> Element:
    """Builds the reference to a column of the workbook, with its numbers; missing figures are omitted."""
    name = get_column_letters(index + 1)
    code = build_element("formatCode")
    code.text = "General"
    numbers = [
        _build_point(position, f"{figure.value:f}", figure.code)
        for position, figure in enumerate(row)
        if figure.value is not None
    ]
    cached = build_element("numCache", code, build_element("ptCount", val=len(row)), *numbers)
    return build_element("numRef", _build_formula(f"{SHEET}!${name}$2:${name}${len(row) + 1}"), cached)


def _build_point(index: int, text: str, code: str | None = None) -> Element:
    value = build_element("v")
    value.text = text
    return build_element("pt", value, idx=index, **({"formatCode": code} if code else {}))


def _build_formula(text: str) -> Element:
    formula = build_element("f")
    formula.text = text
    return formula


def _build_labels(
    row: Sequence[FormattedValue],
    positions: Sequence[str],
    colour: str,
    text_style: ChartTextStyle,
    chosen: Sequence[int] | None = None,
) -> Element:
    """Labels every point, or only those whose indices are in `chosen`: each at its own position (a value of
    `c:dLblPos`), and with a fixed label or a number format of its own.
    """
    shown = [
        (index, figure, position)
        for index, (figure, position) in enumerate(zip(row, positions, strict=True))
        if figure.value is not None and (chosen is None or index in chosen)
    ]
    text = make_text_properties(text_style, TEXT_SIZE, colour)
    single = [
        build_element(
            "dLbl",
            build_element("idx", val=index),
            build_element("tx", make_rich_text((figure.label,), text_style, colour))
            if figure.label is not None
            else None,
            build_element("numFmt", formatCode=figure.code, sourceLinked=0) if figure.label is None else None,
            *_build_label_settings(deepcopy(text), position),
        )
        for index, figure, position in shown
    ]
    general = build_element("numFmt", formatCode="General", sourceLinked=0)
    return build_element("dLbls", *single, general, *_build_label_settings(text, positions[0], is_shown=chosen is None))


def _build_label_settings(text: Element | None, position: str, *, is_shown: bool = True) -> Iterator[Element]:
    yield build_element(
        "spPr", make_drawing_element("a:noFill"), make_drawing_element("a:ln", make_drawing_element("a:noFill"))
    )
    if text is not None:
        yield text
    yield build_element("dLblPos", val=position)
    yield build_element("showLegendKey", val=0)
    yield build_element("showVal", val=int(is_shown))
    for tag in ("showCatName", "showSerName", "showPercent", "showBubbleSize"):
        yield build_element(tag, val=0)
