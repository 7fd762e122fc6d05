"""Edits the text of a file and leaves every other byte unchanged, such as the byte-order mark and line ends."""

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
    """Applies the edits, which must not overlap, to the bytes from which `file` was decoded."""
    raw = data.decode("utf-8")
    mark = len(raw) - len(raw.removeprefix("\ufeff"))
    ends = [match.span() for match in _LINE_END.finditer(raw)]
    starts = [mark, *(end for _, end in ends)]
    newline = raw[slice(*ends[0])] if ends else "\n"

    def at(offset: int) -> int:
        line = bisect_right(file.line_starts, offset) - 1
        return starts[line] + offset - file.line_starts[line]

    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        raw = raw[: at(edit.start)] + edit.text.replace("\n", newline) + raw[at(edit.end) :]
    return raw.encode()
