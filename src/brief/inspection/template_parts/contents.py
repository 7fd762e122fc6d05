"""Inspects the contents of a file: that they list every theme, and in a PDF the pages on which the themes and exhibits are."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import pairwise, repeat
from typing import TYPE_CHECKING

from brief.inspection.folding import squeeze
from brief.inspection.words.marks import split_runs
from brief.inspection.words.same_words import ReadingText
from brief.model.appearance.brand import Omission
from brief.model.appearance.look import Look
from brief.model.artifact import Artifact
from brief.model.diagnostics import Diagnostic
from brief.model.inline import Runs, to_plain_text
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.model.variant import Variant

if TYPE_CHECKING:
    from brief.inspection.extract.pdf_facts import PdfFacts
    from brief.inspection.extract.pdf_words import PdfWords

_HINT = (
    "correct 'contents.html.j2', 'print.css' or 'typst/document.typ' of the template set, or list 'contents' under"
    " 'leaves_out' in set.yaml"
)
# How many letters, beside a finding, may be between two entries or after the last one.
_BETWEEN = 60
# At most so many occurrences of a heading or entry are tried.
_MAX_PLACES = 50
_NUMBER = re.compile(r"(?<![0-9])[0-9]{1,4}(?![0-9])")


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of the contents.

    `name` names it in messages. `letters` and `finding` are its first and second line, in squeezed letters; `ordinal`
    is its number or letter. `target` is the id to which it links.
    """

    name: str
    letters: str
    finding: str = ""
    ordinal: str = ""
    target: str = ""


def inspect_listed_themes(
    artifact: Artifact, variant: Variant, look: Look, reading_text: ReadingText
) -> Iterator[Diagnostic]:
    """Yields a diagnostic for the first theme that the contents of a page or Word document lack.

    A listed title occurs twice: in the contents and above its theme.
    """
    if Omission.CONTENTS in look.leaves_out or (artifact.format == "docx" and not _has_contents(variant, look)):
        return
    text = squeeze(f"{reading_text.text}\n{reading_text.outside}")
    for entry in _list_themes(variant):
        # A missing title has been reported.
        if text.count(entry.letters) == 1:
            yield _report_lost(artifact, entry)
            return


def inspect_page_numbers(
    artifact: Artifact, variant: Variant, look: Look, words: "PdfWords", facts: "PdfFacts"
) -> Iterator[Diagnostic]:
    """Yields a diagnostic for the first entry that the contents of a PDF lack, or whose page number is wrong."""
    if Omission.CONTENTS in look.leaves_out or not _has_contents(variant, look) or not words.pages:
        return
    text = _PlacedLetters.read(words)
    get_message = variant.catalogue.get
    lists = [(squeeze(get_message("Contents")), _list_themes(variant))]
    if not look.has_footnotes and (exhibits := _list_exhibits(variant)):
        lists.append((squeeze(get_message("Tables and figures")), exhibits))
    find_pages = partial(_find_pages, text=text, destinations=facts.destinations)
    labels = _list_page_labels(words.beside)
    problem = _find_problem(artifact, variant, text, lists, find_pages, labels)
    # A short title, such as "3", may have been found in a page number, so the other places are tried.
    if problem and not _occur_with_right_numbers(text, lists, variant, find_pages, labels):
        yield problem


def _find_problem(
    artifact: Artifact,
    variant: Variant,
    text: "_PlacedLetters",
    lists: Sequence[tuple[str, Sequence[_Entry]]],
    find_pages: Callable[[_Entry, int], set[int]],
    labels: Sequence[set[int]],
) -> Diagnostic | None:
    """Returns a diagnostic for the first entry that is missing or has a wrong number, with each entry at its first place."""
    printed_numbers: list[tuple[_Entry, int | None]] = []
    end = 0
    for heading, entries in lists:
        starts = _find_entries(text.letters, heading, entries, end)
        if len(starts) < len(entries):
            return _report_lost(artifact, entries[len(starts)])
        if not printed_numbers:
            entries, starts = _add_back_matter(text.letters, entries, starts, variant)
        for number, (entry, start) in enumerate(zip(entries, starts, strict=True)):
            following = entries[number + 1] if number + 1 < len(entries) else None
            end = start + len(entry.letters)
            high = starts[number + 1] if following else None
            printed_numbers.append((entry, text.read_number(entry, end, high, following.ordinal if following else "")))
    for entry, printed in printed_numbers:
        pages = find_pages(entry, end)
        if pages and not any(_is_number_of(printed, page, labels) for page in pages):
            return _report_wrong(artifact, entry, printed, min(pages))
    return None


