"""Finds words of a variant that are missing from an artifact or in a different order.

Every format is compared with the variant that it was written from, so that HTML, PDF and Word have the same words in the
same order. Formats may print more: headers, footers, contents, the figures of a chart as a table. Case, width, spaces and
hyphens do not matter, since each format breaks lines in its own way.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import islice
from typing import Any

from brief.inspection.folding import measure_length, squeeze
from brief.inspection.listed_details import FoundWords, find_details
from brief.inspection.marks import Mark
from brief.inspection.passages import Passage, PrintPosition
from brief.model.artifact import Artifact
from brief.model.diagnostics import Diagnostic
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation

MISSING = "missing-words"
MISPLACED = "words-out-of-order"
# Pieces shorter than this beside longer ones are marks such as a full stop, which match by chance.
_LEAST_LETTERS = 3
# The length of text that may be between a title and its block, such as a number or a label.
_BETWEEN = 80
# Pieces of this weight rarely match by chance.
_DISTINCTIVE = 12
# A piece that occurs at more places than this, such as a word in a column of a long table, does not show which of them is
# its own.
_MOST_PLACES = 50
# Where a format prints passages one after the other.
_ORDERED = (PrintPosition.IN_ORDER, PrintPosition.LEADING)
_QUOTED_LENGTH = 60
_MOST_PROBLEMS = 5


@dataclass(frozen=True, slots=True)
class ReadingText:
    """The text of an artifact in reading order, and the text `outside` it: notes, headers and footers.

    In the text, `BREAK` is at the end of a page's main part.
    `alternative` is the alternative text of pictures, such as the publisher's name for a logo.
    """

    text: str
    outside: str = ""
    alternative: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a passage as written, and normalised for the search; one that `is_distinctive` rarely matches by chance.

    Pages print the marks `before` and `after` it.
    """

    passage: Passage
    written: str
    letters: str
    is_distinctive: bool
    before: tuple[tuple[Passage, Mark], ...] = ()
    after: tuple[tuple[Passage, Mark], ...] = ()


def list_pieces(passages: Iterable[Passage]) -> tuple[Piece, ...]:
    """Prepares the passages of a variant for comparison with its artifacts."""
    found: list[Piece] = []
    last = -1
    for passage in passages:
        made = _list_pieces(passage)
        if passage.position in _ORDERED:
            if not made and last >= 0:
                # A formula on a line of its own follows the words before it.
                alone = tuple((passage, mark) for marks in passage.marks for mark in marks)
                found[last] = replace(found[last], after=(*found[last].after, *alone))
            last = len(found) + len(made) - 1 if made else last
        found += made
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Problem:
    """Words of a passage that an artifact lacks or has elsewhere; or the name of a mark that it lacks beside the words."""

    code: str
    passage: Passage
    words: str
    mark: str = ""


def compare_words(
    artifact: Artifact,
    pieces: Sequence[Piece],
    read: ReadingText,
    hint: str | None = None,
    where: str = "",
    numbered: Collection[str] = (),
) -> Iterator[Diagnostic]:
    """Yields a diagnostic for each part of the variant with missing or misplaced words, up to a limit.

    Without a `hint`, each diagnostic's hint names the template of the block. `where` says in messages where the text is
    read, such as on a phone. `numbered` has the ids of the blocks in which a browser numbers the items of lists.
    """
    if artifact.format != "pdf":
        pieces = [piece for piece in pieces if piece.passage.position is not PrintPosition.AT_FOOT]
    problems: dict[tuple[str, str], _Problem] = {}
    text, outside, alternative = (
        "".join(map(_squeeze_line, text.split("\n"))) for text in (read.text, read.outside, read.alternative)
    )
    # Word numbers headings, sources and notes itself.
    counts = partial(_counts, format_name=artifact.format, numbered={f"block '{name}'" for name in numbered})
    for problem in _find_problems(pieces, text, outside, alternative, counts):
        problems.setdefault((problem.code, problem.passage.subject), problem)
    for number, problem in enumerate(problems.values()):
        more = ""
        if number == _MOST_PROBLEMS - 1 and len(problems) > _MOST_PROBLEMS:
            more = f"; so do words of {len(problems) - _MOST_PROBLEMS} other parts"
        yield _describe(artifact, problem, where + more, hint)
        if more:
            return


def _describe(artifact: Artifact, problem: _Problem, more: str, hint: str | None) -> Diagnostic:
    passage = problem.passage
    outcome = f"the words '{problem.words}' are missing"
    if problem.code == MISPLACED:
        outcome = f"the words '{problem.words}' are not where they belong"
    elif problem.mark:
        outcome = f"{problem.mark} is missing beside '{problem.words}'"
    message = (
        f"{artifact.format} of '{artifact.audience}' in '{artifact.locale}': of {passage.subject}, {outcome}{more}"
    )
    if hint is None and passage.kind:
        hint = f"correct 'block/{passage.kind}.html.j2' of the template set, or a template that includes it"
    hint = hint or "correct the templates of the template set"
    location = SourceLocation(artifact.name)
    if problem.code == MISSING:
        return Diagnostic(MISSING, message, location, hint)
    return Diagnostic(MISPLACED, message, location, hint)


