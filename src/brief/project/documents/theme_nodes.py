"""Reads texts from the fields of an imported theme, and from the nodes of the project's file."""

from collections.abc import Iterator, Mapping, Sequence

from brief.project.documents.alignment import Entry
from brief.project.documents.theme_pairing import IMPORTED_KEYS
from brief.reading.documents.theme_writer import Field, ImportedText, QuotedText
from brief.reading.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode, find_value


def convert_node(node: Node) -> Field:
    """Returns a node of the project as a field."""
    match node:
        case ScalarNode(text, plain=plain):
            return text if plain else QuotedText(text)
        case SequenceNode(items=items):
            return [convert_node(item) for item in items]
        case MappingNode(entries=entries):
            return {key.text: convert_node(value) for key, value in entries}


def describe_field(value: Field) -> Entry:
    """Describes an entry of the document for alignment."""
    heading = value.get("heading") if isinstance(value, Mapping) else None
    words = heading.markup if isinstance(heading, ImportedText) else ""
    return Entry(words, "\n".join(_walk_texts(value)))


def _walk_texts(value: Field) -> Iterator[str]:
    match value:
        case ImportedText(words) | str(words) | QuotedText(words):
            yield words
        case bool():
            return
        case Mapping():
            for key, inner in value.items():
                if key in IMPORTED_KEYS:
                    yield from _walk_texts(inner)
        case _:
            for inner in value:
                yield from _walk_texts(inner)


def describe_node(node: Node, locale: str) -> Entry:
    """Describes an entry of the project for alignment, by its texts in the locale of the document."""
    heading = find_value(find_value(node, "heading"), locale)
    words = heading.text.strip() if isinstance(heading, ScalarNode) else ""
    return Entry(words, "\n".join(_walk_node_texts(node, locale)))


def _walk_node_texts(node: Node, locale: str) -> Iterator[str]:
    match node:
        case ScalarNode(text):
            yield text.strip()
        case MappingNode() if (localised := find_value(node, locale)) is not None:
            yield from _walk_node_texts(localised, locale)
        case MappingNode(entries=entries):
            for key, value in entries:
                if key.text in (*IMPORTED_KEYS, "cells"):
                    yield from _walk_node_texts(value, locale)
        case SequenceNode(items=items):
            for item in items:
                yield from _walk_node_texts(item, locale)


def list_translations(root: MappingNode, locale: str, others: Sequence[str]) -> dict[str, Mapping[str, str]]:
    """Returns the translations of each text of a theme; none for a text that has different ones."""
    found: dict[str, dict[str, str] | None] = {}
    for mapping in walk_mappings(root):
        texts = {key.text: value.text.strip() for key, value in mapping.entries if isinstance(value, ScalarNode)}
        translations = {name: texts[name] for name in others if texts.get(name)}
        if locale not in texts or not translations:
            continue
        source = texts[locale]
        found[source] = translations if found.get(source, translations) == translations else None
    return {source: translations for source, translations in found.items() if translations}


def walk_mappings(node: Node) -> Iterator[MappingNode]:
    match node:
        case MappingNode(entries=entries):
            yield node
            for _, value in entries:
                yield from walk_mappings(value)
        case SequenceNode(items=items):
            for item in items:
                yield from walk_mappings(item)


def walk_translations(node: Node, others: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yields each text in the other locales, as its locale and its words."""
    for mapping in walk_mappings(node):
        for key, value in mapping.entries:
            if key.text in others and isinstance(value, ScalarNode) and value.text.strip():
                yield key.text, value.text.strip()
