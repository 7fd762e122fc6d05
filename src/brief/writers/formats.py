"""The table of output formats: what `brief build -f` knows. A new format is one line here and one room beside."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module

from brief.model.diagnostics import Diagnostic
from brief.model.variant import Variant
from brief.templating.template_set import TemplateSet


@dataclass(frozen=True, slots=True)
class WriterResult:
    """A writer's result. `pages` is None for formats that have none of their own; `diagnostics` are warnings."""

    data: bytes = field(repr=False)
    pages: int | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


WriteFunction = Callable[[Variant, TemplateSet], WriterResult]


@dataclass(frozen=True, slots=True)
class OutputFormat:
    """One output format. `suffix` comes without its dot."""

    name: str
    suffix: str
    media_type: str
    write: WriteFunction


def _load_lazily(room: str) -> WriteFunction:
    """The room's `write`; the room and the libraries it needs are imported when it is first called."""

    def write(variant: Variant, template_set: TemplateSet) -> WriterResult:
        writer: WriteFunction = import_module(f"brief.writers.{room}").write
        return writer(variant, template_set)

    return write


_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

FORMATS: Mapping[str, OutputFormat] = {
    form.name: form
    for form in (
        OutputFormat("html", "html", "text/html", _load_lazily("html")),
        OutputFormat("pdf", "pdf", "application/pdf", _load_lazily("pdf")),
        OutputFormat("docx", "docx", _DOCX, _load_lazily("docx")),
    )
}
