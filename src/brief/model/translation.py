"""Translations: which text each belongs to, and whether it is up to date with its source text."""

import enum
from collections.abc import Mapping
from typing import Literal

from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.model.text import LocalisedText


class TranslationState(enum.StrEnum):
    """The state of a translation. `STALE`: its source text has changed since it was accepted. `UNREVIEWED`: it was never
    accepted.

    `DERIVED` was converted from a related locale, `DRAFTED` written by a program; neither has been accepted yet.
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
    """The digest of the source text that a translation was made from, and which program made it, if one did."""

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
    """A text in one locale. `location` is where its words are; if it has no words, where the text is.

    `origin` says that a program made it; such a text may be stale as well.
    """

    text: TranslatableText
    locale: str
    state: TranslationState
    location: SourceLocation
    origin: Origin | None = None

    @property
    def conditions(self) -> tuple[TranslationState, ...]:
        """All that gates decide on: its state, and where it came from."""
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
