"""What one audience may not see: everything that authors wrote, minus everything in its selected brief.

Both are found by walking the records field by field, so that a new kind of content is covered without changes here.
"""

import enum
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, fields, is_dataclass
from functools import cache
from typing import Any

from brief.model.assets import Image
from brief.model.brief import Brief
from brief.model.catalogue import Catalogue
from brief.model.figures.dataset import DatasetTable
from brief.model.inline import (
    AuthoredRuns,
    Code,
    Emphasis,
    Formula,
    LineBreak,
    Link,
    ShiftedText,
    Strong,
    Text,
)
from brief.model.record import dataclass
from brief.model.source_location import UNKNOWN_LOCATION, Located, Ref, SourceLocation
from brief.model.text import LocalisedText
from brief.resolve import walk
from brief.resolve.claim_words import format_claim_figures, render_with_figures
from brief.resolve.datasets.access import list_withheld_keys, list_withheld_texts
from brief.resolve.select import Selections


class WithheldKind(enum.StrEnum):
    """The kind of a withheld string: words, a claim's printed figure, an id or file name, or a picture's digest."""

    TEXT = "text"
    FIGURE = "figure"
    NAME = "name"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class SourceString:
    """One string of the content and where it was written.

    `is_allowed` is whether its item has `allow_in_output`: a reason why parts of it may occur elsewhere by chance.
    """

    kind: WithheldKind
    text: str
    location: SourceLocation
    is_allowed: bool = False


# Fields that contain names, matched as a whole.
_NAME_FIELDS = ("id", "sha256", "url", "doi")
# Fields that contain enumeration values, not author text.
_VOCABULARY = (
    *("json", "unit", "media_type", "template_set", "language", "source_locale", "allow_in_output"),
    # The state of texts, which are searched for as they are written.
    "translations",
)


# The strings of texts and items, by their identity: audiences see most of them alike, and a project that is loaded again
# after an edit has most of the same ones.
_REMEMBERED: dict[tuple[int, bool], tuple[object, tuple[SourceString, ...]]] = {}
_MOST_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class SourceStrings:
    """Every string of a brief: texts of all locales cut at their placeholders, ids, file names; and printed figures."""

    brief: Brief
    strings: tuple[SourceString, ...]
    figures: Mapping[str, tuple[SourceString, ...]]
    selections: Selections
    # Walked once for each audience, since both what it may see and what it may not depend on it.
    _seen: dict[str, tuple[SourceString, ...]] = field(default_factory=dict)

    @classmethod
    def from_brief(cls, brief: Brief) -> "SourceStrings":
        printed: dict[str, list[SourceString]] = {}
        for locale in brief.locales:
            for name, words in format_claim_figures(brief, brief.claims, locale):
                _, claim = brief.claims[name]
                printed.setdefault(name, []).append(
                    SourceString(WithheldKind.FIGURE, words, claim.location, claim.allow_in_output is not None)
                )
        return cls(
            brief,
            tuple(_split_strings(brief, UNKNOWN_LOCATION)),
            {name: tuple(found) for name, found in printed.items()},
            Selections(brief),
        )

    def list_seen(self, audience: str) -> tuple[SourceString, ...]:
        """Lists what the audience may see, as written and where."""
        if audience not in self._seen:
            self._seen[audience] = tuple(_split_strings(self.selections[audience], UNKNOWN_LOCATION))
        return self._seen[audience]

    def list_withheld(self, audience: str) -> tuple[SourceString, ...]:
        """Lists what the audience may not see. The same words may also occur in what it may see."""
        seen, claims = self.list_seen(audience), self.selections[audience].claims
        identities = set(map(id, seen))
        found = [item for item in self.strings if id(item) not in identities]
        texts = {item.text for item in found}
        visible = {item for item in seen if item.text in texts}
        found = [item for item in found if item not in visible]
        found += [item for name, printed in self.figures.items() if name not in claims for item in printed]
        clearance = self.brief.audiences[audience].clearance
        found += [SourceString(WithheldKind.FIGURE, *cell) for cell in list_withheld_texts(self.brief, clearance)]
        found += [SourceString(WithheldKind.TEXT, *key) for key in list_withheld_keys(self.brief, clearance)]
        return tuple(dict.fromkeys(found))

    def list_visible(self, audience: str) -> Iterator[str]:
        """Lists what the audience may see, in every locale: as written, as printed with its figures, and interface
        words.
        """
        seen = self.selections[audience]
        yield from (item.text for item in self.list_seen(audience))
        yield from (item.text for name in seen.claims for item in self.figures.get(name, ()))
        for text in walk.walk_printed_texts(seen):
            for locale in seen.locales:
                phrase = text.find_phrase(locale)
                yield from (render_with_figures(phrase.runs, seen, locale) if phrase else "",)
        for catalogue in seen.catalogues.values():
            for message, forms in catalogue.messages.items():
                yield message
                yield from forms


