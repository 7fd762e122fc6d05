"""Finds what would prevent a variant from being written, without laying out a page: it only renders the templates."""

from collections.abc import Iterator

from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.variant import Variant
from brief.templating.template_set import TemplateSet
from brief.writers.formats import FORMATS
from brief.writers.pdf.engines import PDF_ENGINES


def preflight(variant: Variant, template_set: TemplateSet, formats: tuple[str, ...]) -> Iterator[Diagnostic]:
    """The diagnostics of the templates, style sheets and reference document that the formats of the variant use."""
    for name in formats:
        try:
            FORMATS[name].preflight(variant, template_set)
        except ContentError as error:
            yield from error.diagnostics


def unsupported_css(template_set: TemplateSet) -> tuple[Diagnostic, ...]:
    """Returns warnings for what the set's PDF engine would ignore in the set's own files."""
    return PDF_ENGINES[template_set.look.pdf_engine.name].find_unsupported(template_set)
