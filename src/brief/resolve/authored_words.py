"""Extracts the words of a text as its author typed them, with the position of each character in the source.

Checks of wording need positions, so that what they report can be fixed there. Markup is removed, and everything other than
prose (code, placeholders, URLs, formulas, escaped characters) becomes one `VERBATIM` character, which no rule of wording
matches.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import field
from functools import lru_cache

from brief.model.record import dataclass

VERBATIM = "\ufffc"

# Everything that is not words; alternatives are tried in this order. A match of the group "markup" is removed, any other
# becomes one `VERBATIM`.
_NOT_WORDS = re.compile(
    r"""
    \\[!-/:-@\[-`{-~]                                   # an escaped character is meant as it is
                                                        # a fenced block of code
    | (?:^|(?<=\n))[ ]*(?P<fence>`{3,}+|~{3,}+)[^\n]*\n(?:.*?\n)?[ ]*(?P=fence)[^\n]*
    | (?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)  # code in a line
    | \$\$.+?\$\$                                       # a formula of its own
                                                        # a formula in a line, unlike "$5 and $6"
    | (?<![A-Za-z0-9\\])\$(?=[^$\n]{0,200}[\\^_=])(?![\s$])[^$]*?[^$\s]\$(?!\d)
    | \{[^{}\n]*\}                                      # a placeholder
    | \[@(?:[^\[\]\n]|\[[^\[\]\n]*\])*\]                # a citation
    | \[\^[^\[\]\s]+\]:?                                # the mark of a footnote
                                                        # the definition of a link's address
    | (?:^|(?<=\n))[ ]*\[[^\[\]\n]+\]:[ ]+(?:<|[a-z]+:|[/#.])[^\n]*
    | \[\]\(\#[^()\s]*\)                                # a cross-reference
    | </?[A-Za-z][^<>\n]*>                              # an address in angle brackets, or an HTML tag, which prints as typed
    | (?:https?://|www\.)[!-~]+
                                                        # an address, from its first character or after an escaped one
    | (?:(?<![A-Za-z0-9._%+-])|(?<=\\[._%+-]))[A-Za-z0-9._%+-]++@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+
    | &(?:\#?[A-Za-z0-9]+);
    | (?P<markup>\[(?=[^\[\]]*\]\() | \]\((?:[^()\n]|\([^()\n]*\))*\) | \*+ | (?<!\w)_+(?=\w) | (?<=\w)_+(?!\w))
    """,
    re.VERBOSE | re.DOTALL,
)
# A text without these characters has no markup.
_MARKUP = frozenset("\\`$~{[<&*_@:")
_QUOTES_AND_INDENT = re.compile(r"(?: {0,3}> ?)*( *)")
# The mark of an item of a list, or of a footnote.
_CONTAINER = re.compile(r"(?:(?:[-+*]|\d{1,9}[.)]) {1,4}(?=[^ \n])|(?P<note>\[\^[^\]\s]+\]:))")
_FENCE = re.compile(r"`{3,}|~{3,}")
_CODE_INDENT = 4  # The indent of code (CommonMark 4.4); the further paragraphs of a footnote have the same indent.
_QUOTED = re.compile(
    '“[^“”]*”|「[^「」]*」|『[^『』]*』|《[^《》]*》|〈[^〈〉]*〉|«[^«»]*»|„[^„“”]*[“”]|"[^"]*"|(?<!\\w)‘[^‘’]*’(?!\\w)'
)


@dataclass(frozen=True, slots=True)
class AuthoredWords:
    """The words of `source`, without markup: `text`. `starts` has the position in `source` of each character of `text`, and
    of its end.
    """

    source: str
    text: str
    starts: tuple[int, ...] = field(repr=False)

    def find_span(self, start: int, end: int) -> tuple[int, int]:
        """Returns the range of the source that contains the characters `start` to `end` of `text`, without the markup
        around them.
        """
        return (self.starts[start], self.starts[end - 1] + 1) if end > start else (self.starts[start],) * 2

    def is_quoted(self, start: int, end: int) -> bool:
        """Returns whether the characters `start` to `end` of `text` are within quotation marks, or marks of a title (《》)."""
        return any(quoted.start() < start and end < quoted.end() for quoted in self.find_quotations())

    def find_quotations(self) -> Iterator[re.Match[str]]:
        return _QUOTED.finditer(self.text)

    def blank_quotations(self) -> str:
        """Returns the words, with every character of a quotation or a title replaced by `VERBATIM`."""
        return _QUOTED.sub(lambda match: VERBATIM * len(match[0]), self.text)


def replace_quotations(text: str, replace: Callable[[str], str]) -> str:
    """Returns a text in which each quotation and title, with its marks, is replaced."""
    return _QUOTED.sub(lambda match: replace(match[0]), text)


@lru_cache(maxsize=20_000)
def read_authored_words(source: str) -> AuthoredWords:
    """Reads the words of a phrase from its source."""
    if _MARKUP.isdisjoint(source) and "\n\n    " not in source:
        return AuthoredWords(source, source, tuple(range(len(source) + 1)))
    pieces: list[str] = []
    starts: list[int] = []
    position = 0
    for start, end, is_markup in _find_parts(source):
        pieces.append(source[position:start])
        starts += range(position, start)
        if not is_markup:
            pieces.append(VERBATIM)
            starts.append(start)
        position = end
    pieces.append(source[position:])
    starts += range(position, len(source) + 1)
    return AuthoredWords(source, "".join(pieces), tuple(starts))


def _find_parts(source: str) -> Iterator[tuple[int, int, bool]]:
    """Yields the parts that are not words: start, end, and whether they are markup, which leaves no `VERBATIM`."""
    position = 0
    for start, end in [*_find_indented_code(source), (len(source), len(source))]:
        while (part := _NOT_WORDS.search(source, position)) and part.start() < start:
            yield part.start(), part.end(), part["markup"] is not None
            position = part.end()
        if position <= start < end:
            yield start, end, False
            position = end


def _find_indented_code(source: str) -> Iterator[tuple[int, int]]:
    """Yields the start and end of each line of indented code (CommonMark 4.4), without its indentation.

    In an item of a list or in a footnote, code is indented by four spaces more than the text.
    """
    # The indents of the text of the list items and footnotes that enclose the line.
    containers: list[int] = []
    begins_block = True
    fence = ""
    line_start = 0
    for line in source.splitlines(keepends=True):
        text = line.rstrip()
        lead = _QUOTES_AND_INDENT.match(text)
        start = lead.end() if lead else 0
        indent = len(lead[1]) if lead else 0
        content = text[start:]
        if fence:
            fence = "" if content.startswith(fence) else fence
            begins_block = not fence
        elif not content:
            begins_block = True
        else:
            while begins_block and containers and indent < containers[-1]:
                containers.pop()
            opening = _FENCE.match(content)
            if begins_block and indent >= (containers[-1] if containers else 0) + _CODE_INDENT:
                yield line_start + start, line_start + len(text)
            elif opening:
                fence = opening[0]
            else:
                while containers and indent < containers[-1] and _CONTAINER.match(content):
                    containers.pop()
                while mark := _CONTAINER.match(content):
                    indent += _CODE_INDENT if mark["note"] else mark.end()
                    containers.append(indent)
                    content = content[mark.end() :]
                begins_block = content.startswith("#")
        line_start += len(line)
