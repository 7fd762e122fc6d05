"""Loads the packaged interface words of a locale."""

from functools import cache
from importlib import resources

from brief.model.catalogue import Catalogue
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.locale import list_locale_fallbacks
from brief.reading import catalogue, text_file

LOCALES = ("en", "zh-Hans", "zh-Hant", "zh-Hant-HK")


@cache
def load_packaged_catalogue(locale: str) -> Catalogue:
    messages: dict[str, tuple[str, ...]] = {}
    sink = DiagnosticSink()
    for tag in reversed(list_locale_fallbacks(locale)):
        file = resources.files("brief") / "catalogues" / f"{tag}.po"
        if file.is_file():
            read = catalogue.parse(text_file.make_text_file(file.name, file.read_text("utf-8")), locale, sink)
            messages |= read.messages if read else {}
    assert not sink.found
    return Catalogue(locale, messages)
