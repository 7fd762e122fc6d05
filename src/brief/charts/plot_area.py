"""Where the plot of a chart lies, for native charts of Word, which must look like our drawing."""

from dataclasses import dataclass

from brief.charts.canvas import WIDTH


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotArea:
    """A sheet `width` by `height` CSS pixels, on it the plot without its labels, and the values at the plot's two ends.

    `legend` is how far down the legend begins, where there is one. `bar` is how thick a bar is and `gap` how far those
    of one row stand apart. `above` says of each series' points, on a line chart, whether their values stand above them;
    those of the others stand below.

    `labelled` are the points of each series that have a label, where not all have. `named` are the categories that are
    named, where not all are, and `has_axis` says whether the values' axis is shown, with its lines. `names` are the
    points of a scatter chart that are named, on which side (t, b, l or r), and their names in lines.
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
