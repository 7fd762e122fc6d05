"""Draws a chart as a self-contained SVG."""

import re
from collections.abc import Iterator
from dataclasses import replace

from brief.charts.canvas import Drawing
from brief.charts.kinds import CHART_DRAWINGS
from brief.charts.parts import ChartPart, make_whole_part
from brief.charts.problems import report_undrawable
from brief.charts.svg import NAMESPACE, TextFont, escape_text, render_element, render_mark
from brief.model.appearance.look import Look
from brief.model.diagnostics import Diagnostic, Severity
from brief.model.locale import get_primary_language
from brief.model.variant import Chart

# The most recent drawings, keyed by chart and look, because several formats and audiences have the same charts.
_recent_drawings: dict[tuple[Chart, range], tuple[Look, Drawing]] = {}
_MAX_DRAWINGS = 32
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def draw_svg(chart: Chart, locale: str, look: Look, part: ChartPart | None = None) -> str:
    """Draws the chart, or a part of it, as an `<svg>` element of the chart's width in CSS pixels, for a page or a file.

    The element states its own fonts and language, because WeasyPrint does not let it inherit them from the page, and
    has no external references. The chart's description is its accessible name (SVG-AAM 1.0, 8.1), and is in its
    `<title>`, because WeasyPrint takes a PDF's alternative text only from there.

    Raises:
        ContentError: the chart would mislead, or its labels do not fit.
    """
    part = part or make_whole_part(chart)
    drawing = draw_part(chart, look, part)
    title = f"{chart.id}-chart-title" if part.count == 1 else f"{chart.id}-{part.number}-chart-title"
    families = ",".join(_quote_family(family) for family in look.find_faces(locale).sans)
    typeface = TextFont(families, has_script_gaps=get_primary_language(locale) == "zh")
    return render_element(
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
        render_element("title", {"id": title}, escape_text(chart.description)),
        *(render_mark(mark, typeface) for mark in drawing.marks),
    )


def draw_part(chart: Chart, look: Look, part: ChartPart) -> Drawing:
    """Draws the marks of the chart, or of a part of it.

    Raises:
        ContentError: the chart would mislead, or its labels do not fit.
    """
    key = replace(chart, id="", label="", description="", title=(), citation=(), note=None), part.shown
    drawn_in, drawing = _recent_drawings.get(key, (None, None))
    if drawing is None or drawn_in is not look:
        with report_undrawable(chart):
            drawing = CHART_DRAWINGS[chart.chart_kind].draw(chart, look, part.shown)
        # All are removed: other threads may add some while a search for the oldest iterates.
        if len(_recent_drawings) >= _MAX_DRAWINGS:
            _recent_drawings.clear()
        _recent_drawings[key] = look, drawing
    return drawing


def report_left_out(chart: Chart, look: Look) -> Iterator[Diagnostic]:
    """Yields a warning if labels of a chart's notable points did not fit.

    Raises:
        ContentError: the chart would mislead, or its labels do not fit.
    """
    left_out = draw_part(chart, look, make_whole_part(chart)).left_out
    if left_out:
        texts = ", ".join(f"'{text}'" for text in left_out)
        message = f"chart '{chart.id}': the labels {texts} of its first, lowest or highest point do not fit"
        hint = "draw fewer points, or name the points that matter in 'label_points'"
        yield Diagnostic("label-left-out", message, chart.location, hint, Severity.WARNING)


def _quote_family(family: str) -> str:
    """Quotes a family name for CSS, unless it consists of identifiers (CSS Fonts 4, 2.1)."""
    return family if all(_IDENTIFIER.fullmatch(word) for word in family.split(" ")) else f"'{family}'"
