"""Finds the details of sources, such as a publisher, where they belong: a page has the same words in other places too."""

from collections.abc import Mapping, Sequence

from brief.inspection.extract.part import BREAK
from brief.model.record import dataclass

# The length of text that may be between the words of a footnote, such as punctuation.
_BETWEEN = 40


@dataclass(frozen=True, slots=True)
class FoundWords:
    """Where words of a subject were found in a text."""

    subject: str
    start: int
    end: int


def find_lost_details(
    details: Mapping[str, Sequence[str]], heading: str, spans: Sequence[FoundWords], text: str
) -> tuple[set[tuple[str, str]], str]:
    """Returns the details, by subject, that are not in the entries of their subjects, and the text with `BREAK` in place
    of all words that were found.

    An entry begins after the one before it, and the first after the `heading` of the list. It ends where the title of
    the next one begins, or at the end of the page's main part. In it, details may be in any order, but not within
    the words at `spans`, which are in the order of the text. Details before a title may also be those of the entries
    after it. A detail that a source has twice, as author and as publisher, may be printed once.
    """
    placed: dict[str, list[FoundWords]] = {}
    left = list(text)
    low = 0
    for span in spans:
        left[span.start : span.end] = BREAK * (span.end - span.start)
        if span.subject in details:
            placed.setdefault(span.subject, []).append(span)
        elif not placed:
            low = span.end
    starts = [own[0].start for own in placed.values()]
    if starts and heading:
        low = max(low, text.rfind(heading, low, starts[0]) + len(heading))
    lost: set[tuple[str, str]] = set()
    above: set[str] = set()
    for (subject, own), following in zip(placed.items(), [*starts[1:], None], strict=False):
        end = own[-1].end
        high = following if following is not None else _find_end(text, end)
        shared, above = above, set()
        # A name may begin with another one.
        for letters in sorted({*details[subject]}, key=lambda each: (-len(each), each)):
            start = "".join(left[low:high]).find(letters)
            if start >= 0:
                start += low
                left[start : start + len(letters)] = BREAK * len(letters)
                end = max(end, start + len(letters))
            if start < own[0].start and (start >= 0 or letters in shared):
                above.add(letters)
            elif start < 0:
                lost.add((subject, letters))
        low = end
    return lost, "".join(left)


def find_lost_together(words: Sequence[str], text: str) -> str | None:
    """Returns the first of the words that is not near the first one wherever that is in the text; None if they are
    together somewhere.
    """
    title, *others = words
    reach = sum(map(len, others)) + _BETWEEN
    lost: str | None = title
    at = text.find(title)
    while at >= 0:
        end = at + len(title)
        near = f"{text[max(0, at - reach) : at]}{BREAK}{text[end : end + reach]}"
        lost = next((each for each in others if each not in near), None)
        if lost is None:
            return None
        at = text.find(title, end)
    return lost


def _find_end(text: str, start: int) -> int:
    end = text.find(BREAK, start)
    return end if end >= 0 else len(text)
