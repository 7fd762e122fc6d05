"""File operations whose effect is on the disk (fsync) when the call returns."""

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from brief.model.diagnostics import MachineError
from brief.publish import failpoints

OWNER_ONLY = 0o600
_CREATE_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW


def write_new(path: Path, data: bytes | bytearray | Iterator[bytes], mode: int = 0o666) -> None:
    """Writes a file that must not exist yet, its bytes at once or in parts, and waits until they are on the disk.

    A symbolic link of that name counts as existing, and is not followed.

    Raises:
        OSError: the file exists or cannot be written; a partially written file is left behind.
    """
    descriptor = os.open(path, _CREATE_FLAGS, mode)
    failpoints.pass_point("file-made")
    try:
        for part in data if isinstance(data, Iterator) else (data,):
            left = memoryview(part)
            while left:
                left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
    finally:
        # A network file system may report only at closing that the disk is full.
        os.close(descriptor)
    failpoints.pass_point("file-written")


def replace_file(path: Path, data: bytes | bytearray, mode: int | None = None) -> None:
    """Replaces a file in one step; if that fails, the old file is unchanged. A symbolic link is replaced, not followed.

    The new file has `mode`, or if that is None the mode of the old one; without an old file, 0o666 less the umask. A
    device or a pipe is not replaced: renaming a file over /dev/null would take it from every program.

    Raises:
        OSError: the file cannot be replaced.
    """
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    temporary = make_temporary_path(path)
    try:
        _write_temporary(path, data, mode)
        os.rename(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    sync_folder(path.parent)


def write_user_path(path: Path, data: bytes, mode: int | None = None) -> None:
    """Writes to a path that a user names: replaces a file, or the target of a link, in one step.

    Writes into a pipe or device instead, without fsync. A file gets `mode`, as with `replace_file`.

    Raises:
        OSError: the path cannot be written.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as stream:
            stream.write(data)
    else:
        replace_file(Path(os.path.realpath(path)), data, mode)


def write_private_path(path: Path, data: bytes) -> None:
    """Writes to a path as `write_user_path` does, a new file only for its owner; an old one keeps its mode.

    Raises:
        OSError: the path cannot be written.
    """
    write_user_path(path, data, None if path.exists() else OWNER_ONLY)


def replace_all_files(contents: Mapping[Path, tuple[bytes, bytes]]) -> None:
    """Replaces every file or none; `contents` maps each path to its old and new bytes.

    Empty old bytes mean that the file is empty or does not exist yet; if it has to be restored, it is deleted.

    All new files are on the disk before the first one is renamed into place. A file keeps its mode, and symbolic links
    are followed. Callers that may write the same files at the same time must share a lock.

    Raises:
        FileExistsError: a file does not have its old bytes, or two of the paths lead to the same file.
        OSError: a file cannot be written.
        MachineError: writing failed half-way, and some of the files replaced until then could not be restored.
    """
    files: dict[Path, tuple[Path, bytes, bytes]] = {}
    for path, (old, new) in contents.items():
        real = Path(os.path.realpath(path))
        if real in files:
            raise FileExistsError(errno.EEXIST, f"{files[real][0]} and {path} are the same file", str(real))
        files[real] = path, old, new
    begun: list[Path] = []
    try:
        for path, (_, _, new) in files.items():
            _write_temporary(path, new)
        for path, (_, old, _) in files.items():
            if _read_existing(path) != old:
                raise FileExistsError(errno.EEXIST, "changed since brief read it", str(path))
            # Recorded first, because an interruption may arrive during the renaming.
            begun.append(path)
            os.rename(make_temporary_path(path), path)
            failpoints.pass_point("file-replaced")
    except BaseException as problem:
        lost = [path for path in begun if not _restore(path, files[path][1])]
        for path in files:
            with suppress(OSError):
                os.unlink(make_temporary_path(path))
        if lost:
            cause = getattr(problem, "strerror", None) or type(problem).__name__
            raise MachineError(
                f"stopped half-way ({cause}); these files could not be restored: {', '.join(map(str, lost))}"
            ) from problem
        raise
    for folder in {path.parent for path in files}:
        sync_folder(folder)


def make_temporary_path(path: Path) -> Path:
    """Returns the temporary path that a file is written to before it is renamed into place."""
    return path.with_name(f".{path.name}.new")


def remove_temporary(path: Path) -> bool:
    """Removes the temporary file of `path` that a killed process left; returns whether there was one."""
    try:
        os.unlink(make_temporary_path(path))
    except FileNotFoundError:
        return False
    return True


def _write_temporary(path: Path, data: bytes | bytearray, mode: int | None = None) -> None:
    temporary = make_temporary_path(path)
    remove_temporary(path)
    write_new(temporary, data, 0o666 if mode is None else mode)
    if mode is not None:
        return
    with suppress(FileNotFoundError):
        os.chmod(temporary, os.stat(path).st_mode & 0o7777)


def _read_existing(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _restore(path: Path, old: bytes) -> bool:
    """Restores the old bytes, or removes the file if they are empty; returns whether that worked."""
    try:
        if _read_existing(path) != old:
            replace_file(path, old) if old else os.unlink(path)
    except OSError:
        return False
    return True


def sync_folder(path: Path) -> None:
    """Waits until the entries of a folder are on the disk (POSIX.1-2017: the fsync of a new file does not cover its entry)."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as problem:
        # Some network file systems write entries at once and answer fsync with EINVAL.
        if problem.errno != errno.EINVAL:
            raise
    finally:
        os.close(descriptor)


def make_folders(path: Path) -> list[Path]:
    """Makes a folder and its missing parents, and returns those that were missing, outermost first.

    Raises:
        OSError: a folder cannot be made.
    """
    missing = [folder for folder in (path, *path.parents) if not os.path.lexists(folder)]
    for folder in reversed(missing):
        with suppress(FileExistsError):
            os.mkdir(folder)
    if not path.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))
    for folder in reversed(missing):
        sync_folder(folder.parent)
    return missing[::-1]
