"""Words that are printed once more below, as the keys of a table in the axis of a chart, are found in their own place."""

from dataclasses import replace

import pytest

from brief.inspection.words.passages import Passage, PrintPosition
from brief.inspection.words.pieces import list_pieces
from brief.inspection.words.same_words import ReadingText, compare_words
from brief.model.artifact import Artifact
from brief.store import spool

CAPTION = "Net result of the northern site"
ROWS = ("Northern", "January 2026", "4.00", "Northern", "February 2026", "7.00", "Southern", "January 2026", "9.00")
AXIS = f"{CAPTION} January 2026 February 2026 {CAPTION}"
PASSAGES = (Passage("block 'pl'", ROWS, "table"), Passage("block 'ln'", (CAPTION,), "chart"))
ARTIFACT = Artifact(
    name="a.html", audience="public", locale="en", format="html", media_type="", sha256="", inputs="", content=spool(b"")
)  # fmt: skip


def compare(text: str) -> list[str]:
    found = compare_words(ARTIFACT, list_pieces(PASSAGES), ReadingText(text))
    return [diagnostic.code for diagnostic in found]


def test_keys_of_a_table_are_found_above_the_axis_that_repeats_them() -> None:
    assert compare(f"{' '.join(ROWS)} {AXIS}") == []


@pytest.mark.parametrize("lost", ["7.00", "Southern", "9.00"])
def test_a_lost_cell_is_missing_although_its_row_is_repeated_below(lost: str) -> None:
    assert compare(f"{' '.join(ROWS).replace(lost, '')} {AXIS}") == ["missing-words"]


SENTENCE = "Heat is carried through pipes."


@pytest.mark.parametrize("items", [(1, 2), (2, 1), (1, 2, 3), (3, 1, 2, 2)])
def test_a_text_that_begins_the_next_one_is_found_in_order(items: tuple[int, ...]) -> None:
    texts = tuple(" ".join([SENTENCE] * count) for count in items)
    passages = (
        Passage("block 'above'", (f"{SENTENCE} {SENTENCE}",), "paragraph"),
        Passage("block 'li'", texts, "list"),
    )
    text = " ".join(words for passage in passages for words in passage.pieces)
    assert list(compare_words(ARTIFACT, list_pieces(passages), ReadingText(text))) == []
    lost = text.removesuffix(f" {SENTENCE}")
    assert list(compare_words(ARTIFACT, list_pieces(passages), ReadingText(lost))) != []


WORD = replace(ARTIFACT, name="a.docx", format="docx")
TEXT = Passage("block 'p'", ("The text that follows the wide table in the other formats.",), "paragraph")


@pytest.mark.parametrize("artifact", [ARTIFACT, WORD])
def test_text_may_be_before_a_table_in_word_only(artifact: Artifact) -> None:
    """It could not flow on before the landscape page of the table."""
    pieces = list_pieces((*PASSAGES, TEXT))
    moved = ReadingText(f"{TEXT.pieces[0]} {' '.join(ROWS)} {AXIS}")
    assert [each.code for each in compare_words(artifact, pieces, moved)] == (
        [] if artifact is WORD else ["words-out-of-order"]
    )


def test_a_figure_whose_words_may_be_anywhere_moves_too() -> None:
    drawn = Passage("block 'd'", ("Two bars",), "figure", PrintPosition.ANYWHERE)
    moved = ReadingText(f"{TEXT.pieces[0]} {' '.join(ROWS)} {AXIS} Two bars")
    assert list(compare_words(WORD, list_pieces((*PASSAGES, drawn, TEXT)), moved)) == []


@pytest.mark.parametrize("lost", ["7.00", "Southern", "9.00", "follows", CAPTION])
def test_words_are_missing_from_word_beside_a_table_that_moved(lost: str) -> None:
    text = f"{TEXT.pieces[0]} {' '.join(ROWS)} {AXIS}".replace(lost, "")
    assert list(compare_words(WORD, list_pieces((*PASSAGES, TEXT)), ReadingText(text))) != []
