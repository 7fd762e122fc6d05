"""From a chart to a self-contained SVG."""

import re
from collections.abc import Iterator

from brief.charts.canvas import Drawing
from brief.charts.kinds import CHART_DRAWINGS
from brief.charts.parts import ChartPart, make_whole_part
from brief.charts.problems import report_undrawable
from brief.charts.svg import NAMESPACE, Typeface, write_element, write_mark, write_text
from brief.model.appearance.look import Look
from brief.model.diagnostics import Diagnostic, Severity
from brief.model.locale import primary_language
from brief.model.variant import Chart

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def draw_svg(chart: Chart, locale: str, look: Look, part: ChartPart | None = None) -> str:
    """The chart, or a part of it, as an `<svg>` element of the chart's width in CSS pixels, to stand in a page or alone.

    It names its own faces and language, since WeasyPrint does not hand a page's down to it; refers to nothing
    outside itself; and carries the chart's description as its accessible name (SVG-AAM 1.0, 8.1), all of it in its
    `<title>`, since WeasyPrint takes a PDF's alternative text from there alone.

    Raises:
        ContentError: the chart would mislead, or its labels find no place clear of one another.
    """
    part = part or make_whole_part(chart)
    drawing = draw_part(chart, look, part)
    title = f"{chart.id}-chart-title" if part.count == 1 else f"{chart.id}-{part.number}-chart-title"
    families = ",".join(_quote_family(family) for family in look.faces_for(locale).sans)
    typeface = Typeface(families, is_spaced=primary_language(locale) == "zh")
    return write_element(
        "svg",
        {
            "xmlns": NAMESPACE,
            "width": chart.width,
            "height": drawing.height,
            "viewBox": f"0 0 {chart.width:g} {drawing.height:g}",
            "role": "img",
            "aria-labelledby": title,
            "lang": locale,
            "xml:lang": locale,
            "font-family": families,
        },
        write_element("title", {"id": title}, write_text(chart.description)),
        *(write_mark(mark, typeface) for mark in drawing.marks),
    )


def draw_part(chart: Chart, look: Look, part: ChartPart) -> Drawing:
    """The marks of the chart, or of a part of it.

    Raises:
        ContentError: the chart would mislead, or its labels find no place clear of one another.
    """
    with report_undrawable(chart):
        return CHART_DRAWINGS[chart.chart].draw(chart, look, part.shown)


def report_left_out(chart: Chart, look: Look) -> Iterator[Diagnostic]:
    """Warns of notable points of a chart whose labels found no place.

    Raises:
        ContentError: the chart would mislead, or its labels find no place clear of one another.
    """
    found = draw_part(chart, look, make_whole_part(chart)).left_out
    if found:
        words = ", ".join(f"'{text}'" for text in found)
        message = f"chart '{chart.id}': the labels {words} of its first, lowest or highest point do not fit"
        hint = "draw fewer points, or name the points that matter in 'label_points'"
        yield Diagnostic("label-left-out", message, chart.location, hint, Severity.WARNING)


def _quote_family(family: str) -> str:
    """A family name as CSS writes it: bare if it is a run of identifiers, else in quotes (CSS Fonts 4, 2.1)."""
    return family if all(_IDENTIFIER.fullmatch(word) for word in family.split(" ")) else f"'{family}'"
