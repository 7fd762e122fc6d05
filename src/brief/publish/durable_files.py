"""Files that are on the disk when the call returns: the few operations that output is made of."""

import errno
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from brief.model.diagnostics import MachineError
from brief.publish import failpoints

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW


def write_new(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Writes a file that must not exist yet, and waits until its bytes are on the disk.

    A link that stands there already is not followed. Raises OSError; what was written until then stays.
    """
    descriptor = os.open(path, _NEW, mode)
    failpoints.pass_point("file-made")
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
    finally:
        # A network file system may first tell at closing that the disk is full.
        os.close(descriptor)
    failpoints.pass_point("file-written")


def replace_file(path: Path, data: bytes, mode: int | None = None) -> None:
    """Puts a file in the place of another in one step; the old one stands until then, and if that fails.

    The new one has `mode`, or without it the mode of the old.
    """
    fresh = _temporary_path(path)
    try:
        _write_temporary(path, data, mode)
        os.rename(fresh, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(fresh)
        raise
    sync_folder(path.parent)


def write_out(path: Path, data: bytes) -> None:
    """Writes where a user says: a file is replaced in one step, where a link leads too; a pipe or a device gets the bytes."""
    if path.exists() and not path.is_file():
        with path.open("wb") as opened:
            opened.write(data)
    else:
        replace_file(Path(os.path.realpath(path)), data)


def replace_all(contents: Mapping[Path, tuple[bytes, bytes]]) -> None:
    """Puts every file in the place of its old bytes, or none: `contents` are the old and the new bytes of each.

    All of the new ones are on the disk before the first takes its place. A file keeps its mode, and a link to it leads
    to the new one. Whoever may be writing the same files at once must hold one lock.

    Raises:
        FileExistsError: a file is not what it was, or two of the paths lead to one file.
        OSError: one cannot be written.
        MachineError: that came to light when others had taken their places, and these could not be put back.
    """
    files: dict[Path, tuple[Path, bytes, bytes]] = {}
    for path, (old, new) in contents.items():
        real = Path(os.path.realpath(path))
        if real in files:
            raise FileExistsError(errno.EEXIST, f"{files[real][0]} and {path} are one file", str(real))
        files[real] = path, old, new
    begun: list[Path] = []
    try:
        for path, (_, _, new) in files.items():
            _write_temporary(path, new)
        for path, (_, old, _) in files.items():
            if _read_existing(path) != old:
                raise FileExistsError(errno.EEXIST, "it was changed meanwhile", str(path))
            # Noted first: an interruption may come at the very moment of the renaming.
            begun.append(path)
            os.rename(_temporary_path(path), path)
    except BaseException as problem:
        lost = [path for path in begun if not _restore(path, files[path][1])]
        for path in files:
            with suppress(OSError):
                os.unlink(_temporary_path(path))
        if lost:
            why = getattr(problem, "strerror", None) or type(problem).__name__
            raise MachineError(
                f"stopped half-way ({why}); these could not be put back: {', '.join(map(str, lost))}"
            ) from problem
        raise
    for folder in {path.parent for path in files}:
        sync_folder(folder)


def _temporary_path(path: Path) -> Path:
    """Where a file is written before it takes its place."""
    return path.with_name(f".{path.name}.new")


def _write_temporary(path: Path, data: bytes, mode: int | None = None) -> None:
    fresh = _temporary_path(path)
    with suppress(FileNotFoundError):
        os.unlink(fresh)
    write_new(fresh, data, 0o666 if mode is None else mode)
    if mode is not None:
        return
    with suppress(FileNotFoundError):
        os.chmod(fresh, os.stat(path).st_mode & 0o7777)


def _read_existing(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _restore(path: Path, old: bytes) -> bool:
    """Whether the file has its old bytes again; without any, it was not there."""
    try:
        if _read_existing(path) != old:
            replace_file(path, old) if old else os.unlink(path)
    except OSError:
        return False
    return True


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