def _counts(passage: Passage, mark: Mark, *, format_name: str, numbered: Collection[str]) -> bool:
    """Returns whether a file of the format has the mark in its text. Word numbers headings, sources, notes and items itself."""
    if format_name == "docx":
        return mark.is_label
    return not mark.is_marker or format_name == "pdf" or passage.subject not in numbered


def _find_problems(
    pieces: Sequence[Piece], text: str, outside: str, alternative: str, counts: Callable[[Passage, Mark], bool]
) -> Iterator[_Problem]:
    """Finds long pieces in order first, then short ones between them, where other matches are unlikely."""
    for piece in pieces:
        if piece.passage.position is PrintPosition.ANYWHERE and not any(
            piece.letters in read for read in (text, outside, alternative)
        ):
            yield _Problem(MISSING, piece.passage, _find_missing_words(piece, text))
    ordered = [piece for piece in pieces if piece.passage.position in _ORDERED]
    places = {letters: _list_places(letters, text) for letters in {p.letters for p in ordered if p.is_distinctive}}
    ordered = [
        replace(piece, is_distinctive=False) if piece.is_distinctive and places[piece.letters] is None else piece
        for piece in ordered
    ]
    starts = _find_distinctive(
        [(len(piece.letters), places[piece.letters] or ()) for piece in ordered if piece.is_distinctive]
    )
    ends = [len(text)] * len(ordered)
    end, rest = len(text), list(starts)
    for number in range(len(ordered) - 1, -1, -1):
        ends[number] = end
        if ordered[number].is_distinctive and (start := rest.pop()) >= 0:
            end = start
    found, low = iter(starts), 0
    spans: list[FoundWords] = []
    placed: list[Piece] = []
    for piece, following, high in zip(ordered, [*ordered[1:], None], ends, strict=True):
        if piece.is_distinctive:
            latest = next(found)
            # The same words may follow once more, in the axis of a chart below a table; short pieces are between.
            start = text.find(piece.letters, low, latest + len(piece.letters)) if latest >= 0 else -1
        elif piece.passage.position is PrintPosition.LEADING:
            # A heading is also in the contents, so it is looked for just before what follows it.
            start = _find_leading(piece.letters, following, text, low, high)
        else:
            start = text.find(piece.letters, low, high)
        if start >= 0:
            low = start + len(piece.letters)
            spans.append(FoundWords(piece.passage.subject, start, low))
            placed.append(piece)
        elif piece.letters in text and (piece.is_distinctive or text.count(piece.letters) == 1):
            yield _Problem(MISPLACED, piece.passage, _shorten(piece.written))
        else:
            yield _Problem(MISSING, piece.passage, _find_missing_words(piece, text))
    yield from _find_lost_details(pieces, spans, text)
    yield from _find_lost_marks(placed, spans, text, alternative, counts)


def _find_lost_marks(
    pieces: Sequence[Piece],
    spans: Sequence[FoundWords],
    text: str,
    alternative: str,
    counts: Callable[[Passage, Mark], bool],
) -> Iterator[_Problem]:
    """Finds the marks that are missing beside pieces, each of which was found at its span."""
    end = 0
    for number, (piece, span) in enumerate(zip(pieces, spans, strict=True)):
        # A short piece that follows may have been found in the mark: "Google" in the owner of the name before.
        is_bounded = number + 1 < len(pieces) and pieces[number + 1].is_distinctive
        high = spans[number + 1].start if is_bounded else len(text)
        for marks, is_before in ((piece.before, True), (piece.after, False)):
            reach = sum(len(mark.forms[0]) + mark.reach for _, mark in marks)
            after = text[span.end : min(high, span.end + reach)]
            before = text[max(end, span.start - reach) : span.start] if is_before else ""
            if len(piece.letters) < _LEAST_LETTERS:
                # It may have been found in another word.
                after = text
            for passage, mark in marks:
                # Beside words that may also be elsewhere, a single letter proves nothing.
                is_told = mark.is_number or len(mark.forms[0]) > 1 or measure_length(piece.letters) >= _DISTINCTIVE
                if is_told and counts(passage, mark) and not mark.is_in(before, after, alternative):
                    yield _Problem(MISSING, passage, _shorten(piece.written), mark.name)
        end = span.end


def _find_lost_details(pieces: Sequence[Piece], spans: Sequence[FoundWords], text: str) -> Iterator[_Problem]:
    """Finds the details of sources that are not where they belong."""
    details: dict[str, list[str]] = {}
    notes: dict[Passage, list[Piece]] = {}
    heading = ""
    for piece in pieces:
        if piece.passage.position is PrintPosition.IN_ENTRY:
            details.setdefault(piece.passage.subject, []).append(piece.letters)
        elif piece.passage.position is PrintPosition.AT_FOOT:
            notes.setdefault(piece.passage, []).append(piece)
        elif piece.passage.position is PrintPosition.ABOVE:
            heading = piece.letters
    listed = find_details(details, heading, spans, text)
    for piece in pieces:
        if piece.passage.position is PrintPosition.IN_ENTRY and (piece.passage.subject, piece.letters) in listed.lost:
            yield _Problem(MISSING, piece.passage, _shorten(piece.written))
    for passage, parts in notes.items():
        words = listed.find_lost_in_note([part.letters for part in parts])
        if words is not None:
            yield _Problem(MISSING, passage, next(_shorten(part.written) for part in parts if part.letters == words))


