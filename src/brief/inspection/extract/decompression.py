"""Decompresses data within a file: texts of pictures, names of fonts, and whole streams."""

import gzip
import io
import struct
import zlib
from collections.abc import Iterator

_PNG = b"\x89PNG\r\n\x1a\n"
_GZIP = b"\x1f\x8b\x08"
_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_WOFF, _WOFF2 = b"wOFF", b"wOF2"
# Data is decompressed up to this many bytes; what follows is not inspected.
_MAX_BYTES = 16 << 20


def unpack_all(data: bytes) -> Iterator[bytes]:
    """Yields the compressed contents of the data, decompressed; nothing if it is in no known format, or damaged."""
    if data.startswith(_PNG):
        yield from _unpack_png(data)
    elif data.startswith((_WOFF, _WOFF2)):
        yield from _unpack_font(data)
    elif data.startswith(_GZIP):
        try:
            yield gzip.GzipFile(fileobj=io.BytesIO(data)).read(_MAX_BYTES)
        except (OSError, EOFError, zlib.error):
            return
    elif data.startswith(_ZLIB):
        yield from _inflate(data)


def _unpack_png(data: bytes) -> Iterator[bytes]:
    """Yields the compressed texts of a PNG (third edition, 11.3.3): zTXt, iTXt with the compression flag, and iCCP."""
    offset = len(_PNG)
    while offset + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, offset)
        body = data[offset + 8 : offset + 8 + length]
        offset += length + 12
        _, _, rest = body.partition(b"\0")
        if kind in (b"zTXt", b"iCCP"):
            yield from _inflate(rest[1:])
        elif kind == b"iTXt" and rest[:1] == b"\1":
            yield from _inflate(rest[2:].split(b"\0", 2)[-1])


def _unpack_font(data: bytes) -> Iterator[bytes]:
    """Yields the names in a WOFF or WOFF 2 font, whose tables are compressed."""
    from fontTools.ttLib import TTFont, TTLibError  # type: ignore[import-untyped]

    try:
        with TTFont(io.BytesIO(data), lazy=True) as font:
            names = font["name"].names if "name" in font else ()
            yield "\n".join(record.toUnicode(errors="replace") for record in names).encode("utf-8", "replace")
    except (
        TTLibError,
        ImportError,
        ValueError,
        LookupError,
        AssertionError,
        EOFError,
        OSError,
        struct.error,
        zlib.error,
    ):
        return


def _inflate(data: bytes) -> Iterator[bytes]:
    try:
        yield zlib.decompressobj().decompress(data, _MAX_BYTES)
    except zlib.error:
        return
