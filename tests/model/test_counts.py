"""Counts in messages agree with their nouns."""

import pytest

from brief.model.counts import format_count


@pytest.mark.parametrize(
    ("count", "words", "expected"),
    [
        (0, ("file",), "0 files"),
        (1, ("file",), "1 file"),
        (1_234, ("file",), "1,234 files"),
        (1.0, ("second",), "1 second"),
        (0.5, ("second",), "0.5 seconds"),
        (1, ("entry", "entries"), "1 entry"),
        (2, ("file matches", "files match"), "2 files match"),
    ],
)
def test_a_noun_agrees_with_its_count(count: float, words: tuple[str, ...], expected: str) -> None:
    assert format_count(count, *words) == expected
