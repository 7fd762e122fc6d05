"""Pauses Python's garbage collector, or makes it run less often, where many objects are made that form no cycles."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_OBJECTS_BETWEEN_SEARCHES = 50_000
_SEARCHES_BETWEEN_LARGER_ONES = 20, 20


@contextmanager
def pause_collector() -> Iterator[None]:
    """Disables the collector, which would scan all new objects again and again, until the context ends.

    The objects that were made in the context then count as old ones, so that they are not scanned at once.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.freeze()
            gc.unfreeze()
            gc.enable()


@contextmanager
def relax_collector() -> Iterator[None]:
    """Makes the collector search less often, and not among existing objects, which remain in use, until the context
    ends.

    Records form no cycles, but the objects of documents do: unlike a pause, this bounds the memory that they take.
    """
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_SEARCHES, *_SEARCHES_BETWEEN_LARGER_ONES)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()
