"""What one audience may not see: everything that authors wrote, less everything that its selected brief holds.

Both are found by walking the records field by field, so that a new kind of content is withheld from the day it exists.
"""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from brief.model.assets import Image
from brief.model.brief import Brief
from brief.model.catalogue import Catalogue
from brief.model.inline import AuthoredRuns, Cite, Code, Emphasis, Link, Mention, Printed, Strong, Text
from brief.model.source_location import NOWHERE, Place, Placed, Ref
from brief.model.text import LocalisedText
from brief.resolve import walk
from brief.resolve.claim_words import figures, printed
from brief.resolve.select import select


class Kind(enum.StrEnum):
    """What a withheld string is: words, a claim's figure as printed, an id or file name, a picture's digest."""

    TEXT = "text"
    FIGURE = "figure"
    NAME = "name"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Said:
    """One string of the content and where it was written."""

    kind: Kind
    text: str
    place: Place


# Fields that hold words of our own vocabulary and not an author's.
_VOCABULARY = ("unit", "media_type", "template_set", "language", "source_locale")


@dataclass(frozen=True, slots=True)
class Authored:
    """Every string of a brief: texts of all locales cut at their placeholders, ids, file names; and printed figures."""

    brief: Brief
    strings: tuple[Said, ...]
    figures: Mapping[str, tuple[Said, ...]]

    @classmethod
    def of(cls, brief: Brief) -> "Authored":
        printed: dict[str, list[Said]] = {}
        for locale in brief.locales:
            for name, words in figures(brief, brief.claims, locale):
                _, claim = brief.claims[name]
                printed.setdefault(name, []).append(Said(Kind.FIGURE, words, claim.place))
        return cls(brief, tuple(_said(brief, NOWHERE)), {name: tuple(found) for name, found in printed.items()})

    def withheld(self, audience: str) -> tuple[Said, ...]:
        """What the audience may not see. The same words may stand in what it does see."""
        seen = select(self.brief, audience)
        visible, claims = set(_said(seen, NOWHERE)), seen.claims
        found = [said for said in self.strings if said not in visible]
        found += [said for name, printed in self.figures.items() if name not in claims for said in printed]
        return tuple(dict.fromkeys(found))

    def visible(self, audience: str) -> Iterator[str]:
        """What the audience may see, in every locale: as written, as printed with its figures, and interface words."""
        seen = select(self.brief, audience)
        yield from (said.text for said in _said(seen, NOWHERE))
        yield from (said.text for name in seen.claims for said in self.figures.get(name, ()))
        for text in walk.printed_texts(seen):
            for locale in seen.locales:
                phrase = text.phrase(locale)
                yield from (_printed(phrase.runs, seen, locale) if phrase else "",)
        for catalogue in seen.catalogues.values():
            for message, forms in catalogue.messages.items():
                yield message
                yield from forms


def _said(value: Any, place: Place) -> Iterator[Said]:
    match value:
        case LocalisedText():
            for phrase in value:
                for kind, piece in _pieces(phrase.runs):
                    yield Said(kind, piece, phrase.place)
        case Image():
            # Bare digests are compared, not searched for.
            yield Said(Kind.NAME, value.name, place)
            yield Said(Kind.PICTURE, value.sha256, place)
        case Ref() | Place() | Catalogue() | enum.Enum():
            return
        case str():
            yield Said(Kind.TEXT, value, place)
        case tuple():
            for part in value:
                yield from _said(part, place)
        case Mapping():
            for part in value.values():
                yield from _said(part, place)
        case _ if is_dataclass(value):
            here = value.place if isinstance(value, Placed) else place
            for field in fields(value):
                held = getattr(value, field.name)
                if field.name in ("id", "sha256"):
                    yield Said(Kind.NAME, held, here)
                elif field.name not in _VOCABULARY:
                    yield from _said(held, here)


def _pieces(runs: AuthoredRuns) -> Iterator[tuple[Kind, str]]:
    """The stretches of words between placeholders; words in bold go on where the plain ones stop."""
    words = ""
    for kind, piece in _flat(runs):
        if kind is Kind.TEXT:
            words += piece
            continue
        if words.strip():
            yield Kind.TEXT, words
        words = ""
        if piece:
            yield kind, piece
    if words.strip():
        yield Kind.TEXT, words


def _flat(runs: AuthoredRuns) -> Iterator[tuple[Kind, str]]:
    for run in runs:
        match run:
            case Text(text) | Code(text):
                yield Kind.TEXT, text
            case Strong(children) | Emphasis(children):
                yield from _flat(children)
            case Link(url, children):
                yield from _flat(children)
                yield Kind.NAME, url
            case _:
                yield Kind.NAME, ""


def _printed(runs: AuthoredRuns, brief: Brief, locale: str) -> str:
    """The words of a text with its figures among them. A cross-reference ends a stretch of them, a citation does not."""
    words = []
    for run in runs:
        match run:
            case Text(text) | Code(text):
                words.append(text)
            case Strong(children) | Emphasis(children) | Link(_, children):
                words.append(_printed(children, brief, locale))
            case Printed():
                found = brief.claims.get(run.claim.name)
                words.append(printed(run, *found, brief.catalogues[locale]) if found else "")
            case Mention():
                words.append("\n")
            case Cite():
                pass
    return "".join(words)
