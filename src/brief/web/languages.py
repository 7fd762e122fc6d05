"""The languages that the page speaks, and which of them a browser asks for."""

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

from brief.model.catalogue import Catalogue
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.locale import best_match
from brief.reading import catalogue, text_file
from brief.resolve.scripts import add_likely_subtags

# Each by its own name.
LANGUAGES: Mapping[str, str] = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}
_DEFAULT = "en"
# RFC 4647, 2.1 and RFC 9110, 12.4.2.
_RANGE = re.compile(r"([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)(?:\s*;\s*[qQ]=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?")


def preferred(accepted: str) -> str:
    """The one of `LANGUAGES` that an Accept-Language header (RFC 9110, 12.5.4) asks for first; English where none is."""
    ranges = [match for part in accepted.split(",") if (match := _RANGE.fullmatch(part.strip()))]
    for match in sorted(ranges, key=lambda match: -float(match[2] or 1)):
        if float(match[2] or 1) > 0 and (found := best_match(add_likely_subtags(_canonical(match[1])), LANGUAGES)):
            return found
    return _DEFAULT


@cache
def words(language: str) -> Catalogue:
    """What the page says, in one of `LANGUAGES`; English is what its templates say themselves."""
    if language == _DEFAULT:
        return Catalogue(_DEFAULT)
    file = resources.files("brief") / "catalogues" / "web" / f"{language}.po"
    read = catalogue.parse(text_file.make_text_file(file.name, file.read_text("utf-8")), language, DiagnosticSink())
    return read or Catalogue(language)


def _canonical(tag: str) -> str:
    """The tag in the case of RFC 5646, 2.1.1."""
    language, *rest = tag.split("-")
    cases = {2: str.upper, 4: str.title}
    return "-".join([language.lower(), *(cases.get(len(part), str.lower)(part) for part in rest)])
