"""Removes locales from the texts of a YAML file, and leaves all other characters unchanged."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import yaml


def keep_locales(text: str, kept: Collection[str], known: Collection[str]) -> str:
    """Returns the YAML `text` with only the locales `kept` in its texts; everything else is unchanged.

    A text is a mapping whose keys are all in `known`. The file comes with the program, so it is assumed to be valid.
    """
    changed_texts = [
        (node, pairs) for node, pairs in _find_texts(yaml.compose(text), frozenset(known)) if set(pairs) - set(kept)
    ]
    for node, pairs in reversed(changed_texts):
        entries = [text[key.start_mark.index : end] for name, (key, end) in pairs.items() if name in kept]
        start, end = node.start_mark.index, node.end_mark.index
        if node.flow_style:
            text = f"{text[:start]}{{{', '.join(entries)}}}{text[end:]}"
        else:
            indent = "\n" + " " * node.start_mark.column
            values_end = max(stop for _, stop in pairs.values())
            text = text[:start] + indent.join(map(str.rstrip, entries)) + text[values_end:]
    return text


def _find_texts(node: Any, known: frozenset[str]) -> Iterator[tuple[Any, Mapping[str, tuple[Any, int]]]]:
    """Yields the texts in their order, each with the node of each key and the offset of the end of its value."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _find_texts(item, known)
    elif isinstance(node, yaml.MappingNode):
        if node.value and all(key.value in known for key, _ in node.value):
            yield node, {key.value: (key, value.end_mark.index) for key, value in node.value}
            return
        for _, value in node.value:
            yield from _find_texts(value, known)
