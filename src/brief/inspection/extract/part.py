"""A piece of an artifact, as strings."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

# Runs of printable characters in bytes of unknown meaning: ASCII, or UTF-8 of more than one byte.
_PRINTABLE = re.compile(
    rb"(?:[\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}){6,}"
)
_WIDE = re.compile(rb"(?:[\x20-\x7e]\x00){6,}|(?:\x00[\x20-\x7e]){6,}")


@dataclass(frozen=True, slots=True)
class Part:
    """`words` are for people: text, alternative text, titles, properties, comments. `code` is for programs: ids, links,
    style sheets, file names. `digests` are the SHA-256 of files that the part embeds unchanged.
    """

    name: str
    words: str = ""
    code: str = ""
    digests: frozenset[str] = frozenset()


def join_strings(strings: Iterable[str]) -> str:
    """Joins strings into one text, separated from each other."""
    return "\n".join(strings)


def read_binary(name: str, data: bytes) -> Part:
    """Makes a part of bytes of unknown type: their digest and readable strings (picture properties, font names)."""
    found = [run.decode("utf-8", "ignore") for run in _PRINTABLE.findall(data)]
    found += [run.replace(b"\0", b"").decode("ascii") for run in _WIDE.findall(data)]
    return Part(name, code=join_strings(found), digests=frozenset((hashlib.sha256(data).hexdigest(),)))
