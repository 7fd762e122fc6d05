"""The area of a chart's plot, for native charts of Word, which must look like our drawing."""

from brief.charts.canvas import WIDTH
from brief.model.record import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotArea:
    """A drawing of `width` by `height` CSS pixels, the area of the plot without its labels, and the values at its two
    ends.

    `legend` is the y at which the legend begins, if there is one. `bar` is the thickness of a bar and `gap` the
    distance between bars of one row. `above` says for each series and point of a line chart whether its value is above
    it, not below.

    `labelled` are the points of each series that have a label, if not all have. `named` are the categories that are
    named, if not all are, and `has_axis` says whether the value axis is shown, with its lines. `names` are the named
    points of a scatter chart, each with the side of its name (t, b, l or r) and the name's lines.
    """

    height: float
    left: float
    top: float
    right: float
    bottom: float
    low: float
    high: float
    legend: float | None = None
    bar: float = 0.0
    gap: float = 0.0
    above: tuple[tuple[bool, ...], ...] = ()
    labelled: tuple[tuple[int, ...], ...] = ()
    named: tuple[int, ...] = ()
    has_axis: bool = False
    names: tuple[tuple[int, str, tuple[str, ...]], ...] = ()
    width: float = WIDTH
