"""Bytes that wait on disk until they are needed, in temporary files that have no name.

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
from brief.model.diagnostics import MachineError
from brief.model.record import dataclass

CHUNK = 1 << 20
# Many contents share a file, because a process may open few; its space is free again when none of them is used.
_FULL_FILE = 64 << 20


class _SpoolFile:
    """A temporary file without a name, open as long as something refers to it."""

    def __init__(self) -> None:
        self._owner = os.getpid()
        self.size = 0
        with _explain_errors("written"), tempfile.TemporaryFile(buffering=0) as made:
            self.descriptor = os.dup(made.fileno())

    def append(self, data: bytes) -> None:
        left = memoryview(data)
        with _explain_errors("written"):
            while left:
                written = os.pwrite(self.descriptor, left, self.size)
                left, self.size = left[written:], self.size + written

    def read(self, start: int, size: int) -> bytes:
        with _explain_errors("read"):
            return os.pread(self.descriptor, size, start)

    def __del__(self) -> None:
        # In a copy of the process, the worker has closed the files that it inherited, and the number may belong to
        # another file.
        if hasattr(self, "descriptor") and self._owner == os.getpid():
            os.close(self.descriptor)


@contextmanager
def _explain_errors(done: str) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise MachineError(
            f"a temporary file cannot be {done}: {problem.strerror}; set TMPDIR to another folder"
        ) from problem


# Files that have space left. Each is used by one thread at a time.
_files: list[_SpoolFile] = []
# A copy of this process would write to the same positions of the same file.
os.register_at_fork(after_in_child=_files.clear)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SpooledBytes:
    """Bytes on disk, read whenever they are asked for."""

    _file: _SpoolFile
    _start: int
    size: int

    def read(self) -> bytes:
        """Returns all bytes.

        Raises:
            MachineError: the disk fails.
        """
        return b"".join(self.read_chunks(self.size))

    def read_chunks(self, most: int = CHUNK) -> Iterator[bytes]:
        """Yields the bytes, at most `most` at a time; raises as `read` does."""
        at = 0
        while at < self.size:
            chunk = self.read_at(at, most)
            if not chunk:
                raise MachineError("a temporary file is shorter than what was written to it")
            yield chunk
            at += len(chunk)

    def open(self) -> BinaryIO:
        """Opens the bytes as a file; reading raises as `read` does."""
        return io.BufferedReader(_SpooledReader(self))

    def read_at(self, position: int, most: int) -> bytes:
        """Returns some of the bytes from a position, at most `most`, none at the end; raises as `read` does."""
        most = min(most, self.size - position)
        return self._file.read(self._start + position, most) if most > 0 else b""

    def skip(self, count: int) -> "SpooledBytes":
        """Returns the bytes after the first `count`."""
        return SpooledBytes(self._file, self._start + count, self.size - count)

    def __reduce__(self) -> tuple[object, tuple[bytes]]:
        return spool, (self.read(),)


class _SpooledReader(io.RawIOBase):
    """Bytes on disk as a file that can be read from any position."""

    def __init__(self, content: SpooledBytes) -> None:
        self._content = content
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = max(offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._content.size}[whence], 0)
        return self._at

    def readinto(self, buffer: Any) -> int:
        data = self._content.read_at(self._at, len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def spool(*chunks: bytes) -> SpooledBytes:
    """Writes the bytes to the disk; raises as `spool_chunks` does."""
    return spool_chunks(chunks)


def spool_chunks(chunks: Iterable[bytes]) -> SpooledBytes:
    """Writes the bytes to the disk, each chunk when it comes.

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
