"""What would keep a variant from being written, found without laying out a page: by filling in what a designer made."""

from collections.abc import Callable, Iterator, Mapping

from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.variant import Variant
from brief.templating.packaged import PACKAGED
from brief.templating.template_set import TemplateSet

_PAGE, _STYLE = "print.html.j2", "print.css"


def trial(variant: Variant, look_set: TemplateSet, formats: tuple[str, ...]) -> Iterator[Diagnostic]:
    """The faults of templates, style sheets and reference document that writing the variant in the formats meets."""
    for name in formats:
        try:
            _TRIALS[name](variant, look_set)
        except ContentError as error:
            yield from error.diagnostics


def passed_over(look_set: TemplateSet) -> tuple[Diagnostic, ...]:
    """What the print engine passes over in the set's own style sheet.

    The engine takes longer to import than everything else that is tried, so it is not asked about the packaged sets.
    """
    if look_set.path(_STYLE).parent.parent in PACKAGED:
        return ()
    try:
        from brief.writers import pdf
    except OSError:
        # Its shared libraries are not on this machine, as anybody who prints here is told.
        return ()
    try:
        return pdf.passed_over(look_set)
    except ContentError as error:
        return error.diagnostics


def _screen(variant: Variant, look_set: TemplateSet) -> None:
    from brief.writers.html import write

    write(variant, look_set)


def _print(variant: Variant, look_set: TemplateSet) -> None:
    from brief.templating.style import rules
    from brief.writers.html.document import markup
    from brief.writers.html.embedding import with_files, with_pictures

    # The room that lays it out imports the print engine, which is not needed for what template and style sheet say.
    with_pictures(markup(variant, look_set, _PAGE, medium="print"), look_set, _PAGE)
    with_files(rules(look_set, _STYLE).text, look_set, _STYLE)


def _word(variant: Variant, look_set: TemplateSet) -> None:
    from brief.writers.docx.reference.document import opened

    opened(variant, look_set)


_TRIALS: Mapping[str, Callable[[Variant, TemplateSet], None]] = {"html": _screen, "pdf": _print, "docx": _word}
