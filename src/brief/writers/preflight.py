"""Finds what would prevent a variant from being written, without laying out a page.

The project's own templates and reference documents are rendered for each variant. Packaged ones are not: tests cover
them, and rendering them would dominate the time of a check.
"""

from collections.abc import Iterator

from brief.model.diagnostics import ContentError, Diagnostic, RenderLimitError
from brief.model.variant import Chart, Variant
from brief.templating.template_set import TemplateSet
from brief.writers.formats import FORMATS
from brief.writers.pdf.engines import PDF_ENGINES


def preflight(variant: Variant, template_set: TemplateSet, formats: tuple[str, ...]) -> Iterator[Diagnostic]:
    """Yields the diagnostics of charts, and of the templates, style sheets and reference document that the formats use.

    Raises:
        RenderLimitError: a template exceeded the time or memory of a render.
    """
    # Imported here because drawing is slow to import, and few checks draw.
    from brief.charts.draw import report_left_out

    undrawable: list[Diagnostic] = []
    for chart in (block for section in variant.sections for block in section.blocks if isinstance(block, Chart)):
        try:
            yield from report_left_out(chart, template_set.look)
        except ContentError as error:
            undrawable += error.diagnostics
    for name in formats:
        try:
            FORMATS[name].preflight(variant, template_set)
        except RenderLimitError:
            raise
        except ContentError as error:
            yield from error.diagnostics
            # A format that draws charts stops at the first that cannot be drawn.
            if any(diagnostic in undrawable for diagnostic in error.diagnostics):
                yield from (diagnostic for diagnostic in undrawable if diagnostic not in error.diagnostics)


def needs_only_charts(template_set: TemplateSet, formats: tuple[str, ...]) -> bool:
    """Returns whether `preflight`, for these formats, looks only at the charts of a variant."""
    return all(FORMATS[name].needs_only_charts(template_set) for name in formats)


def find_unsupported(template_set: TemplateSet) -> tuple[Diagnostic, ...]:
    """Returns warnings for what the set's PDF engine would ignore in the set's own files."""
    return PDF_ENGINES[template_set.look.pdf_engine.name].find_unsupported(template_set)
