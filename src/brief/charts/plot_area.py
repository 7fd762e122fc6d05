"""The area of a chart's plot, for native charts of Word, which must look like our drawing."""

from brief.charts.canvas import WIDTH
from brief.model.record import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotArea:
    """A drawing of `drawing_width` by `drawing_height` CSS pixels, the edges of its plot without the labels (`left`,
    `top`, `right`, `bottom`), and the values at the two ends of the value axis (`low`, `high`).

    `legend` is the y at which the legend begins, if there is one. `bar` is the thickness of a bar and `gap` the
    distance between the bars of one category. `above` says for each series and point of a line chart whether the label
    of the point is above it, not below.

    `labelled` lists for each series the indices of the points that have a label; it is empty if all have one. `named`
    lists the indices of the categories whose names are shown; it is empty if all are. `has_axis` says whether the value
    axis is shown, with its grid lines. `names` lists the named points of a scatter chart: the index of the point, the
    side of it that the name is on (t, b, l or r), and the lines of the name. `is_upright` says that bars are upright.
    """

    drawing_height: float
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
    is_upright: bool = False
    drawing_width: float = WIDTH
