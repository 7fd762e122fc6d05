"""Merges the fields of a changed document with what the project has in their place."""

from collections.abc import Mapping
from dataclasses import field, replace

from brief.model.record import dataclass
from brief.project.documents.alignment import align_entries, is_similar
from brief.project.documents.theme_nodes import convert_node, describe_field, describe_node
from brief.project.documents.theme_pairing import IMPORTED_KEYS
from brief.reading.documents.theme_writer import Field, ImportedText, QuotedText
from brief.reading.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode, find_value

# The keys of a block that the document decides; the others, such as its clearance, belong to the project.
_DOCUMENT_KEYS = IMPORTED_KEYS | {"kind", "ordered", "tone", "image", "align", "group"}
# The key of the text in an entry that is a mapping in the project: `{text: ..., clearance: ...}`.
_ENTRY_KEYS = ("text", "title", "cells")


@dataclass(frozen=True, slots=True)
class FieldMerger:
    """Merges fields of the document with nodes of the project: the wording and structure of the document, and the ids,
    added keys and translations of the project.

    `translations` has the texts in `others`, the other locales of the brief, of each text that the theme has once or
    always with the same translations. `outdated` collects the locales whose texts translate an earlier wording.
    """

    locale: str
    others: tuple[str, ...]
    translations: Mapping[str, Mapping[str, str]]
    outdated: set[str] = field(default_factory=set)

    def get_text(self, node: Node) -> str | None:
        """Returns the text of a mapping of locales to texts in the locale of the document; None without one."""
        text = find_value(node, self.locale)
        return text.text.strip() if isinstance(text, ScalarNode) else None

    def merge_block(self, block: Mapping[str, Field], node: MappingNode) -> Mapping[str, Field]:
        """Merges a block of another structure; its id and the keys of the project come before those of the document."""
        kept = {key.text: convert_node(value) for key, value in node.entries if key.text not in _DOCUMENT_KEYS}
        fields = self.merge_fields(block, node)
        first = {key: fields[key] for key in ("kind", "id", "heading") if key in fields}
        rest = {key: value for key, value in fields.items() if key not in kept}
        return {**first, **kept, **rest}

    def merge_fields(self, fields: Mapping[str, Field], node: Node | None) -> dict[str, Field]:
        """Merges the texts of a mapping with those at the same keys."""
        return {key: self.merge(value, find_value(node, key)) for key, value in fields.items()}

    def merge(self, value: Field, node: Node | None) -> Field:
        """Merges a field with a node of the project; None without one."""
        match value:
            case str() | bool() | QuotedText():
                return value
            case ImportedText():
                return self.merge_text(value, node)
            case Mapping():
                return self.merge_fields(value, node)
        items = node.items if isinstance(node, SequenceNode) else ()
        entries = [describe_node(item, self.locale) for item in items]
        partners = align_entries([describe_field(item) for item in value], entries)
        return [
            self._merge_entry(item, None if partner is None else items[partner])
            for item, partner in zip(value, partners, strict=True)
        ]

    def merge_text(self, text: ImportedText, node: Node | None) -> Field:
        """Returns the text with the translations of the text that it continues, or else of the same text elsewhere."""
        if isinstance(node, ScalarNode) and node.text.strip() == text.markup:
            return convert_node(node)
        current = self.get_text(node) if node is not None else None
        if node is not None and current is not None and is_similar(current, text.markup):
            found = {each: find_value(node, each) for each in self.others}
            kept = {each: scalar.text.strip() for each, scalar in found.items() if isinstance(scalar, ScalarNode)}
            kept = {each: words for each, words in kept.items() if words}
            if current != text.markup:
                self.outdated.update(kept)
            return replace(text, translations=kept)
        return replace(text, translations=self.translations.get(text.markup, {}))

    def _merge_entry(self, item: Field, node: Node | None) -> Field:
        """Merges an entry of a list, which may be a mapping with other keys in the project."""
        if isinstance(node, MappingNode) and not isinstance(item, Mapping):
            key = next((key for key in _ENTRY_KEYS if find_value(node, key) is not None), None)
            if key is not None:
                kept = {name.text: convert_node(value) for name, value in node.entries if name.text != key}
                return {key: self.merge(item, find_value(node, key)), **kept}
        if isinstance(node, MappingNode) and isinstance(item, Mapping):
            kept = {name.text: convert_node(value) for name, value in node.entries if name.text not in _DOCUMENT_KEYS}
            return {**self.merge_fields(item, node), **kept}
        return self.merge(item, node)
