"""Sentences that a variant prints about itself: up to which day its sources were collected, and that its figures are
rounded.
"""

from brief.model.brief import Settings
from brief.model.catalogue import Catalogue
from brief.resolve.figures import periods
from brief.resolve.figures.plurals import find_plural_index


def format_cut_off(settings: Settings, catalogue: Catalogue) -> str | None:
    """Returns "Sources to 9 March 2026"; None if the brief does not say a day."""
    if settings.cut_off is None:
        return None
    return catalogue.get("Sources to {day}").format(day=periods.format_day(settings.cut_off, catalogue))


def format_rounding(settings: Settings, locale: str, catalogue: Catalogue) -> str:
    """Returns the note on rounding if the project rounds the figures of its sources; otherwise it is empty."""
    digits = settings.figures.significant
    if digits is None:
        return ""
    one = "Figures of sources are rounded to {n} significant digit."
    many = "Figures of sources are rounded to {n} significant digits."
    return catalogue.get_plural(one, many, find_plural_index(digits, locale), "evidence").format(n=digits)
