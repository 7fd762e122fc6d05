"""What would keep a variant from being written, found without laying out a page: by filling in what a designer made."""

from collections.abc import Callable, Iterator, Mapping

from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.variant import Variant
from brief.templating.template_set import TemplateSet


def trial(variant: Variant, look_set: TemplateSet, formats: tuple[str, ...]) -> Iterator[Diagnostic]:
    """The faults of templates, style sheets and reference document that writing the variant in the formats meets."""
    for name in formats:
        try:
            _TRIALS[name](variant, look_set)
        except ContentError as error:
            yield from error.diagnostics


def _screen(variant: Variant, look_set: TemplateSet) -> None:
    from brief.writers.html import write

    write(variant, look_set)


def _print(variant: Variant, look_set: TemplateSet) -> None:
    from brief.writers.html.document import markup

    # The room that lays it out imports the print engine, which is not needed for what the template says.
    markup(variant, look_set, "print.html.j2", medium="print")


def _word(variant: Variant, look_set: TemplateSet) -> None:
    from brief.writers.docx.reference import opened

    opened(variant, look_set)


_TRIALS: Mapping[str, Callable[[Variant, TemplateSet], None]] = {"html": _screen, "pdf": _print, "docx": _word}
