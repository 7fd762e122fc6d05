"""A chart as DrawingML (ECMA-376 part 1, 21.2): data, plot, labels, and the set's colours and faces.

It is laid out as our own drawing is, by shares of its area. Where every value stands beside its mark there is no value
axis and no grid.
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from brief.charts.canvas import SMALL_SIZE, TEXT_SIZE
from brief.charts.plot_area import Frame
from brief.charts.scatter_chart import axis_title
from brief.charts.series_style import DASHES, SHAPES, SeriesStyle, readable, series_style
from brief.charts.stacked_chart import choose_word_colour
from brief.model.blocks import ChartKind
from brief.model.variant import Chart, OpenEnd, Point
from brief.templating.template_set import Look
from brief.writers.docx.charts.chart_figures import FormattedValue, format_ticks
from brief.writers.docx.charts.workbook import SHEET, column_letter
from brief.writers.docx.reference.languages import Face
from brief.writers.ooxml.elements import Element, drawing, qualified_name

# Two axes that name each other; any two numbers do.
_CATEGORY_AXIS, _VALUE_AXIS = 111111111, 222222222
_LINE = 9525  # EMU; three quarters of a point, as thin as a CSS pixel
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


@dataclass(frozen=True, slots=True)
class ChartTextSetting:
    """How a chart's words are set: `scale` is points to the CSS pixel, `language` a tag of `a:rPr`."""

    look: Look
    faces: tuple[Face, Face]
    language: str
    scale: float

    def size(self, pixels: float) -> int:
        """In hundredths of a point."""
        return round(pixels * self.scale * 100)


