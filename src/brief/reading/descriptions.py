"""Describes records and values in messages."""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from brief.model.source_location import DecimalPlaces, LocaleTag, Ref, Slug
from brief.reading.texts.full_width import find_mistyped
from brief.reading.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode

# The boundaries between words in the name of a class.
BETWEEN_WORDS = re.compile("(?<=[a-z])(?=[A-Z])")

_TYPE_NAMES: Mapping[Any, str] = {
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
    return _TYPE_NAMES.get(hint) or str(hint.__name__).lower()


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
    """Returns how to correct full-width punctuation in the text of a node; None if it has none."""
    mistyped = find_mistyped(node.text) if isinstance(node, ScalarNode) and node.plain else None
    return mistyped.hint if mistyped else None


def choose_verb_form(subject: str, singular: str, plural: str) -> str:
    """Returns the form of a verb that agrees with the subject; one that ends in "s" is plural."""
    return plural if subject.endswith("s") else singular


def describe_subject(record: type, node: MappingNode) -> str:
    """Returns what messages call a record: its kind with its id, or "the" and its kind if it has none."""
    what = "block" if hasattr(record, "KIND") else BETWEEN_WORDS.sub(" ", record.__name__).lower()
    name = next((value.text for key, value in node.entries if key.text == "id" and isinstance(value, ScalarNode)), None)
    return f"{what} '{name}'" if name else f"the {what}"
