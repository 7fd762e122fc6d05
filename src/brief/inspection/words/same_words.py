"""Finds words of a variant that are missing from an artifact or in a different order, and words that it adds.

Every format is compared with the variant that it was written from, so that HTML, PDF and Word have the same words in
the same order. Formats may print more: headers, footers, contents, labels of the interface, the figures of a chart as a
table. Case, width, spaces and hyphens do not matter, since each format breaks lines in its own way.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import islice
from operator import attrgetter

from brief.inspection.extract.part import BREAK
from brief.inspection.folding import measure_length, squeeze
from brief.inspection.words.added_words import find_added_words
from brief.inspection.words.listed_details import FoundWords, find_details
from brief.inspection.words.marks import Mark
from brief.inspection.words.passages import Passage, PrintPosition
from brief.inspection.words.pieces import DISTINCTIVE, ORDERED, Piece, Pieces
from brief.inspection.words.repeated_words import find_repeated_runs, find_written
from brief.inspection.words.word_places import MAX_PLACES, find_all, find_in_order, list_places
from brief.model.artifact import Artifact
from brief.model.counts import format_count
from brief.model.diagnostics import Diagnostic
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation

MISSING = "missing-words"
MISPLACED = "words-out-of-order"
REPEATED = "repeated-words"
ADDED = "added-words"
# How many letters, such as a number or a label, may be between a title and its block.
_BETWEEN = 80
# Kinds of blocks that text may pass in Word.
_FIGURES = frozenset(("table", "chart", "vega", "figure", "timeline", "metrics"))
_QUOTED_LENGTH = 60
_SET_HINT = "correct the templates of the template set"
_ADDED_HINT = "write them in the content, or print a label as {{ _('...') }} and translate it in content/catalogues/"
_MAX_PROBLEMS = 5


@dataclass(frozen=True, slots=True)
class ReadingText:
    """The text of an artifact in reading order, and the text `outside` it: notes, headers, footers and navigation.

    In the text, `BREAK` marks the end of a web page's main part. `alternative` has the alternative texts of pictures,
    such as the publisher's name for a logo.
    """

    text: str
    outside: str = ""
    alternative: str = ""


@dataclass(frozen=True, slots=True)
class _Problem:
    """Words of a passage that an artifact lacks, has elsewhere or has twice. With a `mark`, it lacks the mark of that name beside
    them.
    """

    code: str
    passage: Passage
    words: str
    mark: str = ""


def compare_words(
    artifact: Artifact,
    pieces: Sequence[Piece],
    reading_text: ReadingText,
    hint: str | None = None,
    where: str = "",
    numbered: Collection[str] = (),
    may_repeat: Callable[[str], bool] | None = None,
) -> Iterator[Diagnostic]:
    """Yields a diagnostic for each part of the variant with missing, misplaced or repeated words, up to a limit, and for
    added words.

    Without a `hint`, each hint names the template of the block. `where` ends the messages, such as " on a phone". `numbered`
    has the ids of the blocks in which a browser numbers the items of lists. `may_repeat` returns whether letters are those
    of other texts too, such as labels; repeated words are searched for only with it, and in all `Pieces` of a variant.
    """
    all_pieces = pieces
    if artifact.format != "pdf":
        pieces = [piece for piece in pieces if piece.passage.position is not PrintPosition.AT_FOOT]
    problems: dict[tuple[str, str], _Problem] = {}
    text, outside, alternative = (
        "".join(map(_squeeze_line, each.split("\n")))
        for each in (reading_text.text, reading_text.outside, reading_text.alternative)
    )
    # Word numbers headings, sources and notes itself.
    is_expected = partial(_is_expected, format_name=artifact.format, numbered={f"block '{name}'" for name in numbered})
    spans: list[FoundWords] = []
    find_problems = partial(
        _find_problems, text=text, outside=outside, alternative=alternative, is_expected=is_expected
    )
    found = list(find_problems(pieces, spans))
    if found and artifact.format == "docx":
        spans.clear()
        found = list(_find_problems_beside_tables(pieces, spans, text, find_problems))
    for problem in found:
        problems.setdefault((problem.code, problem.passage.subject), problem)
    # What remains of a text of which words are missing is no repetition.
    if not problems and may_repeat is not None and isinstance(all_pieces, Pieces):
        for problem in _find_repeated(all_pieces, sorted(spans, key=attrgetter("start")), text, may_repeat):
            problems.setdefault((problem.code, problem.passage.subject), problem)
        yield from _report_added(artifact, all_pieces, spans, reading_text.text, hint)
    for number, problem in enumerate(problems.values()):
        more = ""
        if number == _MAX_PROBLEMS - 1 and len(problems) > _MAX_PROBLEMS:
            more = f"; so do words of {format_count(len(problems) - _MAX_PROBLEMS, 'other part')}"
        yield _describe(artifact, problem, where + more, hint)
        if more:
            return


def _describe(artifact: Artifact, problem: _Problem, more: str, hint: str | None) -> Diagnostic:
    passage = problem.passage
    outcome = f"the words '{problem.words}' are missing"
    if problem.code == MISPLACED:
        outcome = f"the words '{problem.words}' are not where they belong"
    elif problem.code == REPEATED:
        outcome = f"the words '{problem.words}' are printed once more"
    elif problem.mark:
        outcome = f"{problem.mark} is missing beside '{problem.words}'"
    where = f"{artifact.format} of '{artifact.audience}' in '{artifact.locale}'"
    message = f"{where}: of {passage.subject}, {outcome}{more}"
    own = f"correct 'block/{passage.kind}.html.j2' of the template set, or a template that includes it"
    location, hint = SourceLocation(artifact.name), hint or (own if passage.kind else _SET_HINT)
    if problem.code == MISSING:
        return Diagnostic(MISSING, message, location, hint)
    if problem.code == REPEATED:
        return Diagnostic(REPEATED, message, location, hint)
    return Diagnostic(MISPLACED, message, location, hint)


def _is_expected(passage: Passage, mark: Mark, *, format_name: str, numbered: Collection[str]) -> bool:
    """Returns whether a file of the format has the mark in its text. Word numbers headings, sources, notes and items itself."""
    if format_name == "docx":
        return mark.is_label
    return not mark.is_marker or format_name == "pdf" or passage.subject not in numbered


def _find_repeated(
    pieces: Pieces, spans: Sequence[FoundWords], text: str, may_repeat: Callable[[str], bool]
) -> Iterator[_Problem]:
    """Yields the runs of words that the text also has outside the spans, in which they were found."""
    for run in find_repeated_runs(pieces.run_index, spans, text):
        if run.letters not in pieces.repeatable and not may_repeat(run.letters):
            piece = pieces[run.index]
            yield _Problem(REPEATED, piece.passage, _shorten(find_written(piece.written, run.letters)))


def _report_added(
    artifact: Artifact, pieces: Pieces, spans: Sequence[FoundWords], text: str, hint: str | None
) -> Iterator[Diagnostic]:
    """Reports words between the first and the last span that no text of the variant and no message has."""
    if pieces.known_words is None or not spans:
        return
    start, end = min(span.start for span in spans), max(span.end for span in spans)
    added = find_added_words(pieces.known_words, text.split("\n"), _squeeze_line, start, end)
    for words in islice(added, _MAX_PROBLEMS):
        before = max((span for span in spans if span.start <= words.start), key=attrgetter("start"))
        message = (
            f"{artifact.format} of '{artifact.audience}' in '{artifact.locale}': the words '{_shorten(words.written)}', in or "
            f"after {before.subject}, are in no text of the brief, so the other formats lack them"
        )
        own = "write them in the content" if hint else _ADDED_HINT
        yield Diagnostic(ADDED, message, SourceLocation(artifact.name), own)


def _find_problems(
    pieces: Sequence[Piece],
    spans: list[FoundWords],
    text: str,
    outside: str,
    alternative: str,
    is_expected: Callable[[Passage, Mark], bool],
) -> Iterator[_Problem]:
    """Finds distinctive pieces in order first, then the others between them, where matches by chance are unlikely.

    The texts are squeezed. Adds to `spans` where the pieces in order were found. `is_expected` returns whether the
    artifact has a mark of a passage in its text.
    """
    for piece in pieces:
        if piece.passage.position is PrintPosition.ANYWHERE and not any(
            piece.letters in each_text for each_text in (text, outside, alternative)
        ):
            yield _Problem(MISSING, piece.passage, _find_missing_words(piece, text))
    ordered = [piece for piece in pieces if piece.passage.position in ORDERED]
    if not ordered:
        return
    places = {letters: list_places(letters, text) for letters in {p.letters for p in ordered if p.is_distinctive}}
    ordered = [
        replace(piece, is_distinctive=False) if piece.is_distinctive and places[piece.letters] is None else piece
        for piece in ordered
    ]
    starts = find_in_order(
        [(len(piece.letters), places[piece.letters] or ()) for piece in ordered if piece.is_distinctive]
    )
    ends = [len(text)] * len(ordered)
    end, rest = len(text), list(starts)
    for number in range(len(ordered) - 1, -1, -1):
        ends[number] = end
        if ordered[number].is_distinctive and (start := rest.pop()) >= 0:
            end = start
    latest_starts, low = iter(starts), 0
    placed: list[Piece] = []
    for piece, following, high in zip(ordered, [*ordered[1:], None], ends, strict=True):
        if piece.is_distinctive:
            latest = next(latest_starts)
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
    yield from _find_lost_marks(placed, spans, text, alternative, is_expected)


def _find_problems_beside_tables(
    pieces: Sequence[Piece], spans: list[FoundWords], text: str, find_problems: Callable[..., Iterable[_Problem]]
) -> Iterator[_Problem]:
    """Finds problems as `find_problems` does, in each table or drawing, and in all that is in neither.

    In Word, text after a wide table, and after figures that follow it, may be before it, because it could not flow on
    before the landscape page of the table.
    """
    groups: dict[str, list[Piece]] = {"": []}
    for piece in pieces:
        groups.setdefault(piece.passage.subject if piece.passage.kind in _FIGURES else "", []).append(piece)
    beside: list[FoundWords] = []
    for subject, group in groups.items():
        own: list[FoundWords] = []
        yield from find_problems(group, own, text=_hide_longer(group, beside, text) if subject else text)
        beside = beside if subject else own
        spans += own


def _hide_longer(group: Sequence[Piece], spans: Sequence[FoundWords], text: str) -> str:
    """Returns the text with `BREAK` for the letters of spans that contain a piece of the group and more: a figure in a
    sentence is not the one in a tile.
    """
    letters = {piece.letters for piece in group}
    for span in spans:
        found = text[span.start : span.end]
        if found not in letters and any(each in found for each in letters):
            text = f"{text[: span.start]}{BREAK * len(found)}{text[span.end :]}"
    return text


def _find_lost_marks(
    pieces: Sequence[Piece],
    spans: Sequence[FoundWords],
    text: str,
    alternative: str,
    is_expected: Callable[[Passage, Mark], bool],
) -> Iterator[_Problem]:
    """Yields the marks that are missing beside pieces; each piece was found at the span with the same index."""
    latest_starts: Sequence[int] | None = None
    end = 0
    for number, (piece, span) in enumerate(zip(pieces, spans, strict=True)):
        # A short piece that follows may have been found in the mark: "Google" in the owner of the name before.
        is_bounded = number + 1 < len(pieces) and pieces[number + 1].is_distinctive
        high = spans[number + 1].start if is_bounded else len(text)
        for passage, mark in _list_lost_marks(piece, text, (end, span.start, high), alternative, is_expected):
            # A short piece may have been found in its own mark, such as the title "Figure" in the label "Figure 1".
            latest_starts = latest_starts or _find_latest_starts(pieces, spans, text)
            others = find_all(piece.letters, text[: latest_starts[number] + len(piece.letters)], span.start + 1)
            if not any(
                (passage, mark) not in _list_lost_marks(piece, text, (end, start, len(text)), alternative, is_expected)
                for start in islice(others, MAX_PLACES)
            ):
                yield _Problem(MISSING, passage, _shorten(piece.written), mark.name)
        end = span.end


def _list_lost_marks(
    piece: Piece,
    text: str,
    place: tuple[int, int, int],
    alternative: str,
    is_expected: Callable[[Passage, Mark], bool],
) -> list[tuple[Passage, Mark]]:
    """Lists the marks that are missing beside a piece, each with the passage that has it.

    `place` has three offsets: where the text in which the marks may be begins, where the piece begins, and where that text
    ends.
    """
    low, start, high = place
    end = start + len(piece.letters)
    lost: list[tuple[Passage, Mark]] = []
    for marks, is_before in ((piece.before, True), (piece.after, False)):
        reach = sum(len(mark.forms[0]) + mark.reach for _, mark in marks)
        after = text[end : min(high, end + reach)]
        before = text[max(low, start - reach) : start] if is_before else ""
        for passage, mark in marks:
            # Beside words that may also be elsewhere, a single letter proves nothing.
            is_conclusive = mark.is_number or len(mark.forms[0]) > 1 or measure_length(piece.letters) >= DISTINCTIVE
            if is_conclusive and is_expected(passage, mark) and not mark.is_in(before, after, alternative):
                lost.append((passage, mark))
    return lost


def _find_latest_starts(pieces: Sequence[Piece], spans: Sequence[FoundWords], text: str) -> list[int]:
    """Returns the last offset at which each piece may begin so that all pieces after it still follow in order."""
    starts: list[int] = []
    high = len(text)
    for piece, span in zip(reversed(pieces), reversed(spans), strict=True):
        start = max(text.rfind(piece.letters, span.start, high), span.start)
        starts.append(start)
        high = start
    return starts[::-1]


def _find_lost_details(pieces: Sequence[Piece], spans: Sequence[FoundWords], text: str) -> Iterator[_Problem]:
    """Yields the details of sources that their entries in the list, or their footnotes, lack."""
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


def _find_leading(letters: str, following: Piece | None, text: str, low: int, high: int) -> int:
    """Returns where a heading begins: its last occurrence shortly before the `following` piece; -1 if it does not occur there.

    The search is between `low` and `high`. The following piece may be a single letter, which may also occur by chance
    in a label before the heading, so several of its occurrences are tried.
    """
    ends = [high]
    if following and not following.is_distinctive:
        ends = [low + offset for offset in islice(find_all(following.letters, text[low:high]), MAX_PLACES)] or ends
    starts = (text.rfind(letters, max(low, end - _BETWEEN - len(letters)), end) for end in ends)
    return next((start for start in starts if start >= 0), -1)


# Formats have most lines alike.
_squeeze_line = lru_cache(maxsize=20_000)(squeeze)


def _find_missing_words(piece: Piece, text: str) -> str:
    """Returns the words of a piece, shortened. If the text has a distinctive beginning of the piece, only the words
    after it.
    """
    written, letters = piece.written, piece.letters
    low, high = 0, len(letters)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if letters[:middle] in text else (low, middle - 1)
    if low < DISTINCTIVE:
        return _shorten(written)
    count = 0
    for index, character in enumerate(written):
        count += len(squeeze(character))
        if count > low:
            # Begins at a word boundary.
            start = max(written.rfind(" ", 0, index) + 1, index - _QUOTED_LENGTH // 4)
            return _shorten(written[start:])
    return _shorten(written)


def _shorten(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _QUOTED_LENGTH else f"{words[: _QUOTED_LENGTH - 1].rstrip()}…"
