"""Composes the texts around a chart: the line above it, and its alternative text."""

from collections.abc import Sequence

from brief.model.blocks import ChartKind
from brief.model.catalogue import Catalogue
from brief.model.chart_kinds import CHART_KINDS
from brief.model.variant import Annotation
from brief.resolve.charts import Plot

_STOPS = ".。?？!！"


def compose_subtitle(kind: ChartKind, measure: str, title: str, plot: Plot, catalogue: Catalogue) -> str:
    """Composes the line above a chart: measure, unit and period. A measure that is the same as the title is left out.

    Empty for a timeline.
    """
    needs = CHART_KINDS[kind]
    if needs.is_dated:
        return ""
    parts = [
        "" if measure.casefold().rstrip(_STOPS) == title.casefold().rstrip(_STOPS) else measure,
        plot.unit,
        plot.period,
    ]
    return catalogue.get(" · ", "chart").join(part for part in parts if part)


def describe_chart(
    kind: ChartKind,
    title: str,
    plot: Plot,
    shows: str,
    catalogue: Catalogue,
    annotations: Sequence[Annotation] = (),
    axes: Sequence[str] = (),
) -> str:
    """Composes the alternative text of a chart: its kind, extent and title, what its author says it `shows`, and its
    annotations. `axes` has the titles of the series, which are used if each has an axis of its own.
    """
    if annotations:
        sentences = catalogue.get("; ", "chart").join(annotation.sentence for annotation in annotations)
        shows = catalogue.get("{text} {sentence}", "chart").format(text=shows, sentence=sentences)
    low, high = plot.extent
    if axes and plot.extents:
        extents = (
            catalogue.get("{category}: {value}", "chart").format(category=axis, value=_join_extent(extent, catalogue))
            for axis, extent in zip(axes, plot.extents, strict=True)
        )
        low = high = catalogue.get("; ", "chart").join(extents)
    pattern = "{kind}, {low} to {high}: {title}. {shows}" if low != high else "{kind}, {low}: {title}. {shows}"
    return (
        catalogue.get(pattern, "chart")
        .format(
            kind=catalogue.get(CHART_KINDS[kind].name, "chart"),
            low=low,
            high=high,
            title=title.rstrip(_STOPS),
            shows=shows,
        )
        .rstrip()
    )


def _join_extent(extent: tuple[str, str], catalogue: Catalogue) -> str:
    low, high = extent
    text = catalogue.get("{low} to {high}", "quantity").replace("{low}", low).replace("{high}", high)
    return text if low != high else low
