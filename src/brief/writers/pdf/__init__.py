"""PDF: the print template, laid out by WeasyPrint as tagged PDF for readers (PDF/UA-1, ISO 14289-1) and for archives
(PDF/A-2a, ISO 19005-2) alike.
"""

import os

from brief.fonts import han, installed, latin
from brief.model.variant import Variant
from brief.templating.template_set import TemplateSet
from brief.writers.formats import WriterResult
from brief.writers.html.document import render_markup
from brief.writers.pdf.weasyprint.libraries import load_libraries_by_name

with load_libraries_by_name():
    from brief.writers.pdf.weasyprint.engine import find_unsupported_css, lay_out_pdf

__all__ = ["find_unsupported_css", "write"]

_PAGE = "print.html.j2"
# Pango looks here, and otherwise at the user's LANGUAGE, which language a Han character without one is to be drawn for.
_PANGO_LANGUAGE = ("PANGO_LANGUAGE", "en")


def write(variant: Variant, template_set: TemplateSet) -> WriterResult:
    """The variant as a PDF file, with its number of pages and what a reader might miss in it (`missing-glyph`).

    Raises:
        ContentError: a template or style sheet of the set is faulty, or asks for a file that it may not have.
        MachineError: a font that the set names is neither bundled nor installed.
    """
    name, language = _PANGO_LANGUAGE
    os.environ[name] = language
    installed.require_families(template_set.look.faces_for(variant.locale), provided=latin.list_bundled_families())
    look = han.prefer_subsets(template_set.look, variant.locale)
    return lay_out_pdf(
        render_markup(variant, template_set, _PAGE, medium="print", chart_look=look), variant, template_set
    )
