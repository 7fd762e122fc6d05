"""Sources and the claims drawn from them: one file in `seeds/` for each source."""

import enum
from dataclasses import dataclass, field

from brief.model.access import Clearance
from brief.model.dataset import Dataset
from brief.model.quantity import Period, Quantity
from brief.model.source_location import LocaleTag, Located, Ref, Sha256, Slug
from brief.model.text import LocalisedText


class Standing(enum.StrEnum):
    """How the brief judges a claim. The quantity of a rejected claim is never printed."""

    USED = "used"
    DISPUTED = "disputed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Located):
    """One fact that a source states, in our own words."""

    id: Slug
    says: LocalisedText
    quantity: Quantity | None = None
    contradicts: tuple[Ref, ...] = ()
    standing: Standing = Standing.USED
    note: LocalisedText | None = None
    clearance: Clearance = Clearance.PUBLIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Located):
    """A document that facts come from. `sha256` is of the original file, which is not kept here."""

    id: Slug
    title: LocalisedText
    publisher: LocalisedText
    author: LocalisedText | None = None
    date: Period
    language: LocaleTag
    sha256: Sha256
    note: LocalisedText | None = None
    clearance: Clearance = Clearance.PUBLIC
    claims: tuple[Claim, ...] = field(default=())
    datasets: tuple[Dataset, ...] = ()
