"""PDF by WeasyPrint: the print template and `print.css`, as one file for readers with assistive technology (PDF/UA-1,
ISO 14289-1) and for archives (PDF/A-2a, ISO 19005-2).
"""

from typing import TYPE_CHECKING

from brief.model.diagnostics import ContentError, Diagnostic, MachineError
from brief.writers.pdf.distributions import ENGINE_DISTRIBUTIONS
from brief.writers.result import WriterResult

if TYPE_CHECKING:
    from brief.model.variant import Variant
    from brief.templating.template_set import TemplateSet

_PAGE, _STYLE = "print.html.j2", "print.css"


class WeasyPrintEngine:
    """The `PdfEngine` for looks written in CSS."""

    name = "weasyprint"
    distributions = ENGINE_DISTRIBUTIONS[name]
    preload = ("brief.writers.pdf.weasyprint.process", "brief.writers.pdf.weasyprint.engine")
    lays_out_css = True
    main_template = _PAGE

    def describe_version(self) -> str:
        """Returns the versions of the engine and of Pango. Raises the exceptions of `PdfEngine`."""
        from brief.writers.pdf.weasyprint import process  # noqa: F401  # isort: skip  # before the engine
        import weasyprint
        from weasyprint.text.ffi import pango

        # PANGO_VERSION_ENCODE of pango-utils.h.
        major, minor, micro = (pango.pango_version() // part % 100 for part in (10_000, 100, 1))
        return f"WeasyPrint {weasyprint.__version__}, Pango {major}.{minor}.{micro}"

    def write(self, variant: "Variant", template_set: "TemplateSet") -> WriterResult:
        """Lays out the print template; a missing glyph is a warning (`missing-glyph`). Raises the exceptions of `PdfEngine`."""
        from brief.fonts import han, installed, latin
        from brief.writers.html.document import render_markup
        from brief.writers.pdf.weasyprint import process  # isort: skip  # before the engine
        from brief.writers.pdf.weasyprint.engine import lay_out_pdf

        installed.require_families(template_set.look.find_faces(variant.locale), provided=latin.list_bundled_families())
        look = han.prefer_subsets(template_set.look, variant.locale)
        markup = render_markup(variant, template_set, _PAGE, medium="print", chart_look=look)
        return lay_out_pdf(markup, variant, template_set, justifies_chinese=process.JUSTIFIES_CHINESE)

    def preflight(self, variant: "Variant", template_set: "TemplateSet") -> None:
        """Renders the print template and reads the print style sheet. Raises the exceptions of `PdfEngine`."""
        from brief.templating.style import read_style_rules
        from brief.writers.html.document import render_for_preflight
        from brief.writers.html.embedding import embed_files, embed_pictures

        embed_pictures(render_for_preflight(variant, template_set, _PAGE, medium="print"), template_set, _PAGE)
        embed_files(read_style_rules(template_set, _STYLE).text, template_set, _STYLE)

    def find_unsupported(self, template_set: "TemplateSet") -> tuple[Diagnostic, ...]:
        """Returns warnings for what the engine ignores in the set's style sheet (`style-ignored`).

        Importing the engine takes longer than all else that is checked, so packaged sets, in which it ignores nothing,
        are skipped.
        """
        if not template_set.has_own(_STYLE):
            return ()
        try:
            from brief.writers.pdf.weasyprint import process  # noqa: F401  # isort: skip  # before the engine
            from brief.writers.pdf.weasyprint.engine import find_unsupported_css
        except MachineError:
            # Its shared libraries are missing on this machine, which every build of a PDF reports.
            return ()
        try:
            return find_unsupported_css(template_set)
        except ContentError as error:
            return error.diagnostics
