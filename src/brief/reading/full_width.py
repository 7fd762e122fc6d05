"""Full-width punctuation where YAML wants ASCII: what a Chinese input method types, and YAML takes for text."""

import re
from dataclasses import dataclass

_KEY = "[A-Za-z][A-Za-z0-9_-]*"
_COLON = "a full-width colon ends no key", "write an ASCII colon and a space"
_BRACKET = "a full-width bracket opens nothing", "write ASCII brackets: { } or [ ]"
_COMMA = "a full-width comma divides nothing", "write an ASCII comma"
# The group is the character.
_MISTYPED = (
    (re.compile(rf"^\s*(?:- +)*{_KEY}(：)"), *_COLON),
    (re.compile(rf"[{{,]\s*{_KEY}(：)"), *_COLON),
    (re.compile(r"(?::|-)\s+([｛［])"), *_BRACKET),
    (re.compile(r"^\s*([｛［])"), *_BRACKET),
    (re.compile(rf"[{{\[].*?(，)\s*{_KEY}\s*:"), *_COMMA),
)


@dataclass(frozen=True, slots=True)
class MistypedCharacter:
    """A character of a line, by its column from 0; what is wrong with it, and what to type."""

    column: int
    message: str
    hint: str


def find_mistyped(line: str) -> MistypedCharacter | None:
    """The first full-width character of the line that stands where YAML would need its ASCII counterpart."""
    found = (
        MistypedCharacter(match.start(1), message, hint)
        for pattern, message, hint in _MISTYPED
        if (match := pattern.search(line)) is not None
    )
    return min(found, key=lambda mistyped: mistyped.column, default=None)


def split_mistyped_key(text: str) -> tuple[str, str] | None:
    """Key and value of a text that was meant for an entry: `en` and `Title` of `en：Title`."""
    match = re.match(rf"({_KEY})：\s*(.*)", text, re.DOTALL)
    return (match[1], match[2]) if match else None
