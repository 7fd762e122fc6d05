"""The table of output formats: what `brief build -f` knows. A new format is one line here and one room beside."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module

from brief.model.diagnostics import Diagnostic
from brief.model.variant import Variant
from brief.templating.template_set import TemplateSet


@dataclass(frozen=True, slots=True)
class Written:
    """A writer's result. `pages` is None for formats that have none of their own; `diagnostics` are warnings."""

    data: bytes = field(repr=False)
    pages: int | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


Write = Callable[[Variant, TemplateSet], Written]


@dataclass(frozen=True, slots=True)
class Format:
    """One output format. `suffix` comes without its dot."""

    name: str
    suffix: str
    media_type: str
    write: Write


def _lazily(room: str) -> Write:
    """The room's `write`; the room and the libraries it needs are imported when it is first called."""

    def write(variant: Variant, look_set: TemplateSet) -> Written:
        writer: Write = import_module(f"brief.writers.{room}").write
        return writer(variant, look_set)

    return write


_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

FORMATS: Mapping[str, Format] = {
    form.name: form
    for form in (
        Format("html", "html", "text/html", _lazily("html")),
        Format("pdf", "pdf", "application/pdf", _lazily("pdf")),
        Format("docx", "docx", _DOCX, _lazily("docx")),
    )
}
