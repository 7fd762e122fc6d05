"""Finds the position in a file of each character of a YAML scalar of any style.

libyaml reports no positions within scalars. So the scalar is read a second time here, character by character, according
to the rules of YAML 1.1 as libyaml applies them. If the result differs from that of libyaml, no positions are returned.
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
# The number of hexadecimal digits of each escape for a code point.
_CODE_LENGTHS = {"x": 2, "u": 4, "U": 8}
# An anchor or an empty tag before the scalar.
_PROPERTIES = re.compile(r"(?:(?:&[^\s,\[\]{}]+|!)\s+)*")
_FOLD = re.compile(r"[ \t]*\n[ \t\n]*")
_HEADER = re.compile(r"[|>](?P<indicators>[-+0-9]*)[ \t]*(?:#[^\n]*)?\n")

# A character of the value, and the start and end of its notation in the file.
_LocatedCharacter = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class ScalarSpans:
    """A scalar: its value, its style (| > ' " or empty), and the span of each character of the value in the file."""

    value: str
    style: str
    spans: tuple[tuple[int, int], ...] = field(repr=False)

    def find_span(self, start: int, end: int) -> tuple[int, int]:
        """Returns the span in the file's text of the characters from `start` to `end` of the value; it may be empty."""
        if start < end:
            return self.spans[start][0], self.spans[end - 1][1]
        position = self.spans[start][0] if start < len(self.spans) else self.spans[-1][1]
        return position, position

    def encode(self, text: str) -> str:
        """Escapes the quotes and backslashes of a text for the style of the scalar, and nothing else."""
        if self.style == "'":
            return text.replace("'", "''")
        if self.style == '"':
            return text.replace("\\", "\\\\").replace('"', '\\"')
        return text


def find_scalars(file: TextFile) -> dict[SourceLocation, yaml.ScalarEvent]:
    """Returns the scalars of a file, keyed by location.

    Raises:
        yaml.YAMLError: the file is not YAML.
    """
    scalars = {}
    for event in yaml.parse(file.text, Loader=_Loader):
        if isinstance(event, yaml.ScalarEvent) and event.start_mark is not None:
            scalars[SourceLocation(file.name, event.start_mark.line + 1, event.start_mark.column + 1)] = event
    return scalars


def locate_scalar(file: TextFile, event: yaml.ScalarEvent) -> ScalarSpans | None:
    """Returns the spans of the characters of a scalar; None if they are not certain."""
    if event.start_mark is None or event.end_mark is None or unicodedata.normalize("NFC", event.value) != event.value:
        return None
    start, end = event.start_mark.index, event.end_mark.index
    properties = _PROPERTIES.match(file.text, start, end)
    start = properties.end() if properties else start
    style = (event.style or "").strip()
    for reading in _list_readings(file.text, start, end, style):
        # libyaml counts trailing spaces as part of a plain scalar.
        if "".join(character for character, _, _ in reading[: len(event.value)]) == event.value and (
            len(reading) == len(event.value) or not style
        ):
            return ScalarSpans(
                event.value,
                style,
                tuple((span_start, span_end) for _, span_start, span_end in reading[: len(event.value)]),
            )
    return None


def _list_readings(text: str, start: int, end: int, style: str) -> Iterator[list[_LocatedCharacter]]:
    """Yields the possible readings of a scalar. A block scalar has several if it may have several indentations."""
    try:
        if style in ("|", ">"):
            yield from _read_block(text, start, end)
        elif style:
            yield list(_read_flow(text, start + 1, end - 1, style))
        else:
            yield list(_read_flow(text, start, end, style))
    except (LookupError, ValueError):
        return


def _read_flow(text: str, start: int, end: int, style: str) -> Iterator[_LocatedCharacter]:
    """Yields the characters of a plain or quoted scalar, without its quotation marks."""
    position = start
    while position < end:
        character = text[position]
        fold = _FOLD.match(text, position, end) if character in " \t\n" else None
        if fold is not None:
            breaks = fold[0].count("\n")
            for number in range(max(breaks - 1, 1)):
                # The first of several breaks gets the whole span.
                span_start = position if number == 0 else fold.end()
                yield (" " if breaks == 1 else "\n"), span_start, fold.end()
            position = fold.end()
        elif style == '"' and character == "\\":
            escaped = text[position + 1]
            if escaped == "\n":
                position += 2
                while position < end and text[position] in " \t":
                    position += 1
                continue
            length = 2 + _CODE_LENGTHS.get(escaped, 0)
            value = (
                _ESCAPES[escaped]
                if escaped not in _CODE_LENGTHS
                else chr(int(text[position + 2 : position + length], 16))
            )
            yield value, position, position + length
            position += length
        else:
            length = 2 if style == "'" and character == "'" else 1
            yield character, position, position + length
            position += length


def _read_block(text: str, start: int, end: int) -> Iterator[list[_LocatedCharacter]]:
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
    contents = [text[first:last] for first, last in lines if text[first:last].strip()]
    indents = [len(content) - len(content.lstrip(" ")) for content in contents]
    indicators = header["indicators"]
    chomping = "-" if "-" in indicators else "+" if "+" in indicators else ""
    # Without an indicator the first line determines the indentation; with one, it may be less.
    for indent in range(min(indents), 0, -1) if indents else ():
        yield _read_lines(text, lines, indent, chomping, is_folded=is_folded)


def _read_lines(
    text: str, lines: list[tuple[int, int]], indent: int, chomping: str, *, is_folded: bool
) -> list[_LocatedCharacter]:
    """Reads the lines of a block scalar, given as spans, as libyaml's `yaml_parser_scan_block_scalar` does."""
    reading: list[_LocatedCharacter] = []
    pending_break: _LocatedCharacter | None = None
    empty_lines: list[_LocatedCharacter] = []
    was_indented = False
    for start, stop in lines:
        content_start = min(start + indent, stop)
        if content_start == stop:
            empty_lines.append(("\n", stop, stop + 1))
            continue
        is_indented = text[content_start] in " \t"
        if pending_break is not None:
            if is_folded and not was_indented and not is_indented:
                if not empty_lines:
                    # The span of a folded break includes the indentation of the next line.
                    reading.append((" ", pending_break[1], content_start))
            else:
                reading.append(pending_break)
        reading += empty_lines
        empty_lines = []
        was_indented = is_indented
        reading += ((text[position], position, position + 1) for position in range(content_start, stop))
        pending_break = ("\n", stop, stop + 1)
    if pending_break is not None and chomping != "-":
        reading.append(pending_break)
        reading += empty_lines if chomping == "+" else []
    return reading
