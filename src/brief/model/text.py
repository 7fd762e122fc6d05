"""Authored text: the same words side by side in every locale."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from brief.model.inline import AuthoredRun, AuthoredRuns
from brief.model.prose import ProseParts
from brief.model.source_location import UNKNOWN_LOCATION, Located, SourceLocation

# The key of a text written once for every locale: a product name, a bare number.
EVERY_LOCALE = "*"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One locale's words: as typed, and as the inline runs they were read into.

    Those of a prose block are in `parts`; its `runs` are those of all parts and footnotes one after the other.
    """

    source: str
    runs: AuthoredRuns
    location: SourceLocation = field(default=UNKNOWN_LOCATION, compare=False, repr=False)
    parts: ProseParts[AuthoredRun] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalisedText(Located):
    """Phrases by locale tag. A text written without locales has the single key `EVERY_LOCALE`."""

    phrases: Mapping[str, Phrase]

    def phrase(self, locale: str) -> Phrase | None:
        """The words for exactly this locale, or those for every locale. There is no fallback between languages."""
        return self.phrases.get(locale) or self.phrases.get(EVERY_LOCALE)

    def __iter__(self) -> Iterator[Phrase]:
        return iter(self.phrases.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class ProseText(LocalisedText):
    """Several paragraphs in each locale: one text to translators, because paragraphs have no names of their own."""
