"""Describes records and values in messages."""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from brief.model.source_location import DecimalPlaces, LocaleTag, Ref, Slug
from brief.reading.texts.full_width import find_mistyped
from brief.reading.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode

BETWEEN_WORDS = re.compile("(?<=[a-z])(?=[A-Z])")

_NAMES_OF_TYPES: Mapping[Any, str] = {
    Decimal: "number",
    int: "number",
    DecimalPlaces: "number",
    bool: "boolean",
    datetime: "date-time",
    LocaleTag: "locale",
    Slug: "id",
}


def describe_type(hint: Any) -> str:
    """Returns what messages call values of a type."""
    return _NAMES_OF_TYPES.get(hint) or str(hint.__name__).lower()


def describe_expected(hint: Any) -> str:
    """Returns what a value should be, with its article."""
    return {str: "a text", Ref: "a name"}.get(hint, f"a {describe_type(hint)}")


def describe_node(node: Node) -> str:
    """Returns what a node is, with its article, or the text of a scalar."""
    match node:
        case MappingNode():
            return "a mapping"
        case SequenceNode():
            return "a list"
        case ScalarNode(text):
            return f"'{text[:40]}'"


def find_bracket_hint(node: Node) -> str | None:
    """Returns how to correct full-width punctuation in the text of a node, if it has any."""
    found = find_mistyped(node.text) if isinstance(node, ScalarNode) and node.plain else None
    return found.hint if found else None


def agree(subject: str, one: str, several: str) -> str:
    """Returns the form of the verb for the subject."""
    return several if subject.endswith("s") else one


def describe_subject(record: type, node: MappingNode) -> str:
    """Returns what messages call a record: its kind, followed by its id if it has an id."""
    what = "block" if hasattr(record, "KIND") else BETWEEN_WORDS.sub(" ", record.__name__).lower()
    name = next((value.text for key, value in node.entries if key.text == "id" and isinstance(value, ScalarNode)), None)
    return f"{what} '{name}'" if name else f"the {what}"
