"""The table of output formats: all that the rest of the program knows about them. To add a format, add an entry to
`FORMATS` and a module or package beside this one with its `write`; `brief.inspection.extract.formats` takes its files
apart.
"""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module

from brief.model.appearance.look import DEFAULT_PDF_ENGINE, RenderLimits
from brief.model.record import dataclass
from brief.model.variant import Variant
from brief.templating.template_set import TemplateSet
from brief.writers.pdf.engines import PDF_ENGINES
from brief.writers.result import WriterResult

WriteFunction = Callable[[Variant, TemplateSet], WriterResult]
PreflightFunction = Callable[[Variant, TemplateSet], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputFormat:
    """One output format.

    `label` is its name on web pages. `file_label` names a file of it in mails; it is a message of the context `mail` in
    `catalogues/brief.pot`. `suffix` has no dot. `preflight` raises a ContentError with what would prevent a variant
    from being written. A worker imports the modules `preload` before its first task, and those of the PDF engine. `cost` is the time that writing
    takes, relative to other formats. `needs_only_charts` returns whether, with a template set, `preflight` looks only
    at the charts of a variant.
    """

    name: str
    label: str
    file_label: str
    suffix: str
    media_type: str
    write: WriteFunction
    preflight: PreflightFunction
    preload: tuple[str, ...] = ()
    cost: int = 1
    needs_only_charts: Callable[[TemplateSet], bool] = lambda _: False


def _load_lazily(module: str, function: str = "write") -> Callable[[Variant, TemplateSet], WriterResult]:
    """Returns a function that calls the module's function. Its first call imports the module and the libraries it
    needs.
    """

    def call(variant: Variant, template_set: TemplateSet) -> WriterResult:
        loaded: WriteFunction = getattr(import_module(f"brief.writers.{module}"), function)
        return loaded(variant, template_set)

    return call


def _load_for_own_files(pattern: str, module: str, function: str) -> PreflightFunction:
    """Returns a function that calls the module's function, but only for template sets in which files that match
    `pattern` are the project's own.
    """
    load = _load_lazily(module, function)

    def call(variant: Variant, template_set: TemplateSet) -> object:
        return load(variant, template_set) if template_set.has_own(pattern) else None

    return call


def _skip_preflight(variant: Variant, template_set: TemplateSet) -> None:
    """Does nothing: any variant can be written."""


def _has_packaged_pages(template_set: TemplateSet) -> bool:
    """Returns whether the templates of pages are packaged ones, and their limits are the default ones."""
    return not template_set.has_own("*.j2") and template_set.look.limits == RenderLimits()


def _is_laid_out_by_css(template_set: TemplateSet) -> bool:
    return PDF_ENGINES[template_set.look.pdf_engine.name].lays_out_css and _has_packaged_pages(template_set)


def _has_packaged_reference(template_set: TemplateSet) -> bool:
    return not template_set.has_own("reference.docx")


FORMATS: Mapping[str, OutputFormat] = {
    entry.name: entry
    for entry in (
        OutputFormat(
            name="html",
            label="HTML",
            file_label="Web page",
            suffix="html",
            media_type="text/html",
            write=_load_lazily("html"),
            preflight=_load_lazily("html", "preflight"),
            preload=("brief.writers.html",),
            needs_only_charts=_has_packaged_pages,
        ),
        OutputFormat(
            name="pdf",
            label="PDF",
            file_label="PDF",
            suffix="pdf",
            media_type="application/pdf",
            write=_load_lazily("pdf"),
            preflight=_load_lazily("pdf", "preflight"),
            preload=("brief.writers.pdf", "uharfbuzz"),
            cost=10,
            needs_only_charts=_is_laid_out_by_css,
        ),
        OutputFormat(
            name="docx",
            label="Word",
            file_label="Word document",
            suffix="docx",
            media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            write=_load_lazily("docx"),
            preflight=_load_for_own_files("reference.docx", "docx.reference.document", "open_reference"),
            preload=("brief.writers.docx",),
            needs_only_charts=_has_packaged_reference,
        ),
        OutputFormat(
            name="json",
            label="JSON",
            file_label="File",
            suffix="json",
            media_type="application/json",
            write=_load_lazily("json"),
            preflight=_skip_preflight,
            preload=("brief.writers.json",),
            needs_only_charts=lambda _: True,
        ),
        OutputFormat(
            name="md",
            label="Markdown",
            file_label="File",
            suffix="md",
            media_type="text/markdown",
            write=_load_lazily("markdown"),
            preflight=_skip_preflight,
            preload=("brief.writers.markdown",),
            needs_only_charts=lambda _: True,
        ),
    )
}


def list_preloaded_modules(formats: Iterable[str] = (), pdf_engine: str = "") -> tuple[str, ...]:
    """Lists the modules that workers import before their first task, which is in one of `formats`; empty means any
    format.

    `pdf_engine` names the engine that will lay out PDFs; if it is empty, or unknown, that is assumed to be the default one.
    """
    chosen = [FORMATS[name] for name in tuple(formats) or FORMATS if name in FORMATS]
    modules = [module for each in chosen for module in each.preload]
    if FORMATS["pdf"] in chosen:
        modules += PDF_ENGINES.get(pdf_engine, PDF_ENGINES[DEFAULT_PDF_ENGINE.name]).preload
    return tuple(dict.fromkeys(modules))
