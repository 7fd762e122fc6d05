"""A size-limited store of bytes on disk. It may be deleted at any time, and any number of processes may share it."""

import contextlib
import glob
import hashlib
import os
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, TypeVar

from brief.model.artifact import Content
from brief.model.record import dataclass
from brief.store.spooled_bytes import CHUNK, SpooledBytes, spool_chunks

_Result = TypeVar("_Result")

GIBIBYTE = 1 << 30
_DIGEST_BYTES = 32
_TEMPORARY_PREFIX = ".new-"
# A temporary file older than an hour was left by a process that ended while writing it.
_ABANDONED_SECONDS = 3600
# Makes backup programs skip the folder (Cache Directory Tagging Specification).
_TAG = "CACHEDIR.TAG"
_TAG_TEXT = "Signature: 8a477f597d28d172789f06886806bc55\n# What brief has made before. Safe to delete.\n"


def digest(*parts: str | bytes) -> str:
    """Returns the SHA-256 of the parts in hexadecimal. Each part is prefixed with its length, so that ("ab", "c") and
    ("a", "bc") differ.
    """
    hasher = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        hasher.update(len(data).to_bytes(8, "big") + data)
    return hasher.hexdigest()


@dataclass(frozen=True, slots=True)
class Store:
    """Bytes under keys, in files of one folder. A key is a digest in hexadecimal; `limit` is the number of bytes above
    which `prune` removes entries.

    Every entry contains the digest of its key and bytes, so an entry damaged by a crash, a full disk or another program, or
    put in the place of another one, counts as missing.
    No call fails because of the folder: if it cannot be used, nothing is found and nothing is kept.
    """

    folder: Path
    limit: int = GIBIBYTE

    def get(self, key: str) -> bytes | None:
        """Returns the bytes that were put under the key; None if there are none, or they are damaged."""
        return self._read(key, lambda file: file.read())

    def get_spooled(self, key: str) -> SpooledBytes | None:
        """Returns the bytes as `get` does, spooled to disk.

        Raises:
            MachineError: as `spool_chunks` does.
        """
        return self._read(key, lambda file: spool_chunks(iter(lambda: file.read(CHUNK), b"")))

    def _read(self, key: str, read: "Callable[[_DigestingReader], _Result]") -> _Result | None:
        path = self._make_path(key)
        try:
            # Without O_NONBLOCK, opening a pipe would wait for a writer.
            with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    return None
                digest, reader = file.read(_DIGEST_BYTES), _DigestingReader(file, key)
                payload = read(reader)
        except OSError:
            return None
        if reader.digest.digest() != digest:
            _drop(path)
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # the most recently used entry is dropped last
        return payload

    def put(self, key: str, payload: bytes, content: Content | None = None) -> None:
        """Stores the bytes under the key, followed by the content; readers see all of them or none.

        Raises:
            MachineError: the content cannot be read.
        """
        path = self._make_path(key)
        digest = hashlib.sha256(key.encode() + payload)
        for chunk in content.read_chunks() if content else ():
            digest.update(chunk)
        temporary = None
        try:
            self._prepare(path.parent)
            descriptor, temporary = tempfile.mkstemp(prefix=_TEMPORARY_PREFIX, dir=path.parent)
            with os.fdopen(descriptor, "wb") as file:
                file.write(digest.digest())
                file.write(payload)
                file.writelines(content.read_chunks() if content else ())
            Path(temporary).replace(path)
        except OSError:
            if temporary is not None:
                with contextlib.suppress(OSError):
                    Path(temporary).unlink()

    def prune(self) -> None:
        """Removes abandoned temporary files; if the limit is exceeded, also removes the least recently used entries until a
        fifth of the limit is free.
        """
        now = time.time()
        entries, total = [], 0
        for path, status in self._list_files():
            if path.name.startswith(_TEMPORARY_PREFIX):
                if now - status.st_mtime > _ABANDONED_SECONDS:
                    _drop(path)
                continue
            entries.append((status.st_mtime_ns, status.st_size, path))
            total += status.st_size
        if total <= self.limit:
            return
        for _, size, path in sorted(entries):
            if total <= self.limit * 4 // 5:
                return
            _drop(path)
            total -= size

    def _make_path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]

    def _prepare(self, folder: Path) -> None:
        """Makes the folder of an entry, readable only by its owner, because entries contain variants that not everyone may
        see.
        """
        if not folder.is_dir():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            tag = self.folder / _TAG
            if not tag.exists():
                tag.write_text(_TAG_TEXT)
            folder.mkdir(mode=0o700, exist_ok=True)

    def _list_files(self) -> Iterator[tuple[Path, os.stat_result]]:
        # `Path.glob` raises an error if the folder is in one that may not be entered.
        for name in glob.iglob("??/*", root_dir=self.folder, include_hidden=True):  # noqa: PTH207
            path = self.folder / name
            with contextlib.suppress(OSError):
                yield path, path.stat()


class _DigestingReader:
    """Reads the file of an entry, and updates the digest of its key and of all that was read."""

    def __init__(self, file: BinaryIO, key: str) -> None:
        self._file = file
        self.digest = hashlib.sha256(key.encode())

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.digest.update(data)
        return data


def _drop(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()
