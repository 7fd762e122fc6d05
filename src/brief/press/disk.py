"""Files that are on the disk when the call returns: the few operations that output is made of."""

import errno
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from brief.press import crash

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW


def write_new(path: Path, data: bytes) -> None:
    """Writes a file that must not exist yet, and waits until its bytes are on the disk.

    A link that stands there already is not followed. Raises OSError; what was written until then stays.
    """
    descriptor = os.open(path, _NEW, 0o666)
    crash.point("file-made")
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
    finally:
        # A network file system may first tell at closing that the disk is full.
        os.close(descriptor)
    crash.point("file-written")


def replace_file(path: Path, data: bytes) -> None:
    """Puts a file in the place of another in one step; the old one stands until then, and if that fails."""
    fresh = path.with_name(f".{path.name}.new")
    with suppress(FileNotFoundError):
        os.unlink(fresh)
    try:
        write_new(fresh, data)
        os.rename(fresh, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(fresh)
        raise
    sync_folder(path.parent)


def replace_all(contents: Mapping[Path, tuple[bytes, bytes]]) -> None:
    """Puts every file in the place of its old bytes, or none: `contents` are the old and the new bytes of each.

    All of the new ones are on the disk before the first takes its place. A file keeps its mode, and a link to it leads
    to the new one. Raises OSError where one cannot be written; FileExistsError where one is not what it was.
    """
    fresh = {path: path.with_name(f".{path.name}.new") for path in map(Path, map(os.path.realpath, contents))}
    done: list[tuple[Path, bytes]] = []
    try:
        for (path, temporary), (_, new) in zip(fresh.items(), contents.values(), strict=True):
            with suppress(FileNotFoundError):
                os.unlink(temporary)
            write_new(temporary, new)
            with suppress(FileNotFoundError):
                os.chmod(temporary, os.stat(path).st_mode & 0o7777)
        for (path, temporary), (old, _) in zip(fresh.items(), contents.values(), strict=True):
            if (path.read_bytes() if path.exists() else b"") != old:
                raise FileExistsError(errno.EEXIST, "it was changed meanwhile", str(path))
            os.rename(temporary, path)
            done.append((path, old))
    except BaseException:
        for path, old in done:
            replace_file(path, old) if old else os.unlink(path)
        for temporary in fresh.values():
            with suppress(OSError):
                os.unlink(temporary)
        raise
    for folder in {path.parent for path in fresh}:
        sync_folder(folder)


def sync_folder(path: Path) -> None:
    """Waits until the names in a folder are on the disk (POSIX.1-2017, fsync: a new name is not, by a file's own)."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as problem:
        # Some network file systems write names through and refuse the request.
        if problem.errno != errno.EINVAL:
            raise
    finally:
        os.close(descriptor)


def make_folders(path: Path) -> list[Path]:
    """Makes a folder and what is missing above it, and returns those that were made, outermost first."""
    missing = [folder for folder in (path, *path.parents) if not os.path.lexists(folder)]
    for folder in reversed(missing):
        with suppress(FileExistsError):
            os.mkdir(folder)
    if not path.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))
    for folder in reversed(missing):
        sync_folder(folder.parent)
    return missing[::-1]
