"""Floor 3: charts drawn as SVG from a variant's numbers and words, and as pixels where SVG will not do."""

from brief.charts.draw import draw_svg
from brief.charts.raster import rasterise
from brief.charts.spec import frame

__all__ = ["draw_svg", "frame", "rasterise"]
