"""What would keep a variant from being written, found without laying out a page: by filling in what a designer made."""

from collections.abc import Callable, Iterator, Mapping

from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.variant import Variant
from brief.templating.packaged import PACKAGED
from brief.templating.template_set import TemplateSet

_PAGE, _STYLE = "print.html.j2", "print.css"


def preflight(variant: Variant, template_set: TemplateSet, formats: tuple[str, ...]) -> Iterator[Diagnostic]:
    """The faults of templates, style sheets and reference document that writing the variant in the formats meets."""
    for name in formats:
        try:
            _TRIALS[name](variant, template_set)
        except ContentError as error:
            yield from error.diagnostics


def unsupported_css(template_set: TemplateSet) -> tuple[Diagnostic, ...]:
    """What the print engine passes over in the set's own style sheet.

    The engine takes longer to import than everything else that is tried, so it is not asked about the packaged sets.
    """
    if template_set.path(_STYLE).parent.parent in PACKAGED:
        return ()
    try:
        from brief.writers import pdf
    except OSError:
        # Its shared libraries are not on this machine, as anybody who prints here is told.
        return ()
    try:
        return pdf.find_unsupported_css(template_set)
    except ContentError as error:
        return error.diagnostics


def _check_screen(variant: Variant, template_set: TemplateSet) -> None:
    from brief.writers.html import write

    write(variant, template_set)


def _check_print(variant: Variant, template_set: TemplateSet) -> None:
    from brief.templating.style import read_style_rules
    from brief.writers.html.document import render_markup
    from brief.writers.html.embedding import embed_files, embed_pictures

    # The room that lays it out imports the print engine, which is not needed for what template and style sheet say.
    embed_pictures(render_markup(variant, template_set, _PAGE, medium="print"), template_set, _PAGE)
    embed_files(read_style_rules(template_set, _STYLE).text, template_set, _STYLE)


def _check_word(variant: Variant, template_set: TemplateSet) -> None:
    from brief.writers.docx.reference.document import open_reference

    open_reference(variant, template_set)


_TRIALS: Mapping[str, Callable[[Variant, TemplateSet], None]] = {
    "html": _check_screen,
    "pdf": _check_print,
    "docx": _check_word,
}
