"""Lists what an audience may not see: every string that authors wrote, except those in the brief as selected for it.

Both briefs are walked field by field, so that a new kind of content is covered without changes here.
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
    """One string of the content, and its location.

    `is_allowed` says that its record has `allow_in_output`: a reason why parts of the string may occur elsewhere by chance.
    """

    kind: WithheldKind
    text: str
    location: SourceLocation
    is_allowed: bool = False


# Fields that contain names, which are searched for as a whole.
_NAME_FIELDS = ("id", "sha256", "url", "doi")
# Fields that contain no text of the author: values from a vocabulary, reasons, and what follows from other fields.
_SKIPPED_FIELDS = (
    *("json", "unit", "media_type", "template_set", "language", "source_locale", "allow_in_output"),
    # The states of texts, which are searched for themselves.
    "translations",
)


# A cache of the strings of texts and records, by `id()` of the object: most audiences see the same objects, and a project
# that is reloaded after an edit shares most of them.
_STRINGS: dict[tuple[int, bool], tuple[object, tuple[SourceString, ...]]] = {}
_MAX_CACHED = 50_000


@dataclass(frozen=True, slots=True)
class SourceStrings:
    """The strings of a brief: texts of all locales, split at their placeholders, ids and file names. `figures` maps claims
    to their distinctive figures as each locale prints them.
    """

    brief: Brief
    strings: tuple[SourceString, ...]
    figures: Mapping[str, tuple[SourceString, ...]]
    selections: Selections
    # The strings that each audience may see: `list_withheld` and `list_visible` both need them.
    _seen: dict[str, tuple[SourceString, ...]] = field(default_factory=dict)

    @classmethod
    def from_brief(cls, brief: Brief) -> "SourceStrings":
        figures: dict[str, list[SourceString]] = {}
        for locale in brief.locales:
            for name, figure in format_claim_figures(brief, brief.claims, locale):
                _, claim = brief.claims[name]
                figures.setdefault(name, []).append(
                    SourceString(WithheldKind.FIGURE, figure, claim.location, claim.allow_in_output is not None)
                )
        return cls(
            brief,
            tuple(_split_strings(brief, UNKNOWN_LOCATION)),
            {name: tuple(strings) for name, strings in figures.items()},
            Selections(brief),
        )

    def list_seen(self, audience: str) -> tuple[SourceString, ...]:
        """Returns the strings that the audience may see, as authors wrote them."""
        if audience not in self._seen:
            self._seen[audience] = tuple(_split_strings(self.selections[audience], UNKNOWN_LOCATION))
        return self._seen[audience]

    def list_withheld(self, audience: str) -> tuple[SourceString, ...]:
        """Returns the strings that the audience may not see. The same words may also occur in what it may see."""
        seen, claims = self.list_seen(audience), self.selections[audience].claims
        identities = set(map(id, seen))
        withheld = [item for item in self.strings if id(item) not in identities]
        texts = {item.text for item in withheld}
        visible = {item for item in seen if item.text in texts}
        withheld = [item for item in withheld if item not in visible]
        withheld += [item for name, figures in self.figures.items() if name not in claims for item in figures]
        clearance = self.brief.audiences[audience].clearance
        withheld += [SourceString(WithheldKind.FIGURE, *cell) for cell in list_withheld_texts(self.brief, clearance)]
        withheld += [SourceString(WithheldKind.TEXT, *key) for key in list_withheld_keys(self.brief, clearance)]
        return tuple(dict.fromkeys(withheld))

    def list_visible(self, audience: str) -> Iterator[str]:
        """Yields the texts that the audience may see, in every locale: as written, as printed with their figures, and
        interface words.
        """
        selected = self.selections[audience]
        yield from (item.text for item in self.list_seen(audience))
        yield from (item.text for name in selected.claims for item in self.figures.get(name, ()))
        for text in walk.walk_printed_texts(selected):
            for locale in selected.locales:
                phrase = text.find_phrase(locale)
                yield render_with_figures(phrase.runs, selected, locale) if phrase else ""
        for catalogue in selected.catalogues.values():
            for message, forms in catalogue.messages.items():
                yield message
                yield from forms


def _split_strings(value: Any, location: SourceLocation, is_allowed: bool = False) -> Iterator[SourceString]:
    match value:
        case LocalisedText():
            yield from _split_cached(value, is_allowed, _split_text)
        case Image():
            # The digest of a picture is compared with those of pictures in the output; it is not searched for.
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
            own_location = value.location if isinstance(value, Located) else location
            if hasattr(value, "allow_in_output"):
                is_allowed = value.allow_in_output is not None
                if isinstance(value, Located):
                    # Cached, because the strings of such a record depend on nothing around it.
                    yield from _split_cached(value, is_allowed, _split_item)
                    return
            yield from _split_record(value, own_location, is_allowed)


def _split_cached(
    value: Any, is_allowed: bool, split: Callable[[Any, bool], Iterator[SourceString]]
) -> tuple[SourceString, ...]:
    key = id(value), is_allowed
    entry = _STRINGS.get(key)
    if entry is None or entry[0] is not value:
        if len(_STRINGS) >= _MAX_CACHED:
            _STRINGS.clear()
        # The value is kept as well, so that no other object gets the same `id()`.
        entry = _STRINGS[key] = value, tuple(split(value, is_allowed))
    return entry[1]


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
    return tuple(field_.name for field_ in fields(record) if field_.name not in _SKIPPED_FIELDS)


def _split_at_placeholders(runs: AuthoredRuns) -> Iterator[tuple[WithheldKind, str]]:
    """Yields the text between placeholders, and the addresses of links; emphasis does not split a text."""
    text = ""
    for kind, piece in _flatten_runs(runs):
        if kind is WithheldKind.TEXT:
            text += piece
            continue
        if text.strip():
            yield WithheldKind.TEXT, text
        text = ""
        if piece:
            yield kind, piece
    if text.strip():
        yield WithheldKind.TEXT, text


def _flatten_runs(runs: AuthoredRuns) -> Iterator[tuple[WithheldKind, str]]:
    """Yields the pieces of runs; a piece that is not text, such as a placeholder, is a name, and empty unless a URL."""
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
