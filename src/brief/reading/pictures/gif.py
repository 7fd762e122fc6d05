"""Removes comments and the data of programs from GIF files; the frames and their times are unchanged.

The sections are those of the GIF89a specification (CompuServe, 1990). Pillow would compress the frames again.
"""

from collections.abc import Iterator

_SIGNATURES = (b"GIF87a", b"GIF89a")
# 18 to 20 and 27: what follows the signature, the separator of a frame with its descriptor, and the end.
_SCREEN_END, _FRAME, _EXTENSION, _TRAILER = 13, 0x2C, 0x21, 0x3B
_DESCRIPTOR_SIZE = 9
# 23 and 26: of the extensions only the times of frames, and the number of repetitions, affect the display.
_TIMES, _APPLICATION = 0xF9, 0xFF
_REPETITIONS = (b"\x0bNETSCAPE2.0", b"\x0bANIMEXTS1.0")


def strip_gif(data: bytes) -> bytes:
    """Returns the file without comments, plain text, and data of programs, and without what follows its end.

    Raises:
        ValueError: the file is not structured as GIF, or is cut off.
    """
    if not data.startswith(_SIGNATURES) or len(data) < _SCREEN_END:
        raise ValueError("not a GIF")
    start = _SCREEN_END + _get_table_size(data[10])
    return data[:start] + b"".join(_read_blocks(data, start)) + bytes((_TRAILER,))


def _read_blocks(data: bytes, start: int) -> Iterator[bytes]:
    """Yields the blocks from `start` to the end of the file that affect the display."""
    try:
        while data[start] != _TRAILER:
            if data[start] == _FRAME:
                content = start + 1 + _DESCRIPTOR_SIZE
                # A table of colours, and the size of the first codes.
                content += _get_table_size(data[content - 1]) + 1
                is_shown = True
            elif data[start] == _EXTENSION:
                content = start + 2
                kind = data[start + 1]
                is_shown = kind == _TIMES or (kind == _APPLICATION and data.startswith(_REPETITIONS, content))
            else:
                raise ValueError("an unknown block")
            end = _find_end(data, content)
            if is_shown:
                yield data[start:end]
            start = end
    except IndexError:
        raise ValueError("the file is cut off") from None


def _find_end(data: bytes, start: int) -> int:
    """Returns where the chain of sub-blocks ends that begins at `start` (15 and 16)."""
    while size := data[start]:
        start += size + 1
    return start + 1


def _get_table_size(flags: int) -> int:
    """Returns the bytes of a table of colours, given the flags before it (18 and 20)."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0
