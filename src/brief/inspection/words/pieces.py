"""Divides the passages of a variant into the pieces that its artifacts are searched for."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property, lru_cache

from brief.inspection.folding import measure_length, squeeze
from brief.inspection.words.added_words import KnownWords
from brief.inspection.words.marks import Mark
from brief.inspection.words.passages import Passage, PrintPosition
from brief.inspection.words.repeated_words import RunIndex, index_runs
from brief.model.record import dataclass

# Pieces of this length, as `measure_length` returns it, rarely match by chance.
DISTINCTIVE = 12
# Shorter pieces beside longer ones are punctuation and the like, which matches by chance.
_MIN_LETTERS = 3
# Where a format prints passages one after the other.
ORDERED = (PrintPosition.IN_ORDER, PrintPosition.LEADING)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a passage as written, and its squeezed letters; one that `is_distinctive` rarely matches by chance.

    `before` and `after` have the marks that pages print beside it, each with the passage that it belongs to.
    """

    passage: Passage
    written: str
    letters: str
    is_distinctive: bool
    before: tuple[tuple[Passage, Mark], ...] = ()
    after: tuple[tuple[Passage, Mark], ...] = ()


class Pieces(tuple[Piece, ...]):
    """The pieces of a variant's passages, in order.

    `known_words` has the words that an artifact may print among them; None if its templates were tested not to add any.
    """

    known_words: KnownWords | None = None

    @cached_property
    def run_index(self) -> RunIndex:
        """The runs of words of the pieces that an artifact prints only in their places."""
        once = [piece.passage.position is PrintPosition.IN_ORDER and not piece.passage.may_repeat for piece in self]
        return index_runs([piece.letters if is_once else "" for piece, is_once in zip(self, once, strict=True)])

    @cached_property
    def repeatable(self) -> str:
        """The letters of the pieces that an artifact may print elsewhere too, such as titles."""
        texts = self.run_index.texts
        return "\n".join(piece.letters for piece, text in zip(self, texts, strict=True) if not text)


def list_pieces(passages: Iterable[Passage]) -> Pieces:
    """Prepares the passages of a variant for comparison with its artifacts."""
    pieces: list[Piece] = []
    last = -1
    for passage in passages:
        passage_pieces = _list_pieces(passage)
        if passage.position in ORDERED:
            if not passage_pieces and last >= 0:
                # A formula on a line of its own follows the words before it.
                alone = tuple((passage, mark) for marks in passage.marks for mark in marks)
                pieces[last] = replace(pieces[last], after=(*pieces[last].after, *alone))
            last = len(pieces) + len(passage_pieces) - 1 if passage_pieces else last
        pieces += passage_pieces
    return Pieces(pieces)


def _list_pieces(passage: Passage) -> list[Piece]:
    """Lists the pieces of a passage, without short marks beside longer pieces."""
    pieces: list[Piece] = []
    before = tuple((passage, mark) for mark in passage.marks[0]) if passage.marks else ()
    normalised = [_normalise(written) for written in passage.pieces]
    is_long = any(len(letters) >= _MIN_LETTERS for letters, _ in normalised)
    for number, (written, (letters, is_distinctive)) in enumerate(zip(passage.pieces, normalised, strict=True), 1):
        after = tuple((passage, mark) for mark in passage.marks[number]) if passage.marks else ()
        if letters and (len(letters) >= _MIN_LETTERS or not (is_long or pieces)):
            is_distinctive = is_distinctive and passage.position is not PrintPosition.LEADING
            pieces.append(Piece(passage, written, letters, is_distinctive, before, after))
            before = ()
        elif pieces:
            pieces[-1] = replace(pieces[-1], after=(*pieces[-1].after, *after))
        else:
            before += after
    return pieces


# Audiences read most texts alike.
@lru_cache(maxsize=20_000)
def _normalise(written: str) -> tuple[str, bool]:
    """Returns the squeezed letters of a piece, and whether they rarely match by chance."""
    letters = squeeze(written)
    return letters, measure_length(letters) >= DISTINCTIVE
