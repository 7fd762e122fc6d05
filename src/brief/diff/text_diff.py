"""Merges two texts into one with marked changes: by word where words are separated, else by character."""

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
# Comparing takes time proportional to the product of the lengths; beyond this the text counts as replaced.
_MAX_PRODUCT = 4_000_000


def diff_text(old: str, new: str) -> tuple[WordingSpan, ...]:
    """Returns kept, removed and added spans in reading order; removed text precedes what replaces it."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    return tuple(_merge_neighbours(_compare_tokens(before, after)))


def _compare_tokens(before: list[str], after: list[str]) -> Iterator[WordingSpan]:
    start = _count_common_prefix(before, after)
    end = _count_common_prefix(before[start:][::-1], after[start:][::-1])
    yield WordingSpan(SpanKind.SAME, "".join(before[:start]))
    middle, other = before[start : len(before) - end], after[start : len(after) - end]
    if len(middle) * len(other) > _MAX_PRODUCT:
        yield WordingSpan(SpanKind.REMOVED, "".join(middle))
        yield WordingSpan(SpanKind.ADDED, "".join(other))
    else:
        for _, i, j, k, m in SequenceMatcher(None, middle, other, autojunk=False).get_opcodes():
            removed, added = "".join(middle[i:j]), "".join(other[k:m])
            if removed == added:
                yield WordingSpan(SpanKind.SAME, removed)
            else:
                yield WordingSpan(SpanKind.REMOVED, removed)
                yield WordingSpan(SpanKind.ADDED, added)
    yield WordingSpan(SpanKind.SAME, "".join(before[len(before) - end :]))


def _count_common_prefix(one: list[str], other: list[str]) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _merge_neighbours(found: Iterator[WordingSpan]) -> Iterator[WordingSpan]:
    """Joins neighbouring spans of the same kind. A single space or mark between two changes becomes part of them."""
    removed = added = ""
    pending = ""
    for span in found:
        if not span.text:
            continue
        if span.mark is SpanKind.SAME:
            if (removed or added) and not pending and _is_single_separator(span.text):
                pending = span.text
                continue
            yield from _make_changed_spans(removed, added)
            yield from _make_kept_spans(pending + span.text)
            removed = added = pending = ""
        else:
            if pending:
                removed, added, pending = removed + pending, added + pending, ""
            if span.mark is SpanKind.REMOVED:
                removed += span.text
            else:
                added += span.text
    yield from _make_changed_spans(removed, added)
    yield from _make_kept_spans(pending)


def _is_single_separator(text: str) -> bool:
    return len(text) == 1 and not text.isalnum()


def _make_changed_spans(removed: str, added: str) -> Iterator[WordingSpan]:
    if removed:
        yield WordingSpan(SpanKind.REMOVED, removed)
    if added:
        yield WordingSpan(SpanKind.ADDED, added)


def _make_kept_spans(text: str) -> Iterator[WordingSpan]:
    if text:
        yield WordingSpan(SpanKind.SAME, text)