def _find_pages(entry: _Entry, end: int, *, text: "_PlacedLetters", destinations: Mapping[str, int]) -> set[int]:
    """Returns the pages, counted from 1, on which an entry's theme or exhibit may be; the contents end at the offset `end`."""
    pages = text.find_pages(entry.letters, end)
    linked = destinations.get(entry.target)
    return {linked} if linked is not None and (linked in pages or not pages) else pages


def _occur_with_right_numbers(
    text: "_PlacedLetters",
    lists: Sequence[tuple[str, Sequence[_Entry]]],
    variant: Variant,
    find_pages: Callable[[_Entry, int], set[int]],
    labels: Sequence[set[int]],
) -> bool:
    """Returns whether there are places at which the entries of each list are in order, each with its right number."""
    low = 0

    def is_right(entry: _Entry, start: int, high: int | None, following: str) -> bool:
        end = start + len(entry.letters)
        printed = text.read_number(entry, end, high, following)
        pages = find_pages(entry, end)
        return not pages or any(_is_number_of(printed, page, labels) for page in pages)

    def are_last_right(entry: _Entry, start: int, *, has_back_matter: bool) -> bool:
        entries, starts = [entry], [start]
        if has_back_matter:
            entries, starts = _add_back_matter(text.letters, entries, starts, variant)
        return all(map(is_right, entries, starts, [*starts[1:], None], repeat("")))

    for number, (heading, entries) in enumerate(lists):
        starts = set(_list_first_starts(text.letters, heading, entries[0].letters, low))
        for previous, entry in pairwise(entries):
            starts = {
                start
                for first in starts
                for start in _find_near(text.letters, previous, first, entry)
                if is_right(previous, first, start, entry.ordinal)
            }
        starts = {start for start in starts if are_last_right(entries[-1], start, has_back_matter=not number)}
        if not starts:
            return False
        low = min(starts) + len(entries[-1].letters)
    return True


def _find_near(text: str, previous: _Entry, start: int, entry: _Entry) -> Iterator[int]:
    """Yields the offsets at which an entry may begin, near the previous one, which begins at `start`."""
    low = start + len(previous.letters)
    high = low + len(previous.finding) + _BETWEEN + len(entry.letters)
    start = text.find(entry.letters, low, high)
    while start >= 0:
        yield start
        start = text.find(entry.letters, start + 1, high)


def _has_contents(variant: Variant, look: Look) -> bool:
    return not (variant.is_compact and look.has_compact)


def _list_themes(variant: Variant) -> list[_Entry]:
    entries = [
        _Entry(
            f"theme '{section.id}'",
            _squeeze_last_piece(section.title),
            squeeze(to_plain_text(section.finding)) if section.finding else "",
            section.ordinal,
            str(section.id),
        )
        for section in variant.sections
    ]
    return [entry for entry in entries if entry.letters]


def _list_exhibits(variant: Variant) -> list[_Entry]:
    return [
        _Entry(each.label, squeeze(each.label + each.title), target=str(each.id)) for each in variant.list_exhibits()
    ]


def _squeeze_last_piece(runs: Runs) -> str:
    # Contents have no marks of citations.
    pieces = split_runs(runs).pieces
    return squeeze(pieces[-1]) if pieces else ""


def _add_back_matter(
    text: str, entries: Sequence[_Entry], starts: Sequence[int], variant: Variant
) -> tuple[list[_Entry], list[int]]:
    """Returns the entries and their offsets with those of the lists at the end of the brief, if the contents name
    these.
    """
    entries, starts = [*entries], [*starts]
    for entries_of_list, words, target in (
        (variant.terms, "Who is who", "who-is-who"),
        (variant.sources, "Sources", "sources"),
    ):
        name = variant.catalogue.get(words)
        letters, end = squeeze(name), starts[-1] + len(entries[-1].letters)
        start = (
            text.find(letters, end, end + len(entries[-1].finding) + _BETWEEN + len(letters)) if entries_of_list else -1
        )
        if start >= 0:
            entries.append(_Entry(f"'{name}'", letters, target=target))
            starts.append(start)
    return entries, starts


def _find_entries(text: str, heading: str, entries: Sequence[_Entry], low: int) -> list[int]:
    """Returns the offsets at which the entries begin in the contents; fewer than `entries` if the contents lack some.

    The entries follow each other closely, and each one also occurs after the contents, where its theme or exhibit is.
    They are below the heading or, if a template set has another heading, anywhere from `low` on.
    """
    best: list[int] = []
    for first_start in _list_first_starts(text, heading, entries[0].letters, low):
        starts = [first_start]
        for previous, entry in pairwise(entries):
            start = next(_find_near(text, previous, starts[-1], entry), -1)
            if start < 0:
                break
            starts.append(start)
        end = starts[-1] + len(entries[len(starts) - 1].letters)
        if all(text.find(entry.letters, end) >= 0 for entry in entries[: len(starts)]):
            best = max(best, starts, key=len)
        if len(best) == len(entries):
            break
    return best


