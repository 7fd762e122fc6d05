"""Layer 3: draws charts as SVG; also as PNG and as text alternatives."""

from brief.charts.canvas import NARROW
from brief.charts.draw import draw_svg, report_left_out
from brief.charts.parts import ChartPart, split_chart, take_part
from brief.charts.raster import rasterise
from brief.charts.text_alternative import describe_chart_data, format_figure, name_series

__all__ = [
    "NARROW",
    "ChartPart",
    "describe_chart_data",
    "draw_svg",
    "format_figure",
    "name_series",
    "rasterise",
    "report_left_out",
    "split_chart",
    "take_part",
]
