"""A chart as DrawingML (ECMA-376 part 1, 21.2): data, plot, labels, and the template set's colours and typefaces.

It is laid out like the SVG that the other formats show, with positions as fractions of the drawing. If every value has
a label, there is no value axis and no grid. python-docx writes no charts, and python-pptx, which does, leaves the
position of the plot and of its labels to the program that shows them.
"""

from collections.abc import Sequence

from lxml import etree

from brief.charts.canvas import SMALL_SIZE, TEXT_SIZE
from brief.charts.plot_area import PlotArea
from brief.model.blocks import ChartKind
from brief.model.variant import Chart
from brief.writers.docx.charts.axes import build_axes, build_scatter_axes
from brief.writers.docx.charts.chart_figures import FormattedValue
from brief.writers.docx.charts.elements import (
    ChartTextStyle,
    build_element,
    build_fill,
    build_manual_layout,
    make_run_properties,
    make_text_properties,
)
from brief.writers.docx.charts.plots import build_areas, build_bars, build_lines, build_scatter
from brief.writers.ooxml.elements import Element, make_drawing_element, qualify_name, serialise_part


def build_chart_xml(
    chart: Chart,
    rows: Sequence[Sequence[FormattedValue]],
    area: PlotArea,
    text_style: ChartTextStyle,
    workbook_relationship_id: str,
) -> bytes:
    """Builds the chart part. `workbook_relationship_id` is the id of its relationship to the workbook with the same
    figures.

    Raises:
        ValueError: Word has no charts of this kind, for which `native_charts` never calls this.
    """
    has_legend = len(chart.series) > 1 and chart.chart_kind is not ChartKind.SCATTER
    subtitle = chart.subtitle or chart.unit
    title = _build_title(subtitle, text_style) if subtitle else None
    workbook = build_element("externalData", build_element("autoUpdate", val=0))
    workbook.set(qualify_name("r:id"), workbook_relationship_id)
    root = build_element(
        "chartSpace",
        build_element("date1904", val=0),
        build_element("lang", val=text_style.language),
        build_element("roundedCorners", val=0),
        build_element(
            "chart",
            title,
            build_element("autoTitleDeleted", val=0 if subtitle else 1),
            _build_plot_area(chart, rows, area, text_style),
            _build_legend(area, text_style) if has_legend else None,
            build_element("plotVisOnly", val=1),
            build_element("dispBlanksAs", val="gap"),
        ),
        build_fill(None),
        make_text_properties(text_style, TEXT_SIZE, text_style.look.colours["ink"]),
        workbook,
    )
    etree.cleanup_namespaces(root)
    return serialise_part(root)


def _build_title(text: str, text_style: ChartTextStyle) -> Element:
    """Builds the DrawingML title, at the top left, which holds the chart's subtitle or unit."""
    run = make_drawing_element(
        "a:r",
        make_run_properties("a:rPr", text_style, SMALL_SIZE, text_style.look.colours["muted"]),
        make_drawing_element("a:t"),
    )
    run[1].text = text
    paragraph = make_drawing_element("a:p", make_drawing_element("a:pPr", algn="l"), run)
    rich = build_element("rich", make_drawing_element("a:bodyPr"), make_drawing_element("a:lstStyle"), paragraph)
    return build_element(
        "title", build_element("tx", rich), build_manual_layout(x=0.0, y=0.0), build_element("overlay", val=0)
    )


def _build_legend(area: PlotArea, text_style: ChartTextStyle) -> Element:
    top = area.legend or 0.0
    return build_element(
        "legend",
        build_element("legendPos", val="t"),
        build_manual_layout(x=0.0, y=top / area.drawing_height),
        build_element("overlay", val=0),
        make_text_properties(text_style, SMALL_SIZE, text_style.look.colours["ink"]),
    )


def _build_plot_area(
    chart: Chart, rows: Sequence[Sequence[FormattedValue]], area: PlotArea, text_style: ChartTextStyle
) -> Element:
    layout = build_manual_layout(
        inner=True,
        x=area.left / area.drawing_width,
        y=area.top / area.drawing_height,
        w=(area.right - area.left) / area.drawing_width,
        h=(area.bottom - area.top) / area.drawing_height,
    )
    match chart.chart_kind:
        case ChartKind.SCATTER:
            return build_element(
                "plotArea",
                layout,
                build_scatter(chart, rows, area, text_style),
                *build_scatter_axes(chart, area, text_style),
            )
        case ChartKind.LINE:
            plot = build_lines(chart, rows, area, text_style)
        case ChartKind.AREA:
            plot = build_areas(chart, rows, text_style)
        case ChartKind.BARS | ChartKind.GROUPED_BARS | ChartKind.STACKED | ChartKind.STACKED_100:
            plot = build_bars(chart, rows, area, text_style)
        case other:
            raise ValueError(f"charts of kind '{other}' have no native form in Word; they are inserted as pictures")
    return build_element("plotArea", layout, plot, *build_axes(chart, area, text_style))
