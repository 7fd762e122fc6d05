"""Writes the YAML of imported themes, and compares its structure with a theme that exists."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import yaml

from brief.model.source_location import SourceLocation
from brief.reading.edits.quoting import quote_scalar
from brief.reading.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode

_ORIGIN = re.compile(r"# Imported from (\".*\") by `brief import( --into)?`\.")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class ImportedText:
    """A text of one locale, and its location in the document."""

    words: str
    location: SourceLocation


Field: TypeAlias = "str | bool | ImportedText | Sequence[Field] | Mapping[str, Field]"


@dataclass(frozen=True, slots=True)
class ImportedTheme:
    """The content of a theme file: its fields in order."""

    id: str
    fields: Mapping[str, Field]
    location: SourceLocation


@dataclass(frozen=True, slots=True)
class Pair:
    """An imported text, and the location of the corresponding text of the project."""

    imported: ImportedText
    text: SourceLocation
    before: str | None
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """The first difference in structure between a document and a theme."""

    message: str
    location: SourceLocation
    related: SourceLocation


def write_theme(theme: ImportedTheme, locale: str, origin: "Origin") -> str:
    """Writes the file of a theme, its texts in one locale."""
    lines = [origin.line, *_write_mapping(theme.fields, 0, locale)]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class Origin:
    """The document that a theme was imported from; `is_whole` if the theme is all of it."""

    document: str
    is_whole: bool = False

    @property
    def line(self) -> str:
        """The first line of the theme file, which identifies its document on the next import."""
        option = " --into" if self.is_whole else ""
        return f"# Imported from {quote_scalar(self.document)} by `brief import{option}`."


def find_origin(text: str) -> Origin | None:
    """Returns the origin of an imported theme; None if the theme was written by hand."""
    for line in text.split("\n")[:3]:
        match = _ORIGIN.fullmatch(line.strip())
        if match:
            try:
                return Origin(str(json.loads(match[1])), bool(match[2]))
            except json.JSONDecodeError:
                return None
    return None


def _write_mapping(fields: Mapping[str, Field], indent: int, locale: str) -> Iterator[str]:
    space = " " * indent
    for key, value in fields.items():
        match value:
            case bool():
                yield f"{space}{key}: {'true' if value else 'false'}"
            case str():
                yield f"{space}{key}: {_write_scalar(value)}"
            case ImportedText():
                yield from _write_text(f"{space}{key}:", value.words, indent, locale)
            case Mapping():
                yield f"{space}{key}:"
                yield from _write_mapping(value, indent + 2, locale)
            case _ if not value:
                yield f"{space}{key}: []"
            case _:
                yield f"{space}{key}:"
                yield from _write_list(value, indent + 2, locale)


def _write_list(items: Sequence[Field], indent: int, locale: str) -> Iterator[str]:
    for item in items:
        match item:
            case ImportedText():
                written = list(_write_text("", item.words, indent + 2, locale))
            case bool() | str():
                written = [f" {_write_scalar(str(item))}"]
            case Mapping():
                written = list(_write_mapping(item, indent + 2, locale))
            case _:
                written = list(_write_list(item, indent + 2, locale))
        first = written[0].strip()
        yield f"{' ' * indent}- {first}"
        yield from written[1:]


def _write_text(head: str, words: str, indent: int, locale: str) -> Iterator[str]:
    """Writes a text on one line if it is short, otherwise below its locale."""
    if "\n" not in words and len(words) <= 60:
        yield f"{head} {{{locale}: {_write_scalar(words, is_flow=True)}}}"
        return
    if head:
        yield head
        indent += 2
    space = " " * indent
    if "\n" not in words:
        yield f"{space}{locale}: {_write_scalar(words)}"
        return
    yield f"{space}{locale}: |-"
    yield from (f"{space}  {line}" if line else "" for line in words.split("\n"))


def _write_scalar(text: str, *, is_flow: bool = False) -> str:
    """Returns a scalar unquoted if YAML reads it back as the same text, otherwise in double quotes."""
    alone = f"{{k: {text}}}" if is_flow else f"k: {text}"
    try:
        # Without a schema: under that of YAML 1.1 `no` would be false, but content reads it as text.
        read = yaml.compose(alone, Loader=_Loader)
        value = read.value[0][1] if isinstance(read, yaml.MappingNode) and len(read.value) == 1 else None
        plain = isinstance(value, yaml.ScalarNode) and value.value == text and not value.style
    except yaml.YAMLError:
        plain = False
    is_null = text in ("", "~", "null")
    return text if plain and not is_null and "#" not in text else quote_scalar(text)


def pair_texts(theme: ImportedTheme, node: MappingNode, locale: str) -> list[Pair] | Difference:
    """Pairs each imported text with the text at the same position in the theme, or returns the first difference."""
    pairs: list[Pair] = []
    difference = _pair_fields(theme.fields, node, locale, f"theme '{theme.id}'", theme.location, pairs)
    return difference or pairs


def _pair_fields(
    fields: Mapping[str, Field],
    node: Node,
    locale: str,
    what: str,
    here: SourceLocation,
    pairs: list[Pair],
) -> Difference | None:
    if not isinstance(node, MappingNode):
        return Difference(f"{what} is written differently in the project", here, node.location)
    present = {key.text: value for key, value in node.entries}
    kind, present_kind = fields.get("kind"), present.get("kind")
    if isinstance(present_kind, ScalarNode) and kind != present_kind.text:
        message = f"{what} is a {kind} in the document and a {present_kind.text} in the project"
        return Difference(message, _find_first_location(fields) or here, node.location)
    texts = {key for key, value in fields.items() if not isinstance(value, str | bool)}
    known = {"heading", "note", "title", "text", "items", "rows", "columns", "summary", "blocks", "description"}
    for key in sorted((texts | known) - (texts & present.keys())):
        if key in texts or key in present:
            where = "the document" if key in texts else "the project"
            location = _find_first_location(fields.get(key)) or here
            related = present[key].location if key in present else node.location
            return Difference(f"only {where} has '{key}' of {what}", location, related)
    for key in sorted(texts, key=list(fields).index):
        found = _pair(fields[key], present[key], locale, f"'{key}' of {what}", here, pairs)
        if found is not None:
            return found
    return None


def _pair(
    value: Field, node: Node, locale: str, what: str, here: SourceLocation, pairs: list[Pair]
) -> Difference | None:
    match value:
        case ImportedText():
            return _pair_text(value, node, locale, what, pairs)
        case Mapping():
            return _pair_fields(value, node, locale, what, _find_first_location(value) or here, pairs)
        case str() | bool():
            is_same = isinstance(node, ScalarNode) and node.text == str(value)
            return None if is_same else Difference(f"{what} differs", here, node.location)
    if not isinstance(node, SequenceNode):
        return Difference(f"{what} is written differently in the project", here, node.location)
    for number, (item, inner) in enumerate(zip(value, node.items, strict=False), 1):
        found = _pair_item(item, inner, locale, f"entry {number} of {what}", here, pairs)
        if found is not None:
            return found
    if len(value) != len(node.items):
        message = f"{what} has {len(value)} entries in the document and {len(node.items)} in the project"
        longer = value[len(node.items)] if len(value) > len(node.items) else None
        at = node.items[len(value)].location if len(node.items) > len(value) else node.location
        last = _find_first_location(value[-1]) if value else None
        return Difference(message, _find_first_location(longer) or last or here, at)
    return None


def _pair_item(
    item: Field, node: Node, locale: str, what: str, here: SourceLocation, pairs: list[Pair]
) -> Difference | None:
    """Pairs an entry of a list, which may be a mapping instead of a bare text: `{text: ..., clearance: ...}`."""
    here = _find_first_location(item) or here
    if isinstance(node, MappingNode) and not isinstance(item, Mapping):
        present = {key.text: value for key, value in node.entries}
        bare = next((present[key] for key in ("text", "title", "cells") if key in present), None)
        if bare is not None:
            return _pair(item, bare, locale, what, here, pairs)
    return _pair(item, node, locale, what, here, pairs)


def _pair_text(text: ImportedText, node: Node, locale: str, what: str, pairs: list[Pair]) -> Difference | None:
    if isinstance(node, ScalarNode):
        if node.text.strip() == text.words:
            return None
        message = f"{what} is the same in every locale of the project, and '{text.words[:60]}' in the document"
        return Difference(message, text.location, node.location)
    if not isinstance(node, MappingNode):
        return Difference(f"{what} is written differently in the project", text.location, node.location)
    texts_by_locale = {key.text: value for key, value in node.entries}
    before = texts_by_locale.get(locale)
    words = before.text.strip() if isinstance(before, ScalarNode) else None
    pairs.append(Pair(text, node.location, words, tuple(texts_by_locale)))
    return None


def _find_first_location(value: "Field | None") -> SourceLocation | None:
    match value:
        case ImportedText(location=location):
            return location
        case None | str() | bool():
            return None
        case Mapping():
            return next(filter(None, map(_find_first_location, value.values())), None)
        case _:
            return next(filter(None, map(_find_first_location, value)), None)
