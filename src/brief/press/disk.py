"""Files that are on the disk when the call returns: the few operations that output is made of."""

import errno
import os
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