def build_chart_xml(
    chart: Chart,
    rows: Sequence[Sequence[FormattedValue]],
    frame: Frame,
    setting: ChartTextSetting,
    workbook_relation: str,
) -> bytes:
    """The chart part. `workbook_relation` is the id of its relation to the workbook that holds the same figures."""
    several = len(chart.series) > 1 and chart.chart is not ChartKind.SCATTER
    subtitle = chart.subtitle or chart.unit
    title = _title(subtitle, setting) if subtitle else None
    workbook = _c("externalData", _c("autoUpdate", val=0))
    workbook.set(qualified_name("r:id"), workbook_relation)
    root = _c(
        "chartSpace",
        _c("date1904", val=0),
        _c("lang", val=setting.language),
        _c("roundedCorners", val=0),
        _c(
            "chart",
            title,
            _c("autoTitleDeleted", val=0 if subtitle else 1),
            _plot_area(chart, rows, frame, setting),
            _legend(frame, setting) if several else None,
            _c("plotVisOnly", val=1),
            _c("dispBlanksAs", val="gap"),
        ),
        _shape(None),
        _text(setting, TEXT_SIZE, setting.look.colours["ink"]),
        workbook,
    )
    etree.cleanup_namespaces(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _c(tag: str, *children: Element | None, **attributes: str | int | float) -> Element:
    """An element of the chart; children that are None are left out."""
    made = drawing(f"c:{tag}", *(child for child in children if child is not None))
    for name, value in attributes.items():
        made.set(name, f"{value}")
    return made


def _title(words: str, setting: ChartTextSetting) -> Element:
    """The unit, at the left above all else."""
    run = drawing("a:r", _run_properties("a:rPr", setting, SMALL_SIZE, setting.look.colours["muted"]), drawing("a:t"))
    run[1].text = words
    paragraph = drawing("a:p", drawing("a:pPr", algn="l"), run)
    rich = _c("rich", drawing("a:bodyPr"), drawing("a:lstStyle"), paragraph)
    return _c("title", _c("tx", rich), _layout(x=0.0, y=0.0), _c("overlay", val=0))


def _legend(frame: Frame, setting: ChartTextSetting) -> Element:
    top = frame.legend or 0.0
    return _c(
        "legend",
        _c("legendPos", val="t"),
        _layout(x=0.0, y=top / frame.height),
        _c("overlay", val=0),
        _text(setting, SMALL_SIZE, setting.look.colours["ink"]),
    )


def _plot_area(
    chart: Chart, rows: Sequence[Sequence[FormattedValue]], frame: Frame, setting: ChartTextSetting
) -> Element:
    place = _layout(
        inner=True,
        x=frame.left / frame.width,
        y=frame.top / frame.height,
        w=(frame.right - frame.left) / frame.width,
        h=(frame.bottom - frame.top) / frame.height,
    )
    match chart.chart:
        case ChartKind.SCATTER:
            return _c("plotArea", place, _scatter(chart, rows, frame, setting), *_scatter_axes(chart, frame, setting))
        case ChartKind.LINE:
            plot = _lines(chart, rows, frame, setting)
        case ChartKind.AREA:
            plot = _areas(chart, rows, setting)
        case _:
            plot = _bars(chart, rows, frame, setting)
    return _c("plotArea", place, plot, *_axes(chart, frame, setting))


def _bars(chart: Chart, rows: Sequence[Sequence[FormattedValue]], frame: Frame, setting: ChartTextSetting) -> Element:
    """Bars as thick and as far apart as in our own drawing; Word counts both in hundredths of a bar."""
    grouping = _GROUPINGS.get(chart.chart, "clustered")
    count = len(rows) if grouping == "clustered" else 1
    slot = (frame.bottom - frame.top) / len(chart.categories) / frame.bar
    overlap = frame.gap / frame.bar
    series = []
    for index, row in enumerate(rows):
        style = series_style(chart, setting.look, index)
        is_stacked = grouping != "clustered"
        ink = choose_word_colour(style.colour, setting.look) if is_stacked else setting.look.colours["ink"]
        series.append(
            _c(
                "ser",
                *_series_head(chart, index),
                _fill_bar(style, setting),
                _c("invertIfNegative", val=0),
                *_single_bars(chart.series[index].points, style, setting),
                _labels(row, ["ctr" if is_stacked else "outEnd"] * len(row), ink, setting),
                *_data(chart, index, row),
            )
        )
    gap = 100 * (slot - count - overlap * (count - 1))
    return _c(
        "barChart",
        _c("barDir", val="bar"),
        _c("grouping", val=grouping),
        _c("varyColors", val=0),
        *series,
        _c("gapWidth", val=max(0, min(500, round(gap)))),
        _c("overlap", val=100 if grouping != "clustered" else -round(100 * overlap)) if len(rows) > 1 else None,
        _c("axId", val=_CATEGORY_AXIS),
        _c("axId", val=_VALUE_AXIS),
    )


def _fill_bar(style: SeriesStyle, setting: ChartTextSetting, *, is_projected: bool = False) -> Element:
    """The ground of a bar: its colour, with lines of paper over it, or for a projection lines of it over paper."""
    paper = setting.look.colours["paper"]
    if not is_projected and style.pattern == "solid":
        return _shape(style.colour)
    pattern = _PATTERNS.get(style.pattern, "wdUpDiag")
    lines, ground = (style.colour, paper) if is_projected else (paper, style.colour)
    fill = drawing("a:pattFill", _colour("a:fgClr", lines), _colour("a:bgClr", ground), prst=pattern)
    edge = _stroke(style.colour, _LINE) if is_projected else drawing("a:ln", drawing("a:noFill"))
    return _c("spPr", fill, edge)


def _single_bars(points: Sequence[Point], style: SeriesStyle, setting: ChartTextSetting) -> Iterator[Element]:
    """Bars that differ from their series: of projections, and open-ended ones, which fade where they are open."""
    for index, point in enumerate(points):
        if point.value is None or not (point.is_projected or point.open_end):
            continue
        if point.is_projected:
            fill = _fill_bar(style, setting, is_projected=True)
        else:
            fill = _fade(style.colour, setting.look.colours["paper"], point)
        yield _c("dPt", _c("idx", val=index), _c("invertIfNegative", val=0), _c("bubble3D", val=0), fill)


def _fade(colour: str, paper: str, point: Point) -> Element:
    start, end = (paper, colour) if (point.value or 0) < 0 else (colour, paper)
    solid = 60 if point.open_end is OpenEnd.ABOVE else 85
    at = solid if start == colour else 100 - solid
    stops = drawing(
        "a:gsLst",
        drawing("a:gs", drawing("a:srgbClr", val=_hex(start)), pos=0),
        drawing("a:gs", drawing("a:srgbClr", val=_hex(colour)), pos=at * 1000),
        drawing("a:gs", drawing("a:srgbClr", val=_hex(end)), pos=100000),
    )
    gradient = drawing("a:gradFill", stops, drawing("a:lin", ang=0, scaled=0), rotWithShape=1)
    return _c("spPr", gradient, drawing("a:ln", drawing("a:noFill")))


def _lines(chart: Chart, rows: Sequence[Sequence[FormattedValue]], frame: Frame, setting: ChartTextSetting) -> Element:
    series = []
    for index, (row, above) in enumerate(zip(rows, frame.above, strict=True)):
        style = series_style(chart, setting.look, index)
        ink = readable(style.colour, setting.look) if len(rows) > 1 else setting.look.colours["ink"]
        chosen = frame.labelled[index] if frame.labelled else None
        series.append(
            _c(
                "ser",
                *_series_head(chart, index),
                _c("spPr", _stroke(style.colour, _SERIES_LINE, _DASHES[style.dash])),
                _marker(style) if len(row) <= _MARKED else _c("marker", _c("symbol", val="none")),
                _labels(row, ["t" if high else "b" for high in above], ink, setting, chosen),
                *_data(chart, index, row),
                _c("smooth", val=0),
            )
        )
    return _c(
        "lineChart",
        _c("grouping", val="standard"),
        _c("varyColors", val=0),
        *series,
        _c("marker", val=1),
        _c("axId", val=_CATEGORY_AXIS),
        _c("axId", val=_VALUE_AXIS),
    )


def _areas(chart: Chart, rows: Sequence[Sequence[FormattedValue]], setting: ChartTextSetting) -> Element:
    """Areas upon one another. Their values stand in the table beneath: Word places no label of an area at its edge."""
    series = [
        _c(
            "ser",
            *_series_head(chart, index),
            _fill_bar(series_style(chart, setting.look, index), setting),
            *_data(chart, index, row),
        )
        for index, row in enumerate(rows)
    ]
    return _c(
        "areaChart",
        _c("grouping", val="stacked"),
        _c("varyColors", val=0),
        *series,
        _c("axId", val=_CATEGORY_AXIS),
        _c("axId", val=_VALUE_AXIS),
    )


def _scatter(
    chart: Chart, rows: Sequence[Sequence[FormattedValue]], frame: Frame, setting: ChartTextSetting
) -> Element:
    """Points with the names of their categories, from the two columns of the workbook."""
    style = series_style(chart, setting.look, 0)
    labels = [
        _c(
            "dLbl",
            _c("idx", val=index),
            _c("tx", _rich(chart.categories[index], setting)),
            *_label_settings(None, side),
        )
        for index, side in frame.names
    ]
    series = _c(
        "ser",
        *_series_head(chart, 1, order=0),
        _c("spPr", drawing("a:ln", drawing("a:noFill"))),
        _marker(style),
        _c("dLbls", *labels, *_label_settings(None, "r", is_shown=False)),
        _c("xVal", _numbers(0, rows[0])),
        _c("yVal", _numbers(1, rows[1])),
        _c("smooth", val=0),
    )
    return _c(
        "scatterChart",
        _c("scatterStyle", val="lineMarker"),
        _c("varyColors", val=0),
        series,
        _c("axId", val=_CATEGORY_AXIS),
        _c("axId", val=_VALUE_AXIS),
    )


def _marker(style: SeriesStyle) -> Element:
    return _c("marker", _c("symbol", val=_MARKERS[style.shape]), _c("size", val=_MARKER_SIZE), _shape(style.colour))


def _series_head(chart: Chart, index: int, order: int | None = None) -> Iterator[Element]:
    name = column_letter(index + 1)
    yield _c("idx", val=index if order is None else order)
    yield _c("order", val=index if order is None else order)
    cached = _c("strCache", _c("ptCount", val=1), _point(0, chart.series[index].title))
    yield _c("tx", _c("strRef", _formula(f"{SHEET}!${name}$1"), cached))


def _data(chart: Chart, index: int, row: Sequence[FormattedValue]) -> Iterator[Element]:
    """References into the workbook, and what stands there."""
    last = len(row) + 1
    words = [_point(at, category) for at, category in enumerate(chart.categories)]
    cached = _c("strCache", _c("ptCount", val=len(words)), *words)
    yield _c("cat", _c("strRef", _formula(f"{SHEET}!$A$2:$A${last}"), cached))
    yield _c("val", _numbers(index, row))


def _numbers(index: int, row: Sequence[FormattedValue]) -> Element:
    """The reference to a column of the workbook, with its numbers; none where there is no figure."""
    name = column_letter(index + 1)
    code = _c("formatCode")
    code.text = "General"
    numbers = [
        _point(at, f"{figure.value:f}", figure.code) for at, figure in enumerate(row) if figure.value is not None
    ]
    cached = _c("numCache", code, _c("ptCount", val=len(row)), *numbers)
    return _c("numRef", _formula(f"{SHEET}!${name}$2:${name}${len(row) + 1}"), cached)


def _point(index: int, words: str, code: str | None = None) -> Element:
    value = _c("v")
    value.text = words
    return _c("pt", value, idx=index, **({"formatCode": code} if code else {}))


def _formula(words: str) -> Element:
    made = _c("f")
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
    text = _text(setting, TEXT_SIZE, colour)
    single = [
        _c(
            "dLbl",
            _c("idx", val=index),
            _c("tx", _rich(figure.words, setting, colour)) if figure.words is not None else None,
            _c("numFmt", formatCode=figure.code, sourceLinked=0) if figure.words is None else None,
            *_label_settings(deepcopy(text), position),
        )
        for index, figure, position in shown
    ]
    general = _c("numFmt", formatCode="General", sourceLinked=0)
    return _c("dLbls", *single, general, *_label_settings(text, positions[0], is_shown=chosen is None))


def _label_settings(text: Element | None, position: str, *, is_shown: bool = True) -> Iterator[Element]:
    yield _c("spPr", drawing("a:noFill"), drawing("a:ln", drawing("a:noFill")))
    if text is not None:
        yield text
    yield _c("dLblPos", val=position)
    yield _c("showLegendKey", val=0)
    yield _c("showVal", val=int(is_shown))
    for what in ("showCatName", "showSerName", "showPercent", "showBubbleSize"):
        yield _c(what, val=0)


def _rich(words: str, setting: ChartTextSetting, colour: str | None = None) -> Element:
    """Words that stay as they are, whatever becomes of the number."""
    ink = colour or setting.look.colours["ink"]
    size = TEXT_SIZE if colour else SMALL_SIZE
    run = drawing("a:r", _run_properties("a:rPr", setting, size, ink), drawing("a:t"))
    run[1].text = words
    body = drawing("a:bodyPr", rot=0, vert="horz", wrap="none")
    return _c("rich", body, drawing("a:lstStyle"), drawing("a:p", run))


def _axes(chart: Chart, frame: Frame, setting: ChartTextSetting) -> Iterator[Element]:
    """Categories beside or beneath the plot, in the order in which they are read; the values' axis where it is needed."""
    colours = setting.look.colours
    upright = chart.chart in (ChartKind.LINE, ChartKind.AREA)
    skip = -(-len(chart.categories) // len(frame.named)) if frame.named else 1
    yield _c(
        "catAx",
        _c("axId", val=_CATEGORY_AXIS),
        _c("scaling", _c("orientation", val="minMax" if upright else "maxMin")),
        _c("delete", val=0),
        _c("axPos", val="b" if upright else "l"),
        _c("numFmt", formatCode="General", sourceLinked=0),
        _c("majorTickMark", val="none"),
        _c("minorTickMark", val="none"),
        _c("tickLblPos", val="low"),
        _c("spPr", _stroke(colours["muted"], _LINE)),
        _text(setting, TEXT_SIZE, colours["muted" if upright else "ink"], wrapped=True),
        _c("crossAx", val=_VALUE_AXIS),
        _c("crosses", val="autoZero"),
        _c("auto", val=0),
        _c("lblAlgn", val="ctr"),
        _c("lblOffset", val=100),
        _c("tickLblSkip", val=skip) if skip > 1 else None,
        _c("tickMarkSkip", val=skip) if skip > 1 else None,
        _c("noMultiLvlLbl", val=1),
    )
    yield _value_axis(
        (_VALUE_AXIS, _CATEGORY_AXIS),
        "l" if upright else "t",
        (frame.low, frame.high),
        chart.ticks if frame.has_axis else (),
        setting,
        between="midCat" if upright else "between",
    )


def _scatter_axes(chart: Chart, frame: Frame, setting: ChartTextSetting) -> Iterator[Element]:
    across, up = chart.series
    ends = float(across.ticks[0].value or 0), float(across.ticks[-1].value or 0)
    yield _value_axis(
        (_CATEGORY_AXIS, _VALUE_AXIS), "b", ends, across.ticks, setting, has_grid=False, title=axis_title(across)
    )
    yield _value_axis(
        (_VALUE_AXIS, _CATEGORY_AXIS), "l", (frame.low, frame.high), up.ticks, setting, title=axis_title(up)
    )


def _value_axis(
    ids: tuple[int, int],
    side: str,
    ends: tuple[float, float],
    ticks: Sequence[Point],
    setting: ChartTextSetting,
    *,
    between: str = "midCat",
    has_grid: bool = True,
    title: str = "",
) -> Element:
    """An axis of values from the first of its ticks to the last; without ticks it is not shown."""
    colours = setting.look.colours
    low, high = ends
    step = (high - low) / (len(ticks) - 1) if len(ticks) > 1 else None
    grid = _c("majorGridlines", _c("spPr", _stroke(colours["rule"], _LINE)))
    return _c(
        "valAx",
        _c("axId", val=ids[0]),
        _c("scaling", _c("orientation", val="minMax"), _c("max", val=repr(high)), _c("min", val=repr(low))),
        _c("delete", val=0 if ticks else 1),
        _c("axPos", val=side),
        grid if ticks and has_grid else None,
        _c("title", _c("tx", _rich(title, setting)), _c("overlay", val=0)) if title else None,
        _c("numFmt", formatCode=format_ticks(ticks) or "General", sourceLinked=0),
        _c("majorTickMark", val="none"),
        _c("minorTickMark", val="none"),
        _c("tickLblPos", val="low" if ticks else "none"),
        _c("spPr", _stroke(colours["muted"], _LINE)) if ticks and not has_grid else None,
        _text(setting, SMALL_SIZE, colours["muted"]) if ticks else None,
        _c("crossAx", val=ids[1]),
        _c("crosses", val="min" if title else "autoZero"),
        _c("crossBetween", val=between),
        _c("majorUnit", val=repr(step)) if step else None,
    )


def _layout(*, inner: bool = False, **shares: float) -> Element:
    """A place by shares of the chart's area (21.2.2.95)."""
    made = _c("manualLayout", _c("layoutTarget", val="inner") if inner else None)
    made.extend(_c(f"{name}Mode", val="edge") for name in ("x", "y"))
    made.extend(_c(name, val=f"{share:.5f}") for name, share in shares.items())
    return _c("layout", made)


def _shape(colour: str | None) -> Element:
    """A filled area without outline; with no colour not even filled."""
    return _c("spPr", _fill(colour) if colour else drawing("a:noFill"), drawing("a:ln", drawing("a:noFill")))


def _stroke(colour: str, width: int, dash: str = "solid") -> Element:
    return drawing("a:ln", _fill(colour), drawing("a:prstDash", val=dash), drawing("a:round"), w=width)


def _fill(colour: str) -> Element:
    return _colour("a:solidFill", colour)


def _colour(tag: str, colour: str) -> Element:
    return drawing(tag, drawing("a:srgbClr", val=_hex(colour)))


def _hex(colour: str) -> str:
    return colour.lstrip("#").upper()


def _text(setting: ChartTextSetting, pixels: float, colour: str, *, wrapped: bool = False) -> Element:
    paragraph = drawing("a:p", drawing("a:pPr", _run_properties("a:defRPr", setting, pixels, colour)))
    paragraph.append(drawing("a:endParaRPr", lang=setting.language))
    # Level, and in one line where it is not an axis: LibreOffice breaks values by the height of the chart.
    body = drawing("a:bodyPr", rot=0, vert="horz", wrap="square" if wrapped else "none")
    return _c("txPr", body, drawing("a:lstStyle"), paragraph)


def _run_properties(tag: str, setting: ChartTextSetting, pixels: float, colour: str) -> Element:
    latin, han = setting.faces
    return drawing(
        tag,
        _fill(colour),
        drawing("a:latin", typeface=latin.name),
        drawing("a:ea", typeface=han.name),
        drawing("a:cs", typeface=latin.name),
        lang=setting.language,
        sz=setting.size(pixels),
        b=0,
    )
