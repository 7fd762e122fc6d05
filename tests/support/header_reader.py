"""Reads a mail header octet by octet, by RFC 5322 and RFC 2047, without the `email` package or anything of `brief`."""

import binascii
import quopri
from collections.abc import Iterator


def read_fields(message: bytes) -> list[tuple[str, str]]:
    """The fields before the first empty line, unfolded: what a strict reader finds, wherever a line could end."""
    fields: list[tuple[str, str]] = []
    for line in message.split(b"\r\n"):
        assert b"\r" not in line, "a bare carriage return"
        assert b"\n" not in line, "a bare line feed"
        assert len(line) <= 998
        if not line:
            return fields
        text = line.decode("utf-8")
        assert not any(ord(character) < 32 and character != "\t" for character in text)
        if text[0] in " \t":
            name, value = fields[-1]
            fields[-1] = name, value + text
        else:
            name, colon, value = text.partition(":")
            assert colon
            assert name.isascii()
            assert " " not in name
            fields.append((name, value))
    raise AssertionError("the header does not end")


def read_text(value: str) -> str:
    """A field of free text (RFC 2047, 5, rule 1)."""
    return _join(_words(value.removeprefix(" ")))


def read_mailboxes(value: str) -> list[tuple[str, str]]:
    """Names and addresses of a list of mailboxes (RFC 5322, 3.4): atoms, quoted strings, encoded words."""
    found: list[tuple[str, str]] = []
    phrase, address, is_address, position = "", "", False, 0
    while position < len(value):
        character = value[position]
        if is_address:
            if character == ">":
                is_address = False
            else:
                address += character
        elif character == '"':
            end = value.index('"', position + 1)
            phrase += value[position + 1 : end]
            position = end
        elif character == "<":
            assert not address, "two addresses in one mailbox"
            is_address = True
        elif character == ",":
            found.append((_join(_words(phrase.strip())), address))
            phrase, address = "", ""
        else:
            assert character not in "();:@[]\\>", f"'{character}' in a display name"
            phrase += character
        position += 1
    assert not is_address
    return [*found, (_join(_words(phrase.strip())), address)]


def _words(text: str) -> Iterator[tuple[str, bool]]:
    """Runs of white space and of other characters, each with whether it was an encoded word."""
    run = ""
    for character in text:
        if run and (run[-1] in " \t") != (character in " \t"):
            yield _decode(run)
            run = ""
        run += character
    if run:
        yield _decode(run)


def _decode(word: str) -> tuple[str, bool]:
    parts = word.split("?")
    if len(parts) != 5 or parts[0] != "=" or parts[4] != "=":
        return word, False
    assert len(word) <= 75, "RFC 2047, 2"
    octets = parts[3].encode("ascii")
    if parts[2].lower() == "b":
        return binascii.a2b_base64(octets, strict_mode=True).decode(parts[1]), True
    return quopri.decodestring(octets, header=True).decode(parts[1]), True


def _join(words: Iterator[tuple[str, bool]]) -> str:
    """The text; white space between two encoded words is not part of it (RFC 2047, 6.2)."""
    listed = list(words)
    text = ""
    for number, (word, _) in enumerate(listed):
        between = 0 < number < len(listed) - 1 and listed[number - 1][1] and listed[number + 1][1]
        text += "" if between and not word.strip(" \t") else word
    return text
