"""Writes header fields so that no value can become a field, and every client decodes them alike."""

import base64
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from brief.reading.addresses import Address

# RFC 2047, 2: at most 76 characters for a line with an encoded word, and 75 for an encoded word. RFC 5322, 2.1.1,
# permits 78 for other lines.
_MAX_LINE, _MAX_WORD = 76, 75
# Octets of UTF-8 in an encoded word: base64 encodes three octets as four characters.
_WORD_OCTETS = (_MAX_WORD - len("=?utf-8?b??=")) // 4 * 3
_PRINTABLE = re.compile(r"[ -~]*")
_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_TOKEN = re.compile(r"[A-Za-z0-9!#$&+.^_`{|}~-]+")
_PARAMETER_OCTETS = 54  # of a parameter's value, in one line
_CONTINUATION = "\r\n "

Field = tuple[str, str]


def make_text_field(name: str, value: str) -> Field:
    """Makes a field of free text, such as a subject (RFC 5322, 2.2.1; RFC 2047)."""
    if _PRINTABLE.fullmatch(value):
        folded = _fold(value, len(name) + 2)
        if folded is not None:
            return name, folded
    return name, _encode_words(value, len(name) + 2)


def make_address_field(name: str, address: Address, person: str = "") -> Field:
    """Makes a field with one mailbox (RFC 5322, 3.4); a non-ASCII address is in UTF-8 (RFC 6532).

    `person` is the display name, if any.
    """
    mailbox = f"<{address}>" if person else f"{address}"
    if not person:
        return name, mailbox
    if _PHRASE.fullmatch(person) and not person.startswith(" ") and not person.endswith(" ") and "  " not in person:
        phrase = _fold(person, len(name) + 2) or _encode_words(person, len(name) + 2)
    else:
        phrase = _encode_words(person, len(name) + 2)
    last = len(phrase.rpartition("\n")[2]) + (0 if "\n" in phrase else len(name) + 2)
    return name, f"{phrase}{' ' if last + len(mailbox) < _MAX_LINE else _CONTINUATION}{mailbox}"


def make_value_field(name: str, value: str, /, **parameters: str) -> Field:
    """Makes a structured field with parameters (RFC 2045, 5.1)."""
    return name, _append_parameters(
        name, value, (piece for key, text in parameters.items() for piece in _write_parameter(key, text))
    )


def make_disposition_field(kind: str, name: str, plain_name: str) -> Field:
    """Makes a `Content-Disposition` field (RFC 2183). A non-ASCII or long name is in RFC 2231's form, with a plain name
    for older clients.

    The plain name comes last, because clients that use only one name take the first.
    """
    is_plain = _PRINTABLE.fullmatch(name) and len(name) <= _PARAMETER_OCTETS
    parameters = (
        [*_write_parameter("filename", name)]
        if is_plain
        else [*_encode_extended("filename", name), *_write_parameter("filename", plain_name)]
    )
    return "Content-Disposition", _append_parameters("Content-Disposition", kind, parameters)


def serialise(fields: list[Field]) -> bytes:
    """Serialises the fields in UTF-8, each ended by CR LF."""
    return "".join(f"{name}: {value}\r\n" for name, value in fields).encode()


def find_differences(header: bytes, fields: list[Field], intended: dict[str, str]) -> Iterator[str]:
    """Parses the header as a recipient's client does, and describes each difference from `fields` and `intended`.

    `intended` maps the names of fields to the decoded texts that they must have: a mailbox as `name <address>`. The
    parser below is necessary because Python's `email` puts spaces between the encoded words of a display name, which
    RFC 2047, 6.2, forbids.
    """
    try:
        parsed = list(_read_fields(header.decode()))
    except ValueError as problem:
        yield f"the header could not be read: {problem}"
        return
    if [name for name, _ in parsed] != [name for name, _ in fields]:
        yield f"the header would have other fields: {', '.join(name for name, _ in parsed)[:200]}"
        return
    values = dict(parsed)
    for name, text in intended.items():
        if name in _MAILBOXES and not _is_one_mailbox(values[name]):
            yield f"{name} would contain more than one mailbox: '{values[name][:100]}'"
        elif (decoded := _decode_words(values[name])) != text:
            yield f"{name} would read '{decoded[:100]}'"


