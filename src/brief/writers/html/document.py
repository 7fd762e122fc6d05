"""From a variant to the text of an HTML document, for the screen and for print alike."""

from dataclasses import replace
from typing import Literal

from markupsafe import Markup

from brief.charts import describe_chart_data, draw_svg
from brief.model.inline import plain_text
from brief.model.variant import Block, Chart, Table, Variant
from brief.resolve.columns import PAGE, compute_table_widths
from brief.templating.output_rules import require_permitted
from brief.templating.plain import Plain, record_to_plain, to_plain, variant_to_plain
from brief.templating.sandbox import render
from brief.templating.template_set import Look, TemplateSet

Medium = Literal["screen", "print"]


def render_markup(
    variant: Variant,
    template_set: TemplateSet,
    template: str,
    *,
    medium: Medium,
    stylesheet: str = "",
    chart_look: Look | None = None,
) -> str:
    """What the set's `template` makes of the variant. Charts are SVG in place; pictures are data: URIs.

    The template sees the variant's fields and, beside them: `medium`, `layout`, `keywords`, `logo`, `footnotes` (whether
    references stand at the foot of the page too), `stylesheet`, on each chart its `drawing` and on each table the `widths`
    of its columns. The last three are the only text that is printed without escaping: they are made here.

    Charts are drawn in the set's look, or in `chart_look`.

    Raises:
        ContentError: a template of the set is faulty, or what it prints is not permitted in a page.
    """
    look = chart_look or template_set.look
    context: dict[str, Plain] = variant_to_plain(variant) | {
        "medium": medium,
        "layout": "compact" if variant.is_compact and look.has_compact else "full",
        "keywords": ", ".join(plain_text(section.title) for section in variant.sections),
        "logo": to_plain(look.logo),
        "footnotes": look.has_footnotes,
        "stylesheet": Markup(stylesheet),  # noqa: S704
        "sections": [
            {
                **record_to_plain(section),
                "blocks": [_block(block, variant, medium, look) for block in section.blocks],
            }
            for section in variant.sections
        ],
    }
    return require_permitted(render(template_set, template, context, variant.catalogue), template_set, template)


def _block(block: Block, variant: Variant, medium: Medium, look: Look) -> Plain:
    fields = record_to_plain(block)
    if isinstance(block, Chart):
        # On the screen a table of the figures stands beneath; on paper the description has to say them.
        shown = (
            block if medium == "screen" else replace(block, description=describe_chart_data(block, variant.catalogue))
        )
        fields["drawing"] = Markup(draw_svg(shown, variant.locale, look))  # noqa: S704
    if isinstance(block, Table):
        fields["widths"] = _widths(block)
    return fields


def _widths(table: Table) -> Markup:
    """The table's columns with their widths, as HTML."""
    columns = "".join(f'<col style="width: {100 * width / PAGE:.2f}%">' for width in compute_table_widths(table))
    return Markup(f"<colgroup>{columns}</colgroup>")  # noqa: S704
