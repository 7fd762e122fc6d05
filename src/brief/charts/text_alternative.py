"""Describes a chart in words, as its text alternative (alt text)."""

from brief.model.catalogue import Catalogue
from brief.model.variant import Chart, Point, Series

_CONTEXT = "chart"


def describe_chart_data(chart: Chart, catalogue: Catalogue) -> str:
    """Returns the text alternative of the chart, followed by one sentence for each series with all its figures."""
    text = chart.description
    for series in chart.series:
        text = catalogue.get("{text} {sentence}", _CONTEXT).format(
            text=text, sentence=_describe_series(series, chart, catalogue)
        )
    return text


def format_figure(point: Point, chart: Chart, catalogue: Catalogue) -> str:
    """Returns the printed text of a value, with "(projection)" after a projected value, because text has no hatching or
    dashes.
    """
    if not point.is_projected or not chart.projection:
        return point.text
    pattern = catalogue.get("{value} ({projection})", _CONTEXT)
    return pattern.format(value=point.text, projection=chart.projection)


def name_series(series: Series, unit: str, catalogue: Catalogue) -> str:
    """Returns the title of a series as the header of a column, with `unit` in brackets unless that is empty: `Revenue
    (€ million)`.
    """
    return catalogue.get("{title} ({unit})", "table").format(title=series.title, unit=unit) if unit else series.title


def _describe_series(series: Series, chart: Chart, catalogue: Catalogue) -> str:
    figures = catalogue.get("; ", _CONTEXT).join(
        catalogue.get("{category}: {value}", _CONTEXT).format(
            category=category, value=format_figure(point, chart, catalogue)
        )
        for category, point in zip(chart.categories, series.points, strict=True)
    )
    unit = series.unit or chart.unit
    pattern = "{series} ({unit}). {figures}." if unit else "{series}. {figures}."
    return catalogue.get(pattern, _CONTEXT).format(series=series.title, unit=unit, figures=figures)
