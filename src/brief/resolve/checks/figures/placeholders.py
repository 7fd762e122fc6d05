"""Finds the placeholders of all texts together with the words around them, once for all checks."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from brief.model.brief import Brief
from brief.model.catalogue import Catalogue
from brief.model.figures.quantity import Quantity
from brief.model.inline import AuthoredRuns, ClaimValue, Emphasis, Link, Strong, Text
from brief.model.record import dataclass
from brief.resolve import walk
from brief.resolve.claim_words import format_claim_value
from brief.resolve.figures import derive
from brief.resolve.figures.operands import DerivationError


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A placeholder with the words before it, from the previous one on, and the words up to the next."""

    before: str
    run: ClaimValue
    after: str

    @property
    def written(self) -> str:
        """The placeholder as it is written in a text."""
        return f"{{{self.run.claim}{self.run.modifiers}}}"

    def find_quantity(self, brief: Brief) -> Quantity | None:
        """Returns the quantity of the claim; None if there is none, or if it cannot be computed, which is reported elsewhere."""
        if self.run.claim.name not in brief.claims:
            return None
        try:
            return derive.derive_quantity(brief, self.run.claim.name)
        except DerivationError:
            return None

    def describe(self, typed: str, brief: Brief, catalogue: Catalogue) -> str:
        """Returns a sentence on words that are typed beside the placeholder."""
        try:
            printed = f"which prints '{format_claim_value(self.run, brief, catalogue)}'"
        except ValueError:
            # Its unit is unknown, which is reported elsewhere.
            printed = "which prints its own"
        return f"'{typed}' is typed beside {self.written}, {printed}"


class Placeholders:
    """The placeholders of the printed texts of a brief."""

    def __init__(self, brief: Brief) -> None:
        self._brief = brief

    @cached_property
    def by_locale(self) -> Mapping[str, tuple[Placeholder, ...]]:
        """The placeholders in the texts of each locale, in order."""
        found: dict[str, list[Placeholder]] = {locale: [] for locale in self._brief.locales}
        for text in walk.walk_printed_texts(self._brief):
            for locale, placeholders in found.items():
                phrase = text.find_phrase(locale)
                if phrase is not None:
                    placeholders += _find_placeholders(phrase.runs)
        return {locale: tuple(placeholders) for locale, placeholders in found.items()}


def _find_placeholders(runs: AuthoredRuns) -> Iterator[Placeholder]:
    texts, found = [""], list[ClaimValue]()
    for run in _flatten(runs):
        if isinstance(run, str):
            texts[-1] += run
        else:
            found.append(run)
            texts.append("")
    return map(Placeholder, texts, found, texts[1:])


def _flatten(runs: AuthoredRuns) -> Iterator[str | ClaimValue]:
    for run in runs:
        match run:
            case Text(text):
                yield text
            case Strong(children) | Emphasis(children) | Link(_, children):
                yield from _flatten(children)
            case ClaimValue():
                yield run
            case _:
                pass