def _list_places(letters: str, text: str) -> Sequence[int] | None:
    """Lists where a piece begins, or returns None if it has so many places that it does not tell where it belongs."""
    found = list(islice(_find_all(letters, text), _MOST_PLACES + 1))
    if len(found) <= _MOST_PLACES:
        return found
    # A piece that repeats itself may overlap itself.
    return list(_find_all(letters, text)) if text.count(letters) <= _MOST_PLACES else None


def _find_distinctive(pieces: Sequence[tuple[int, Sequence[int]]]) -> list[int]:
    """Returns where each piece begins so that as many as possible are in order, and as late as possible; -1 for the others.
    Each piece is given by its length and its places.

    This is the longest decreasing subsequence, read backwards, of the places where pieces occur (Hunt and Szymanski, 1977),
    since rows of several tables read alike. Late places are preferred because titles occur in the contents first. No
    place overlaps the next: a text may be the beginning of the one after it.
    """
    # For each length, the last piece of a chain of that length, as its negated place; chains lead to the pieces that
    # follow.
    places: list[int] = []
    chains: list[tuple[int, int, Any]] = []
    for number in range(len(pieces) - 1, -1, -1):
        length, own = pieces[number]
        for start in own:
            at = bisect_right(places, -start - length)
            if at == len(places) or start > -places[at]:
                chain = (number, start, chains[at - 1] if at else None)
                places[at : at + 1], chains[at : at + 1] = [-start], [chain]
    starts = [-1] * len(pieces)
    link = chains[-1] if chains else None
    while link is not None:
        number, start, link = link
        starts[number] = start
    return starts


def _find_leading(letters: str, following: Piece | None, text: str, low: int, high: int) -> int:
    """Returns where a heading begins that is closest before what follows it, or -1.

    What follows may be as short as a letter, which may also occur by chance in a label before the heading.
    """
    ends = [high]
    if following and not following.is_distinctive:
        ends = [low + at for at in islice(_find_all(following.letters, text[low:high]), _MOST_PLACES)] or ends
    starts = (text.rfind(letters, max(low, end - _BETWEEN - len(letters)), end) for end in ends)
    return next((start for start in starts if start >= 0), -1)


def _find_all(letters: str, text: str) -> Iterator[int]:
    start = text.find(letters)
    while start >= 0:
        yield start
        start = text.find(letters, start + 1)


def _list_pieces(passage: Passage) -> list[Piece]:
    """Lists the pieces of a passage, without short marks beside longer pieces."""
    found: list[Piece] = []
    before = tuple((passage, mark) for mark in passage.marks[0]) if passage.marks else ()
    normalised = [_normalise(written) for written in passage.pieces]
    is_long = any(len(letters) >= _LEAST_LETTERS for letters, _ in normalised)
    for number, (written, (letters, is_distinctive)) in enumerate(zip(passage.pieces, normalised, strict=True), 1):
        after = tuple((passage, mark) for mark in passage.marks[number]) if passage.marks else ()
        if letters and (len(letters) >= _LEAST_LETTERS or not (is_long or found)):
            is_distinctive = is_distinctive and passage.position is not PrintPosition.LEADING
            found.append(Piece(passage, written, letters, is_distinctive, before, after))
            before = ()
        elif found:
            found[-1] = replace(found[-1], after=(*found[-1].after, *after))
        else:
            before += after
    return found


# Formats have most lines alike.
_squeeze_line = lru_cache(maxsize=20_000)(squeeze)


# Audiences read most texts alike.
@lru_cache(maxsize=20_000)
def _normalise(written: str) -> tuple[str, bool]:
    """Returns the letters of a piece as they are searched for, and whether these rarely match by chance."""
    letters = squeeze(written)
    return letters, measure_length(letters) >= _DISTINCTIVE


def _find_missing_words(piece: Piece, text: str) -> str:
    """Returns the words of a piece, without a beginning that the text has and that is long enough to be recognised."""
    written, letters = piece.written, piece.letters
    low, high = 0, len(letters)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if letters[:middle] in text else (low, middle - 1)
    if low < _DISTINCTIVE:
        return _shorten(written)
    taken = 0
    for at, character in enumerate(written):
        taken += len(squeeze(character))
        if taken > low:
            # Begins at a word boundary.
            start = max(written.rfind(" ", 0, at) + 1, at - _QUOTED_LENGTH // 4)
            return _shorten(written[start:])
    return _shorten(written)


def _shorten(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _QUOTED_LENGTH else f"{words[: _QUOTED_LENGTH - 1].rstrip()}…"
