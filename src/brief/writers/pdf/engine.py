"""WeasyPrint, held on a short lead: every log line heard, every failure a diagnostic."""

import gc
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import weasyprint
from weasyprint.text.fonts import FontConfiguration

from brief.fonts import han
from brief.model.diagnostics import ContentError, Diagnostic, Severity
from brief.model.locale import language
from brief.model.place import Place
from brief.model.variant import Variant
from brief.templating.template_set import TemplateSet, display
from brief.writers.pdf import line_setting
from brief.writers.pdf.fetcher import BASE, LockedFetcher
from brief.writers.pdf.marking import mark
from brief.writers.pdf.stylesheet import font_faces, stylesheet
from brief.writers.registry import Written

_STYLE = "print.css"
_PROFILE = "pdf/ua-1"
_LOGGER = logging.getLogger("weasyprint")
_MISSING_GLYPH = ".notdef glyph"


def printed(markup: str, variant: Variant, look_set: TemplateSet) -> Written:
    """Lays out a document that was made from `variant` with the set's print style sheet.

    Raises:
        ContentError: the engine failed on the markup or the style sheet, or was refused a file.
    """
    with _collector_paused():
        return _printed(markup, variant, look_set)


def _printed(markup: str, variant: Variant, look_set: TemplateSet) -> Written:
    place = _place(look_set)
    rules = _rules(variant, look_set, place)
    cuts = han.cuts(look_set.look.faces_for(variant.locale), markup + rules)
    declared = font_faces(look_set.look, variant.locale, cuts)
    fetcher = LockedFetcher(look_set, cuts)
    with _failures(place, fetcher) as heard:
        fonts = FontConfiguration()
        style = weasyprint.CSS(string=declared + rules, base_url=BASE, url_fetcher=fetcher, font_config=fonts)
        source = weasyprint.HTML(string=markup, base_url=BASE, url_fetcher=fetcher)
        document = source.render(stylesheets=[style], font_config=fonts, pdf_variant=_PROFILE)
        mark(document.metadata, variant.marking, variant.locale)
        data = document.write_pdf(pdf_variant=_PROFILE, custom_metadata=True)
    return Written(data, len(document.pages), heard.warnings(place))


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Lays out without the cyclic collector, which would walk a million live boxes time and again: a fifth faster.

    The one collection afterwards looks at no more than what was made meanwhile.
    """
    paused = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.collect(0)
        if paused:
            gc.enable()


def _place(look_set: TemplateSet) -> Place:
    """Layout faults name the set that was printed with, even where its style sheet is another's."""
    return Place(display(look_set.folders[0] / _STYLE, look_set.folders[0]))


def _rules(variant: Variant, look_set: TemplateSet, place: Place) -> str:
    try:
        rules = look_set.read(_STYLE).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ContentError([Diagnostic("template-encoding", "the style sheet is not UTF-8", place)]) from None
    justified = language(variant.locale) == "zh" and line_setting.install()
    return stylesheet(look_set.look, variant.locale, variant.catalogue, rules, justified=justified)


class _Listener(logging.Handler):
    """Keeps what the engine logs in this thread."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.thread = threading.get_ident()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread:
            self.records.append(record)

    def errors(self, place: Place) -> list[Diagnostic]:
        found = [record.getMessage() for record in self.records if record.levelno >= logging.ERROR]
        return [Diagnostic("renderer-failed", message, place) for message in found]

    def warnings(self, place: Place) -> tuple[Diagnostic, ...]:
        found = dict.fromkeys(r.getMessage() for r in self.records if r.getMessage().startswith(_MISSING_GLYPH))
        return tuple(Diagnostic("missing-glyph", text, place, severity=Severity.WARNING) for text in found)


@contextmanager
def _failures(place: Place, fetcher: LockedFetcher) -> Iterator[_Listener]:
    """Turns whatever the engine raises, logs as an error or was refused into one ContentError."""
    listener = _Listener()
    _LOGGER.addHandler(listener)
    try:
        yield listener
    except ContentError:
        raise
    except RecursionError:
        found = [Diagnostic("renderer-failed", "the document is nested too deeply to be laid out", place)]
    except Exception as error:
        found = [Diagnostic("renderer-failed", f"layout failed: {type(error).__name__}: {error}", place)]
    else:
        found = []
    finally:
        _LOGGER.removeHandler(listener)
    refused = [Diagnostic("forbidden-resource", f"{url}: {why}", place) for url, why in fetcher.refused]
    found += refused or listener.errors(place)
    if found:
        raise ContentError(found)
