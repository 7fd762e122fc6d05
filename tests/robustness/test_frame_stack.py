"""Deep recursion does not allocate and free the chunks of Python's frames again and again."""

import resource

import pytest

from brief.workers.frame_stack import call_with_room

_DEPTH, _CALLS = 400, 200


def _call_at_every_depth(depth: int = 0) -> None:
    """Calls a function many times at every depth, and so at the end of every chunk."""
    for _ in range(_CALLS):
        _take_much_room()
    if depth < _DEPTH:
        _call_at_every_depth(depth + 1)


def _take_much_room() -> None:
    a = b = c = d = e = f = g = h = i = j = k = l = m = n = o = p = q = r = s = t = 0  # noqa: E741, F841


def _count_page_faults() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


def test_frames_of_deep_calls_stay_in_one_chunk() -> None:
    _call_at_every_depth()
    before = _count_page_faults()
    _call_at_every_depth()
    direct = _count_page_faults() - before
    call_with_room(_call_at_every_depth)
    before = _count_page_faults()
    call_with_room(_call_at_every_depth)
    with_room = _count_page_faults() - before
    assert direct > _CALLS > with_room


def test_arguments_results_and_errors_pass() -> None:
    assert call_with_room(divmod, 7, 2) == (3, 1)
    assert call_with_room(sorted, [1, 3, 2], reverse=True) == [3, 2, 1]
    with pytest.raises(ZeroDivisionError):
        call_with_room(divmod, 1, 0)
