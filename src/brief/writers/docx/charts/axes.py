"""The axes of a chart. A value axis is shown only if the values are not printed at their bars, lines or points."""

from collections.abc import Iterator, Sequence

from brief.charts.canvas import SMALL_SIZE, TEXT_SIZE
from brief.charts.plot_area import PlotArea
from brief.charts.plots.scatter_chart import format_axis_title
from brief.model.blocks import ChartKind
from brief.model.variant import Chart, Point
from brief.writers.docx.charts.chart_figures import format_ticks
from brief.writers.docx.charts.elements import (
    CATEGORY_AXIS,
    HAIRLINE,
    VALUE_AXIS,
    ChartTextStyle,
    build_element,
    make_rich_text,
    make_stroke,
    make_text_properties,
)
from brief.writers.ooxml.elements import Element


def build_axes(chart: Chart, area: PlotArea, text_style: ChartTextStyle) -> Iterator[Element]:
    """Builds the category axis, on the left of or below the plot, in reading order, and the value axis."""
    colours = text_style.look.colours
    is_line = chart.chart_kind in (ChartKind.LINE, ChartKind.AREA)
    upright = is_line or area.is_upright
    skip = -(-len(chart.categories) // len(area.named)) if area.named else 1
    yield build_element(
        "catAx",
        build_element("axId", val=CATEGORY_AXIS),
        build_element("scaling", build_element("orientation", val="minMax" if upright else "maxMin")),
        build_element("delete", val=0),
        build_element("axPos", val="b" if upright else "l"),
        build_element("numFmt", formatCode="General", sourceLinked=0),
        build_element("majorTickMark", val="none"),
        build_element("minorTickMark", val="none"),
        build_element("tickLblPos", val="low"),
        build_element("spPr", make_stroke(colours["muted"], HAIRLINE)),
        make_text_properties(text_style, TEXT_SIZE, colours["muted" if is_line else "ink"], wrapped=True),
        build_element("crossAx", val=VALUE_AXIS),
        build_element("crosses", val="autoZero"),
        build_element("auto", val=0),
        build_element("lblAlgn", val="ctr"),
        build_element("lblOffset", val=100),
        build_element("tickLblSkip", val=skip) if skip > 1 else None,
        build_element("tickMarkSkip", val=skip) if skip > 1 else None,
        build_element("noMultiLvlLbl", val=1),
    )
    yield _build_value_axis(
        (VALUE_AXIS, CATEGORY_AXIS),
        "l" if upright else "t",
        (area.low, area.high),
        chart.ticks if area.has_axis else (),
        text_style,
        between="midCat" if is_line else "between",
    )


def build_scatter_axes(chart: Chart, area: PlotArea, text_style: ChartTextStyle) -> Iterator[Element]:
    """Builds the two value axes of a scatter chart, with the titles of its two series."""
    x_series, y_series = chart.series
    ends = float(x_series.ticks[0].value or 0), float(x_series.ticks[-1].value or 0)
    yield _build_value_axis(
        (CATEGORY_AXIS, VALUE_AXIS),
        "b",
        ends,
        x_series.ticks,
        text_style,
        has_grid=False,
        title=format_axis_title(x_series),
    )
    yield _build_value_axis(
        (VALUE_AXIS, CATEGORY_AXIS),
        "l",
        (area.low, area.high),
        y_series.ticks,
        text_style,
        title=format_axis_title(y_series),
    )


def _build_value_axis(
    ids: tuple[int, int],
    side: str,
    ends: tuple[float, float],
    ticks: Sequence[Point],
    text_style: ChartTextStyle,
    *,
    between: str = "midCat",
    has_grid: bool = True,
    title: str = "",
) -> Element:
    """Builds a value axis from `ends[0]` to `ends[1]`; without ticks it is not shown. `ids` are those of the axis and
    of the axis that it crosses; `side` is a value of `c:axPos`, and `between` one of `c:crossBetween`.
    """
    colours = text_style.look.colours
    low, high = ends
    step = (high - low) / (len(ticks) - 1) if len(ticks) > 1 else None
    grid = build_element("majorGridlines", build_element("spPr", make_stroke(colours["rule"], HAIRLINE)))
    return build_element(
        "valAx",
        build_element("axId", val=ids[0]),
        build_element(
            "scaling",
            build_element("orientation", val="minMax"),
            build_element("max", val=repr(high)),
            build_element("min", val=repr(low)),
        ),
        build_element("delete", val=0 if ticks else 1),
        build_element("axPos", val=side),
        grid if ticks and has_grid else None,
        build_element(
            "title", build_element("tx", make_rich_text((title,), text_style)), build_element("overlay", val=0)
        )
        if title
        else None,
        build_element("numFmt", formatCode=format_ticks(ticks) or "General", sourceLinked=0),
        build_element("majorTickMark", val="none"),
        build_element("minorTickMark", val="none"),
        build_element("tickLblPos", val="low" if ticks else "none"),
        build_element("spPr", make_stroke(colours["muted"], HAIRLINE)) if ticks and not has_grid else None,
        make_text_properties(text_style, SMALL_SIZE, colours["muted"]) if ticks else None,
        build_element("crossAx", val=ids[1]),
        build_element("crosses", val="min" if title else "autoZero"),
        build_element("crossBetween", val=between),
        build_element("majorUnit", val=repr(step)) if step else None,
    )
