"""Authored text: the same words side by side in every locale."""

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Annotated

from brief.model.inline import AuthoredRun, AuthoredRuns
from brief.model.prose import ProseParts
from brief.model.record import dataclass
from brief.model.scripts import find_parent_locale
from brief.model.source_location import UNKNOWN_LOCATION, Located, SourceLocation

# The key of a text written once for every locale: a product name, a bare number.
EVERY_LOCALE = "*"
# The key of a text that is meant to be the same in every language: `{same: Open Day}`.
SAME = "same"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One locale's words: as typed, and as the inline runs they were read into.

    The words of a prose block are in `parts`; its `runs` then has the runs of all parts and footnotes one after the
    other. `numbers` has the location of each number in `source`, for diagnostics about figures; empty if unknown.
    """

    source: str
    runs: AuthoredRuns
    location: SourceLocation = field(default=UNKNOWN_LOCATION, compare=False, repr=False)
    parts: ProseParts[AuthoredRun] = ()
    numbers: tuple[SourceLocation, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalisedText(Located):
    """A text: its phrases, keyed by locale tag. A text written without locales has the single key `EVERY_LOCALE`.

    `is_same` says that its author wants it to be the same in every language.
    """

    phrases: Mapping[str, Phrase]
    is_same: bool = False

    def find_phrase(self, locale: str) -> Phrase | None:
        """Returns the phrase for this locale, the phrase that it inherits from its parent (`zh-Hant` for `zh-Hant-HK`),
        or the phrase for every locale; None if the text has none of these.

        There is no fallback between languages.
        """
        tag = self.find_source_tag(locale)
        return self.phrases[tag] if tag is not None else None

    def find_source_tag(self, locale: str) -> str | None:
        """Returns the key whose phrase the locale prints: the locale itself, its parent or `EVERY_LOCALE`; None if the
        text has none of these.
        """
        if locale in self.phrases:
            return locale
        parent = find_parent_locale(locale)
        if parent in self.phrases:
            return parent
        return EVERY_LOCALE if EVERY_LOCALE in self.phrases else None

    def __iter__(self) -> Iterator[Phrase]:
        return iter(self.phrases.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class LinedText(LocalisedText):
    """A text that prints the line breaks of its author, as read for a field of type `BreakableText`."""


# In the records of content: a text whose lines its author may break. Titles, labels and names have one line.
BreakableText = Annotated[LocalisedText, LinedText]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProseText(LocalisedText):
    """Several paragraphs in each locale: one text to translators, because paragraphs have no names of their own."""
