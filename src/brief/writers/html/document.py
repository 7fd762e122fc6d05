"""Renders a variant as HTML, for the screen and for print."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Literal

from markupsafe import Markup

from brief.charts.canvas import NARROW
from brief.charts.draw import draw_svg
from brief.charts.parts import split_chart, take_part
from brief.charts.text_alternative import describe_chart_data, format_figure, name_series
from brief.charts.vega.draw import draw_vega
from brief.charts.vega.short_tables import shorten_tables
from brief.model.appearance.look import Look, RenderLimits
from brief.model.catalogue import Catalogue
from brief.model.diagnostics import ContentError
from brief.model.inline import to_plain_text
from brief.model.variant import Block, Chart, Figure, Prose, Series, Table, Variant, Vega
from brief.resolve.citations import find_introduced
from brief.resolve.prose import find_footnotes
from brief.templating.output_rules import require_permitted
from brief.templating.plain import Plain, record_to_plain, to_plain, variant_to_plain
from brief.templating.template_set import TemplateSet
from brief.writers.front_matter import fills_front_page
from brief.writers.html.late_pictures import replace_by_digest
from brief.writers.landscape import find_landscape_blocks, has_text_after
from brief.writers.table_layout import TableFit, describe_row, divide_on_pages, fit_table, needs_landscape

Medium = Literal["screen", "print"]

# What templates see in addition to the fields of the variant. Drawings, the style sheet and widths are printed without
# escaping, because this module makes them.
ADDED_VARIABLES = {
    "medium": "`screen` or `print`",
    "layout": "`compact` or `full`: whether the variant has a cover and contents",
    "keywords": "the titles of the themes, separated by commas",
    "logo": "the logo of the template set, or nothing",
    "footnotes": "whether references are also printed at the foot of the page",
    "fills_front_page": "whether the introduction and the contents fill a page of their own on paper",
    "stylesheet": "the style sheet, to be printed in `<style>`",
    "exhibits": "the tables and figures in reading order: `id`, `label` and `title` of each",
}
# The keys that are added to parts of the variant, by part.
ADDED_KEYS = {
    "block": {"landscape": "whether the block is on a landscape page"},
    "source": {"cited_in": "the numbers of the sections that cite the source"},
    "chart": {
        "drawing": "the chart as SVG",
        "parts": "into how many parts a tall chart is divided",
        "heads": "the titles of the series with their units",
        "figures": "the figures as text, by category and series",
    },
    "vega": {"drawing": "the chart as SVG"},
    "prose": {"notes": "the footnotes of the text"},
    "table": {
        "fit": "how the table is fitted to the page: classes of the style sheet",
        "widths": "the widths of the columns, as elements",
        "grid": "the rows, with only the cells that no other cell covers",
    },
}


def render_markup(
    variant: Variant,
    template_set: TemplateSet,
    template: str,
    *,
    medium: Medium,
    stylesheet: str = "",
    chart_look: Look | None = None,
) -> str:
    """Renders the set's `template` for the variant. Charts are inline SVG. Pictures are data: URIs with only their
    digests, which `brief.writers.html.late_pictures` replaces.

    The template sees what `make_context` returns. Charts are drawn in the set's look, or in `chart_look`.

    Raises:
        ContentError: a template of the set has errors, or prints something that a page may not contain; or a chart
            cannot be drawn.
    """
    # The template engine is large, and a check of charts does without it.
    from brief.templating.sandbox import render

    context = make_context(variant, chart_look or template_set.look, medium, stylesheet)
    return require_permitted(render(template_set, template, context, variant.catalogue), template_set, template)


def make_context(variant: Variant, look: Look, medium: Medium, stylesheet: str = "") -> dict[str, Plain]:
    """Returns the variables of a template: the fields of the variant, with `ADDED_VARIABLES` and `ADDED_KEYS`."""
    cited = _list_citing_sections(variant)
    return variant_to_plain(replace(variant, sections=())) | {
        "medium": medium,
        "layout": "compact" if variant.is_compact and look.has_compact else "full",
        "keywords": ", ".join(to_plain_text(section.title) for section in variant.sections),
        "logo": to_plain(look.logo),
        "footnotes": look.has_footnotes,
        "fills_front_page": fills_front_page(variant, lists_exhibits=not look.has_footnotes),
        "stylesheet": Markup(stylesheet),  # noqa: S704
        "sources": [record_to_plain(source) | {"cited_in": cited.get(source.number, [])} for source in variant.sources],
        "exhibits": [dict(exhibit._asdict()) for exhibit in variant.list_exhibits()],
        "sections": [
            {
                **record_to_plain(replace(section, blocks=())),
                "blocks": [
                    {
                        **_describe_block(
                            block, variant, medium, look, at_end=not has_text_after(section.blocks, block)
                        ),
                        "landscape": landscape,
                    }
                    for block, landscape in zip(section.blocks, _find_landscape(section.blocks, medium), strict=True)
                ],
            }
            for section in variant.sections
        ],
    }


def render_for_preflight(
    variant: Variant, template_set: TemplateSet, template: str, *, medium: Medium, stylesheet: str = ""
) -> str:
    """Renders what may be wrong on the page. If the project has templates or limits of its own, this is the whole page;
    otherwise only the style sheet, after the charts have been drawn.

    Raises:
        ContentError: as `render_markup` does.
    """
    # `brief.writers.formats` relies on this: then a check need not localise anything but charts.
    if template_set.has_own("*.j2") or template_set.look.limits != RenderLimits():
        return render_markup(variant, template_set, template, medium=medium, stylesheet=stylesheet)
    for block in (block for section in variant.sections for block in section.blocks):
        if isinstance(block, Chart | Vega):
            _describe_block(block, variant, medium, template_set.look)
    return require_permitted(f"<style>{stylesheet}</style>", template_set, template)


def _list_citing_sections(variant: Variant) -> dict[int, list[Plain]]:
    """Maps the number of each source to the numbers of the sections that cite it, in order."""
    sections: dict[int, list[Plain]] = {}
    for section in variant.sections:
        for number in sorted(find_introduced(section)):
            sections.setdefault(number, []).append(section.number)
    return sections


def _write_header(series: Series, unit: str, catalogue: Catalogue) -> Markup:
    """Returns the header of a series, in which no line breaks within the brackets around the unit."""
    name = name_series(series, unit, catalogue)
    bracketed = name.removeprefix(series.title).lstrip()
    if not bracketed or bracketed == name:
        return Markup.escape(name)
    return Markup('{}<span class="unit">{}</span>').format(name.removesuffix(bracketed), bracketed)


def _find_landscape(blocks: Sequence[Block], medium: Medium) -> tuple[bool, ...]:
    return find_landscape_blocks(blocks, needs_landscape) if medium == "print" else (False,) * len(blocks)


def _describe_block(
    block: Block, variant: Variant, medium: Medium, look: Look, *, at_end: bool = False
) -> dict[str, Plain]:
    if isinstance(block, Figure):
        block = replace(block, image=replace_by_digest(block.image))
    if isinstance(block, Vega) and medium == "print":
        block = shorten_tables(block, variant.catalogue)
    fields = record_to_plain(block)
    if isinstance(block, Chart):
        parts = tuple(_draw_parts(block, variant, medium, look, at_end=at_end))
        fields["drawing"], fields["parts"] = Markup("\n".join(parts)), len(parts)  # noqa: S704
        fields["heads"] = [
            _write_header(series, series.unit or block.unit, variant.catalogue) for series in block.series
        ]
        fields["figures"] = [
            [format_figure(series.points[index], block, variant.catalogue) for series in block.series]
            for index in range(len(block.categories))
        ]
    if isinstance(block, Vega):
        fields["drawing"] = Markup(draw_vega(block, variant.locale, look))  # noqa: S704
    if isinstance(block, Prose):
        fields["notes"] = to_plain(tuple(find_footnotes(block.parts)))
    if isinstance(block, Table):
        fit = fit_table(block)
        fields["fit"], fields["widths"] = fit.classes, _write_column_widths(fit)
        kept_rows: frozenset[int] = frozenset()
        if medium == "print":
            block, kept_rows = divide_on_pages(block, fit, variant.catalogue, is_landscape=look.is_landscape)
        fields["grid"] = [describe_row(block, index, kept_rows) for index in range(len(block.rows))]
    return fields


def _draw_parts(chart: Chart, variant: Variant, medium: Medium, look: Look, *, at_end: bool) -> Iterator[str]:
    """Yields the chart as SVG. For the screen: the whole chart, once for wide screens and, if its labels fit, once for
    narrow screens; a table of its figures is below. For paper: parts that fit on a page, each with its own text
    alternative.
    """
    if medium == "screen":
        yield f'<div class="wide">{draw_svg(chart, variant.locale, look)}</div>'
        with suppress(ContentError):
            narrow = replace(chart, id=f"{chart.id}-narrow", width=NARROW)
            yield f'<div class="narrow">{draw_svg(narrow, variant.locale, look)}</div>'
        return
    for part in split_chart(chart, look, ends_section=at_end):
        described = replace(chart, description=describe_chart_data(take_part(chart, part), variant.catalogue))
        yield draw_svg(described, variant.locale, look, part)


def _write_column_widths(fit: TableFit) -> Markup:
    """Returns the columns of a table on paper, with their widths, as HTML."""
    columns = "".join(f'<col style="width: {width:.2f}%">' for width in fit.widths)
    return Markup(f"<colgroup>{columns}</colgroup>")  # noqa: S704
