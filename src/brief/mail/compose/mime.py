"""Serialises MIME entities. Every release of Python gives the same bytes, so that a plan's digests stay valid.

Bodies are in base64 or quoted-printable, whatever the server supports: no line is longer than 78 octets, and none is
changed in transit (RFC 2045, 6.7 and 6.8; RFC 5321, 4.5.2).
"""

import base64
import binascii
from collections.abc import Callable, Collection, Iterator, Mapping
from hashlib import sha256

from brief.mail.compose.headers import Field, make_value_field, serialise
from brief.model.record import dataclass

_LINE_OCTETS = 57  # which base64 encodes as 76 characters
_BLOCK_LINES = 8192


class FillableText:
    """A UTF-8 text in the shorter of the two encodings, with placeholders to be replaced for each recipient.

    Quoted-printable encodes each line separately, so all lines without a placeholder are encoded once. `escape` is
    applied to the values that replace placeholders.
    """

    def __init__(self, text: str, placeholders: Collection[str], escape: Callable[[str], str] = str) -> None:
        self._escape = escape
        self._lines: list[bytes | str] = []
        lines = [f"{line}\r\n" for line in text.splitlines()] or ["\r\n"]
        quoted = [_encode_quoted_printable(line) for line in lines]
        joined = "".join(lines)
        self._is_quoted = sum(map(len, quoted)) <= len(encode_base64(joined.encode()))
        for line, encoded in zip(lines, quoted, strict=True) if self._is_quoted else ((joined, b""),):
            if any(placeholder in line for placeholder in placeholders):
                self._lines.append(line)
            elif self._lines and isinstance(last := self._lines[-1], bytes):
                self._lines[-1] = last + (encoded if self._is_quoted else encode_base64(line.encode()))
            else:
                self._lines.append(encoded if self._is_quoted else encode_base64(line.encode()))

    @property
    def encoding(self) -> str:
        return "quoted-printable" if self._is_quoted else "base64"

    def fill(self, values: Mapping[str, str]) -> bytes:
        """Encodes the text with the placeholders replaced. No value may contain a line break."""
        return b"".join(line if isinstance(line, bytes) else self._encode(line, values) for line in self._lines)

    def _encode(self, text: str, values: Mapping[str, str]) -> bytes:
        for placeholder, value in values.items():
            text = text.replace(placeholder, self._escape(value))
        return _encode_quoted_printable(text) if self._is_quoted else encode_base64(text.encode())


@dataclass(frozen=True, slots=True)
class Entity:
    """Header fields and an encoded body, in pieces, so that messages share large pieces instead of copying them."""

    fields: tuple[Field, ...]
    body: tuple[bytes | FillableText, ...]

    def list_pieces(self) -> Iterator[bytes | FillableText]:
        yield serialise(list(self.fields)) + b"\r\n"
        yield from self.body


def make_text(subtype: str, text: FillableText) -> Entity:
    """Makes an entity of a text."""
    kind = make_value_field("Content-Type", f"text/{subtype}", charset="utf-8")
    return Entity((kind, ("Content-Transfer-Encoding", text.encoding)), (text,))


def make_binary(body: bytes, *fields: Field) -> Entity:
    """Makes an entity of a file that is already encoded in base64."""
    return Entity((*fields, ("Content-Transfer-Encoding", "base64")), (body,))


def make_multipart(subtype: str, seed: str, *parts: Entity, **parameters: str) -> Entity:
    """Combines entities (RFC 2046, 5.1). `seed` determines the boundary."""
    # No encoded body contains `=_`: after `=`, quoted-printable has hexadecimal digits or a line end, and base64 has
    # another `=` or ends.
    boundary = f"=_{sha256(f'{subtype} {seed}'.encode()).hexdigest()[:32]}"
    delimiter = f"--{boundary}".encode()
    body: list[bytes | FillableText] = []
    for part in parts:
        # The line end before a delimiter belongs to the delimiter (RFC 2046, 5.1.1).
        body += (delimiter + b"\r\n", *part.list_pieces(), b"\r\n")
    kind = make_value_field("Content-Type", f"multipart/{subtype}", **parameters, boundary=boundary)
    return Entity((kind,), (*body, delimiter + b"--\r\n"))


def _encode_quoted_printable(line: str) -> bytes:
    return binascii.b2a_qp(line.encode(), istext=True)


def encode_base64(data: bytes) -> bytes:
    """Encodes bytes as lines of base64, block by block, because a file of 100 MB has two million lines."""
    block = _LINE_OCTETS * _BLOCK_LINES
    return b"".join([_encode_block(data[start : start + block]) for start in range(0, len(data), block)])


def _encode_block(data: bytes) -> bytes:
    joined = base64.b64encode(data)
    size = _LINE_OCTETS // 3 * 4
    return b"".join([joined[start : start + size] + b"\r\n" for start in range(0, len(joined), size)])
