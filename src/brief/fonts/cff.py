"""The one thing in a CFF font that a cut has to set right: which character identifier each glyph answers to.

A font of the CID-keyed kind, as those of Han families are, numbers its glyphs twice: by place, and in its charset by
identifier (Adobe Technical Note 5176, 13 and 18). HarfBuzz moves glyphs and lets them keep their identifiers. Print engines
write places into a PDF, where identifiers are looked up (ISO 32000-1, 9.7.4.2); so the two have to be the same.
"""

import struct
from collections.abc import Iterator

_CHARSET, _CHAR_STRINGS = 15, 17
_ROS = (12, 30)
_ESCAPE = 12


def renumber_glyph_identifiers(font: bytes) -> bytes:
    """An OpenType font in which each glyph of a CID-keyed CFF has its place for its identifier; others as they are."""
    start = _find_table(font, b"CFF ")
    if start is None:
        return font
    top_start, top_end = _first_of_index(font, _end_of_index(font, start + font[start + 2]))
    entries = dict(_entries(font[top_start:top_end]))
    if _ROS not in entries:
        return font
    place = start + entries[_CHARSET,]
    (glyphs,) = struct.unpack_from(">H", font, start + entries[_CHAR_STRINGS,])
    charset = _build_charset(glyphs)
    return font[:place] + charset + font[place + len(charset) :]


def _build_charset(glyphs: int) -> bytes:
    """Identifiers 1, 2, 3 ..., in the format that never takes more room than what the cut had there.

    Of glyph 0 nothing is said. One glyph alone is listed; a range of up to 256 has a short count, a longer one a long.
    """
    if glyphs < 2:
        return b""
    if glyphs == 2:
        return struct.pack(">BH", 0, 1)
    return struct.pack(">BHB", 1, 1, glyphs - 2) if glyphs <= 257 else struct.pack(">BHH", 2, 1, glyphs - 2)


def _find_table(font: bytes, name: bytes) -> int | None:
    """Where a table of an OpenType font starts."""
    (count,) = struct.unpack_from(">H", font, 4)
    for at in range(12, 12 + 16 * count, 16):
        tag, _, start, _ = struct.unpack_from(">4sLLL", font, at)
        if tag == name:
            return int(start)
    return None


def _read_offsets(font: bytes, at: int) -> tuple[int, list[int]]:
    """Of an INDEX: from where its objects are counted, and the offset of each and of the end (5176, 5)."""
    count, size = struct.unpack_from(">HB", font, at)
    first = at + 3
    found = [int.from_bytes(font[first + n * size : first + (n + 1) * size]) for n in range(count + 1)]
    return first + (count + 1) * size - 1, found


def _end_of_index(font: bytes, at: int) -> int:
    base, offsets = _read_offsets(font, at)
    return base + offsets[-1]


def _first_of_index(font: bytes, at: int) -> tuple[int, int]:
    base, offsets = _read_offsets(font, at)
    return base + offsets[0], base + offsets[1]


def _entries(top: bytes) -> Iterator[tuple[tuple[int, ...], int]]:
    """The operators of a DICT, each with its last operand where that is a whole number (5176, 4)."""
    at, operand = 0, 0
    while at < len(top):
        lead = top[at]
        if lead <= 21:
            length = 2 if lead == _ESCAPE else 1
            yield tuple(top[at : at + length]), operand
        elif lead == 28:
            length, operand = 3, struct.unpack_from(">h", top, at + 1)[0]
        elif lead == 29:
            length, operand = 5, struct.unpack_from(">l", top, at + 1)[0]
        elif lead == 30:
            # A real number, in half bytes up to one that is 15.
            length = 2 + next(n for n, pair in enumerate(top[at + 1 :]) if pair >> 4 == 15 or pair & 15 == 15)
        elif lead <= 246:
            length, operand = 1, lead - 139
        elif lead <= 250:
            length, operand = 2, (lead - 247) * 256 + top[at + 1] + 108
        else:
            length, operand = 2, -(lead - 251) * 256 - top[at + 1] - 108
        at += length
