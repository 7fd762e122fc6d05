"""Formats the notices of a variant about itself: the day up to which its sources were collected, and rounded figures."""

from brief.model.brief import Settings
from brief.model.catalogue import Catalogue
from brief.resolve.figures import periods
from brief.resolve.figures.plurals import find_plural_index


def format_cut_off(settings: Settings, catalogue: Catalogue) -> str | None:
    """Returns a text such as "Sources to 9 March 2026"; None if the brief has no cut-off day."""
    if settings.cut_off is None:
        return None
    return catalogue.get("Sources to {day}").format(day=periods.format_day(settings.cut_off, catalogue))


def format_rounding(settings: Settings, locale: str, catalogue: Catalogue) -> str:
    """Returns the note on rounding; empty if the project does not round the figures of its sources."""
    digits = settings.figures.significant
    if digits is None:
        return ""
    singular = "Figures of sources are rounded to {n} significant digit."
    plural = "Figures of sources are rounded to {n} significant digits."
    return catalogue.get_plural(singular, plural, find_plural_index(digits, locale), "evidence").format(n=digits)
