"""Speeds up loading the shared libraries of the engine."""

import ctypes.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import get_ident


@contextmanager
def load_libraries_by_name() -> Iterator[None]:
    """While the context is open, modules that this thread imports load shared libraries by name instead of searching
    for them.

    The search starts a compiler, a linker and `ldconfig` two dozen times for names that Linux does not have, which
    takes half of the engine's import time. Other systems need the search.
    """
    if sys.platform != "linux":
        yield
        return
    search, here = ctypes.util.find_library, get_ident()

    def find_library(name: str) -> str | None:
        # Other threads of this process keep the search.
        return None if get_ident() == here else search(name)

    ctypes.util.find_library = find_library
    try:
        yield
    finally:
        ctypes.util.find_library = search
