"""Where the plot of a chart lies, for programs that draw the chart themselves and are to come out as ours does."""

from dataclasses import dataclass

from brief.charts.canvas import WIDTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A sheet `width` by `height` CSS pixels, on it the plot without its labels, and the values at the plot's two ends.

    `legend` is how far down the legend begins, where there is one. `bar` is how thick a bar is and `gap` how far those
    of one row stand apart. `above` says of each series' points, on a line chart, whether their values stand above them;
    those of the others stand below.
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
    width: float = WIDTH
