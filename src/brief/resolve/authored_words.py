"""Extracts the words of a text as its author typed them, with the position of each character in the source.

Checks of wording need positions, so that their findings can be fixed there. Markup is removed, and everything other than prose
(code, placeholders, URLs, formulas, escaped characters) becomes one `VERBATIM` character, which no rule of wording matches.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

VERBATIM = "\ufffc"

# Alternatives are tried in this order. A match of the group "gone" is removed; others become one `VERBATIM`.
_PARTS = re.compile(
    r"""
    \\[!-/:-@\[-`{-~]                                   # an escaped character is meant as it is
    | (?:^|(?<=\n))[ ]*(?P<fence>`{3,}|~{3,})[^\n]*\n(?:.*?\n)?[ ]*(?P=fence)[^\n]*
    | (?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)
    | \$\$.+?\$\$
    | (?<![A-Za-z0-9\\])\$(?=[^$\n]{0,200}[\\^_=])(?![\s$])[^$]*?[^$\s]\$(?!\d)
    | \{[^{}\n]*\}
    | \[@(?:[^\[\]\n]|\[[^\[\]\n]*\])*\]
    | \[\^[^\]\s]+\]:?
    | \[\]\(\#[^)\s]*\)
    | </?[A-Za-z][^<>\n]*>                              # an address; HTML prints as typed
    | (?:https?://|www\.)[!-~]+
    | [A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+
    | &(?:\#?[A-Za-z0-9]+);
    | (?P<gone>\[(?=[^\[\]]*\]\() | \]\([^()\n]*\) | \*+ | (?<!\w)_+(?=\w) | (?<=\w)_+(?!\w))
    """,
    re.VERBOSE | re.DOTALL,
)
# A text without these characters has no markup.
_MARKUP = frozenset("\\`$~{[<&*_@:")
_QUOTED = re.compile(
    '“[^“”]*”|「[^「」]*」|『[^『』]*』|《[^《》]*》|〈[^〈〉]*〉|«[^«»]*»|„[^„“”]*[“”]|"[^"]*"|(?<!\\w)‘[^‘’]*’(?!\\w)'
)


@dataclass(frozen=True, slots=True)
class AuthoredWords:
    """The words are `text`; `starts` has the position in `source` of each character, and of the end."""

    source: str
    text: str
    starts: tuple[int, ...] = field(repr=False)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Returns the part of the source that holds these words, without markup before or after them."""
        return (self.starts[start], self.starts[end - 1] + 1) if end > start else (self.starts[start],) * 2

    def is_quoted(self, start: int, end: int) -> bool:
        """Returns whether the words are within quotation marks or in a title."""
        return any(quoted.start() < start and end < quoted.end() for quoted in self.quotations())

    def quotations(self) -> Iterator[re.Match[str]]:
        return _QUOTED.finditer(self.text)

    def without_quotations(self) -> str:
        """Returns the words, with every character of a quotation or a title replaced by `VERBATIM`."""
        return _QUOTED.sub(lambda match: VERBATIM * len(match[0]), self.text)


@lru_cache(maxsize=20_000)
def read_authored_words(source: str) -> AuthoredWords:
    """Reads the words of a phrase from its source."""
    if _MARKUP.isdisjoint(source):
        return AuthoredWords(source, source, tuple(range(len(source) + 1)))
    words: list[str] = []
    starts: list[int] = []
    position = 0
    for part in _PARTS.finditer(source):
        words.append(source[position : part.start()])
        starts += range(position, part.start())
        if part["gone"] is None:
            words.append(VERBATIM)
            starts.append(part.start())
        position = part.end()
    words.append(source[position:])
    starts += range(position, len(source) + 1)
    return AuthoredWords(source, "".join(words), tuple(starts))


def find_position(words: AuthoredWords, offset: int) -> int:
    """Returns the position among the words of a character of the source."""
    return bisect_left(words.starts, offset)
