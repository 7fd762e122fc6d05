"""Decodes bytes in UTF-8 to text, and reports harmful characters at their line and column."""

import html
import re
import unicodedata
import zipfile
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import field
from itertools import accumulate

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import has_errors
from brief.model.han import IDEOGRAPHS, KANA, LATIN_LETTERS
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation

MAX_BYTES = 8_000_000
# The exceptions of `zipfile` for an archive that is damaged, encrypted, or compressed with an unknown method.
DAMAGED_ARCHIVE = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError, ValueError)

# Byte-order marks. UTF-32 comes first, because its little-endian mark begins with that of UTF-16.
_BYTE_ORDER_MARKS = {
    b"\xff\xfe\0\0": "UTF-32 (little-endian)",
    b"\0\0\xfe\xff": "UTF-32 (big-endian)",
    b"\xff\xfe": "UTF-16 (little-endian)",
    b"\xfe\xff": "UTF-16 (big-endian)",
}
_LEGACY_ENCODINGS = {"GB18030": "gb18030", "Big5": "big5"}

# Characters that `report_suspect` reports, found in one pass.
_SUSPECT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
    "\ue000-\uf8ff\ufdd0-\ufdef\ufeff\ufffc-\uffff\U00040000-\U000e00ff\U000e01f0-\U0010ffff]"
    "|[\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0003fffe\U0003ffff]"
)
# Invisible characters within a word of a script that has no use for them there.
_LETTER = f"[{LATIN_LETTERS}\u0370-\u03ff\u0400-\u04ff{IDEOGRAPHS}{KANA}]"
_INVISIBLE_CHARACTERS = "\xad\u200b\u200c\u2060"
_INVISIBLE = re.compile(f"(?<={_LETTER})[{_INVISIBLE_CHARACTERS}]+(?={_LETTER})")
# White space, and characters that nothing is printed for: soft hyphens, joiners, marks of direction, fillers, the blank
# pattern of Braille, variation selectors and tags.
_BLANK = re.compile(
    "[\\s\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\U000e0000-\U000e0fff]*"
)
# Characters that are line breaks in YAML, but not in editors. They are read as spaces, so that line numbers match.
LINE_SEPARATORS = str.maketrans({"\x85": " ", "\u2028": " ", "\u2029": " "})


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file's text without byte-order mark and with `\\n` line ends.

    `name` is its path as diagnostics print it, and `line_starts` has the offset of each line in the text.
    """

    name: str
    text: str
    line_starts: tuple[int, ...] = field(repr=False)

    def locate(self, offset: int) -> SourceLocation:
        """Returns the location of the character at `offset`, counted from 0."""
        line = bisect_right(self.line_starts, offset)
        return SourceLocation(self.name, line, offset - self.line_starts[line - 1] + 1)

    def find_offset(self, location: SourceLocation) -> int:
        """Returns the offset of the character at a location in this file."""
        return self.line_starts[location.line - 1] + location.column - 1

    def make_locator(
        self, start: int, default: SourceLocation, end: int | None = None
    ) -> Callable[[str], SourceLocation]:
        """Returns a function that locates the pieces of a text one after another, from the offset `start` to `end`.

        It returns `default` for a piece that does not occur after the one before it.
        """
        position = start

        def locate(piece: str) -> SourceLocation:
            nonlocal position
            index = self.text.find(piece, position, end)
            if index < 0:
                return default
            position = index + 1
            return self.locate(index)

        return locate


def make_text_file(name: str, text: str) -> TextFile:
    """Makes a file of a text that is already decoded; its line ends become `\\n`."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    starts = accumulate((len(line) + 1 for line in text.split("\n")), initial=0)
    return TextFile(name, text, tuple(starts)[:-1])


def decode_text(name: str, data: bytes, sink: DiagnosticSink) -> TextFile | None:
    """Decodes one input file; None if it cannot be used, with the reason in `sink`."""
    file_start = SourceLocation(name, 1, 1)
    if len(data) > MAX_BYTES:
        sink.add_error("file-too-large", file_start, f"the file has more than {MAX_BYTES:,} bytes", "split it")
        return None
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            sink.add_error("encoding", file_start, f"the file is {encoding}", "save it as UTF-8")
            return None
    if b"\0" in data[:2]:
        sink.add_error(
            "encoding", file_start, "the file looks like UTF-16 without a byte-order mark", "save it as UTF-8"
        )
        return None
    content = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as problem:
        valid_part = make_text_file(name, content[: problem.start].decode("utf-8"))
        sink.add_error(
            "encoding",
            valid_part.locate(len(valid_part.text)),
            f"byte 0x{content[problem.start]:02X} is not UTF-8",
            _suggest_encoding(content),
        )
        return None
    file = make_text_file(name, text)
    diagnostics_before = len(sink.found)
    for match in _SUSPECT.finditer(file.text):
        report_suspect(match[0], file.locate(match.start()), sink)
    if has_errors(sink.found[diagnostics_before:]):
        return None
    # The characters are looked for first, which is much faster, because most files have none of them.
    for match in _INVISIBLE.finditer(file.text) if _has_any(file.text, _INVISIBLE_CHARACTERS) else ():
        report_invisible(match[0], file.locate(match.start()), sink)
    if not _has_any(file.text, map(chr, LINE_SEPARATORS)):
        return file
    return make_text_file(name, file.text.translate(LINE_SEPARATORS))


