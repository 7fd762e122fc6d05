"""How the engine finds the libraries it is built on."""

import ctypes.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import get_ident


@contextmanager
def load_libraries_by_name() -> Iterator[None]:
    """Whatever this thread imports meanwhile loads shared libraries by their names, and does not search for them.

    For names that Linux does not have, the engine would otherwise start a compiler, a linker and `ldconfig` two dozen
    times, which is half of the time it takes to import. Other systems have no names to load libraries by.
    """
    if sys.platform != "linux":
        yield
        return
    search, here = ctypes.util.find_library, get_ident()

    def found(name: str) -> str | None:
        # Others of this process may be looking for theirs.
        return None if get_ident() == here else search(name)

    ctypes.util.find_library = found
    try:
        yield
    finally:
        ctypes.util.find_library = search
