"""Finds the position in a file of each character of a YAML scalar of any style.

libyaml reports no positions within scalars. So the scalar is read a second time here, character by character, by the
rules of YAML 1.1 as libyaml applies them. If the result differs from libyaml's, no positions are returned.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import field

import yaml

from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.reading.text_file import TextFile

_Loader = getattr(yaml, "CLoader", yaml.Loader)
_ESCAPES: Mapping[str, str] = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "\t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    " ": " ",
    '"': '"',
    "/": "/",
    "\\": "\\",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}
_CODES = {"x": 2, "u": 4, "U": 8}
# An anchor or an empty tag before the scalar.
_PROPERTIES = re.compile(r"(?:(?:&[^\s,\[\]{}]+|!)\s+)*")
_FOLD = re.compile(r"[ \t]*\n[ \t\n]*")
_HEADER = re.compile(r"[|>](?P<marks>[-+0-9]*)[ \t]*(?:#[^\n]*)?\n")

# A character of the value, and the span of the file in which it is written.
_Written = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class ScalarSpans:
    """A scalar: its value, its style (| > ' " or empty), and the position of each character of the value."""

    value: str
    style: str
    spans: tuple[tuple[int, int], ...] = field(repr=False)

    def find_span(self, start: int, end: int) -> tuple[int, int]:
        """Returns the part of the file in which these characters of the value are written."""
        if start < end:
            return self.spans[start][0], self.spans[end - 1][1]
        at = self.spans[start][0] if start < len(self.spans) else self.spans[-1][1]
        return at, at

    def encode(self, words: str) -> str:
        """Encodes the words in the style of the scalar."""
        if self.style == "'":
            return words.replace("'", "''")
        if self.style == '"':
            return words.replace("\\", "\\\\").replace('"', '\\"')
        return words


def find_scalars(file: TextFile) -> dict[SourceLocation, yaml.ScalarEvent]:
    """Returns the scalars of a file, keyed by location.

    Raises:
        yaml.YAMLError: the file is not YAML.
    """
    found = {}
    for event in yaml.parse(file.text, Loader=_Loader):
        if isinstance(event, yaml.ScalarEvent) and event.start_mark is not None:
            found[SourceLocation(file.name, event.start_mark.line + 1, event.start_mark.column + 1)] = event
    return found


def locate_scalar(file: TextFile, event: yaml.ScalarEvent) -> ScalarSpans | None:
    """Finds where the characters of a scalar are written; None if that is not certain."""
    if event.start_mark is None or event.end_mark is None or unicodedata.normalize("NFC", event.value) != event.value:
        return None
    start, end = event.start_mark.index, event.end_mark.index
    properties = _PROPERTIES.match(file.text, start, end)
    start = properties.end() if properties else start
    style = (event.style or "").strip()
    for written in _list_readings(file.text, start, end, style):
        # libyaml counts trailing spaces as part of a plain scalar.
        if "".join(character for character, _, _ in written[: len(event.value)]) == event.value and (
            len(written) == len(event.value) or not style
        ):
            return ScalarSpans(event.value, style, tuple((at, to) for _, at, to in written[: len(event.value)]))
    return None


def _list_readings(text: str, start: int, end: int, style: str) -> Iterator[list[_Written]]:
    """Yields the possible readings of the scalar, several if a block may have several indentations; the right one gives its value."""
    try:
        if style in ("|", ">"):
            yield from _read_block(text, start, end)
        elif style:
            yield list(_read_flow(text, start + 1, end - 1, style))
        else:
            yield list(_read_flow(text, start, end, style))
    except (LookupError, ValueError):
        return


def _read_flow(text: str, start: int, end: int, style: str) -> Iterator[_Written]:
    """Yields the characters of a plain or quoted scalar, without its quotation marks."""
    position = start
    while position < end:
        character = text[position]
        fold = _FOLD.match(text, position, end) if character in " \t\n" else None
        if fold is not None:
            breaks = fold[0].count("\n")
            for number in range(max(breaks - 1, 1)):
                # The first of several breaks gets the whole span.
                at = position if number == 0 else fold.end()
                yield (" " if breaks == 1 else "\n"), at, fold.end()
            position = fold.end()
        elif style == '"' and character == "\\":
            escaped = text[position + 1]
            if escaped == "\n":
                position += 2
                while position < end and text[position] in " \t":
                    position += 1
                continue
            length = 2 + _CODES.get(escaped, 0)
            value = _ESCAPES[escaped] if escaped not in _CODES else chr(int(text[position + 2 : position + length], 16))
            yield value, position, position + length
            position += length
        else:
            length = 2 if style == "'" and character == "'" else 1
            yield character, position, position + length
            position += length


def _read_block(text: str, start: int, end: int) -> Iterator[list[_Written]]:
    """Yields a reading of a literal or folded scalar for each indentation that it may have."""
    header = _HEADER.match(text, start)
    if header is None:
        return
    is_folded = text[start] == ">"
    # The start and end of each line without its break.
    lines = []
    position = header.end()
    while position < end:
        stop = text.find("\n", position, end)
        stop = end if stop < 0 else stop
        lines.append((position, stop))
        position = stop + 1
    indents = sorted({len(text[a:b]) - len(text[a:b].lstrip(" ")) for a, b in lines if text[a:b].strip()})
    marks = header["marks"]
    chomping = "-" if "-" in marks else "+" if "+" in marks else ""
    # Without an indicator the first line determines the indentation; with one, it may be less.
    for indent in range(indents[0], 0, -1) if indents else ():
        yield _read_lines(text, lines, indent, chomping, is_folded=is_folded)


def _read_lines(
    text: str, lines: list[tuple[int, int]], indent: int, chomping: str, *, is_folded: bool
) -> list[_Written]:
    """Reads the lines as libyaml's `yaml_parser_scan_block_scalar` does."""
    written: list[_Written] = []
    broken: _Written | None = None
    empty: list[_Written] = []
    was_blank = False
    for start, stop in lines:
        at = min(start + indent, stop)
        if at == stop:
            empty.append(("\n", stop, stop + 1))
            continue
        is_blank = text[at] in " \t"
        if broken is not None:
            if is_folded and not was_blank and not is_blank:
                if not empty:
                    # The span of a folded break includes the indentation of the next line.
                    written.append((" ", broken[1], at))
            else:
                written.append(broken)
        written += empty
        empty = []
        was_blank = is_blank
        written += ((text[each], each, each + 1) for each in range(at, stop))
        broken = ("\n", stop, stop + 1)
    if broken is not None and chomping != "-":
        written.append(broken)
        written += empty if chomping == "+" else []
    return written
