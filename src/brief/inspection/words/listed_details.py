"""Finds the details of sources, such as a publisher, in the entries of the list of sources.

A page may have the same words in other places too, so it is not enough that it contains them.
"""

from collections.abc import Iterable, Mapping, Sequence

from brief.inspection.extract.part import BREAK
from brief.model.record import dataclass

# How many letters, such as labels, may be between the words of a footnote; fewer where other text may be between.
_BETWEEN, _BETWEEN_OTHERS = 40, 15


@dataclass(frozen=True, slots=True)
class FoundWords:
    """Where words of a subject were found in a text."""

    subject: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ListedDetails:
    """The details that the entries of a list lack, as pairs of a subject and the letters, and the text outside the
    list.

    Both texts have the length of the original. In `unmatched`, `BREAK` replaces every letter that was found, in
    `outside` only the letters that were found in the list.
    """

    lost: frozenset[tuple[str, str]]
    unmatched: str
    outside: str

    def find_lost_in_note(self, words: Sequence[str]) -> str | None:
        """Returns the first of the words that no footnote has together with the first one; None if one has all of them."""
        lost = _find_lost_near(words, self.unmatched, _BETWEEN)
        # The same words of a text may have been found in the note.
        return lost and _find_lost_near(words, self.outside, _BETWEEN_OTHERS) and lost


def find_details(
    details: Mapping[str, Sequence[str]], heading: str, spans: Sequence[FoundWords], text: str
) -> ListedDetails:
    """Searches for details in the entries of their subjects. `details` maps a subject to its details, in squeezed
    letters.

    `spans` has the words that were found, in the order of the text; a detail is not searched within them.

    - An entry begins after the one before it, the first one after the `heading` of the list. It ends where the title of
      the next one begins, or at the end of the page's main part.
    - In an entry, details may be in any order. Details before a title may also belong to the entries that follow.
    - A detail that a source has twice, as author and as publisher, may be printed once.
    """
    spans_by_subject: dict[str, list[FoundWords]] = {}
    covered = [(span.start, span.end) for span in spans]
    listed: list[tuple[int, int]] = []
    low = 0
    for span in spans:
        if span.subject in details:
            listed.append((span.start, span.end))
            spans_by_subject.setdefault(span.subject, []).append(span)
        elif not spans_by_subject:
            low = span.end
    starts = [title_spans[0].start for title_spans in spans_by_subject.values()]
    if starts and heading:
        low = max(low, text.rfind(heading, low, starts[0]) + len(heading))
    unmatched = _cover(text, covered)
    lost: set[tuple[str, str]] = set()
    maybe_of_next: set[str] = set()
    for (subject, title_spans), following in zip(spans_by_subject.items(), [*starts[1:], None], strict=False):
        end = title_spans[-1].end
        high = following if following is not None else _find_end(text, end)
        maybe_of_this, maybe_of_next = maybe_of_next, set()
        entry = unmatched[low:high]
        # A name may begin with another one.
        for letters in sorted({*details[subject]}, key=lambda each: (-len(each), each)):
            start = entry.find(letters)
            if start >= 0:
                entry = _cover(entry, [(start, start + len(letters))])
                start += low
                listed.append((start, start + len(letters)))
                end = max(end, start + len(letters))
            if start < title_spans[0].start and (start >= 0 or letters in maybe_of_this):
                maybe_of_next.add(letters)
            elif start < 0:
                lost.add((subject, letters))
        low = end
    return ListedDetails(frozenset(lost), _cover(text, [*covered, *listed]), _cover(text, listed))


def _cover(text: str, ranges: Iterable[tuple[int, int]]) -> str:
    """Returns the text with `BREAK` instead of each letter in the ranges (start, end), which may overlap."""
    pieces: list[str] = []
    low = 0
    for start, end in sorted(ranges):
        if end > low:
            start = max(start, low)
            pieces += text[low:start], BREAK * (end - start)
            low = end
    return "".join((*pieces, text[low:]))


def _find_lost_near(words: Sequence[str], text: str, between: int) -> str | None:
    """Returns the first of the words that is not near the first one wherever that is in the text; None if they are
    together somewhere.
    """
    title, *others = words
    reach = sum(map(len, others)) + between
    lost: str | None = title
    start = text.find(title)
    while start >= 0:
        end = start + len(title)
        near = f"{text[max(0, start - reach) : start]}{BREAK}{text[end : end + reach]}"
        lost = next((each for each in others if each not in near), None)
        if lost is None:
            return None
        start = text.find(title, end)
    return lost


def _find_end(text: str, start: int) -> int:
    end = text.find(BREAK, start)
    return end if end >= 0 else len(text)
