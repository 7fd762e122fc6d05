"""PDF, by the engine that the template set names."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from brief.model.variant import Variant
    from brief.templating.template_set import TemplateSet
    from brief.writers.result import WriterResult


def write(variant: "Variant", template_set: "TemplateSet") -> "WriterResult":
    """Lays out the variant as a PDF file; raises as `PdfEngine.write` does."""
    from brief.writers.pdf.engines import PDF_ENGINES  # not needed to know what engines are made of

    return PDF_ENGINES[template_set.look.pdf_engine.name].write(variant, template_set)


def preflight(variant: "Variant", template_set: "TemplateSet") -> None:
    """Finds what would keep the variant from being laid out; raises as `PdfEngine.preflight` does."""
    from brief.writers.pdf.engines import PDF_ENGINES

    PDF_ENGINES[template_set.look.pdf_engine.name].preflight(variant, template_set)
