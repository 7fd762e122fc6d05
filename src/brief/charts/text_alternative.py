"""A chart in words, for readers who cannot see it and are given no table of its figures."""

from brief.model.catalogue import Catalogue
from brief.model.variant import Chart, Series

_CONTEXT = "chart"


def describe_chart_data(chart: Chart, catalogue: Catalogue) -> str:
    """What the chart shows, as its author put it, and then every figure of it: a sentence for each series."""
    text = chart.description
    for series in chart.series:
        text = catalogue.get("{text} {sentence}", _CONTEXT).format(
            text=text, sentence=_sentence(series, chart, catalogue)
        )
    return text


def _sentence(series: Series, chart: Chart, catalogue: Catalogue) -> str:
    figures = catalogue.get("; ", _CONTEXT).join(
        catalogue.get("{category}: {value}", _CONTEXT).format(category=category, value=point.text)
        for category, point in zip(chart.categories, series.points, strict=True)
    )
    pattern = "{series} ({unit}). {figures}." if chart.unit else "{series}. {figures}."
    return catalogue.get(pattern, _CONTEXT).format(series=series.title, unit=chart.unit, figures=figures)
