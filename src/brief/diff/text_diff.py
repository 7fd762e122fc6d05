"""Compares two texts word by word or, in scripts that do not separate words, character by character."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from brief.model.difference import SpanKind, WordingSpan
from brief.model.han import DENSE

# A placeholder, citation or reference is one unit; so is a number or a word of letters that carry accents or
# apostrophes. Every Han, kana or Hangul character and every punctuation mark is a unit.
_TOKEN = re.compile(
    rf"\{{[^{{}}\s]*\}}|\[@[^\[\]\s]*\]|\[\]\(#[^()\s]*\)"
    rf"|[0-9]+(?:[.,_][0-9]+)*|(?:(?![{DENSE}0-9_])\w)+(?:[’'](?:(?![{DENSE}0-9_])\w)+)*|\s+|.",
    re.DOTALL,
)
# Comparing takes time proportional to the product of the lengths in tokens; if that exceeds this, the text counts as
# replaced.
_MAX_PRODUCT = 4_000_000


def diff_text(old: str, new: str) -> tuple[WordingSpan, ...]:
    """Returns the unchanged, removed and added spans in reading order; removed text precedes the text that replaces it.

    Empty if both texts are empty.
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    return tuple(_merge_neighbours(_compare_tokens(before, after)))


def _compare_tokens(before: list[str], after: list[str]) -> Iterator[WordingSpan]:
    start = _count_common_prefix(before, after)
    end = _count_common_prefix(before[start:][::-1], after[start:][::-1])
    yield WordingSpan(SpanKind.SAME, "".join(before[:start]))
    old_middle, new_middle = before[start : len(before) - end], after[start : len(after) - end]
    if len(old_middle) * len(new_middle) > _MAX_PRODUCT:
        yield WordingSpan(SpanKind.REMOVED, "".join(old_middle))
        yield WordingSpan(SpanKind.ADDED, "".join(new_middle))
    else:
        for _, i, j, k, m in SequenceMatcher(None, old_middle, new_middle, autojunk=False).get_opcodes():
            removed, added = "".join(old_middle[i:j]), "".join(new_middle[k:m])
            if removed == added:
                yield WordingSpan(SpanKind.SAME, removed)
            else:
                yield WordingSpan(SpanKind.REMOVED, removed)
                yield WordingSpan(SpanKind.ADDED, added)
    yield WordingSpan(SpanKind.SAME, "".join(before[len(before) - end :]))


def _count_common_prefix(left: list[str], right: list[str]) -> int:
    return next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))


def _merge_neighbours(spans: Iterator[WordingSpan]) -> Iterator[WordingSpan]:
    """Joins neighbouring spans of the same kind, and drops empty ones. A single space or punctuation mark between two
    changes becomes part of them.
    """
    removed = added = ""
    pending = ""
    for span in spans:
        if not span.text:
            continue
        if span.mark is SpanKind.SAME:
            if (removed or added) and not pending and _is_single_separator(span.text):
                pending = span.text
                continue
            yield from _make_changed_spans(removed, added)
            yield from _make_unchanged_spans(pending + span.text)
            removed = added = pending = ""
        else:
            if pending:
                removed, added, pending = removed + pending, added + pending, ""
            if span.mark is SpanKind.REMOVED:
                removed += span.text
            else:
                added += span.text
    yield from _make_changed_spans(removed, added)
    yield from _make_unchanged_spans(pending)


def _is_single_separator(text: str) -> bool:
    return len(text) == 1 and not text.isalnum()


def _make_changed_spans(removed: str, added: str) -> Iterator[WordingSpan]:
    if removed:
        yield WordingSpan(SpanKind.REMOVED, removed)
    if added:
        yield WordingSpan(SpanKind.ADDED, added)


def _make_unchanged_spans(text: str) -> Iterator[WordingSpan]:
    if text:
        yield WordingSpan(SpanKind.SAME, text)
