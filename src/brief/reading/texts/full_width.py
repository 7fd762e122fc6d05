"""Finds full-width punctuation, which Chinese input methods type, where YAML needs ASCII and would read it as text."""

import re

from brief.model.record import dataclass

_KEY = "[A-Za-z][A-Za-z0-9_-]*"
_COLON = "a full-width colon does not end a key", "write an ASCII colon and a space"
_BRACKET = "a full-width bracket does not open a list", "write ASCII brackets: { } or [ ]"
_COMMA = "a full-width comma does not separate entries", "write an ASCII comma"
# The group in each pattern is the mistyped character.
_MISTYPED = (
    (re.compile(rf"^\s*(?:- +)*{_KEY}(：)"), *_COLON),
    (re.compile(rf"[{{,]\s*{_KEY}(：)"), *_COLON),
    (re.compile(r"(?::|-)\s+([｛［])"), *_BRACKET),
    (re.compile(r"^\s*([｛［])"), *_BRACKET),
    (re.compile(rf"[{{\[].*?(，)\s*{_KEY}\s*:"), *_COMMA),
)


@dataclass(frozen=True, slots=True)
class MistypedCharacter:
    """A mistyped character: its column, counted from 0, and the message and the hint to report."""

    column: int
    message: str
    hint: str


def find_mistyped(line: str) -> MistypedCharacter | None:
    """Returns the first full-width character of the line for which YAML needs its ASCII counterpart, or None."""
    candidates = (
        MistypedCharacter(match.start(1), message, hint)
        for pattern, message, hint in _MISTYPED
        if (match := pattern.search(line)) is not None
    )
    return min(candidates, key=lambda mistyped: mistyped.column, default=None)


def split_mistyped_key(text: str) -> tuple[str, str] | None:
    """Splits a text with a full-width colon, meant as an entry, into key and value: `en：Title` into `en`, `Title`.

    Returns None for any other text.
    """
    match = re.match(rf"({_KEY})：\s*(.*)", text, re.DOTALL)
    return (match[1], match[2]) if match else None
