"""Plans the variants of a selection, each in all of its formats."""

from collections.abc import Iterable

from brief.model.artifact import BuildSelection
from brief.model.brief import Brief
from brief.model.diagnostic_sink import suggest_name
from brief.model.diagnostics import RequestError
from brief.model.record import dataclass
from brief.writers.formats import FORMATS


@dataclass(frozen=True, slots=True)
class PlannedVariant:
    """A variant to build, and the formats to write it in."""

    audience: str
    locale: str
    formats: tuple[str, ...]


def plan_variants(brief: Brief, selection: BuildSelection) -> tuple[PlannedVariant, ...]:
    """Returns the variants of a selection, by audience in the brief's order, then by locale.

    Raises:
        RequestError: the request names something that the brief does not have, or selects nothing.
    """
    audiences = choose_names("audience", selection.audiences, brief.audiences)
    locales = choose_names("locale", selection.locales, brief.locales)
    published = {ref.name for audience in brief.audiences.values() for ref in audience.formats}
    for name in selection.formats:
        if name in FORMATS and name not in published:
            raise RequestError(f"no audience is published as '{name}': list it under 'formats:' of an audience")
    formats = set(choose_names("format", selection.formats, sorted(published)))
    planned = []
    for audience in audiences:
        audience_formats = tuple(ref.name for ref in brief.audiences[audience].formats if ref.name in formats)
        planned += [PlannedVariant(audience, locale, audience_formats) for locale in locales if audience_formats]
    if not planned:
        raise RequestError("nothing to build: none of the selected audiences uses these formats")
    return tuple(planned)


def require_names(what: str, names: Iterable[str]) -> tuple[str, ...]:
    """Returns the names of a selection as a tuple. `what` is the singular of what they name, such as "locale".

    Raises:
        RequestError: `names` is a string, whose letters would count as names.
    """
    if isinstance(names, str):
        raise RequestError(f"{what}s must be a list: write {what}s=[{names!r}]")
    return tuple(names)


def choose_names(what: str, requested: tuple[str, ...], known: Iterable[str]) -> tuple[str, ...]:
    """Returns the requested names in the order of `known`, or all known names if none is requested.

    Raises:
        RequestError: a name is not known.
    """
    known = tuple(known)
    for name in requested:
        if name not in known:
            raise RequestError(f"there is no {what} '{name}': {suggest_name(name, known)}")
    return tuple(name for name in known if not requested or name in requested)
