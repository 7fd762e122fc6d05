"""Two texts to one with marks: word by word where words are set apart, character by character in Chinese."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from brief.model.difference import Mark, Span

# A placeholder, citation or reference is one unit; so is a number or a word of letters that carry accents or
# apostrophes. Han, kana and Hangul, and every mark, stand alone.
_CJK = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af"
_TOKEN = re.compile(
    rf"\{{[^{{}}\s]*\}}|\[@[^\[\]\s]*\]|\[\]\(#[^()\s]*\)"
    rf"|[0-9]+(?:[.,_][0-9]+)*|(?:(?![{_CJK}0-9_])\w)+(?:[’'](?:(?![{_CJK}0-9_])\w)+)*|\s+|.",
    re.DOTALL,
)
# Comparing takes time by the product of the lengths; beyond this the text counts as written anew.
_MAX_PRODUCT = 4_000_000


def spans(old: str, new: str) -> tuple[Span, ...]:
    """What stayed, went and came, in reading order; what went stands before what came in its place."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    return tuple(_joined(_compared(before, after)))


def _compared(before: list[str], after: list[str]) -> Iterator[Span]:
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    yield Span(Mark.SAME, "".join(before[:start]))
    middle, other = before[start : len(before) - end], after[start : len(after) - end]
    if len(middle) * len(other) > _MAX_PRODUCT:
        yield Span(Mark.REMOVED, "".join(middle))
        yield Span(Mark.ADDED, "".join(other))
    else:
        for _, i, j, k, m in SequenceMatcher(None, middle, other, autojunk=False).get_opcodes():
            gone, come = "".join(middle[i:j]), "".join(other[k:m])
            if gone == come:
                yield Span(Mark.SAME, gone)
            else:
                yield Span(Mark.REMOVED, gone)
                yield Span(Mark.ADDED, come)
    yield Span(Mark.SAME, "".join(before[len(before) - end :]))


def _common(one: list[str], other: list[str]) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _joined(found: Iterator[Span]) -> Iterator[Span]:
    """Neighbours of one mark in one span. A bare space or mark between two changes is read with them."""
    gone = come = ""
    pending = ""
    for span in found:
        if not span.text:
            continue
        if span.mark is Mark.SAME:
            if (gone or come) and not pending and _is_slight(span.text):
                pending = span.text
                continue
            yield from _changed(gone, come)
            yield from _kept(pending + span.text)
            gone = come = pending = ""
        else:
            if pending:
                gone, come, pending = gone + pending, come + pending, ""
            if span.mark is Mark.REMOVED:
                gone += span.text
            else:
                come += span.text
    yield from _changed(gone, come)
    yield from _kept(pending)


def _is_slight(text: str) -> bool:
    return len(text) == 1 and not text.isalnum()


def _changed(gone: str, come: str) -> Iterator[Span]:
    if gone:
        yield Span(Mark.REMOVED, gone)
    if come:
        yield Span(Mark.ADDED, come)


def _kept(text: str) -> Iterator[Span]:
    if text:
        yield Span(Mark.SAME, text)
