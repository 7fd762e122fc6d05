"""From a chart to a self-contained SVG."""

import re

from brief.charts.canvas import WIDTH
from brief.charts.spec import draw_chart
from brief.charts.svg import NAMESPACE, Typeface, write_element, write_mark, write_text
from brief.model.locale import primary_language
from brief.model.variant import Chart
from brief.templating.template_set import Look

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def draw_svg(chart: Chart, locale: str, look: Look) -> str:
    """The chart as an `<svg>` element of 640 CSS pixels' width, to stand in a page or alone.

    It names its own faces and language, since WeasyPrint does not hand a page's down to it; refers to nothing
    outside itself; and carries the chart's description as its accessible name (SVG-AAM 1.0, 8.1), all of it in its
    `<title>`, since WeasyPrint takes a PDF's alternative text from there alone.
    """
    drawing = draw_chart(chart, look)
    families = ",".join(_quote_family(family) for family in look.faces_for(locale).sans)
    typeface = Typeface(families, is_spaced=primary_language(locale) == "zh")
    title = f"{chart.id}-chart-title"
    return write_element(
        "svg",
        {
            "xmlns": NAMESPACE,
            "width": WIDTH,
            "height": drawing.height,
            "viewBox": f"0 0 {WIDTH:g} {drawing.height:g}",
            "role": "img",
            "aria-labelledby": title,
            "lang": locale,
            "xml:lang": locale,
            "font-family": families,
        },
        write_element("title", {"id": title}, write_text(chart.description)),
        *(write_mark(mark, typeface) for mark in drawing.marks),
    )


def _quote_family(family: str) -> str:
    """A family name as CSS writes it: bare if it is a run of identifiers, else in quotes (CSS Fonts 4, 2.1)."""
    return family if all(_IDENTIFIER.fullmatch(word) for word in family.split(" ")) else f"'{family}'"
