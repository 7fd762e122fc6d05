"""Translations: the text that each belongs to, and whether it is up to date with its source text."""

import enum
from collections.abc import Mapping
from typing import Literal

from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.model.text import LocalisedText


class TranslationState(enum.StrEnum):
    """The state of a translation, from the worst to the best.

    The source text of a `STALE` one has changed since it was accepted, converted or drafted. `DERIVED` was converted from
    a related locale, `DRAFTED` written by a program, and neither has been accepted yet. An `UNREVIEWED` one was written by
    a person and never accepted.
    """

    MISSING = "missing"
    STALE = "stale"
    DERIVED = "derived"
    DRAFTED = "drafted"
    UNREVIEWED = "unreviewed"
    CURRENT = "current"


# How a translation that no person accepted came about.
Origin = Literal[TranslationState.DERIVED, TranslationState.DRAFTED]

ORIGINS: Mapping[str, Origin] = {"derived": TranslationState.DERIVED, "drafted": TranslationState.DRAFTED}


@dataclass(frozen=True, slots=True)
class MadeFrom:
    """The digest of the source text from which a translation was made; `origin` says how a program made it, if one did."""

    digest: str
    origin: Origin | None = None


# By the id of the text and by locale.
TranslationRecord = Mapping[str, Mapping[str, MadeFrom]]


@dataclass(frozen=True, slots=True)
class TranslatableText:
    """A text that is written separately in each locale.

    `id` names it across revisions: "theme/risks/title", "block/costs/rows/2/cells/1", "claim/agi-2025/wait/says".
    `chapter` is what it is counted under: "theme risks", "specifications", "audiences", "glossary", "sources" or
    "brief"; `kind` is the kind of the record that contains it ("callout", "term").
    """

    id: str
    chapter: str
    kind: str
    text: LocalisedText


@dataclass(frozen=True, slots=True)
class Translation:
    """A text in one locale. `location` is that of its words or, without words, that of the text.

    `origin` says how a program made it, if one did; such a translation may be stale as well.
    """

    text: TranslatableText
    locale: str
    state: TranslationState
    location: SourceLocation
    origin: Origin | None = None

    @property
    def conditions(self) -> tuple[TranslationState, ...]:
        """Its state and, if a program made it, its origin: gates decide on both."""
        return tuple(dict.fromkeys((self.state, *((self.origin,) if self.origin else ()))))


# By the location of the text and by locale: the translations that an audience's gates decide on.
GatedTexts = Mapping[tuple[SourceLocation, str], Translation]
GATED_STATES = (
    TranslationState.MISSING,
    TranslationState.STALE,
    TranslationState.DERIVED,
    TranslationState.DRAFTED,
)
# States in which a translator must review the text first; files for translators mark such entries as not finished.
FUZZY_STATES = (TranslationState.STALE, TranslationState.DERIVED, TranslationState.DRAFTED)
