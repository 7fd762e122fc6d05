"""Pairs the texts of an imported theme with the texts of an existing theme, if both have the same structure."""

from collections.abc import Mapping

from brief.model.counts import format_count
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.reading.documents.theme_writer import Field, ImportedText, ImportedTheme, QuotedText
from brief.reading.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode, find_value

# The keys that an import writes; a theme may have others, such as `clearance`.
IMPORTED_KEYS = {"heading", "note", "title", "text", "items", "rows", "columns", "summary", "blocks", "description"}
# The kinds of blocks that an import writes; those of other kinds were added in the project.
_IMPORTED_KINDS = {"callout", "figure", "list", "paragraph", "prose", "table"}


@dataclass(frozen=True, slots=True)
class ImportPair:
    """An imported text, and the text of the project at the same position in the theme.

    `location` is that of the project's text, `current` its words in the locale of the document (None without any), and
    `locales` the locales that it has.
    """

    imported: ImportedText
    location: SourceLocation
    current: str | None
    locales: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """The first difference in structure between a document and a theme."""

    message: str
    location: SourceLocation
    related: SourceLocation


def pair_texts(theme: ImportedTheme, node: MappingNode, locale: str) -> list[ImportPair] | Difference:
    """Pairs each imported text with the text at the same position in the theme, or returns the first difference."""
    pairs: list[ImportPair] = []
    difference = _pair_fields(theme.fields, node, locale, f"theme '{theme.id}'", theme.location, pairs)
    return difference or pairs


def is_imported_block(node: Node) -> bool:
    """Returns whether a node may have been imported: it is not a block of a kind that no document has."""
    kind = find_value(node, "kind")
    return not isinstance(kind, ScalarNode) or kind.text in _IMPORTED_KINDS


def pair_block(fields: Mapping[str, Field], node: Node, locale: str) -> list[ImportPair] | Difference:
    """Pairs each imported text of a block with the text at the same position, or returns the first difference."""
    pairs: list[ImportPair] = []
    difference = _pair_fields(fields, node, locale, "the block", node.location, pairs)
    return difference or pairs


# The functions below add to `pairs`, and return the first difference, or None. In messages, `what` names what is
# paired; `here` is its location in the document.


def _pair_fields(
    fields: Mapping[str, Field],
    node: Node,
    locale: str,
    what: str,
    here: SourceLocation,
    pairs: list[ImportPair],
) -> Difference | None:
    if not isinstance(node, MappingNode):
        return Difference(f"{what} is written differently in the project", here, node.location)
    present = {key.text: value for key, value in node.entries}
    kind, present_kind = fields.get("kind"), present.get("kind")
    if isinstance(present_kind, ScalarNode) and kind != present_kind.text:
        message = f"{what} is a {kind} in the document and a {present_kind.text} in the project"
        return Difference(message, _find_first_location(fields) or here, node.location)
    texts = {key for key, value in fields.items() if not isinstance(value, str | bool)}
    for key in sorted((texts | IMPORTED_KEYS) - (texts & present.keys())):
        if key in texts or key in present:
            where = "the document" if key in texts else "the project"
            location = _find_first_location(fields.get(key)) or here
            related = present[key].location if key in present else node.location
            return Difference(f"only {where} has '{key}' of {what}", location, related)
    for key in sorted(texts, key=list(fields).index):
        difference = _pair(fields[key], present[key], locale, f"'{key}' of {what}", here, pairs)
        if difference is not None:
            return difference
    return None


def _pair(
    value: Field, node: Node, locale: str, what: str, here: SourceLocation, pairs: list[ImportPair]
) -> Difference | None:
    match value:
        case ImportedText():
            return _pair_text(value, node, locale, what, pairs)
        case Mapping():
            return _pair_fields(value, node, locale, what, _find_first_location(value) or here, pairs)
        case str() | bool() | QuotedText():
            text = value.text if isinstance(value, QuotedText) else str(value)
            is_same = isinstance(node, ScalarNode) and node.text == text
            return None if is_same else Difference(f"{what} differs", here, node.location)
    if not isinstance(node, SequenceNode):
        return Difference(f"{what} is written differently in the project", here, node.location)
    items = [item for item in node.items if is_imported_block(item)]
    for number, (item, inner) in enumerate(zip(value, items, strict=False), 1):
        difference = _pair_item(item, inner, locale, f"entry {number} of {what}", here, pairs)
        if difference is not None:
            return difference
    if len(value) != len(items):
        message = (
            f"{what} has {format_count(len(value), 'entry', 'entries')} in the document and {len(items)} in the project"
        )
        longer = value[len(items)] if len(value) > len(items) else None
        related = items[len(value)].location if len(items) > len(value) else node.location
        last = _find_first_location(value[-1]) if value else None
        return Difference(message, _find_first_location(longer) or last or here, related)
    return None


def _pair_item(
    item: Field, node: Node, locale: str, what: str, here: SourceLocation, pairs: list[ImportPair]
) -> Difference | None:
    """Pairs an entry of a list, which may be a mapping in the project: `{text: ..., clearance: ...}` instead of a bare
    text.
    """
    here = _find_first_location(item) or here
    if isinstance(node, MappingNode) and not isinstance(item, Mapping):
        present = {key.text: value for key, value in node.entries}
        bare = next((present[key] for key in ("text", "title", "cells") if key in present), None)
        if bare is not None:
            return _pair(item, bare, locale, what, here, pairs)
    return _pair(item, node, locale, what, here, pairs)


def _pair_text(text: ImportedText, node: Node, locale: str, what: str, pairs: list[ImportPair]) -> Difference | None:
    if isinstance(node, ScalarNode):
        if node.text.strip() == text.markup:
            return None
        message = f"{what} is written without locales in the project, and reads '{text.markup[:60]}' in the document"
        return Difference(message, text.location, node.location)
    if not isinstance(node, MappingNode):
        return Difference(f"{what} is written differently in the project", text.location, node.location)
    texts_by_locale = {key.text: value for key, value in node.entries}
    current = texts_by_locale.get(locale)
    words = current.text.strip() if isinstance(current, ScalarNode) else None
    pairs.append(ImportPair(text, node.location, words, tuple(texts_by_locale)))
    return None


def _find_first_location(value: "Field | None") -> SourceLocation | None:
    """Returns the location in the document of the first text within a field; None without a text."""
    match value:
        case ImportedText(location=location):
            return location
        case None | str() | bool() | QuotedText():
            return None
        case Mapping():
            return next(filter(None, map(_find_first_location, value.values())), None)
        case _:
            return next(filter(None, map(_find_first_location, value)), None)
