"""Lists the files below folders and detects whether they have changed since they were read."""

import os
import time
from collections.abc import Callable, Hashable, Iterable, Iterator
from pathlib import Path
from typing import Generic, TypeAlias, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

# A file's name, inode, size in bytes, and when it was last changed (st_ctime_ns); all 0 if it cannot be read.
FileStamp: TypeAlias = tuple[str, int, int, int]

# In nanoseconds: a file that changes twice within one tick of the file system's clock keeps its time.
_TICK = 100_000_000


def list_files(folder: Path) -> Iterator[Path]:
    """Yields every file below the folder, following links, sorted by name; a folder with several links only once."""
    return map(Path, _walk_files(folder))


def _walk_files(folder: Path) -> Iterator[str]:
    seen = set()
    for parent, names, files in os.walk(folder, followlinks=True):
        # A link may lead to a folder that contains it.
        real = os.path.realpath(parent)
        if real in seen:
            names.clear()
            continue
        seen.add(real)
        names.sort()
        for name in sorted(files):
            yield os.path.join(parent, name)  # noqa: PTH118 - a tenth of the time of a Path


def stamp_folders(folders: Iterable[Path]) -> tuple[FileStamp, ...]:
    """Takes the stamps of every file below the folders."""
    return tuple(stamp_file(path) for folder in folders for path in _walk_files(folder))


def are_settled(stamps: Iterable[FileStamp], began: int) -> bool:
    """Returns whether any later change will show in the stamps, which were taken after `began` (`time.time_ns`)."""
    return max((changed for *_, changed in stamps), default=0) < began - _TICK


class FolderCache(Generic[Key, Value]):
    """Caches up to `max_entries` values that are computed from the files of folders, until one of these changes."""

    def __init__(self, max_entries: int) -> None:
        self._max_entries = max_entries
        self._entries: dict[Key, tuple[tuple[FileStamp, ...], Value]] = {}

    def get(self, key: Key, folders: Iterable[Path], compute: Callable[[], Value]) -> Value:
        """Returns the value of the key; `compute` computes it from the files in `folders`."""
        began = time.time_ns()
        stamps = stamp_folders(folders)
        entry = self._entries.get(key)
        if entry is not None and entry[0] == stamps:
            return entry[1]
        value = compute()
        self._entries.pop(key, None)
        if are_settled(stamps, began):
            self._entries[key] = stamps, value
            if len(self._entries) > self._max_entries:
                del self._entries[next(iter(self._entries))]
        return value


def stamp_file(path: Path | str) -> FileStamp:
    """Makes a stamp that differs for every file, and after every change of a file except within one tick."""
    try:
        status = os.stat(path)  # noqa: PTH116 - thousands of times a build
    except OSError:
        return str(path), 0, 0, 0
    return str(path), status.st_ino, status.st_size, status.st_ctime_ns
