"""Builds let the collector rest, and leave it as they found it."""

import gc
import weakref

from brief.workers.collector import relax_collector


class _Node:
    """An object that may be part of a cycle."""

    me: "_Node"


def test_a_relaxed_collector_still_finds_cycles_and_is_restored() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    with relax_collector():
        assert gc.get_threshold()[0] > before[0]
        node = _Node()
        node.me = node
        left = weakref.ref(node)
        del node
        # More objects than are made between two searches.
        kept = [[number] for number in range(2 * gc.get_threshold()[0])]
        assert left() is None
    assert kept
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, frozen)
