"""Finds what would keep a variant from being written, without laying out a page: fills in the templates alone."""

from collections.abc import Iterator

from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.variant import Variant
from brief.templating.packaged import PACKAGED
from brief.templating.template_set import TemplateSet
from brief.writers.formats import FORMATS

_PAGE, _STYLE = "print.html.j2", "print.css"


def preflight(variant: Variant, template_set: TemplateSet, formats: tuple[str, ...]) -> Iterator[Diagnostic]:
    """The diagnostics of templates, style sheets and reference document that writing the variant in the formats meets."""
    for name in formats:
        try:
            FORMATS[name].preflight(variant, template_set)
        except ContentError as error:
            yield from error.diagnostics


def unsupported_css(template_set: TemplateSet) -> tuple[Diagnostic, ...]:
    """Warnings for what the print engine ignores in the set's own style sheet.

    The engine takes longer to import than all else that is checked, so packaged sets, which have nothing such, are left out.
    """
    if template_set.path(_STYLE).parent.parent in PACKAGED:
        return ()
    try:
        from brief.writers import pdf
    except OSError:
        # Its shared libraries are not on this machine, which every build of a PDF reports.
        return ()
    try:
        return pdf.find_unsupported_css(template_set)
    except ContentError as error:
        return error.diagnostics


def preflight_print(variant: Variant, template_set: TemplateSet) -> None:
    """Fills in the print template and reads the print style sheet.

    The package that lays it out is not imported: it imports the print engine, which is not needed for this.

    Raises:
        ContentError: with what is wrong in them.
    """
    from brief.templating.style import read_style_rules
    from brief.writers.html.document import render_markup
    from brief.writers.html.embedding import embed_files, embed_pictures

    embed_pictures(render_markup(variant, template_set, _PAGE, medium="print"), template_set, _PAGE)
    embed_files(read_style_rules(template_set, _STYLE).text, template_set, _STYLE)
