"""The languages of the web pages, and the choice of one from the preferences of a browser."""

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

from brief.model.catalogue import Catalogue
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.locale import find_best_locale
from brief.reading import catalogue, text_file
from brief.resolve.figures.locale_data import add_likely_subtags

# Each language with its own name for itself. A language other than the default needs catalogues/web/<tag>.po.
LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "zh-Hans": "简体中文",
    "zh-Hant": "繁體中文",
    "ja": "日本語",
    "ko": "한국어",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
}
DEFAULT = "en"
# RFC 4647, 2.1 and RFC 9110, 12.4.2.
_RANGE = re.compile(r"([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)(?:\s*;\s*[qQ]=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?")


def choose_language(accepted: str) -> str:
    """Returns the language of `LANGUAGES` that an Accept-Language header (RFC 9110, 12.5.4) prefers; English by default."""
    ranges = [match for part in accepted.split(",") if (match := _RANGE.fullmatch(part.strip()))]
    for match in sorted(ranges, key=lambda match: -float(match[2] or 1)):
        if float(match[2] or 1) > 0 and (
            language := find_best_locale(add_likely_subtags(_canonicalise(match[1])), LANGUAGES)
        ):
            return language
    return DEFAULT


@cache
def load_catalogue(language: str) -> Catalogue:
    """Returns the catalogue of interface words in one of `LANGUAGES`; the templates are in English."""
    if language == DEFAULT:
        return Catalogue(DEFAULT)
    file = resources.files("brief") / "catalogues" / "web" / f"{language}.po"
    parsed = catalogue.parse(text_file.make_text_file(file.name, file.read_text("utf-8")), language, DiagnosticSink())
    return parsed or Catalogue(language)


def _canonicalise(tag: str) -> str:
    """Returns the tag in the case of RFC 5646, 2.1.1."""
    language, *rest = tag.split("-")
    cases = {2: str.upper, 4: str.title}
    return "-".join([language.lower(), *(cases.get(len(part), str.lower)(part) for part in rest)])
