"""The data of the web pages: which choices a visitor has, how much each audience sees, and the diagnostics."""

from collections.abc import Sequence

from brief.model.access import DEFAULT_CLEARANCES, Depth
from brief.model.artifact import BuildSelection
from brief.model.catalogue import Catalogue
from brief.model.diagnostics import Diagnostic, Severity
from brief.model.inline import to_plain_text
from brief.model.locale import find_best_locale, list_locale_fallbacks
from brief.model.record import dataclass
from brief.model.variant import Variant
from brief.project.project import Project
from brief.resolve.figures.locale_data import find_native_name
from brief.templating.plain import Plain
from brief.writers.formats import FORMATS

# Formats that browsers display themselves.
BROWSER_FORMATS = ("html", "pdf")
# What pages call the formats.
FORMAT_NAMES = {name: entry.label for name, entry in FORMATS.items()}
_MAX_DIAGNOSTICS = 200
# Labels of the default clearances. A clearance that a project defines is shown by its name.
_CLEARANCES = {each.name: each.name.capitalize() for each in DEFAULT_CLEARANCES}
_DEPTHS = {Depth.SUMMARY: "Summary", Depth.STANDARD: "Standard", Depth.FULL: "Full"}


@dataclass(frozen=True, slots=True)
class Offer:
    """The audiences of a project that a visitor may choose from, with the project's locales and their formats."""

    project: Project
    audiences: tuple[str, ...]

    @property
    def locales(self) -> tuple[str, ...]:
        return self.project.brief.locales

    @property
    def formats(self) -> tuple[str, ...]:
        return tuple(name for name in FORMATS if any(name in self.list_formats(each) for each in self.audiences))

    def list_formats(self, audience: str) -> tuple[str, ...]:
        return tuple(ref.name for ref in self.project.brief.audiences[audience].formats)

    def has(self, audience: str, locale: str, format_name: str) -> bool:
        return audience in self.audiences and locale in self.locales and format_name in self.list_formats(audience)

    def choose_locale(self, language: str) -> str:
        """Returns the locale in which a page in `language` shows titles of the brief.

        That is the best match for the language, or else a locale of the language with a region, or else the source
        locale.
        """
        regional = (locale for locale in self.locales if language in list_locale_fallbacks(locale))
        source = self.project.brief.settings.source_locale
        return find_best_locale(language, self.locales) or next(regional, source)


def describe_project(offer: Offer, selection: BuildSelection, language: str, catalogue: Catalogue) -> dict[str, Plain]:
    """Returns the variables of the first page. At least one audience must be on offer.

    These are title and date, every audience, locale and format with whether the selection includes it, and for each
    theme the number of blocks that each audience sees. Titles are in the best locale for `language`.
    """
    locale = offer.choose_locale(language)
    variants = {audience: offer.project.make_variant(audience, locale) for audience in offer.audiences}
    any_variant = next(iter(variants.values()))
    themes = {section.id: to_plain_text(section.title) for each in variants.values() for section in each.sections}
    return {
        "title": any_variant.title,
        "date": any_variant.date,
        "date_text": any_variant.date_text,
        "content_language": locale,
        "audiences": [
            _describe_audience(offer, variant, catalogue) | {"chosen": audience in selection.audiences}
            for audience, variant in variants.items()
        ],
        "locales": [{**describe_locale(name), "chosen": name in selection.locales} for name in offer.locales],
        "formats": [{"name": name, "chosen": name in selection.formats} for name in offer.formats],
        "chosen_locales": [describe_locale(name) for name in selection.locales],
        "chosen_formats": list(selection.formats),
        "themes": [
            {"title": title, "parts": [_count_blocks(variant, theme) for variant in variants.values()]}
            for theme, title in themes.items()
        ],
    }


def _describe_audience(offer: Offer, variant: Variant, catalogue: Catalogue) -> dict[str, Plain]:
    authored = offer.project.brief.audiences[variant.audience]
    clearance = offer.project.brief.settings.known_clearances[authored.clearance].name
    return {
        "name": variant.audience,
        "title": variant.audience_title,
        "marking": variant.marking,
        "clearance": catalogue.get(_CLEARANCES[clearance], "clearance") if clearance in _CLEARANCES else clearance,
        "depth": catalogue.get(_DEPTHS[authored.depth], "depth"),
        "formats": list(offer.list_formats(variant.audience)),
    }


def describe_locale(locale: str) -> dict[str, Plain]:
    return {"tag": locale, "name": find_native_name(locale)}


def _count_blocks(variant: Variant, theme: str) -> Plain:
    """Counts the blocks of the theme that the audience sees; None if it does not see the theme."""
    return next((len(section.blocks) for section in variant.sections if section.id == theme), None)


def list_diagnostics(diagnostics: Sequence[Diagnostic]) -> list[Plain]:
    """Returns the variables with which a page lists diagnostics: the first 200, errors before warnings."""
    ranked = sorted(diagnostics, key=lambda each: each.severity is not Severity.ERROR)
    return [
        {
            **each.to_json(),
            "location": str(each.location),
            "related": str(each.related) if each.related else None,
        }
        for each in ranked[:_MAX_DIAGNOSTICS]
    ]