def _list_first_starts(text: str, heading: str, first: str, low: int) -> list[int]:
    """Lists the offsets at which the first entry may begin: first just below the heading, then anywhere from `low` on."""
    starts_below = (text.find(first, end, end + _BETWEEN + len(first)) for end in _find_ends(text, heading, low))
    return [
        *(start for start in starts_below if start >= 0),
        *(end - len(first) for end in _find_ends(text, first, low)),
    ]


def _find_ends(text: str, letters: str, low: int) -> list[int]:
    """Returns the ends of the first occurrences of the letters from `low` on; empty without letters."""
    ends: list[int] = []
    start = text.find(letters, low) if letters else -1
    while start >= 0 and len(ends) < _MAX_PLACES:
        ends.append(start + len(letters))
        start = text.find(letters, start + 1)
    return ends


@dataclass(frozen=True, slots=True)
class _PlacedLetters:
    """The squeezed letters of a PDF in reading order, with the offset of each in `words.text`."""

    letters: str
    offsets: Sequence[int]
    words: "PdfWords"

    @classmethod
    def read(cls, words: "PdfWords") -> "_PlacedLetters":
        letters = list(map(_squeeze_character, words.text))
        offsets = [offset for offset, squeezed in enumerate(letters) for _ in squeezed]
        return cls("".join(letters), offsets, words)

    def read_number(self, entry: _Entry, start: int, end: int | None, following: str) -> int | None:
        """Returns the number that is printed after an entry, between the offsets `start` and `end` in the letters, or
        None.

        `end` is None for the last entry. `following` is the ordinal of the next entry, which is not the number of a
        page.
        """
        end = min(end if end is not None else start + len(entry.finding) + _BETWEEN, len(self.offsets))
        finding = self.letters.find(entry.finding, start, end) if entry.finding else -1
        spans = [(start, end)] if finding < 0 else [(start, finding), (finding + len(entry.finding), end)]
        printed = "\n".join(
            self.words.text[self.offsets[low] : self.offsets[high - 1] + 1] for low, high in spans if low < high
        ).rstrip()
        if following:
            printed = printed.removesuffix(following)
        number = _NUMBER.search(printed)
        return int(number[0]) if number else None

    def find_pages(self, letters: str, low: int) -> set[int]:
        """Returns the pages, counted from 1, on which the letters occur from the offset `low` on."""
        pages: set[int] = set()
        start = self.letters.find(letters, low)
        while start >= 0 and len(pages) < _MAX_PLACES:
            pages.add(self._find_page(self.offsets[start]))
            start = self.letters.find(letters, start + 1)
        return pages - {0}

    def _find_page(self, offset: int) -> int:
        number = bisect_right(self.words.pages, (offset, len(self.words.text)))
        return self.words.pages[number - 1][1] if number else 0


@lru_cache(maxsize=20_000)
def _squeeze_character(character: str) -> str:
    return squeeze(character)


def _list_page_labels(marginal_texts: Sequence[str]) -> list[set[int]]:
    """Lists the numbers in the headers and footers of each page, other than those on every page, such as a year."""
    numbers = [{int(number) for number in _NUMBER.findall(text)} for text in marginal_texts]
    printed = [each for each in numbers if each]
    common: set[int] = set.intersection(*printed) if len(printed) > 1 else set()
    return [each - common for each in numbers]


def _is_number_of(printed: int | None, page: int, labels: Sequence[set[int]]) -> bool:
    """Returns whether a printed number is that of a page: its position in the file, or a number in its header or
    footer.
    """
    if printed is None:
        return False
    page_labels = labels[page - 1] if page <= len(labels) else set()
    return printed == page if page in page_labels or not page_labels else printed == page or printed in page_labels


def _report_lost(artifact: Artifact, entry: _Entry) -> Diagnostic:
    message = (
        f"{artifact.format} of '{artifact.audience}' in '{artifact.locale}': the contents do not list {entry.name}"
    )
    return Diagnostic("missing-words", message, SourceLocation(artifact.name), _HINT)


def _report_wrong(artifact: Artifact, entry: _Entry, printed: int | None, page: int) -> Diagnostic:
    state = f"say page {printed}" if printed is not None else "have no page number"
    message = (
        f"{artifact.format} of '{artifact.audience}' in '{artifact.locale}': the contents {state} for {entry.name},"
        f" which is on page {page}"
    )
    return Diagnostic("wrong-page-number", message, SourceLocation(artifact.name), _HINT)
