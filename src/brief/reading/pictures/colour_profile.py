"""Removes texts from colour profiles (ICC.1:2022): descriptions, copyright, devices, and private tags."""

import struct

_HEADER_SIZE, _ENTRY = 128, struct.Struct(">4sII")
_MAX_TAGS = 100
# ICC.1, 9.2: the tags that colours are computed from.
_COLOUR_TAGS = frozenset(
    b"A2B0 A2B1 A2B2 B2A0 B2A1 B2A2 B2D0 B2D1 B2D2 B2D3 D2B0 D2B1 D2B2 D2B3 bTRC bXYZ bkpt chad chrm cicp clrt gTRC gXYZ"
    b" gamt kTRC lumi meas ncl2 pre0 pre1 pre2 rTRC rXYZ rig0 rig2 wtpt".split()
)
# ICC.1, 10: the types that contain numbers only; names of inks are in none of them.
_NUMBER_TYPES = frozenset(
    (
        b"XYZ ",
        b"cicp",
        b"chrm",
        b"curv",
        b"mAB ",
        b"mBA ",
        b"meas",
        b"mft1",
        b"mft2",
        b"mpet",
        b"para",
        b"sf32",
        b"sig ",
    )
)
# Both tags are required (ICC.1, 8.2).
_NAME = "Profile"


def remove_texts(profile: bytes) -> bytes:
    """Returns the profile with the tags that colours are computed from, and a fixed description.

    Raises:
        ValueError: the data is not structured as a profile.
    """
    if len(profile) < _HEADER_SIZE + 4 or profile[36:40] != b"acsp":
        raise ValueError("not a colour profile")
    (count,) = struct.unpack_from(">I", profile, _HEADER_SIZE)
    if count > _MAX_TAGS or len(profile) < _HEADER_SIZE + 4 + count * _ENTRY.size:
        raise ValueError("the table of tags is cut off")
    # ICC.1, 7.2.4: the version. Profiles before version 4 have other types of texts.
    text = _make_text_of_version_4() if profile[8] >= 4 else _make_text_of_version_2()
    tags = {b"desc": text, b"cprt": text if profile[8] >= 4 else b"text\0\0\0\0" + _NAME.encode() + b"\0"}
    for position in range(count):
        signature, start, size = _ENTRY.unpack_from(profile, _HEADER_SIZE + 4 + position * _ENTRY.size)
        if start + size > len(profile):
            raise ValueError("a tag is cut off")
        if signature in _COLOUR_TAGS and profile[start : start + 4] in _NUMBER_TYPES:
            tags[signature] = profile[start : start + size]
    return _assemble(profile[:_HEADER_SIZE], tags)


def _assemble(header: bytes, tags: dict[bytes, bytes]) -> bytes:
    table, data = [struct.pack(">I", len(tags))], b""
    first = _HEADER_SIZE + 4 + len(tags) * _ENTRY.size
    starts: dict[bytes, int] = {}
    for signature, content in tags.items():
        # Tags often share their content, such as the curves of three colours.
        if content not in starts:
            starts[content] = first + len(data)
            data += content + b"\0" * (-len(content) % 4)
        table.append(_ENTRY.pack(signature, starts[content], len(content)))
    # ICC.1, 7.2: 48 to 56 and 80 to 84 name makers, and from 84 are the checksum, which would be another, and unused bytes.
    kept = header[4:48] + b"\0" * 8 + header[56:80] + b"\0" * 48
    return struct.pack(">I", first + len(data)) + kept + b"".join(table) + data


def _make_text_of_version_4() -> bytes:
    words = _NAME.encode("utf-16-be")
    return b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(words), 28) + words


def _make_text_of_version_2() -> bytes:
    words = _NAME.encode() + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(words)) + words + b"\0" * (4 + 4 + 2 + 1 + 67)
