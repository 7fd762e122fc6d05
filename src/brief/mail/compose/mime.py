"""Serialises MIME entities. Every release of Python gives the same bytes, so that a plan's digests stay valid.

Bodies are base64 or quoted-printable, whatever the server offers: no line is longer than 78 octets, and none is changed
in transit (RFC 2045, 6.7 and 6.8; RFC 5321, 4.5.2).
"""

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256

from brief.mail.compose.headers import Field, serialise, value_field

_LINE = 57  # octets that base64 makes 76 of


@dataclass(frozen=True, slots=True)
class Entity:
    """Header fields and an encoded body."""

    fields: tuple[Field, ...]
    body: bytes

    def __bytes__(self) -> bytes:
        return serialise(list(self.fields)) + b"\r\n" + self.body


def text(subtype: str, words: str) -> Entity:
    """Makes an entity of a UTF-8 text, in the shorter of the two encodings."""
    octets = "\r\n".join(words.splitlines()).encode() + b"\r\n"
    quoted, coded = binascii.b2a_qp(octets, istext=True), encode_base64(octets)
    encoding, body = ("quoted-printable", quoted) if len(quoted) <= len(coded) else ("base64", coded)
    kind = value_field("Content-Type", f"text/{subtype}", charset="utf-8")
    return Entity((kind, ("Content-Transfer-Encoding", encoding)), body)


def binary(body: bytes, *fields: Field) -> Entity:
    """Makes an entity of a file, already `encoded`."""
    return Entity((*fields, ("Content-Transfer-Encoding", "base64")), body)


def multipart(subtype: str, seed: str, *parts: Entity, **parameters: str) -> Entity:
    """Combines entities (RFC 2046, 5.1). `seed` determines the boundary."""
    # No encoded body holds `=_`: quoted-printable follows `=` by digits or a line's end, base64 by its own end.
    boundary = f"=_{sha256(f'{subtype} {seed}'.encode()).hexdigest()[:32]}"
    delimiter = f"--{boundary}".encode()
    # The line's end before a delimiter belongs to it (RFC 2046, 5.1.1).
    body = b"".join(delimiter + b"\r\n" + bytes(part) + b"\r\n" for part in parts)
    kind = value_field("Content-Type", f"multipart/{subtype}", **parameters, boundary=boundary)
    return Entity((kind,), body + delimiter + b"--\r\n")


def encode_base64(data: bytes) -> bytes:
    """Encodes bytes as lines of base64."""
    whole = base64.b64encode(data)
    size = _LINE // 3 * 4
    return b"".join(whole[start : start + size] + b"\r\n" for start in range(0, len(whole), size))
