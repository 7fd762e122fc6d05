"""A chart as DrawingML (ECMA-376 part 1, 21.2): data, plot, labels, and the set's colours and faces.

It is laid out as our own drawing is, by shares of its area, and says every value beside its mark, so that it has no
value axis and no grid.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from brief.charts.canvas import SMALL_SIZE, TEXT_SIZE
from brief.charts.legend import series_colour
from brief.charts.plot_area import Frame
from brief.charts.series_marks import readable
from brief.model.appearance.look import Look
from brief.model.blocks import ChartKind
from brief.model.variant import Chart
from brief.writers.docx.charts.chart_figures import FormattedValue
from brief.writers.docx.charts.workbook import SHEET, column_letter
from brief.writers.docx.reference.languages import Face
from brief.writers.ooxml.elements import Element, drawing, qualified_name

# Two axes that name each other; any two numbers do.
_CATEGORY_AXIS, _VALUE_AXIS = 111111111, 222222222
_LINE = 9525  # EMU; three quarters of a point, as thin as a CSS pixel
_SERIES_LINE = 19050
# As our own lines, by shape and dash as well as colour (ST_MarkerStyle, ST_PresetLineDashVal).
_MARKERS = ("circle", "square", "diamond", "triangle", "x", "dash")
_DASHES = ("solid", "dash", "sysDot", "dashDot", "lgDash", "sysDash")
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
    several = len(chart.series) > 1
    title = _title(chart.unit, setting) if chart.unit else None
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
            _c("autoTitleDeleted", val=0 if chart.unit else 1),
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
    lines = chart.chart is ChartKind.LINE
    plot = _lines(chart, rows, frame, setting) if lines else _bars(chart, rows, frame, setting)
    return _c("plotArea", place, plot, *_axes(frame, setting, lines=lines))


def _bars(chart: Chart, rows: Sequence[Sequence[FormattedValue]], frame: Frame, setting: ChartTextSetting) -> Element:
    """Bars as thick and as far apart as in our own drawing; Word counts both in hundredths of a bar."""
    count = len(rows)
    slot = (frame.bottom - frame.top) / len(chart.categories) / frame.bar
    overlap = frame.gap / frame.bar
    series = [
        _c(
            "ser",
            *_series_head(chart, index),
            _shape(series_colour(setting.look, index)),
            _c("invertIfNegative", val=0),
            _labels(row, ["outEnd"] * len(row), setting.look.colours["ink"], setting),
            *_data(chart, index, row),
        )
        for index, row in enumerate(rows)
    ]
    return _c(
        "barChart",
        _c("barDir", val="bar"),
        _c("grouping", val="clustered"),
        _c("varyColors", val=0),
        *series,
        _c("gapWidth", val=max(0, min(500, round(100 * (slot - count - overlap * (count - 1)))))),
        _c("overlap", val=-round(100 * overlap)) if count > 1 else None,
        _c("axId", val=_CATEGORY_AXIS),
        _c("axId", val=_VALUE_AXIS),
    )


def _lines(chart: Chart, rows: Sequence[Sequence[FormattedValue]], frame: Frame, setting: ChartTextSetting) -> Element:
    series = []
    for index, (row, above) in enumerate(zip(rows, frame.above, strict=True)):
        colour = series_colour(setting.look, index)
        ink = readable(colour, setting.look) if len(rows) > 1 else setting.look.colours["ink"]
        series.append(
            _c(
                "ser",
                *_series_head(chart, index),
                _c("spPr", _stroke(colour, _SERIES_LINE, _DASHES[index % len(_DASHES)])),
                _c(
                    "marker",
                    _c("symbol", val=_MARKERS[index % len(_MARKERS)]),
                    _c("size", val=_MARKER_SIZE),
                    _shape(colour),
                ),
                _labels(row, ["t" if high else "b" for high in above], ink, setting),
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


def _series_head(chart: Chart, index: int) -> Iterator[Element]:
    name = column_letter(index + 1)
    yield _c("idx", val=index)
    yield _c("order", val=index)
    cached = _c("strCache", _c("ptCount", val=1), _point(0, chart.series[index].title))
    yield _c("tx", _c("strRef", _formula(f"{SHEET}!${name}$1"), cached))


def _data(chart: Chart, index: int, row: Sequence[FormattedValue]) -> Iterator[Element]:
    """References into the workbook, and what stands there."""
    name, last = column_letter(index + 1), len(row) + 1
    words = [_point(at, category) for at, category in enumerate(chart.categories)]
    cached = _c("strCache", _c("ptCount", val=len(words)), *words)
    yield _c("cat", _c("strRef", _formula(f"{SHEET}!$A$2:$A${last}"), cached))
    numbers = [_point(at, f"{figure.value:f}", figure.code) for at, figure in enumerate(row)]
    code = _c("formatCode")
    code.text = "General"
    cached = _c("numCache", code, _c("ptCount", val=len(numbers)), *numbers)
    yield _c("val", _c("numRef", _formula(f"{SHEET}!${name}$2:${name}${last}"), cached))


def _point(index: int, words: str, code: str | None = None) -> Element:
    value = _c("v")
    value.text = words
    return _c("pt", value, idx=index, **({"formatCode": code} if code else {}))


def _formula(words: str) -> Element:
    made = _c("f")
    made.text = words
    return made


def _labels(row: Sequence[FormattedValue], positions: Sequence[str], colour: str, setting: ChartTextSetting) -> Element:
    """A label for each point in that point's own format and position."""

    def settings(code: str, position: str) -> list[Element]:
        return [
            _c("numFmt", formatCode=code, sourceLinked=0),
            _c("spPr", drawing("a:noFill"), drawing("a:ln", drawing("a:noFill"))),
            _text(setting, TEXT_SIZE, colour),
            _c("dLblPos", val=position),
            _c("showLegendKey", val=0),
            _c("showVal", val=1),
            _c("showCatName", val=0),
            _c("showSerName", val=0),
            _c("showPercent", val=0),
            _c("showBubbleSize", val=0),
        ]

    single = [
        _c("dLbl", _c("idx", val=index), *settings(figure.code, position))
        for index, (figure, position) in enumerate(zip(row, positions, strict=True))
    ]
    return _c("dLbls", *single, *settings("General", positions[0]))


