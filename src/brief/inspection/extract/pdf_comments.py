"""Finds the comments of a PDF, which no object contains; of the file, one piece at a time is in memory."""

import os
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from brief.inspection.extract.part import BREAK, read_binary
from brief.store.spooled_bytes import CHUNK

_END_OF_FILE = b"%%EOF"
_STREAM_START, _STREAM_END = re.compile(rb"stream\r?\n"), re.compile(rb"endstream")
# What may be the beginning of either at the end of what has been read.
_UNFINISHED = len(b"endstream") - 1
_COMMENT = re.compile(rb"%[^\r\n]{6,}")


def find_comments(file: BinaryIO, contents: Iterable[bytes]) -> Iterator[str]:
    """Yields the readable strings of comments in the file and in these contents of pages and forms, and of what follows the
    last %%EOF.

    The bodies of streams are left out; they are read as objects.
    """
    found = [comment for body in (_read_outside_streams(file), *contents) for comment in _COMMENT.findall(body)]
    for text in (*found, _read_tail(file)):
        yield from read_binary("", text).code.split(BREAK)


def _read_outside_streams(file: BinaryIO) -> bytes:
    """Returns the bytes of a file without its streams; a stream that does not end is kept."""
    kept: list[bytes] = []
    window, stream_start, is_inside = b"", 0, False
    file.seek(0)
    while chunk := file.read(CHUNK):
        window += chunk
        at, begin = 0, file.tell() - len(window)
        while found := (_STREAM_END if is_inside else _STREAM_START).search(window, at):
            if not is_inside:
                kept.append(window[at : found.start()])
                stream_start = begin + found.start()
            at, is_inside = found.end(), not is_inside
        rest = max(len(window) - _UNFINISHED, at)
        if not is_inside:
            kept.append(window[at:rest])
        window = window[rest:]
    if is_inside:
        file.seek(stream_start)
        window = file.read()
    return b"".join((*kept, window))


def _read_tail(file: BinaryIO) -> bytes:
    """Returns what follows the last %%EOF of a file; the whole file without one."""
    tail = b""
    position = file.seek(0, os.SEEK_END)
    while position:
        start = max(position - CHUNK, 0)
        file.seek(start)
        tail = file.read(position - start) + tail
        if (found := tail.rfind(_END_OF_FILE)) >= 0:
            return tail[found + len(_END_OF_FILE) :]
        position = start
    return tail
