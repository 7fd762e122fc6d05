"""Translations: which text each belongs to, and whether it is up to date with its source text."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from brief.model.source_location import SourceLocation
from brief.model.text import LocalisedText

# By identity of the text and by locale: the digest of the source text that the translation was made from.
TranslationRecord = Mapping[str, Mapping[str, str]]


class TranslationState(enum.StrEnum):
    """`STALE`: its source text has changed since it was accepted. `UNREVIEWED`: it was never accepted."""

    MISSING = "missing"
    STALE = "stale"
    UNREVIEWED = "unreviewed"
    CURRENT = "current"


@dataclass(frozen=True, slots=True)
class TranslatableText:
    """A text that is written separately in each locale.

    `id` names it across revisions: "theme/risks/title", "block/costs/rows/2/cells/1", "claim/agi-2025/wait/says".
    `chapter` is what it is counted under: "theme risks", "audiences", "glossary", "sources" or "brief"; `kind` is
    that of the record that holds it ("callout", "term").
    """

    id: str
    chapter: str
    kind: str
    text: LocalisedText


@dataclass(frozen=True, slots=True)
class Translation:
    """A text in one locale. `location` is that of its words; if it has no words, that of the text."""

    text: TranslatableText
    locale: str
    state: TranslationState
    location: SourceLocation
