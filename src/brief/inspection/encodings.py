"""Decodes texts that are encoded within others.

These are:

- Base64, Base32 and Base85, hexadecimal and decimal codes;
- character references, and escapes of JSON, JavaScript, style sheets, URLs and mail;
- invisible characters of Unicode: tags, which copy ASCII, and variation selectors, of which there is one for each byte.
"""

import base64
import binascii
import html
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from urllib.parse import unquote

from brief.inspection.extract.decompression import unpack_all
from brief.inspection.extract.part import BREAK

# Shorter runs decode to fewer than 9 letters. Long runs may be broken into lines, on pages of a PDF after any letter.
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}(?:(?<=[A-Za-z0-9+/_-]{20})[\u2010-]?[\r\n]{1,3}[A-Za-z0-9+/_-]+)*={0,2}")
_HEX = re.compile(r"[0-9A-Fa-f](?:[ :\r\n\u2010-]{0,3}[0-9A-Fa-f]){17,}")
# Base32 in groups of eight, the last of which may be padded; Ascii85 between its delimiters, or a long run with signs
# in it.
_BASE32 = re.compile(r"(?<![A-Za-z0-9])(?:[A-Z2-7]{16,}|[a-z2-7]{16,})(?![A-Za-z0-9])")
# What runs of Base64, and runs of Base32 and Base85, have: most elements have none.
_RUN, _LONG_RUN = re.compile("[!-~]{12}"), re.compile("[!-~]{16}|<~")
_ASCII85 = re.compile(r"<~([!-uz\s]{12,}?)~>|(?<![!-uz])([!-uz]{16,2000})(?![!-uz])")
_BASE85 = re.compile(r"(?<![^\s\0])[0-9A-Za-z!#$%&()*+;<=>?@^_`{|}~-]{16,2000}(?![^\s\0,.])")
_SIGN = re.compile("[^A-Za-z0-9./:_#-]")
_CODES = re.compile(r"[0-9](?<![0-9][0-9])[0-9]{1,6}(?:[ ,;\n-]{1,3}[0-9]{2,7}){8,}(?![0-9])")
_CODE = re.compile("[0-9]+")
_NO_HEX = re.compile("[^0-9A-Fa-f]")
_READABLE = re.compile("[^\x00-\x1f\x7f\ufffd]{9,}")
_REFERENCE = re.compile(r"&#?[0-9A-Za-z]{2,31};")
_ESCAPE = re.compile(
    r"\\u\{0*([0-9a-fA-F]{1,6})\}|\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|\\([0-9a-fA-F]{6}\s?|[0-9a-fA-F]{2,5}(?:\s|(?=\\)))"
)
# Quoted-printable (RFC 2045, 6.7).
# Without a group at its start, which would be tried at every character.
_QUOTED = re.compile(r"=[0-9A-F]{2}=[0-9A-F]{2}=[0-9A-F]{2}[=0-9A-Za-z.,; -]*")
# Tags, each of which copies an ASCII character, and the 256 variation selectors, each of which can encode a byte.
# Searching for one of either takes a fifth of the time of searching for a run of one kind.
_INVISIBLE_CHARACTER = re.compile("[\ufe00-\ufe0f\U000e0020-\U000e007e\U000e0100-\U000e01ef]")
_INVISIBLE = re.compile("[\U000e0020-\U000e007e]{3,}|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{3,}")
_PERCENT = re.compile(r"%[0-9a-fA-F]{2}")
MAX_LENGTH = 100_000
# The shortest element with such a run.
_SHORTEST = 12
# How many letters of its neighbours, on each side, are decoded with an element.
_AROUND = 200
# Texts that are encoded up to three times, one encoding in the other, are decoded.
MAX_DEPTH = 3


def decode_characters(text: str) -> Iterator[str]:
    """Yields the texts of which single characters are encoded, such as by character references."""
    for mark, pattern, decode in _REWRITTEN:
        if mark in text and pattern.search(text):
            yield from _decode_elements(text, pattern, decode)
    if not text.isascii() and _INVISIBLE_CHARACTER.search(text) and _INVISIBLE.search(text):
        yield from _decode_elements(text, _INVISIBLE, _decode_invisible)


def _decode_elements(text: str, pattern: re.Pattern[str], decode: Callable[[str], str]) -> Iterator[str]:
    """Yields the decoded elements that match the pattern, each run of them with its neighbours, joined with `BREAK`: a
    text may continue from one to the other.
    """
    elements = text.split(BREAK)
    low = high = 0
    for at, element in enumerate(elements):
        if pattern.search(element):
            start, end = _find_neighbours(elements, at)
            if start > high or not high:
                yield from _join_decoded(elements[low:high], decode)
                low = start
            high = end
    yield from _join_decoded(elements[low:high], decode)


def _find_neighbours(elements: Sequence[str], at: int) -> tuple[int, int]:
    """Returns the range (start, end) of the elements around the one at index `at`, with enough letters on both sides
    for a text to be recognised.
    """
    start, end = at, at + 1
    letters = 0
    while start and letters < _AROUND:
        start -= 1
        letters += len(elements[start])
    letters = 0
    while end < len(elements) and letters < _AROUND:
        letters += len(elements[end])
        end += 1
    return start, end


