"""A part of an artifact, as strings."""

import hashlib
import re
from collections.abc import Iterable

from brief.inspection.extract.decompression import unpack_all
from brief.model.record import dataclass

# Separates two elements: a text does not continue from one to the other.
BREAK = "\0"
# Runs of printable characters in bytes of unknown meaning: UTF-8 of more than one byte, ASCII, and UTF-16.
_LETTERS = re.compile(r"[^\x00-\xa0\ufffd]{3,}")
_TEXTUAL = re.compile(rb"[\t\n\r\x20-\x7e]{6,}")
_WIDE = re.compile(rb"(?:[\x20-\x7e]\x00){6,}")
_WIDE_BIG_ENDIAN = re.compile(rb"(?:\x00[\x20-\x7e]){6,}")
_ZEROS = re.compile(rb"\x00{6,}")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an artifact.

    `words` are for people: text, alternative text, titles, properties and comments, with `BREAK` between two elements.
    `code` is for programs: ids, links, style sheets and file names. `digests` has the SHA-256 of each file that the
    part contains completely.
    """

    name: str
    words: str = ""
    code: str = ""
    digests: frozenset[str] = frozenset()


def join_strings(strings: Iterable[str]) -> str:
    """Joins strings, each a separate element, into one text."""
    return BREAK.join(strings)


def read_binary(name: str, data: bytes) -> Part:
    """Reads a part of unknown type: its digest, and all readable strings in it, such as picture properties or font names.

    Compressed content is decompressed and read as well.
    """
    strings = [string for each in (data, *unpack_all(data)) for string in _find_strings(each)]
    return Part(name, code=join_strings(strings), digests=frozenset((hashlib.sha256(data).hexdigest(),)))


def _find_strings(data: bytes) -> list[str]:
    try:
        return [data.decode("utf-8")] if b"\0" not in data else _find_printable(data)
    except UnicodeDecodeError:
        return _find_printable(data)


def _find_printable(data: bytes) -> list[str]:
    found = [run.decode("ascii") for run in _TEXTUAL.findall(data)]
    if not data.isascii():
        found += _LETTERS.findall(data.decode("utf-8", "replace"))
    return found + _find_wide(data)


def _find_wide(data: bytes) -> list[str]:
    """Finds texts of two bytes a character, which have a zero at every second place."""
    found = []
    for first in range(2):
        for zeros in _ZEROS.finditer(data[first::2]):
            around = data[max(2 * zeros.start() + first - 1, 0) : 2 * zeros.end() + first]
            for pattern in (_WIDE, _WIDE_BIG_ENDIAN):
                found += [run.replace(b"\0", b"").decode("ascii") for run in pattern.findall(around)]
    return found
