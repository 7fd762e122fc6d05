"""Stores the bytes of artifacts on disk by their SHA-256, and caches the most recently sent ones in memory."""

import os
import threading
from collections import OrderedDict
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from brief.web.api.work import BuiltArtifact, make_artifact_path

_MAX_BYTES_IN_MEMORY = 64_000_000
# The size of the folder is measured once in this many calls of `prune`.
_CALLS_PER_MEASUREMENT = 50


class ArtifactFiles:
    """The artifacts in `folder`; the least recently used ones are removed when they exceed `limit` bytes."""

    def __init__(self, folder: Path, limit: int) -> None:
        self.folder = folder
        self._limit = limit
        self._lock = threading.Lock()
        self._in_memory: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0
        self._calls = 0
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def has(self, built: BuiltArtifact) -> bool:
        """Returns whether the artifact's file exists and has the expected size."""
        path = make_artifact_path(self.folder, built.artifact.sha256)
        try:
            return path.stat().st_size == built.size
        except OSError:
            return False

    def get(self, digest: str) -> bytes | None:
        """Returns the bytes, or None if the file is missing or damaged; removes a damaged file."""
        with self._lock:
            if digest in self._in_memory:
                self._in_memory.move_to_end(digest)
                return self._in_memory[digest]
        path = make_artifact_path(self.folder, digest)
        try:
            data = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        if sha256(data).hexdigest() != digest:
            path.unlink(missing_ok=True)
            return None
        self._keep_in_memory(digest, data)
        return data

    def get_cached(self, digest: str) -> bytes | None:
        """Returns the bytes if they are in memory, or None; reads nothing from the disk."""
        with self._lock:
            return self._in_memory.get(digest)

    def prune(self) -> None:
        """Removes the least recently used artifacts above the limit; most calls do nothing."""
        with self._lock:
            self._calls += 1
            if self._calls % _CALLS_PER_MEASUREMENT != 1:
                return
        entries = []
        for path in self.folder.glob("??/*"):
            with suppress(OSError):
                status = path.stat()
                entries.append((status.st_mtime_ns, status.st_size, path))
        total = sum(size for _, size, _ in entries)
        for _, size, path in sorted(entries):
            if total <= self._limit:
                return
            path.unlink(missing_ok=True)
            total -= size

    def _keep_in_memory(self, digest: str, data: bytes) -> None:
        with self._lock:
            if digest not in self._in_memory and len(data) <= _MAX_BYTES_IN_MEMORY // 4:
                self._in_memory[digest] = data
                self._size += len(data)
            while self._size > _MAX_BYTES_IN_MEMORY:
                _, dropped = self._in_memory.popitem(last=False)
                self._size -= len(dropped)
