"""Reads the CMaps of PDF fonts: which text a code has, and which codes have a glyph."""

import re
from codecs import utf_16_be_decode
from collections.abc import Iterator, Mapping
from functools import lru_cache

_CID_CHARACTER = re.compile(rb"<([0-9A-Fa-f]+)>\s*([0-9]+)")
_CID_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*([0-9]+)")
_CID_SECTION = re.compile(rb"begincid(char|range)(.*?)endcid\1", re.S)
_BF_SECTION = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.S)
_TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])")


def list_drawable(cmap: bytes, size: int) -> Iterator[bytes]:
    """Lists the codes that a CMap maps to a glyph other than the glyph for missing characters (9.7.5.4)."""
    for kind, body in _CID_SECTION.findall(cmap):
        if kind == b"char":
            yield from (bytes.fromhex(code.decode()) for code, glyph in _CID_CHARACTER.findall(body) if int(glyph))
            continue
        for low, high, first in _CID_RANGE.findall(body):
            start = int(low, 16)
            for code in range(start, int(high, 16) + 1):
                if int(first) + code - start:
                    yield code.to_bytes(size)


# Extraction, reading in order and the list of fonts each need the tables of the same file.
@lru_cache(maxsize=64)
def parse_to_unicode(cmap: bytes) -> Mapping[bytes, str]:
    """Parses a ToUnicode CMap (ISO 32000-1, 9.10.3), which maps codes to text."""
    table: dict[bytes, str] = {}
    for kind, body in _BF_SECTION.findall(cmap):
        tokens = iter(_TOKEN.findall(body))
        for first, *_ in tokens:
            low = _parse_hex(first)
            if kind == b"bfchar":
                table[low] = decode_utf16(_parse_hex(next(tokens)[0]))
                continue
            high = _parse_hex(next(tokens)[0])
            target, opened, _ = next(tokens)
            start, length = int.from_bytes(low), len(low)
            if opened:
                for offset, (item, _, closed) in enumerate(tokens):
                    if closed:
                        break
                    table[(start + offset).to_bytes(length)] = decode_utf16(_parse_hex(item))
            else:
                text = decode_utf16(_parse_hex(target))
                for offset in range(int.from_bytes(high) - start + 1):
                    table[(start + offset).to_bytes(length)] = text[:-1] + chr(ord(text[-1]) + offset)
    return table


def _parse_hex(digits: bytes) -> bytes:
    return bytes.fromhex(digits.decode("ascii"))


def decode_utf16(data: bytes) -> str:
    """Decodes UTF-16 without a byte order mark; what is not text becomes U+FFFD."""
    # `bytes.decode` looks up this codec each time, which takes longer than decoding.
    return utf_16_be_decode(data, "replace", True)[0]
