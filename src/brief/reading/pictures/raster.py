"""Removes metadata from JPEG and PNG files: author, location, camera and thumbnails."""

import re
import struct
import zlib
from collections.abc import Iterator

from brief.reading.pictures import colour_profile

_PNG = b"\x89PNG\r\n\x1a\n"
# ISO/IEC 15948, 5.6: the chunks with the samples, and those that define how to display them.
_DISPLAYED_CHUNKS = frozenset(
    (b"IHDR", b"PLTE", b"IDAT", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"tRNS", b"pHYs")
)
# What precedes the data of a colour profile (15948, 11.3.2.3; ICC.1, B.4). The profiles of printers take a few megabytes.
_PNG_PROFILE, _JPEG_PROFILE = b"icc\0\0", b"ICC_PROFILE\0"
_MAX_PROFILE, _PROFILE_PART = 16_000_000, 65_000
_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"

# ITU-T T.81, table B.1.
_EOI, _SOS, _APP0, _APP2, _APP14 = 0xD9, 0xDA, 0xE0, 0xE2, 0xEE
_WITHOUT_LENGTH = frozenset((0x01, *range(0xD0, 0xD8)))
# APP0 to APP15; JPG0 to JPG13, which are reserved; COM.
_METADATA_MARKERS = range(0xE0, 0xFF)
# Between scans: the first marker other than a stuffed byte, a restart or a fill byte.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)


def strip_metadata(data: bytes) -> bytes:
    """Returns the file without descriptions, thumbnails and trailing data; samples, colours and encoding are unchanged.

    A colour profile keeps only what colours are computed from; one that cannot be read is left out.

    Raises:
        ValueError: the file is not structured as PNG (ISO/IEC 15948, 5.3) or JPEG (ITU-T T.81, annex B).
    """
    if data.startswith(_PNG):
        return _PNG + b"".join(_read_chunks(data)) + _END
    profile: list[bytes] = []
    first, *others = list(filter(None, _read_segments(data, profile))) or [b""]
    return b"\xff\xd8" + first + _clean_jpeg_profile(profile) + b"".join(others) + b"\xff\xd9"


def _read_chunks(data: bytes) -> Iterator[bytes]:
    """Yields the chunks of a PNG before its end that affect its display."""
    start = len(_PNG)
    while (kind := data[start + 4 : start + 8]) != b"IEND":
        end = start + 12 + int.from_bytes(data[start : start + 4], "big")
        if end > len(data):
            raise ValueError("a chunk is cut off")
        if kind == b"iCCP":
            yield _clean_png_profile(data[start + 8 : end - 4])
        elif kind in _DISPLAYED_CHUNKS:
            yield data[start:end]
        start = end


def _clean_png_profile(chunk: bytes) -> bytes:
    """Returns the chunk of a colour profile without texts, given its data; empty if it cannot be read."""
    _name, _, packed = chunk.partition(b"\0")
    try:
        profile = zlib.decompressobj().decompress(packed[1:], _MAX_PROFILE)
        data = _PNG_PROFILE + zlib.compress(colour_profile.remove_texts(profile), 9)
    except (ValueError, zlib.error):
        return b""
    content = b"iCCP" + data
    return struct.pack(">I", len(data)) + content + struct.pack(">I", zlib.crc32(content))


def _clean_jpeg_profile(parts: list[bytes]) -> bytes:
    """Returns the segments of a colour profile without texts, given what follows its mark; empty if it cannot be read."""
    try:
        profile = colour_profile.remove_texts(b"".join(part[2:] for part in sorted(parts)))
    except ValueError:
        return b""
    starts = range(0, len(profile), _PROFILE_PART)
    return b"".join(
        _make_segment(_APP2, _JPEG_PROFILE + bytes((number, len(starts))) + profile[start : start + _PROFILE_PART])
        for number, start in enumerate(starts, 1)
    )


def _read_segments(data: bytes, profile: list[bytes]) -> Iterator[bytes]:
    """Yields the segments of a JPEG between its first and last marker, which may be missing, without metadata.

    Adds to `profile` what follows the mark of each part of the colour profile (number, count and data).
    """
    start = 2
    while start < len(data):
        if data[start] != 0xFF or start + 1 == len(data):
            raise ValueError("a marker is missing")
        marker = data[start + 1]
        if marker == 0xFF:  # T.81, B.1.1.2: fill
            start += 1
            continue
        if marker == _EOI:
            return
        if marker in _WITHOUT_LENGTH:
            start += 2
            continue
        (length,) = struct.unpack_from(">H", data, start + 2) if start + 4 <= len(data) else (0,)
        end = start + 2 + length
        if length < 2 or end > len(data):
            raise ValueError("a segment is cut off")
        if marker == _SOS:
            next_marker = _MARKER.search(data, end)
            end = next_marker.start() if next_marker else len(data)
            yield data[start:end]
        elif marker not in _METADATA_MARKERS:
            yield data[start:end]
        elif marker == _APP2 and data.startswith(_JPEG_PROFILE, start + 4):
            profile.append(data[start + 4 + len(_JPEG_PROFILE) : end])
        else:
            yield _filter_segment(marker, data[start + 4 : end])
        start = end


def _filter_segment(marker: int, payload: bytes) -> bytes:
    """Returns an application or comment segment with only what affects the display; empty if nothing does."""
    if marker == _APP0 and payload.startswith(b"JFIF\0") and len(payload) >= 14:
        payload = payload[:12] + b"\0\0"  # ITU-T T.871, 10.1: no thumbnail
    elif marker == _APP14 and payload.startswith(b"Adobe") and len(payload) >= 12:
        payload = payload[:12]  # T.872, 6.5.3
    else:
        return b""
    return _make_segment(marker, payload)


def _make_segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload
