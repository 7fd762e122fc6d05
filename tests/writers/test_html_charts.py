"""Charts on pages: on screens once for wide ones and once for narrow ones, on paper in parts that fit a page."""

import re
from collections import Counter
from dataclasses import replace

from chart_samples import LOCALES, QUARTERS, make_chart, number_names, plain, row
from variant_samples import sample

from brief.charts.canvas import NARROW
from brief.model.blocks import ChartKind
from brief.model.variant import Chart
from brief.templating.template_set import find_template_set
from brief.writers.html.document import Medium, render_markup

SET = find_template_set("base")


def page(chart: Chart, locale: str = "en", medium: Medium = "screen") -> str:
    template = {"screen": "screen.html.j2", "print": "print.html.j2"}[medium]
    return render_markup(sample(locale, blocks=(chart,)), SET, template, medium=medium)


def test_a_screen_gets_every_chart_for_its_width() -> None:
    for kind in ChartKind:
        for locale in LOCALES:
            drawn = page(plain(kind, locale), locale)
            assert re.findall(r"<svg [^>]*width=\"(\d+)\"", drawn) == ["640", f"{NARROW}"]
            assert re.findall(r'<div class="(wide|narrow)">', drawn) == ["wide", "narrow"]
            ids = Counter(re.findall(r' id="([^"]+)"', drawn))
            assert max(ids.values()) == 1


def test_what_does_not_fit_a_narrow_screen_is_drawn_for_wide_ones_alone() -> None:
    parts = [row(10.125, 5.125) for _ in range(12)]
    drawn = page(make_chart(ChartKind.STACKED, "en", QUARTERS[:2], number_names(12), parts))
    assert re.findall(r'<div class="(wide|narrow)">', drawn) == ["wide"]


def test_paper_gets_a_tall_chart_in_parts_that_say_their_figures() -> None:
    chart = make_chart(ChartKind.BARS, "en", number_names(60), [("Riders",) * 3], [row(*range(1000, 1060))])
    drawn = page(chart, medium="print")
    titles = re.findall(r"<title[^>]*>([^<]*)</title>", drawn)
    said = [title for title in titles if "Series" in title]
    assert len(said) > 1
    assert "".join(said).count("Series ") == 60
    assert 'class="chart parted"' in drawn
    assert 'class="chart"' in page(
        replace(
            chart,
            categories=chart.categories[:3],
            series=(replace(chart.series[0], points=chart.series[0].points[:3]),),
        ),
        medium="print",
    )