_MAILBOXES = ("From", "To")
# RFC 5322, 3.6.8: a field's name is printable ASCII without a colon.
_READ_FIELD = re.compile(r"([!-9;-~]+): (.*)", re.DOTALL)
_READ_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# An encoded word is delimited by white space or the ends of the value (RFC 2047, 5).
_READ_WORD = re.compile(r"(?<!\S)=\?utf-8\?b\?([A-Za-z0-9+/]+={0,2})\?=(?!\S)", re.IGNORECASE)


def _read_fields(header: str) -> Iterator[Field]:
    """Yields the fields, unfolded (RFC 5322, 2.2.3). Raises ValueError if the text is not a header."""
    if not header.endswith("\r\n"):
        raise ValueError("it does not end with a line")
    for field in re.split(r"\r\n(?![ \t])", header[:-2]):
        match = _READ_FIELD.fullmatch(re.sub(r"\r\n(?=[ \t])", "", field))
        if match is None:
            raise ValueError(f"'{field[:40]!r}' is not a field")
        if control := _READ_CONTROL.search(match[2]):
            raise ValueError(f"{match[1]} contains U+{ord(control[0]):04X}")
        yield match[1], match[2]


def _is_one_mailbox(value: str) -> bool:
    """Returns whether a value consists of atoms and encoded words, then one address in angle brackets (RFC 5322, 3.4)."""
    phrase, bracket, rest = value.partition("<")
    return bool(_PHRASE.fullmatch(phrase) and bracket and re.fullmatch(r'[^<>,;:"()\s]+>', rest))


def _decode_words(value: str) -> str:
    """Decodes the encoded words of a value and removes the white space between two of them (RFC 2047, 6.2)."""
    text, end = "", 0
    for match in _READ_WORD.finditer(value):
        between = value[end : match.start()]
        text += "" if end and between.isspace() else between
        text += base64.b64decode(match[1], validate=True).decode("utf-8", "replace")
        end = match.end()
    return text + value[end:]


def _fold(value: str, used: int) -> str | None:
    """Folds an ASCII text at spaces; None if that is not possible. The first line already has `used` characters."""
    lines, length = [""], used
    for position, word in enumerate(value.split(" ")):
        if position and length + 1 + len(word) > _MAX_LINE and word:
            lines.append(f" {word}")
            length = 1 + len(word)
        else:
            lines[-1] += f" {word}" if position else word
            length += len(word) + (position > 0)
        if length > _MAX_LINE or not lines[-1].strip():
            return None
    return "\r\n".join(lines)


def _encode_words(value: str, used: int) -> str:
    """Encodes a text as words (RFC 2047, 4.1) without splitting a character (RFC 2047, 5).

    The first line already has `used` characters.
    """
    words: list[bytes] = []
    first_octets = (_MAX_WORD - used - len("=?utf-8?b??=")) // 4 * 3
    for character in value:
        octets = character.encode()
        if words and len(words[-1]) + len(octets) <= (first_octets if len(words) == 1 else _WORD_OCTETS):
            words[-1] += octets
        else:
            words.append(octets)
    return _CONTINUATION.join(f"=?utf-8?b?{base64.b64encode(word).decode()}?=" for word in words)


def _append_parameters(name: str, value: str, parameters: Iterable[str]) -> str:
    """Appends the parameters to the value of the field `name`, each on a new line if it would not fit."""
    text, length = value, len(name) + 2 + len(value)
    for parameter in parameters:
        fits = length + len(parameter) + 2 < _MAX_LINE
        text += f";{' ' if fits else _CONTINUATION}{parameter}"
        length = length + len(parameter) + 2 if fits else len(parameter) + 1
    return text


def _write_parameter(name: str, value: str) -> Iterator[str]:
    if _TOKEN.fullmatch(value):
        yield f"{name}={value}"
    elif _PRINTABLE.fullmatch(value):
        escaped = re.sub(r'(["\\])', r"\\\1", value)
        yield f'{name}="{escaped}"'
    else:
        yield from _encode_extended(name, value)


def _encode_extended(name: str, value: str) -> Iterator[str]:
    """Yields `name*=utf-8''...`, in numbered pieces if it is long (RFC 2231, 3 and 4)."""
    pieces = [""]
    for character in value:
        octets = quote(character, safe="")
        if len(pieces[-1]) + len(octets) > _PARAMETER_OCTETS:
            pieces.append("")
        pieces[-1] += octets
    if len(pieces) == 1:
        yield f"{name}*=utf-8''{pieces[0]}"
        return
    for number, piece in enumerate([f"utf-8''{pieces[0]}", *pieces[1:]]):
        yield f"{name}*{number}*={piece}"
