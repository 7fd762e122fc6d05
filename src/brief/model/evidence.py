"""Sources and the claims drawn from them: one file in `seeds/` for each source."""

import enum
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date

from brief.model.access import Clearance
from brief.model.figures.dataset import Dataset
from brief.model.figures.quantity import Period, Quantity
from brief.model.record import dataclass
from brief.model.source_location import Doi, LocaleTag, Located, Reason, Ref, Sha256, Slug, Url
from brief.model.text import LocalisedText

# A field named `date` hides the type in its class.
Day = date


class Grade(enum.StrEnum):
    """How well a claim is supported: two sources agree, one says it, sources disagree, or we computed it."""

    CORROBORATED = "corroborated"
    SINGLE = "single"
    DISPUTED = "disputed"
    OWN = "own arithmetic"


class GradeDisplay(enum.StrEnum):
    """Where a variant prints the grades of its figures: nowhere, in an appendix, or in an appendix and beside each
    figure.
    """

    NONE = "none"
    APPENDIX = "appendix"
    FIGURES = "figures"


class Standing(enum.StrEnum):
    """The status of a claim. The quantity of a rejected claim is never printed."""

    USED = "used"
    DISPUTED = "disputed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Located):
    """One fact that a source states, in our own words.

    `locator` says where in the source it is: a page, a section, a time. `url` or `doi` leads there, if the source's own
    does not.

    `allow` has the codes of warnings that are not reported for the claim, each with the reason.

    `corroborates` names claims of other sources that say the same. `checked` is the day on which it was last compared
    with its source, `valid_until` the last day on which it is valid.
    """

    id: Slug
    says: LocalisedText | None = None
    locator: LocalisedText | None = None
    url: Url | None = None
    doi: Doi | None = None
    quantity: Quantity | None = None
    contradicts: tuple[Ref, ...] = ()
    corroborates: tuple[Ref, ...] = ()
    checked: date | None = None
    valid_until: date | None = None
    standing: Standing = Standing.USED
    note: LocalisedText | None = None
    clearance: Clearance = Clearance.PUBLIC
    allow_in_output: Reason | None = None
    allow: Mapping[str, Reason] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Located):
    """A document that facts come from.

    `url` and `doi` say where it can be read, `locator` which part of it is meant; `sha256` is of the original file,
    which is not kept here. `checked` is the day on which its claims were last compared with it. Names print as they are
    in their own language, so `title`, `author` and `publisher` may be written without a locale. `allow` has the codes of
    warnings that are not reported for the texts of the source itself, each with the reason.
    """

    id: Slug
    title: LocalisedText
    publisher: LocalisedText
    author: LocalisedText | None = None
    date: Period
    language: LocaleTag
    url: Url | None = None
    doi: Doi | None = None
    locator: LocalisedText | None = None
    sha256: Sha256 | None = None
    checked: Day | None = None
    note: LocalisedText | None = None
    clearance: Clearance = Clearance.PUBLIC
    allow_in_output: Reason | None = None
    allow: Mapping[str, Reason] = field(default_factory=dict)
    claims: tuple[Claim, ...] = field(default=())
    datasets: tuple[Dataset, ...] = ()

    def set_default_digits(self, significant: int) -> "Source":
        """Returns the source with `significant` digits for figures that have neither `digits` nor `decimals`; derived
        figures are unchanged.
        """
        claims = []
        for claim in self.claims:
            stated = claim.quantity
            if stated is not None and stated.digits is None and stated.decimals is None and stated.derived is None:
                claim = replace(claim, quantity=replace(stated, digits=significant))
            claims.append(claim)
        return replace(self, claims=tuple(claims))

    def start_fiscal_years(self, month: int) -> "Source":
        """Returns the source with fiscal years that begin in this month (1 to 12)."""
        claims = []
        for claim in self.claims:
            if claim.quantity is not None and claim.quantity.period is not None:
                period = claim.quantity.period.start_fiscal_years(month)
                claim = replace(claim, quantity=replace(claim.quantity, period=period))
            claims.append(claim)
        return replace(self, date=self.date.start_fiscal_years(month), claims=tuple(claims))
