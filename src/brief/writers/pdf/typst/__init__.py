"""Writes PDF with Typst: the set's `print.typ` reads the variant as data. The file is both PDF/UA-1 and PDF/A-2a."""

from typing import TYPE_CHECKING

from brief.model.diagnostics import ContentError, Diagnostic
from brief.writers.pdf.distributions import ENGINE_DISTRIBUTIONS
from brief.writers.result import WriterResult

if TYPE_CHECKING:
    from brief.model.variant import Variant
    from brief.templating.template_set import TemplateSet


class TypstEngine:
    """The `PdfEngine` for looks written in Typst."""

    name = "typst"
    distributions = ENGINE_DISTRIBUTIONS[name]
    preload = ("brief.writers.pdf.typst.engine",)
    lays_out_css = False
    main_template = "print.typ"

    def describe_version(self) -> str:
        """Returns the version of the engine. Raises the exceptions of `PdfEngine`."""
        from importlib.metadata import version

        from brief.writers.pdf.typst.compiler import require_typst

        require_typst()
        return f"Typst {version('typst')}"

    def write(self, variant: "Variant", template_set: "TemplateSet") -> WriterResult:
        """Compiles `print.typ`. A missing glyph is an error (`missing-glyph`). Raises the exceptions of `PdfEngine`."""
        from brief.writers.pdf.typst.engine import lay_out_pdf

        return lay_out_pdf(variant, template_set)

    def preflight(self, variant: "Variant", template_set: "TemplateSet") -> None:
        """Checks the sources of the set, draws the charts and looks for missing glyphs. Raises the exceptions of `PdfEngine`."""
        from brief.writers.pdf.typst.engine import prepare

        prepare(variant, template_set)

    def find_unsupported(self, template_set: "TemplateSet") -> tuple[Diagnostic, ...]:
        """Returns warnings for templates of the set that affect web pages only (`unusable-print-style`)."""
        from brief.writers.pdf.typst.set_files import find_unused_templates, read_set_files

        try:
            read_set_files(template_set)
        except ContentError as error:
            return error.diagnostics
        return tuple(find_unused_templates(template_set))
