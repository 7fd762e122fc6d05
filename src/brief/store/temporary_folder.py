"""Makes temporary folders. The first one that a process makes also removes those of processes that were killed."""

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
# A folder younger than this may belong to a process that has not locked it yet.
_MIN_ABANDONED_SECONDS = 60

# The folders in which this process has removed the folders of killed processes.
_cleared: set[Path] = set()


@contextmanager
def make_temporary_folder() -> Iterator[Path]:
    """Makes a folder that only this user can read, and removes it and its contents afterwards.

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
        # The system releases the lock if the process is killed. On a file system without locks, no folder counts as
        # abandoned.
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if folder.parent not in _cleared:
            _cleared.add(folder.parent)
            _remove_abandoned(folder.parent)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


def _remove_abandoned(parent: Path) -> None:
    """Removes the temporary folders of this user that no process has locked."""
    with suppress(OSError):
        for folder in parent.glob(f"{_PREFIX}*"):
            with suppress(OSError):
                _remove_if_abandoned(folder)


def _remove_if_abandoned(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        status = os.fstat(descriptor)
        if status.st_uid == os.geteuid() and status.st_mtime < time.time() - _MIN_ABANDONED_SECONDS:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)
    finally:
        os.close(descriptor)
