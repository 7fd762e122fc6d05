"""Prepares the elements of files for the search.

The formats and variants of a brief share most of their words, and files of one format most of their ids and styles. So each
element is folded and decoded once, for all files and audiences.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, chain

from brief.inspection.encodings import MAX_DEPTH, MAX_LENGTH, decode_characters, decode_runs
from brief.inspection.extract import Part
from brief.inspection.extract.part import BREAK
from brief.inspection.folding import drop_gaps, is_word_at, keep_letters, list_kept_offsets
from brief.inspection.han_variants import fold_words_and_variants
from brief.inspection.other_readings import list_other_readings
from brief.model.record import dataclass

# How many elements are cached, and their greatest length. A few longer ones, such as style sheets, are cached too.
_REMEMBERED, _LONGEST = 40_000, 4_000
_REMEMBERED_LONG, _LONGEST_LONG = 32, 100_000


@dataclass(frozen=True, slots=True)
class Element:
    """The text of an element in three forms: folded, folded without gaps (`squeezed`), and only its letters and digits.

    `decoded` has the texts in it that are encoded in runs of letters or digits, such as Base64.
    """

    folded: str
    squeezed: str
    letters: str
    decoded: tuple[str, ...]


def _prepare_element(text: str) -> Element:
    return _prepare_again(text) if len(text) <= _LONGEST else _prepare_long(text)


def _prepare_long(text: str) -> Element:
    return _prepare_long_again(text) if len(text) <= _LONGEST_LONG else _prepare(text)


def _prepare(text: str) -> Element:
    folded = fold_words_and_variants(text)
    return Element(folded, drop_gaps(folded), keep_letters(folded), decode_runs(text))


_prepare_again = lru_cache(maxsize=_REMEMBERED)(_prepare)
_prepare_long_again = lru_cache(maxsize=_REMEMBERED_LONG)(_prepare)


class SqueezedText:
    """Elements without their gaps, joined to find whole words in them; with `across`, words may continue in the next
    element.
    """

    def __init__(self, elements: Iterable[Element], *, across: bool = False) -> None:
        self._elements = [each for each in elements if each.squeezed]
        self._between = 0 if across else len(BREAK)
        self.text = ("" if across else BREAK).join([each.squeezed for each in self._elements])

    def has_word(self, letters: str) -> bool:
        """Returns whether a squeezed text occurs in this one as whole words, wherever this one has gaps."""
        at = self.text.find(letters)
        while at >= 0:
            if self._begins_word(at) and self._ends_word(at + len(letters) - 1):
                return True
            at = self.text.find(letters, at + 1)
        return False

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate((len(each.squeezed) + self._between for each in self._elements), initial=0))

    def _begins_word(self, at: int) -> bool:
        folded, place = self._locate(at)
        return not (is_word_at(folded, place) and place and is_word_at(folded, place - 1))

    def _ends_word(self, at: int) -> bool:
        folded, place = self._locate(at)
        return not (is_word_at(folded, place) and is_word_at(folded, place + 1))

    def _locate(self, at: int) -> tuple[str, int]:
        """Returns the folded element that contains the character at an offset in `text`, and the offset of the
        character in it.

        Returns ("", 0) for a break.
        """
        index = bisect_right(self._starts, at) - 1
        folded = self._elements[index].folded
        length = 0
        for start, end in list_kept_offsets(folded):
            if at - self._starts[index] < length + end - start:
                return folded, start + at - self._starts[index] - length
            length += end - start
        # A break, next to which every word ends.
        return "", 0


@dataclass(frozen=True, slots=True)
class PreparedPart:
    """The elements of a part.

    `words` has the elements that people read, the texts that were found encoded in any element, and the elements in
    other orders (see `brief.inspection.other_readings`); `unique_words` has each of them once, and `written` has the same
    as `words` as extracted, not folded. `code` has
    each element that only programs read once, `code_written` the same as extracted, and `code_row` all of them in
    order.
    """

    written: Sequence[str]
    words: Sequence[Element]
    unique_words: Sequence[Element]
    code: Sequence[Element]
    code_row: Sequence[Element]
    code_written: Sequence[str]

    @classmethod
    def from_part(cls, part: Part) -> "PreparedPart":
        # The same words, and the same names of styles and ids, occur many times.
        words = {each: _prepare_element(each) for each in dict.fromkeys(part.words.split(BREAK))}
        code_row = part.code.split(BREAK)
        code = {each: _prepare_element(each) for each in dict.fromkeys(code_row)}
        decoded = dict.fromkeys(
            (
                *decode_texts(part.words, words.values()),
                *decode_texts(part.code, code.values()),
                *list_other_readings(part.words),
            )
        )
        written = BREAK.join((part.words, *decoded)).split(BREAK)
        for each in decoded:
            words |= {element: _prepare_element(element) for element in each.split(BREAK) if element not in words}
        return cls(
            written=written,
            words=[words[each] for each in written],
            unique_words=tuple(words.values()),
            code=tuple(code.values()),
            code_row=[code[each] for each in code_row],
            code_written=tuple(code),
        )


def decode_texts(text: str, elements: Iterable[Element], depth: int = 1) -> Iterator[str]:
    """Yields every text that is encoded in `text`, which has the `elements`, and those that are encoded in these; `depth`
    counts the encodings.
    """
    found = chain(decode_characters(text), chain.from_iterable(each.decoded for each in elements if each.decoded))
    for decoded in found:
        yield decoded
        if depth < MAX_DEPTH and len(decoded) <= MAX_LENGTH:
            inner = dict.fromkeys(decoded.split(BREAK))
            yield from decode_texts(decoded, map(_prepare_element, inner), depth + 1)