def _join_decoded(elements: Sequence[str], decode: Callable[[str], str]) -> Iterator[str]:
    if elements:
        yield BREAK.join(map(decode, elements))


def _decode_escapes(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(min(int(match[match.lastindex or 0], 16), 0x10FFFF)), text)


def _decode_quoted(text: str) -> str:
    return _QUOTED.sub(lambda match: binascii.a2b_qp(match[0].encode()).decode("utf-8", "replace"), text)


def _decode_invisible(text: str) -> str:
    return _INVISIBLE.sub(lambda match: _read_invisible(match[0]), text)


def _read_invisible(run: str) -> str:
    """Returns the text that a match of `_INVISIBLE` encodes; bytes that are not UTF-8 become U+FFFD."""
    codes = [ord(character) for character in run]
    if 0xE0000 <= codes[0] < 0xE0100:
        return "".join(chr(code - 0xE0000) for code in codes)
    return bytes(code - 0xFE00 if code < 0xE0000 else code - 0xE0100 + 16 for code in codes).decode("utf-8", "replace")


# Encodings of single characters: a mark that each has, its pattern, and how it is decoded.
_REWRITTEN: tuple[tuple[str, re.Pattern[str], Callable[[str], str]], ...] = (
    ("&", _REFERENCE, html.unescape),
    ("\\", _ESCAPE, _decode_escapes),
    ("%", _PERCENT, unquote),
    ("=", _QUOTED, _decode_quoted),
)


def decode_runs(element: str) -> tuple[str, ...]:
    """Returns the texts within an element that are encoded in Base64, Base32, Base85, decimal codes and hexadecimal digits; a
    text in one of these is within one element.
    """
    return tuple(_decode_runs(element)) if len(element) >= _SHORTEST else ()


def _decode_runs(element: str) -> Iterator[str]:
    if _RUN.search(element):
        for match in _BASE64.finditer(element):
            run = match[0]
            if len(run) <= MAX_LENGTH and _is_mixed(run):
                yield from _decode_run(run)
        if _LONG_RUN.search(element):
            yield from _decode_other_bases(element)
    elif "<~" in element:
        yield from _decode_other_bases(element)
    for match in _CODES.finditer(element):
        codes = [int(code) for code in _CODE.findall(match[0][:MAX_LENGTH])]
        yield from _READABLE.findall("".join(chr(code) if code <= sys.maxunicode else "\ufffd" for code in codes))
    for match in _HEX.finditer(element):
        if len(match[0]) <= MAX_LENGTH:
            digits = _NO_HEX.sub("", match[0])
            for start in range(2):
                yield from _read_bytes(bytes.fromhex, digits[start : len(digits) - (len(digits) - start) % 2])


def _decode_other_bases(element: str) -> Iterator[str]:
    """Decodes Base32 and Base85, in either alphabet."""
    for match in _BASE32.finditer(element):
        run = match[0][:MAX_LENGTH].upper()
        # The lengths that a last group may have (RFC 4648, 6).
        end = next(end for end in range(len(run), 0, -1) if end % 8 in (0, 2, 4, 5, 7))
        yield from _read_bytes(base64.b32decode, run[:end] + "=" * (-end % 8))
    for match in _ASCII85.finditer(element):
        if match[1] or _has_signs(match[2]):
            yield from _read_bytes(base64.a85decode, match[1] or match[2])
    for match in _BASE85.finditer(element):
        if _has_signs(match[0]):
            yield from _read_bytes(base64.b85decode, match[0])


def _has_signs(run: str) -> bool:
    """Returns whether a run may be Base85, of which a fifth are signs, unlike a word or an address."""
    return len(_SIGN.findall(run)) * 10 >= len(run)


def _is_mixed(run: str) -> bool:
    """Returns whether a run may be Base64 of words, unlike a word or a name in ordinary letters."""
    return not (run.islower() or run.isdigit()) and not run[1:].islower()


# Names of styles and classes look like Base64, and occur in every file.
@lru_cache(maxsize=5_000)
def _decode_run(run: str) -> tuple[str, ...]:
    """Decodes a run of Base64, in either alphabet, from each of the first four offsets: other characters of that
    alphabet may precede the text.
    """
    found: list[str] = []
    plain = re.sub("[\r\n\u2010=]", "", run).translate(_URL_SAFE)
    for start in range(4):
        part = plain[start:]
        part = part[: len(part) - 1] if len(part) % 4 == 1 else part
        padded = part + "=" * (-len(part) % 4)
        found += _read_bytes(base64.b64decode, padded)
    return tuple(found)


_URL_SAFE = str.maketrans("-_", "+/")


def _read_bytes(decode: Callable[[str], bytes], run: str) -> Iterator[str]:
    """Yields the readable texts in the bytes that `decode` returns for the run, also decompressed; none if it fails."""
    try:
        data = decode(run)
    except (binascii.Error, ValueError):
        return
    for unpacked in unpack_all(data):
        yield from _READABLE.findall(unpacked.decode("utf-8", "replace"))
    for encoding in ("utf-8", "utf-16-le"):
        if encoding == "utf-16-le" and data[1:2] != b"\0":
            continue
        yield from _READABLE.findall(data.decode(encoding, "replace"))
