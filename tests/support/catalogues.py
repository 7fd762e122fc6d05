"""The packaged interface words of a locale, as a project without words of its own reads them."""

from functools import cache
from importlib import resources

from brief.model.catalogue import Catalogue
from brief.model.diagnostic_sink import Faults
from brief.model.locale import fallbacks
from brief.reading import catalogue, text_file

LOCALES = ("en", "zh-Hans", "zh-Hant", "zh-Hant-HK")


@cache
def packaged(locale: str) -> Catalogue:
    messages: dict[str, tuple[str, ...]] = {}
    faults = Faults()
    for tag in reversed(fallbacks(locale)):
        file = resources.files("brief") / "catalogues" / f"{tag}.po"
        if file.is_file():
            read = catalogue.parse(text_file.text_file(file.name, file.read_text("utf-8")), locale, faults)
            messages |= read.messages if read else {}
    assert not faults.found
    return Catalogue(locale, messages)
