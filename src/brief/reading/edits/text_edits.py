"""Edits the text of a file, and leaves every other byte unchanged, such as the byte-order mark and line ends."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from brief.model.record import dataclass
from brief.reading.text_file import TextFile

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class TextEdit:
    """Replaces the characters from `start` to `end` of the file's text with `text`."""

    start: int
    end: int
    text: str


def apply_edits(data: bytes, file: TextFile, edits: Sequence[TextEdit]) -> bytes:
    """Returns the bytes `data`, from which `file` was decoded, with the edits, which must not overlap.

    Line ends of the edits become those of the file.
    """
    raw = data.decode("utf-8")
    bom_length = len(raw) - len(raw.removeprefix("\ufeff"))
    ends = [match.span() for match in _LINE_END.finditer(raw)]
    starts = [bom_length, *(end for _, end in ends)]
    newline = raw[slice(*ends[0])] if ends else "\n"

    def convert_offset(offset: int) -> int:
        line = bisect_right(file.line_starts, offset) - 1
        return starts[line] + offset - file.line_starts[line]

    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        raw = raw[: convert_offset(edit.start)] + edit.text.replace("\n", newline) + raw[convert_offset(edit.end) :]
    return raw.encode()