def _axes(frame: Frame, setting: ChartTextSetting, *, lines: bool) -> Iterator[Element]:
    """Categories beside or beneath the plot, in the order in which they are read; the values' axis is not shown."""
    colours = setting.look.colours
    yield _c(
        "catAx",
        _c("axId", val=_CATEGORY_AXIS),
        _c("scaling", _c("orientation", val="minMax" if lines else "maxMin")),
        _c("delete", val=0),
        _c("axPos", val="b" if lines else "l"),
        _c("numFmt", formatCode="General", sourceLinked=0),
        _c("majorTickMark", val="none"),
        _c("minorTickMark", val="none"),
        _c("tickLblPos", val="low"),
        _c("spPr", _stroke(colours["muted"], _LINE)),
        _text(setting, TEXT_SIZE, colours["muted" if lines else "ink"], wrapped=True),
        _c("crossAx", val=_VALUE_AXIS),
        _c("crosses", val="autoZero"),
        _c("auto", val=0),
        _c("lblAlgn", val="ctr"),
        _c("lblOffset", val=100),
        _c("noMultiLvlLbl", val=1),
    )
    yield _c(
        "valAx",
        _c("axId", val=_VALUE_AXIS),
        _c(
            "scaling",
            _c("orientation", val="minMax"),
            _c("max", val=repr(frame.high)),
            _c("min", val=repr(frame.low)),
        ),
        _c("delete", val=1),
        _c("axPos", val="l" if lines else "t"),
        _c("numFmt", formatCode="General", sourceLinked=0),
        _c("majorTickMark", val="none"),
        _c("minorTickMark", val="none"),
        _c("tickLblPos", val="none"),
        _c("crossAx", val=_CATEGORY_AXIS),
        _c("crosses", val="autoZero"),
        _c("crossBetween", val="midCat" if lines else "between"),
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
    return drawing("a:solidFill", drawing("a:srgbClr", val=colour.lstrip("#").upper()))


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
