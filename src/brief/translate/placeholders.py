"""Splits a text into words and placeholders, which a translator must keep."""

import re
from collections.abc import Iterator

# `{source/claim}` with its modifiers, `[@source/claim]`, and `[](#block)`.
_PLACEHOLDER = re.compile(r"\{[^{}\n]*\}|\[@[^\[\]\n]*\]|\[\]\(#[^()\n]*\)")


def split_placeholders(text: str) -> Iterator[tuple[str, bool]]:
    """Yields the pieces of a text in order, each with whether it is a placeholder; together they are the text."""
    position = 0
    for match in _PLACEHOLDER.finditer(text):
        if match.start() > position:
            yield text[position : match.start()], False
        yield match[0], True
        position = match.end()
    if position < len(text):
        yield text[position:], False


def list_placeholders(text: str) -> list[str]:
    """Lists the placeholders of a text, in order."""
    return [piece for piece, is_placeholder in split_placeholders(text) if is_placeholder]
