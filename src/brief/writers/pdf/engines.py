"""The table of PDF engines. To add one, write a class that satisfies `PdfEngine` and add it to `PDF_ENGINES` and
its packages to `brief.writers.pdf.distributions`.

Engines are imported when they are first used: the module of a class must import its library inside functions.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from brief.model.diagnostic_sink import suggest_name
from brief.model.diagnostics import Diagnostic
from brief.writers.pdf.typst import TypstEngine
from brief.writers.pdf.weasyprint import WeasyPrintEngine
from brief.writers.result import WriterResult

if TYPE_CHECKING:
    from brief.model.variant import Variant
    from brief.templating.template_set import TemplateSet


class PdfEngine(Protocol):
    """A program that lays out variants as PDF.

    `name` is what `pdf_engine` in `set.yaml` says. A new version of a package in `distributions` makes cached PDFs
    invalid; the first of these packages is listed in manifests. Workers import the modules `preload` before their first
    task. `lays_out_css` says that pages are made of the set's HTML templates and style sheets. `main_template` is the file of
    the set that the engine begins with; messages name it.
    """

    @property
    def name(self) -> str: ...

    @property
    def distributions(self) -> tuple[str, ...]: ...

    @property
    def preload(self) -> tuple[str, ...]: ...

    @property
    def lays_out_css(self) -> bool: ...

    @property
    def main_template(self) -> str: ...

    def describe_version(self) -> str:
        """Returns the versions of the engine and of the shared libraries that it needs: "WeasyPrint 70.0, Pango
        1.50.12".

        Raises:
            MachineError: the engine or one of the libraries is not installed.
        """

    def write(self, variant: "Variant", template_set: "TemplateSet") -> WriterResult:
        """Lays out the variant, with its number of pages and warnings.

        Raises:
            ContentError: a template or style sheet of the set has errors, or asks for a file that it may not have; or a
                chart cannot be drawn.
            MachineError: a font that the set names is neither bundled nor installed.
        """

    def preflight(self, variant: "Variant", template_set: "TemplateSet") -> None:
        """Checks what the layout would need, without doing it and without importing the engine's library.

        Raises:
            ContentError: as `write` does.
        """

    def find_unsupported(self, template_set: "TemplateSet") -> tuple[Diagnostic, ...]:
        """Returns warnings for what the engine would ignore in the set's own files."""


_WEASYPRINT: PdfEngine = WeasyPrintEngine()
_TYPST: PdfEngine = TypstEngine()
PDF_ENGINES: Mapping[str, PdfEngine] = {engine.name: engine for engine in (_WEASYPRINT, _TYPST)}


def check_engine(template_set: "TemplateSet") -> tuple[Diagnostic, ...]:
    """Returns an error if the set names an engine that does not exist."""
    chosen = template_set.look.pdf_engine
    if chosen.name in PDF_ENGINES:
        return ()
    message = f"unknown PDF engine '{chosen}'"
    return (Diagnostic("unknown-pdf-engine", message, chosen.location, suggest_name(chosen.name, PDF_ENGINES)),)
