"""How the engine finds the libraries it is built on."""

import ctypes.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def known_by_name() -> Iterator[None]:
    """Whatever is imported meanwhile loads shared libraries by their names, and does not search for them.

    For names that Linux does not have, the engine would otherwise start a compiler, a linker and `ldconfig` two dozen
    times, which is half of the time it takes to import. Other systems have no names to load libraries by.
    """
    if sys.platform != "linux":
        yield
        return
    search = ctypes.util.find_library
    ctypes.util.find_library = _found_nowhere
    try:
        yield
    finally:
        ctypes.util.find_library = search


def _found_nowhere(name: str) -> str | None:  # noqa: ARG001 - by this name it is called
    return None
