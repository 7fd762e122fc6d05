"""Temporary folders. Those of processes that were killed are removed when another process makes one."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from brief.model.diagnostics import MachineError

_PREFIX = "brief-used-"
# Seconds in which a new folder is locked.
_NEW = 60

# The folders in which this process has removed what others left.
_cleared: set[Path] = set()


@contextmanager
def make_temporary_folder() -> Iterator[Path]:
    """Makes a folder that only this user can read, and removes it afterwards.

    Raises:
        MachineError: the folder for temporary files cannot be written to.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    except OSError as problem:
        raise MachineError(
            f"a temporary folder cannot be made: {problem.strerror}; set TMPDIR to another folder"
        ) from problem
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        # The system releases the lock if the process is killed. Where it cannot lock, nothing is removed.
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if folder.parent not in _cleared:
            _cleared.add(folder.parent)
            _remove_abandoned(folder.parent)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


def _remove_abandoned(place: Path) -> None:
    """Removes the folders of this user that no process has locked."""
    with suppress(OSError):
        for found in place.glob(f"{_PREFIX}*"):
            with suppress(OSError):
                _remove_if_abandoned(found)


def _remove_if_abandoned(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        status = os.fstat(descriptor)
        if status.st_uid == os.geteuid() and status.st_mtime < time.time() - _NEW:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)
    finally:
        os.close(descriptor)
