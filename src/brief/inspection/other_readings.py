"""Reads the elements of a part in other orders than that of the file: down the columns of a table, down a list without its
numbers, down the first words of texts, and letters that are each an element.

How many columns a table has is not known, since files of all formats are read as rows of elements; so each number of
columns is tried.
"""

import re
from collections.abc import Iterator, Sequence

from brief.inspection.extract.element_text import BLANK_CELL
from brief.inspection.extract.part import BREAK
from brief.model.han import DENSE_CHARACTER

# A sentence down a column has a word or two in each cell. Shorter rows of cells hold none.
_MAX_CELL, _MAX_HAN, _MIN_CELLS, _MAX_COLUMNS = 16, 6, 8, 5
_MIN_LETTERS, _MIN_SINGLE, _WORDED = 16, 4, 0.8
_LETTER, _WORDS = re.compile(r"[^\W\d_]"), re.compile(r"[^\d$/=_-]*[^\W\d_][^\d$/=_-]*")
_DIVIDED_NUMBER = re.compile(r"[,.'’]\d")
_FIRST_WORD, _MIN_FIRST = re.compile(r"[\s\W]*([^\W\d_][^\s]*)\s+\S"), 4
_NUMBERED, _MIN_NUMBERED = re.compile(r"\s*[(\[]?\d{1,3}[.)\]:]?\s+(?=[^\W\d])"), 4


def list_other_readings(text: str) -> Iterator[str]:
    """Yields texts of which the elements are those of `text`, in another order or without numbers before them."""
    run: list[str] = []
    elements = text.split(BREAK)
    first = [found[1] for found in map(_FIRST_WORD.match, elements) if found]
    if len(first) >= _MIN_FIRST:
        yield BREAK.join(first)
    for element in (*elements, "." * (_MAX_CELL + 1)):
        if len(element) <= _MAX_CELL and (len(element) <= _MAX_HAN or not DENSE_CHARACTER.search(element)):
            if element and not element.isspace():
                run.append(element)
            continue
        if len(run) >= _MIN_SINGLE:
            yield from _read_run(run)
        run = []


def _read_run(run: Sequence[str]) -> Iterator[str]:
    yield from _join_letters(run)
    if len(run) < _MIN_CELLS:
        return
    if sum(map(bool, map(_NUMBERED.match, run))) >= _MIN_NUMBERED:
        yield BREAK.join(_NUMBERED.sub("", element) for element in run)
    for columns in range(2, min(_MAX_COLUMNS, len(run) // 3) + 1):
        for first in range(columns):
            column = [cell for cell in run[first::columns] if cell != BLANK_CELL]
            if _may_hold_text(column):
                yield BREAK.join(column)
                yield from _join_letters(column)


def _may_hold_text(column: Sequence[str]) -> bool:
    """Returns whether cells have words, and not only figures, or have parts of one figure."""
    count = sum(map(bool, map(_WORDS.fullmatch, column)))
    if count >= _WORDED * len(column) and sum(map(len, column)) >= _MIN_LETTERS:
        return True
    return any(map(_DIVIDED_NUMBER.match, column))


def _join_letters(cells: Sequence[str]) -> Iterator[str]:
    """Yields the letters of each row of cells with only one, as one text. `brief.inspection.figures` joins digits."""
    letters = ""
    for cell in (*cells, ".."):
        character = cell.strip()
        if len(character) == 1 and not character.isdigit():
            letters += character
            continue
        if len(letters) >= _MIN_SINGLE and _LETTER.search(letters):
            yield letters
        letters = ""
