"""Walks records: yields every text and reference of authored ones, and the printed words of resolved ones."""

import enum
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, NewType, Union, get_args, get_origin

from brief.model.assets import Image
from brief.model.blocks import BlockBase, Event, Metric, Series
from brief.model.brief import Brief, Theme
from brief.model.inline import (
    RUN_TYPES,
    AuthoredRuns,
    Cite,
    ClaimValue,
    CrossReference,
    Emphasis,
    Footnote,
    Link,
    Strong,
    to_plain_text,
)
from brief.model.source_location import Ref
from brief.model.text import LocalisedText

# Anchors, and labels, whose numbers change with the order of blocks.
_NOT_WORDS = ("id", "label")


def walk_texts(value: Any) -> Iterator[LocalisedText]:
    """Yields every localised text of a record and of its parts, in order."""
    texts: list[LocalisedText] = []
    _collect_texts(value, texts)
    return iter(texts)


def make_texts_key(texts: Iterable[LocalisedText]) -> str:
    """Returns a key that differs if the kinds, locales or sources of the texts differ; their locations do not count."""
    return repr(
        [(type(text).__name__, *((tag, phrase.source) for tag, phrase in text.phrases.items())) for text in texts]
    )


def _collect_texts(value: Any, texts: list[LocalisedText]) -> None:
    """Appends every text of a value to `texts`."""
    # Nested generators would pass each text through as many frames as the record is deep.
    if isinstance(value, LocalisedText):
        texts.append(value)
    elif isinstance(value, tuple):
        for part in value:
            _collect_texts(part, texts)
    else:
        kind: type = type(value)
        for name in list_text_fields(kind):
            part = getattr(value, name)
            if part is not None and not isinstance(part, str):
                _collect_texts(part, texts)


@cache
def list_text_fields(kind: type) -> tuple[str, ...]:
    """Returns the fields of a record class that can contain texts; nothing for other classes."""
    if not is_dataclass(kind):
        return ()
    return tuple(field.name for field in fields(kind) if field.name != "location" and _can_hold_texts(field.type))


def _can_hold_texts(kind: Any) -> bool:
    """Returns whether a value of a field's type can be or contain a text; true if the type does not tell."""
    if arguments := get_args(kind):
        # Only tuples are walked.
        is_walked = get_origin(kind) in (tuple, Union, UnionType, Annotated)
        return is_walked and any(_can_hold_texts(argument) for argument in arguments if argument is not Ellipsis)
    if isinstance(kind, NewType):
        return _can_hold_texts(kind.__supertype__)
    if not isinstance(kind, type) or issubclass(kind, LocalisedText):
        return True
    # Subclasses may have more fields.
    record: Any = kind
    return bool(list_text_fields(record)) or any(_can_hold_texts(subclass) for subclass in record.__subclasses__())


def walk_always_printed_texts(brief: Brief) -> Iterator[LocalisedText]:
    """Yields the texts that a variant prints whether or not anything mentions them."""
    yield from walk_texts((brief.settings, *brief.themes.values(), *brief.audiences.values()))


def walk_printed_texts(brief: Brief) -> Iterator[LocalisedText]:
    """Yields every text that a variant may print. Of claims without a note, that is only the locator; of terms, the name
    and the explanation.
    """
    yield from walk_always_printed_texts(brief)
    yield from walk_texts(tuple(brief.specifications.values()))
    for term in brief.glossary.terms:
        yield from (term.name, term.says)
    for source in brief.sources.values():
        yield from walk_texts((source.title, source.publisher, source.author, source.locator, source.note))
        yield from (claim.locator for claim in source.claims if claim.locator)
        yield from (text for claim in source.claims if claim.note for text in (claim.says, claim.note) if text)


def list_anchors(brief: Brief) -> set[str]:
    """Returns the ids that a cross-reference may name: the ids of themes and of blocks."""
    return {*brief.themes, *(str(block.id) for theme in brief.themes.values() for block in theme.blocks)}


def walk_references(value: Any) -> Iterator[ClaimValue | Cite | CrossReference]:
    """Yields every placeholder, citation and cross-reference in the texts of a record, in all locales."""
    for text in walk_texts(value):
        for phrase in text:
            yield from walk_run_references(phrase.runs)


def walk_claims(value: Any) -> Iterator[Ref]:
    """Yields every claim that a record uses: in its texts, charts, timelines or metrics."""
    for run in walk_references(value):
        if not isinstance(run, CrossReference):
            yield run.claim
    yield from walk_data_claims(value)


def walk_printed_claims(value: Any) -> Iterator[Ref]:
    """Yields every claim whose quantity or period a record prints or draws, but no claim that it only cites."""
    for run in walk_references(value):
        if isinstance(run, ClaimValue):
            yield run.claim
    yield from walk_data_claims(value)


def walk_data_claims(value: Any) -> Iterator[Ref]:
    """Yields every claim that the charts, timelines and metrics of a record draw."""
    match value:
        case Series():
            yield from value.drawn_claims
        case Event() | Metric():
            yield value.claim
        case tuple():
            for part in value:
                yield from walk_data_claims(part)
        case Theme() | BlockBase():
            for field in fields(value):
                yield from walk_data_claims(getattr(value, field.name))


def walk_run_references(runs: AuthoredRuns) -> Iterator[ClaimValue | Cite | CrossReference]:
    """Yields every placeholder, citation and cross-reference in parsed runs, in order. Footnotes are not entered, because
    the runs of a phrase include those of its footnotes.
    """
    for run in runs:
        match run:
            case ClaimValue() | Cite() | CrossReference():
                yield run
            case Strong(children) | Emphasis(children) | Link(_, children):
                yield from walk_run_references(children)


def collect_printed_words(value: Any) -> tuple[str, ...]:
    """Returns the texts of a part of a variant, one item for each text. Anchors, labels, names of pictures and enumeration
    values are left out.
    """
    return tuple(_walk_words(value))


def _walk_words(value: Any) -> Iterator[str]:
    if isinstance(value, enum.Enum | Image):
        return
    if isinstance(value, tuple):
        if value and isinstance(value[0], RUN_TYPES):
            yield to_plain_text(value)
            for run in value:
                if isinstance(run, Footnote):
                    yield from _walk_words(run.paragraphs)
        else:
            for part in value:
                yield from _walk_words(part)
    elif is_dataclass(value):
        for part in fields(value):
            if part.name not in _NOT_WORDS:
                yield from _walk_words(getattr(value, part.name))
    elif isinstance(value, str):
        yield value
