"""Inline differences: the spans rebuild both texts, and cut words only where words have no spaces."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brief.diff.text_diff import diff_text
from brief.model.difference import SpanKind, WordingSpan


def mark_changes(old: str, new: str) -> str:
    signs = {SpanKind.SAME: "{}", SpanKind.REMOVED: "[-{}-]", SpanKind.ADDED: "{{+{}+}}"}
    return "".join(signs[span.mark].format(span.text) for span in diff_text(old, new))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", ""),
        ("same", "same", "same"),
        ("", "new", "{+new+}"),
        ("old", "", "[-old-]"),
        ("the old words", "the new words", "the [-old-]{+new+} words"),
        ("a fine old day", "a good new day", "a [-fine old-]{+good new+} day"),
        ("costs 1,250 a year", "costs 1,350 a year", "costs [-1,250-]{+1,350+} a year"),
        ("it doesn’t", "it does", "it [-doesn’t-]{+does+}"),
        ("成本下降很快", "成本上升很快", "成本[-下降-]{+上升+}很快"),
        ("高階顯示卡不足", "高階GPU不足", "高階[-顯示卡-]{+GPU+}不足"),
        ("降到{a/b}。", "降到{a/c}。", "降到[-{a/b}-]{+{a/c}+}。"),
        ("so[@a/b].", "so[@a/b][@a/c].", "so[@a/b]{+[@a/c]+}."),
    ],
)
def test_units_are_words_characters_and_placeholders(old: str, new: str, expected: str) -> None:
    assert mark_changes(old, new) == expected


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab 你好，。{}/1.\n", max_size=40), st.text(alphabet="ab 你好，。{}/1.\n", max_size=40))
def test_spans_rebuild_both_texts(old: str, new: str) -> None:
    found = diff_text(old, new)
    assert "".join(span.text for span in found if span.mark is not SpanKind.ADDED) == old
    assert "".join(span.text for span in found if span.mark is not SpanKind.REMOVED) == new
    assert all(span.text for span in found)
    assert all(one.mark is not other.mark for one, other in pairwise(found))


def test_a_rewritten_long_text_is_compared_quickly() -> None:
    old, new = "甲" * 30_000, "乙" * 30_000
    assert diff_text(old, new) == (WordingSpan(SpanKind.REMOVED, old), WordingSpan(SpanKind.ADDED, new))
