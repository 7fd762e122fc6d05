"""Gives deep recursion room for its frames, which Python would otherwise allocate and free again and again.

Python keeps the frames of a thread in chunks of 16 KiB, and returns a chunk to the system when its last frame ends
(`push_chunk` and `_PyThreadState_PopFrame` in CPython's `Python/pystate.c`, since 3.11). A loop at the end of a chunk
allocates and frees the next one with every call: the layout of 26 pages took 20,000 pairs of `mmap` and `munmap`, 7% of its
time. A chunk has at least twice the size of the frame for which it is made, so everything that a function with a large frame
calls finds room in the chunk of that frame.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

# Slots of eight bytes. Memory that no frame uses is never touched, so it costs nothing.
_SLOTS = 1 << 17


def call_with_room(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Calls the function. Frames of the calls that it makes in this thread are in one chunk, of 1 MiB at least."""
    return function(*args, **kwargs)


call_with_room.__code__ = call_with_room.__code__.replace(co_stacksize=_SLOTS)
