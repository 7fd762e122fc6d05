"""Admits one writer at a time, with a lock that the system releases when its holder ends for any reason.

Why not `filelock` (4.3.1): its locks do not name their holder, it leaves the lock files behind, and on a file system
without locks it creates marker files, where this module refuses to write.
"""

import fcntl
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from brief.model.diagnostics import MachineError, OutputLockedError

Waiting = Callable[[str], None]

_FLAGS = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
_EXCLUSIVE = fcntl.LOCK_EX | fcntl.LOCK_NB


@contextmanager
def open_lock(path: Path, waiting: Waiting | None = None, hint: str = "--wait waits for it") -> Iterator[None]:
    """Holds the lock file `path`, which names its holder and is removed afterwards.

    If another process holds it and `waiting` is given, calls `waiting` with the holder's name and waits for the lock;
    otherwise raises an error, in which `hint` says what else to do.

    Raises:
        OutputLockedError: another process holds it, and `waiting` is None.
        MachineError: the file system does not support such locks, or grants them without effect.
        OSError: the lock file cannot be made.
    """
    descriptor = _acquire(path, waiting, hint)
    try:
        _require_working_locks(path)
        os.truncate(descriptor, 0)
        # On a full disk the holder has no name, but the lock holds.
        with suppress(OSError):
            os.pwrite(descriptor, f"process {os.getpid()} on {socket.gethostname()}".encode(), 0)
        yield
    finally:
        # Removed while it is held: a process that waits for the removed file notices this and opens a new one.
        with suppress(OSError):
            os.unlink(path)
        with suppress(OSError):
            os.close(descriptor)


def is_held(path: Path) -> bool:
    """Returns whether a process holds the lock file `path`; also True if the file exists but cannot be opened.

    Writes nothing, so that it also works without write permission.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def remove_abandoned_lock(path: Path) -> None:
    """Removes the lock file of a process that was killed; leaves it if it is held or cannot be removed."""
    if path.exists() and not is_held(path):
        with suppress(OSError, MachineError, OutputLockedError), open_lock(path):
            pass


def _acquire(path: Path, waiting: Waiting | None, hint: str) -> int:
    while True:
        # Not inherited by worker processes (PEP 446): only the end of this process releases the lock.
        descriptor = os.open(path, _FLAGS, 0o666)
        try:
            _take(descriptor, path, waiting, hint)
            if _is_file_at(descriptor, path):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _take(descriptor: int, path: Path, waiting: Waiting | None, hint: str) -> None:
    try:
        fcntl.flock(descriptor, _EXCLUSIVE)
    except BlockingIOError:
        holder = _read_holder(descriptor)
        if waiting is None:
            raise OutputLockedError(f"{path.parent} is being written to by {holder}; {hint}") from None
        waiting(holder)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError as problem:
        raise MachineError(
            f"{path.parent} is on a file system that does not support locks ({problem.strerror})"
        ) from problem


def _require_working_locks(path: Path) -> None:
    """Checks that a second open file is refused the lock; on some network mounts it is not."""
    second = os.open(path, _FLAGS, 0o666)
    try:
        fcntl.flock(second, _EXCLUSIVE)
    except BlockingIOError:
        return
    finally:
        os.close(second)
    raise MachineError(
        f"{path.parent} is on a file system whose locks do not work; choose a folder on a local disk with -o"
    )


def _read_holder(descriptor: int) -> str:
    for _ in range(10):
        name = os.pread(descriptor, 300, 0).decode(errors="replace").strip()
        if name:
            return name
        # The lock was taken a moment ago; the name is not written yet.
        time.sleep(0.02)
    return "another process"


def _is_file_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), os.lstat(path))
    except FileNotFoundError:
        return False