def _split_strings(value: Any, location: SourceLocation, is_allowed: bool = False) -> Iterator[SourceString]:
    match value:
        case LocalisedText():
            yield from _remember(value, is_allowed, _split_text)
        case Image():
            # Bare digests are compared, not searched for.
            yield SourceString(WithheldKind.NAME, value.name, location)
            yield SourceString(WithheldKind.PICTURE, value.sha256, location)
        case Ref() | SourceLocation() | Catalogue() | enum.Enum() | DatasetTable():
            # `datasets.access` finds the withheld rows and columns of a table.
            return
        case str():
            yield SourceString(WithheldKind.TEXT, value, location, is_allowed)
        case tuple():
            for part in value:
                yield from _split_strings(part, location, is_allowed)
        case Mapping():
            for part in value.values():
                yield from _split_strings(part, location, is_allowed)
        case _ if is_dataclass(value) and not isinstance(value, type):
            here = value.location if isinstance(value, Located) else location
            if hasattr(value, "allow_in_output"):
                is_allowed = value.allow_in_output is not None
                if isinstance(value, Located):
                    # An item has a location and an allowance of its own, wherever it is.
                    yield from _remember(value, is_allowed, _split_item)
                    return
            yield from _split_record(value, here, is_allowed)


def _remember(
    value: Any, is_allowed: bool, split: Callable[[Any, bool], Iterator[SourceString]]
) -> tuple[SourceString, ...]:
    key = id(value), is_allowed
    known = _REMEMBERED.get(key)
    if known is None or known[0] is not value:
        if len(_REMEMBERED) >= _MOST_REMEMBERED:
            _REMEMBERED.clear()
        # The value is kept as well, so that no other one gets its identity.
        known = _REMEMBERED[key] = value, tuple(split(value, is_allowed))
    return known[1]


def _split_text(text: LocalisedText, is_allowed: bool) -> Iterator[SourceString]:
    for phrase in text:
        for kind, piece in _split_at_placeholders(phrase.runs):
            yield SourceString(kind, piece, phrase.location, is_allowed)


def _split_item(item: Located, is_allowed: bool) -> Iterator[SourceString]:
    return _split_record(item, item.location, is_allowed)


def _split_record(value: Any, location: SourceLocation, is_allowed: bool) -> Iterator[SourceString]:
    for name in _list_worded_fields(type(value)):
        content = getattr(value, name)
        if content is None:
            continue
        if name in _NAME_FIELDS:
            yield SourceString(WithheldKind.NAME, content, location, is_allowed)
        else:
            yield from _split_strings(content, location, is_allowed)


@cache
def _list_worded_fields(record: type) -> tuple[str, ...]:
    """Returns the fields of a record that can contain words or names that an author wrote."""
    return tuple(each.name for each in fields(record) if each.name not in _VOCABULARY)


def _split_at_placeholders(runs: AuthoredRuns) -> Iterator[tuple[WithheldKind, str]]:
    """Splits words at placeholders; emphasis does not split them."""
    words = ""
    for kind, piece in _flatten_runs(runs):
        if kind is WithheldKind.TEXT:
            words += piece
            continue
        if words.strip():
            yield WithheldKind.TEXT, words
        words = ""
        if piece:
            yield kind, piece
    if words.strip():
        yield WithheldKind.TEXT, words


def _flatten_runs(runs: AuthoredRuns) -> Iterator[tuple[WithheldKind, str]]:
    for run in runs:
        match run:
            case Text(text) | Code(text) | ShiftedText(text) | Formula(text):
                yield WithheldKind.TEXT, text
            case LineBreak():
                yield WithheldKind.TEXT, " "
            case Strong(children) | Emphasis(children):
                yield from _flatten_runs(children)
            case Link(url, children):
                yield from _flatten_runs(children)
                yield WithheldKind.NAME, url
            case _:
                yield WithheldKind.NAME, ""
