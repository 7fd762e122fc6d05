"""Aligns the entries of a changed document with those of the project by their texts."""

import re
from collections import defaultdict
from collections.abc import Sequence
from difflib import SequenceMatcher

from brief.model.han import IDEOGRAPHS, KANA
from brief.model.record import dataclass

# Words, and single characters of scripts without spaces.
_TOKEN = re.compile(rf"[{KANA}{IDEOGRAPHS}]|[^\W{KANA}{IDEOGRAPHS}]+")
# Common passages of fewer tokens are chance.
_MIN_PASSAGE = 3
_MIN_SIMILARITY = 0.5
# Beyond this, comparing takes longer than an import should: the tokens of a text, and the pairs of texts in one gap.
_MAX_TOKENS = 400
# In characters. Of shorter texts, few words remain the same even after a small change.
_MAX_SHORT = 60
_MAX_PAIRS = 2_500


@dataclass(frozen=True, slots=True)
class Entry:
    """A block, list entry or table row: its heading, or "" without one, and all its texts in one locale."""

    heading: str
    text: str


def is_similar(first: str, second: str) -> bool:
    """Returns whether one text may be a changed version of the other."""
    return _measure_similarity(first, second) >= _MIN_SIMILARITY


def align_entries(new: Sequence[Entry], old: Sequence[Entry]) -> list[int | None]:
    """Returns for each new entry the index of the old entry that it continues; None for an entry that was added.

    Equal entries are paired, those in order before those that were moved. Entries between them are paired if they have
    the same heading or similar texts, or if one without a heading was replaced by one other.
    """
    pairs: list[int | None] = [None] * len(new)
    gaps: list[tuple[int, int, int, int]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pairs[j1:j2] = range(i1, i2)
        else:
            gaps.append((i1, i2, j1, j2))
    unpaired = sorted({*range(len(old))} - {each for each in pairs if each is not None})
    moved: defaultdict[Entry, list[int]] = defaultdict(list)
    for index in unpaired:
        moved[old[index]].append(index)
    for j, entry in enumerate(new):
        if pairs[j] is None and moved[entry]:
            pairs[j] = moved[entry].pop(0)
    taken = {*pairs}
    for i1, i2, j1, j2 in gaps:
        rows = [i for i in range(i1, i2) if i not in taken]
        columns = [j for j in range(j1, j2) if pairs[j] is None]
        for i, j in _align_gap(new, old, rows, columns):
            pairs[j] = i
    return pairs


def _align_gap(
    new: Sequence[Entry], old: Sequence[Entry], rows: Sequence[int], columns: Sequence[int]
) -> list[tuple[int, int]]:
    """Pairs the old entries `rows` with the new entries `columns`, in order, so that their similarities add up to most."""
    if len(rows) == len(columns) and (len(rows) == 1 or len(rows) ** 2 > _MAX_PAIRS):
        replaced = zip(rows, columns, strict=True)
        return [(i, j) for i, j in replaced if old[i].heading == new[j].heading or _score(old[i], new[j])]
    if not rows or not columns or len(rows) * len(columns) > _MAX_PAIRS:
        return []
    # best[r][c]: the most that the entries from r and c on can add up to, and the similarity of r and c.
    scores = [[_score(old[i], new[j]) for j in columns] for i in rows]
    best = [[0.0] * (len(columns) + 1) for _ in range(len(rows) + 1)]
    for r in reversed(range(len(rows))):
        for c in reversed(range(len(columns))):
            paired = scores[r][c] + best[r + 1][c + 1] if scores[r][c] else 0.0
            best[r][c] = max(paired, best[r + 1][c], best[r][c + 1])
    pairs, r, c = [], 0, 0
    while r < len(rows) and c < len(columns):
        if scores[r][c] and best[r][c] == scores[r][c] + best[r + 1][c + 1]:
            pairs.append((rows[r], columns[c]))
            r, c = r + 1, c + 1
        elif best[r][c] == best[r + 1][c]:
            r += 1
        else:
            c += 1
    return pairs


def _score(old: Entry, new: Entry) -> float:
    """Returns how likely two entries continue each other, from 0 (not at all) to 2."""
    has_same_heading = bool(old.heading) and old.heading == new.heading
    similarity = _measure_similarity(old.text, new.text)
    return similarity + has_same_heading if has_same_heading or similarity >= _MIN_SIMILARITY else 0.0


def _measure_similarity(first: str, second: str) -> float:
    """Returns the part of the shorter text that the longer one repeats, or of both that is the same in both, 0 to 1."""
    if first == second:
        return 1.0
    if max(len(first), len(second)) <= _MAX_SHORT:
        return SequenceMatcher(None, first, second, autojunk=False).ratio()
    tokens, others = (_TOKEN.findall(text.casefold())[:_MAX_TOKENS] for text in (first, second))
    if not tokens or not others:
        return 0.0
    passages = [block.size for block in SequenceMatcher(None, tokens, others, autojunk=False).get_matching_blocks()]
    same = 2 * sum(passages) / (len(tokens) + len(others))
    repeated = sum(size for size in passages if size >= _MIN_PASSAGE) / min(len(tokens), len(others))
    return max(same, repeated)
