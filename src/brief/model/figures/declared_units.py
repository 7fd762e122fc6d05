"""Units that a project declares, with their words in each locale: `content/units.yaml`."""

from collections.abc import Mapping
from typing import ClassVar

from brief.model.record import dataclass
from brief.model.source_location import LocaleTag, Located, Slug


@dataclass(frozen=True, slots=True, kw_only=True)
class PluralForms(Located):
    """The words of a unit in one locale, a field for each plural form of CLDR, with `{n}` for the number: `{n} buses`.

    May be written as a plain text if the language has one form.
    """

    SHORTHAND: ClassVar = "other"
    other: str
    zero: str | None = None
    one: str | None = None
    two: str | None = None
    few: str | None = None
    many: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredUnit(Located):
    """One unit: what quantities call it, and its words in each locale."""

    id: Slug
    words: Mapping[LocaleTag, PluralForms]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredUnits(Located):
    """Units that the project adds to the units of CLDR."""

    units: tuple[DeclaredUnit, ...] = ()
