"""Floor 3: charts drawn as SVG from a variant's numbers and words; as pixels, or told, where SVG will not do."""

from brief.charts.draw import draw_svg
from brief.charts.raster import rasterise
from brief.charts.spec import frame
from brief.charts.text_alternative import describe_chart_data

__all__ = ["describe_chart_data", "draw_svg", "frame", "rasterise"]
