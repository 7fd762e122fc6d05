"""Checks the day up to which sources were collected."""

from collections.abc import Iterator

from brief.model.brief import Brief
from brief.model.diagnostics import Diagnostic
from brief.resolve.figures import periods


def check_cut_off(brief: Brief) -> Iterator[Diagnostic]:
    """Reports a cut-off later than the brief itself, and sources that are dated after it."""
    settings = brief.settings
    day = settings.cut_off
    if day is None:
        return
    if day > settings.date:
        message = f"the cut-off {day} is later than the date of the brief, {settings.date}"
        yield Diagnostic("cut-off", message, settings.location, "correct 'cut_off:' or 'date:'")
    for source in brief.sources.values():
        first, _ = periods.find_bounds(source.date)
        if first > day:
            message = f"source '{source.id}' is dated after the cut-off {day}"
            hint = "move 'cut_off:' in content/brief.yaml to a later day, or leave the source out"
            yield Diagnostic("cut-off", message, source.location, hint, related=settings.location)
