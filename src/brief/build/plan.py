"""An order to jobs: one job a variant, for all of its formats."""

from collections.abc import Iterable
from dataclasses import dataclass

from brief.model.artifact import Order
from brief.model.brief import Brief
from brief.model.diagnostic_sink import suggest_name
from brief.model.diagnostics import OrderError


@dataclass(frozen=True, slots=True)
class Job:
    """One variant to make, and the formats to write it in."""

    audience: str
    locale: str
    formats: tuple[str, ...]


def plan_jobs(brief: Brief, order: Order) -> tuple[Job, ...]:
    """The jobs of an order, audiences in the brief's order, then locales.

    Raises:
        OrderError: the order names something that the brief lacks, or what is left is nothing.
    """
    audiences = choose_names("audience", order.audiences, brief.audiences)
    locales = choose_names("locale", order.locales, brief.locales)
    offered = {ref.name for audience in brief.audiences.values() for ref in audience.formats}
    formats = set(choose_names("format", order.formats, sorted(offered)))
    jobs = []
    for audience in audiences:
        wanted = tuple(ref.name for ref in brief.audiences[audience].formats if ref.name in formats)
        jobs += [Job(audience, locale, wanted) for locale in locales if wanted]
    if not jobs:
        raise OrderError("the order comes to nothing: none of these audiences is published in these formats")
    return tuple(jobs)


def require_names(what: str, given: Iterable[str]) -> tuple[str, ...]:
    """The names of an order.

    Raises:
        OrderError: a bare name was given, whose letters are no names.
    """
    if isinstance(given, str):
        raise OrderError(f"{what}s are several names: write {what}s=[{given!r}]")
    return tuple(given)


def choose_names(what: str, asked: tuple[str, ...], known: Iterable[str]) -> tuple[str, ...]:
    """What is asked for, in the order of what is known; all of it where nothing is.

    Raises:
        OrderError: a name is not known.
    """
    known = tuple(known)
    for name in asked:
        if name not in known:
            raise OrderError(f"there is no {what} '{name}': {suggest_name(name, known)}")
    return tuple(name for name in known if not asked or name in asked)
