"""Bytes spooled to temporary files without a name.

The system removes such a file when no process has it open, so a process that is killed leaves nothing behind.
"""

import hashlib
import io
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from brief.model.artifact import Content
from brief.model.diagnostics import MachineError, make_write_error
from brief.model.record import dataclass

CHUNK = 1 << 20
# Many contents share a file, because a process may open only a few hundred. A file's space becomes free when no content
# in it is used any more; a file of this size gets no further content.
_FULL_FILE = 64 << 20


class _SpoolFile:
    """A temporary file without a name, open as long as something refers to it."""

    def __init__(self) -> None:
        self._owner = os.getpid()
        self.size = 0
        with _explain_errors("written"), tempfile.TemporaryFile(buffering=0) as file:
            self.descriptor = os.dup(file.fileno())

    def append(self, data: bytes) -> None:
        remaining = memoryview(data)
        with _explain_errors("written"):
            while remaining:
                count = os.pwrite(self.descriptor, remaining, self.size)
                remaining, self.size = remaining[count:], self.size + count

    def read(self, start: int, size: int) -> bytes:
        with _explain_errors("read"):
            return os.pread(self.descriptor, size, start)

    def __del__(self) -> None:
        # A forked worker has closed the files that it inherited, and the descriptor may belong to another file there.
        if hasattr(self, "descriptor") and self._owner == os.getpid():
            os.close(self.descriptor)


@contextmanager
def _explain_errors(action: str) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        hint = "set TMPDIR to another folder"
        if action == "written":
            raise make_write_error("a temporary file", problem, hint) from problem
        raise MachineError(f"a temporary file cannot be {action}: {problem.strerror}; {hint}") from problem


# Files that have space left. Each is used by one thread at a time.
_files: list[_SpoolFile] = []
# A forked process would write to the same positions of the same file.
os.register_at_fork(after_in_child=_files.clear)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SpooledBytes:
    """Bytes on disk; every call reads them again. Pickling reads them all, and unpickling spools them again."""

    _file: _SpoolFile
    _start: int
    size: int

    def read(self) -> bytes:
        """Returns all bytes.

        Raises:
            MachineError: the temporary file cannot be read, or is too short.
        """
        return b"".join(self.read_chunks(self.size))

    def read_chunks(self, size: int = CHUNK) -> Iterator[bytes]:
        """Yields the bytes, at most `size` at a time; raises as `read` does."""
        position = 0
        while position < self.size:
            chunk = self.read_at(position, size)
            if not chunk:
                raise MachineError("a temporary file is shorter than what was written to it")
            yield chunk
            position += len(chunk)

    def open(self) -> BinaryIO:
        """Opens the bytes as a file; reading raises as `read` does."""
        return io.BufferedReader(_SpooledReader(self))

    def read_at(self, position: int, size: int) -> bytes:
        """Returns at most `size` bytes from a position, counted from 0, and none at the end.

        Raises:
            MachineError: the temporary file cannot be read.
        """
        size = min(size, self.size - position)
        return self._file.read(self._start + position, size) if size > 0 else b""

    def skip(self, count: int) -> "SpooledBytes":
        """Returns the bytes after the first `count`, without copying them."""
        return SpooledBytes(self._file, self._start + count, self.size - count)

    def __reduce__(self) -> tuple[object, tuple[bytes]]:
        return spool, (self.read(),)


class _SpooledReader(io.RawIOBase):
    """Bytes on disk as a file that can be read from any position."""

    def __init__(self, content: SpooledBytes) -> None:
        self._content = content
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._position = max(
            offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._content.size}[whence], 0
        )
        return self._position

    def readinto(self, buffer: Any) -> int:
        data = self._content.read_at(self._position, len(buffer))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)


def spool(*chunks: bytes) -> SpooledBytes:
    """Writes the chunks to the disk, one after the other; raises as `spool_chunks` does."""
    return spool_chunks(chunks)


def spool_chunks(chunks: Iterable[bytes]) -> SpooledBytes:
    """Writes the chunks to the disk, each as soon as the iterator yields it.

    Raises:
        MachineError: the folder for temporary files cannot be written to.
    """
    writer = SpoolWriter()
    for chunk in chunks:
        writer.write(chunk)
    return writer.finish()


class SpoolWriter:
    """Writes bytes to the disk as they come; raises as `spool_chunks` does."""

    def __init__(self) -> None:
        try:
            self._file = _files.pop()
        except IndexError:
            self._file = _SpoolFile()
        self._start = self._file.size

    def write(self, data: bytes) -> int:
        """Writes the bytes after those before; returns their number, as a file does."""
        self._file.append(data)
        return len(data)

    def finish(self) -> SpooledBytes:
        """Returns all bytes that were written; nothing more may be."""
        if self._file.size < _FULL_FILE:
            _files.append(self._file)
        return SpooledBytes(self._file, self._start, self._file.size - self._start)


def digest_content(content: Content) -> str:
    """Returns the SHA-256 of the content in hexadecimal."""
    digest = hashlib.sha256()
    for chunk in content.read_chunks():
        digest.update(chunk)
    return digest.hexdigest()
