"""Reads files of an output folder, where anything may have been put in their place."""

import errno
import os
import stat
from pathlib import Path


def read_regular_file(path: Path, flags: int = 0) -> bytes:
    """Reads a file; refuses a named pipe, because reading one waits for a writer. `flags` are further flags for `os.open`.

    Raises:
        OSError: it is missing, not a regular file, or cannot be read.
    """
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | flags), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        return file.read()