def _has_any(text: str, characters: Iterable[str]) -> bool:
    return any(character in text for character in characters)


def find_suspects(text: str) -> list[str]:
    """Returns the characters of a decoded text, for example from `\\u` escapes, that `report_suspect` reports."""
    return _SUSPECT.findall(text)


def is_blank(text: str) -> bool:
    """Returns whether nothing of a text is visible: it is empty, or has only spaces and characters such as U+200B, or
    references to them such as `&nbsp;`.
    """
    return _BLANK.fullmatch(html.unescape(text) if "&" in text else text) is not None


def report_harmful_characters(text: str, location: SourceLocation, sink: DiagnosticSink) -> None:
    """Reports control characters, characters that reorder text, and invisible ones, as `decode_text` does, in a text that does
    not come from a text file.
    """
    for character in find_suspects(text):
        report_suspect(character, location, sink)
    for characters in find_invisible(text):
        report_invisible(characters, location, sink)


def find_invisible(text: str) -> list[str]:
    """Returns the runs of invisible characters within words, which `report_invisible` reports."""
    return _INVISIBLE.findall(text) if _has_any(text, _INVISIBLE_CHARACTERS) else []


def report_invisible(characters: str, location: SourceLocation, sink: DiagnosticSink) -> None:
    """Warns about a run of invisible characters, which begins at the location."""
    message = f"U+{ord(characters[0]):04X} is invisible within a word"
    sink.add_warning("invisible-character", location, message, "remove it, or searches will not find the word")


def report_suspect(character: str, location: SourceLocation, sink: DiagnosticSink) -> None:
    """Reports a character that `find_suspects` returns: as an error if it must not occur, otherwise as a warning."""
    code = ord(character)
    name = f"U+{code:04X}"
    if 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069:
        sink.add_error(
            "bidi-control",
            location,
            f"{name} reorders the text around it",
            "remove it; it can make text look different from what it is",
        )
    elif code in (0x2028, 0x2029, 0x85):
        sink.add_warning(
            "line-separator", location, f"{name} is a line separator; it is read as a space", "replace it with a space"
        )
    elif 0xD800 <= code <= 0xDFFF:
        sink.add_error(
            "surrogate", location, f"{name} is half of a surrogate pair", 'write the character itself, or "\\U0001F600"'
        )
    elif code < 0x20 or 0x7F <= code <= 0x9F:
        sink.add_error("control-character", location, f"{name} is a control character", "remove it")
    elif code == 0xFEFF:
        sink.add_error("control-character", location, f"{name} is a byte-order mark inside the text", "remove it")
    elif 0xE0001 <= code <= 0xE007F:
        sink.add_error("control-character", location, f"{name} is an invisible tag character", "remove it")
    elif code == 0xFFFC:
        sink.add_error(
            "control-character", location, f"{name} replaces an object that was not pasted with the text", "remove it"
        )
    elif code in (0xFFFE, 0xFFFF):
        sink.add_error("control-character", location, f"{name} is not a character", "remove it")
    elif code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        sink.add_warning("noncharacter", location, f"{name} is a noncharacter; no font has it", "remove it")
    elif code == 0xFFFD:
        sink.add_warning(
            "replacement-character",
            location,
            "U+FFFD marks text that was lost in an earlier conversion",
            "type the lost text again",
        )
    elif unicodedata.category(character) == "Co":
        sink.add_warning(
            "private-use", location, f"{name} is a private-use character; no font has it", "write the character by name"
        )
    elif unicodedata.category(character) == "Cn":
        sink.add_warning("unassigned", location, f"{name} is not assigned in Unicode; no font has it")


# In the encodings of European languages an accented letter is one byte among ASCII; a Chinese character has two or more.
_HIGH_BYTES = re.compile(rb"[\x80-\xff]+")


def _suggest_encoding(data: bytes) -> str:
    """Returns a hint with the encodings that the bytes may be in."""
    if all(len(run) == 1 for run in _HIGH_BYTES.findall(data)):
        return "save the file as UTF-8; it looks like Windows-1252 or a similar encoding of a European language"
    candidates = []
    for name, encoding in _LEGACY_ENCODINGS.items():
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        candidates.append(name)
    if not candidates:
        return "save the file as UTF-8"
    encoding_argument = candidates[0] if len(candidates) == 1 else "..."
    return f"looks like {' or '.join(candidates)}; convert it with 'iconv -f {encoding_argument} -t UTF-8'"
