"""Searches texts for withheld figures by their value, in any notation, and rounded.

A rounded figure also counts, next to its unit or currency: "78 million yuan" and "over 77 million yuan" both disclose
the withheld 77,653,000 CNY. It must have at least three digits, or two from a million on; and no figure that the
audience may see may explain it.
"""

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from dataclasses import field
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import Generic, TypeVar

from brief.inspection.extract.part import BREAK
from brief.inspection.figure_heads import FigureHead
from brief.inspection.figure_notation import (
    GROUP,
    NUMBER,
    TextFigure,
    find_column_heads,
    find_figures,
    is_bare_figure,
    read_bare_figure,
)
from brief.inspection.folding import fold
from brief.inspection.han_variants import fold_variants
from brief.inspection.scale_words import CURRENCY, SCALE
from brief.model.record import dataclass
from brief.resolve.numerals.han_numerals import NUMERALS

# A number of at least this size with this many significant digits rarely matches by chance. A smaller one may be a year
# or belong to anything, so it counts only next to its unit. Amounts in a currency need fewer digits and a smaller size.
_MIN_VALUE, _MIN_DIGITS, _MIN_MONEY_DIGITS, _MIN_MONEY = 10_000, 3, 2, 100

# A rounded figure has at least three digits, or two from a million on: it is at least this many times the value of its
# last digit.
_MIN_STEPS, _MIN_LARGE_STEPS, _LARGE = 100, 10, 1_000_000
_ABOVE = (
    "over",
    "more than",
    "above",
    "exceeds",
    "exceeding",
    "exceeded",
    "upwards of",
    "at least",
    "逾",
    "超过",
    "超過",
    "超",
)
_BELOW = ("nearly", "almost", "just under", "close to", "up to", "近", "将近", "將近", "接近", "不到", "不足")
# What separates the values in a URL or a script, and the characters that are spaces there.
_CODE_PIECE = re.compile(r"[?&=/;:#\"'(){}*<>|!\0]+|,\s")
_SPACES_OF_CODE = str.maketrans("_+", "  ")
_WRITTEN_OUT = re.compile(
    rf"{CURRENCY}?\s*(?:[1-9]\d{{0,2}}(?:{GROUP}\d{{3}}){{2,}}|(?:{NUMBER})[\s-]?(?:{SCALE})|{NUMERALS}{{3,}})\s*{CURRENCY}?"
    rf"|{CURRENCY}\s*(?:{NUMBER})|(?:{NUMBER})\s*{CURRENCY}"
)
_MAX_WRITTEN_LENGTH = 40
# A figure that elements divide, such as "77.7" in bold type and "million" in the next cell: the number at the end of an
# element, with the currency before it, and the scale or the other digits at the beginning of the next one.
_LAST_NUMBER = re.compile(r"(?:[^\W\d_]{1,12}\s?|[^\w\s]{1,3}\s?)?\d[\d.,'’·٫\s]{0,30}\Z")
_FIRST_SCALE = re.compile(rf"\s*\(?(?:{SCALE})\D{{0,30}}")
# A group of three digits may itself be divided, beside another group.
_FIRST_DIGITS = re.compile(
    r"(?:(?<=\d)[.,'’·٫]\d|(?<=[,'’])\d{3}(?!\d)"
    r"|(?:(?<=[,'’]\d)\d\d|(?<=[,'’]\d\d)\d)(?=[,'’]\d{3}(?!\d))|(?:(?<=,\d{3},\d)\d\d|(?<=,\d{3},\d\d)\d)(?!\d))"
    r"[\d.,'’·٫]{0,30}\D{0,30}"
)
_MAX_BEFORE, _MAX_AFTER = 48, 80
_SEPARATORS, _MAX_SEPARATOR = (",", ".", "'", "’"), 4
# Digits that are spaced out, each in an element of its own or with spaces between them; the fewest that are joined, and the
# length from which an element is certainly longer than a digit.
_SPACED_PIECE = re.compile(r"\s*[\d.,]\s*")
_SPACED_DIGITS = re.compile(r"(?<!\S)\d(?:\s[\d.,]){2,}(?![\d.,])")
# What divides the digits of one number: the mark of a footnote, the end of a line with a mark or not, and a space within a group
# of three. The first pattern is quick, and finds a part of what the others do.
_MAYBE_DIVIDED = re.compile(
    r"[\d.,'’，](?:[^\w\s.,]?\n|(?<=\d)[⁰¹²³⁴-⁹₀-₉*†‡§¶]|(?<=[,'’，])\d\d?\s|(?<=0)(?:\d\d,|000?\d)|\d\d,\d\d?(?!\d))"
)
_DIVIDING_MARKS = re.compile(
    r"(?<=\d)[⁰¹²³⁴-⁹₀-₉*†‡§¶]{1,3}(?=[\d.,'’，]|\s?[^\W\d])"
    r"|(?<=[\d.,'’，])\n(?=\S)[^\w\s.,'’，]{0,2}\w{0,2}[^\w\s.,'’，]{0,2}\n(?=[\d.,'’，]|\s?[^\W\d])"
)
_DIVIDING_GAPS = re.compile(
    r"(?<=[\d.,'’，])[^\w\s.,]?\n(?=[\d.,'’，])|(?<=[,'’，]\d)\s+(?=\d\d(?!\d))|(?<=[,'’，]\d\d)\s+(?=\d(?!\d))"
)
# Numbers that are written from right to left: no other begins with zeros, or ends with a group of one or two digits.
_REVERSED = re.compile(r"(?<![\d.,])(?:0\d\d(?:,\d{3})+(?:,\d\d?)?|\d{3}(?:,\d{3})+,\d\d?|0{3,}\d{2,17})(?![\d.,]*\d)")
_LAST_SINGLE_DIGIT, _FIRST_SINGLE_DIGIT = re.compile(r"(?<![\d.,])\d\Z"), re.compile(r"\d(?![\d.,])")
_MIN_SPACED_DIGITS, _MAX_SPACED_LENGTH = 3, 20
# After the last element.
_END = BREAK
# The length of the longest element whose figures are remembered.
_MAX_CACHED_LENGTH = 4_000
# The longest head of a column or title of a table, and how many are remembered for the figures below them.
_MAX_HEAD_LENGTH, _MAX_HEADS = 120, 4

T = TypeVar("T")


def is_rare(value: Decimal) -> bool:
    """Returns whether two figures of any kind are unlikely to have this value by chance."""
    return _count_digits(value) >= _MIN_DIGITS and abs(value) >= _MIN_VALUE


def is_rare_amount(value: Decimal) -> bool:
    """Returns whether two amounts in the same currency are unlikely to have this value by chance."""
    return _count_digits(value) >= _MIN_MONEY_DIGITS and abs(value) >= _MIN_MONEY


def is_rare_of_its_unit(value: Decimal) -> bool:
    """Returns whether two figures with the same unit are unlikely to have this value by chance."""
    return _count_digits(value) >= _MIN_DIGITS


def _count_digits(value: Decimal) -> int:
    return len(value.normalize().as_tuple().digits)


@dataclass(frozen=True, slots=True)
class _Wanted(Generic[T]):
    unit: str
    unit_words: tuple[str, ...]
    what: T


@dataclass(slots=True)
class FigureFinder(Generic[T]):
    """Searches texts for the values that were added, except where a figure may be one of the `visible` values."""

    visible: frozenset[Decimal] = frozenset()
    _wanted: dict[Decimal, list[_Wanted[T]]] = field(default_factory=dict)
    _rounded: list[tuple[Decimal, _Wanted[T]]] = field(default_factory=list)
    _sorted_visible: list[Decimal] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._sorted_visible = sorted(self.visible)

    def __bool__(self) -> bool:
        return bool(self._wanted)

    def add(self, value: Decimal, unit: str, unit_words: tuple[str, ...], what: T, *, is_exact: bool = False) -> None:
        """Adds a value with its unit, the folded words for the unit next to a figure, and the result to report.

        With `is_exact`, rounded figures do not count.
        """
        # Beside a figure, the currency of "CNY/year" is without "/year".
        wanted = _Wanted(unit.partition("/")[0], unit_words, what)
        self._wanted.setdefault(abs(value), []).append(wanted)
        if not is_exact:
            insort(self._rounded, (abs(value), wanted), key=_get_value)

    def find(self, text: str) -> Iterator[T]:
        """Yields the result of each value in the text, at least once.

        A common value counts only next to its unit, and no value next to another currency.
        """
        for figure in _list_figures(text) if self._wanted else ():
            for wanted in self._wanted.get(figure.value, ()):
                if _is_figure_of(figure, wanted):
                    yield wanted.what
            if self._rounded and _is_precise(figure):
                yield from self._find_rounded(figure)

    def _find_rounded(self, figure: TextFigure) -> Iterator[T]:
        least, most = _find_range(figure)
        start = bisect_left(self._rounded, least, key=_get_value)
        end = bisect_right(self._rounded, most, key=_get_value)
        for value, wanted in self._rounded[start:end]:
            if value != figure.value and _is_of_unit(figure, wanted) and not self._may_be_visible(least, most):
                yield wanted.what

    def _may_be_visible(self, least: Decimal, most: Decimal) -> bool:
        """Returns whether the figure may be one that the audience may see."""
        return bisect_left(self._sorted_visible, least) < bisect_right(self._sorted_visible, most)


def _list_figures(text: str) -> Iterator[TextFigure]:
    """Yields the figures of each element of the text, and the figures that continue in the next element.

    A number that is alone in its element is also read with the scales of the last heads before it.
    """
    heads: tuple[FigureHead, ...] = ()
    unread: list[str] = []
    last = ""
    elements = text.split(BREAK)
    for spaced in _join_spaced_digits(elements):
        yield from find_figures(spaced)
    for element in elements:
        yield from _find_remembered_figures(element) if len(element) <= _MAX_CACHED_LENGTH else _find_figures(element)
        if len(element) <= _MAX_SEPARATOR and element.strip() in _SEPARATORS and last[-1:].isdigit():
            last += element.strip()
            continue
        if joined := _join_figure(last, element):
            yield from _find_remembered_figures(joined)
        if element.strip():
            # The digits of a number may be in several elements.
            last = joined if joined and not any(map(str.isalpha, element)) else element
        if is_bare_figure(element):
            # A table may have columns of several scales.
            found = dict.fromkeys(head for each in reversed(unread) for head in _find_remembered_heads(each))
            heads = tuple(dict.fromkeys((*found, *heads)))[:_MAX_HEADS]
            unread.clear()
            yield from read_bare_figure(element, heads)
        elif len(element) <= _MAX_HEAD_LENGTH:
            unread.append(element)


def _join_spaced_digits(elements: Iterable[str]) -> Iterator[str]:
    """Yields a text for each figure whose digits are in elements of their own: the end of the element before, the joined digits,
    and the start of the element after.
    """
    before, digits = "", ""
    for element in chain(elements, (_END,)):
        if len(element) < _MAX_SPACED_LENGTH:
            if not element or element.isspace():
                continue
            if _SPACED_PIECE.fullmatch(element):
                digits += element.strip()
                continue
        if digits:
            # The words before and after may be in the elements of the first and the last digit.
            before = before.rstrip()
            if first := _LAST_SINGLE_DIGIT.search(before):
                before, digits = before[: first.start()], first[0] + digits
            following = element[:_MAX_AFTER].lstrip()
            if last := _FIRST_SINGLE_DIGIT.match(following):
                digits, following = digits + last[0], following[last.end() :]
            if len(digits) >= _MIN_SPACED_DIGITS:
                # Other digits do not continue the number.
                start, end = (";" if edge.isdigit() else "" for edge in (before[-1:], following[:1]))
                yield f"{before[-_MAX_BEFORE:]}{start} {digits}{end} {following}"
        before, digits = element, ""


def _join_figure(before: str, after: str) -> str | None:
    """Returns the figure that begins at the end of an element and continues in the next one, or None.

    Other words of neighbours do not form a phrase; but a number and its scale, or the groups of its digits, hardly stand
    beside each other by chance.
    """
    end = before.rstrip()[-2:]
    if not (end[-1:].isdigit() or (end[:1].isdigit() and end[-1:] in ",'’")):
        return None
    before, after = before[-_MAX_BEFORE:], after[:_MAX_AFTER]
    if "\n" in before or "\n" in after:
        before, after = _DIVIDING_GAPS.sub("", before), _DIVIDING_GAPS.sub("", after)
    number = _LAST_NUMBER.search(fold(before))
    if number is None:
        return None
    beginning = fold(after)
    if end[-1:].isdigit() and (scale := _FIRST_SCALE.match(beginning)):
        return f"{number[0].rstrip()} {scale[0].lstrip()}"
    # Table cells in Markdown are padded with spaces.
    first_digits = number[0].rstrip()
    divided = first_digits + beginning.lstrip()
    digits = _FIRST_DIGITS.match(divided, len(first_digits))
    return divided[: digits.end()] if digits else None


# The formats of a variant have the same elements.
@lru_cache(maxsize=40_000)
def _find_remembered_figures(element: str) -> tuple[TextFigure, ...]:
    return tuple(_find_figures(element))


def _find_figures(element: str) -> Iterator[TextFigure]:
    """Yields the figures of an element, including those with spaces between their digits."""
    yield from find_figures(element)
    if _SPACED_DIGITS.search(element):
        yield from find_figures(_SPACED_DIGITS.sub(lambda match: "".join(match[0].split()), element))
    if _MAYBE_DIVIDED.search(element):
        for joined in {_DIVIDING_GAPS.sub("", each) for each in (element, _DIVIDING_MARKS.sub("", element))} - {
            element
        }:
            yield from find_figures(joined)
        if _REVERSED.search(element):
            yield from find_figures(_REVERSED.sub(lambda match: match[0][::-1], element))


_find_remembered_heads = lru_cache(maxsize=40_000)(find_column_heads)


def _get_value(pair: tuple[Decimal, _Wanted[T]]) -> Decimal:
    return pair[0]


def _is_precise(figure: TextFigure) -> bool:
    """Returns whether a rounded figure has enough digits to be distinguished from others."""
    steps = _MIN_LARGE_STEPS if figure.value >= _LARGE else _MIN_STEPS
    return figure.value >= steps * figure.step


def _find_range(figure: TextFigure) -> tuple[Decimal, Decimal]:
    """Returns the least and the greatest value that the figure may be rounded from; "over" and "nearly" exclude one
    side.
    """
    if figure.before.endswith(_ABOVE) or figure.after.startswith("+"):
        return figure.value, figure.value + figure.step
    if figure.before.endswith(_BELOW):
        return figure.value - figure.step, figure.value
    return figure.value - figure.step / 2, figure.value + figure.step / 2


def _is_figure_of(figure: TextFigure, wanted: _Wanted[T]) -> bool:
    if figure.currencies:
        return wanted.unit in figure.currencies and is_rare_amount(figure.value)
    if is_rare(figure.value):
        return True
    return is_rare_of_its_unit(figure.value) and _is_of_unit(figure, wanted)


def _is_of_unit(figure: TextFigure, wanted: _Wanted[T]) -> bool:
    """Returns whether the wanted unit is beside the figure; another currency there excludes it."""
    if figure.currencies:
        return wanted.unit in figure.currencies
    before, after = fold_variants(figure.before), fold_variants(figure.after)
    return any(before.endswith(word) or after.startswith(word) for word in wanted.unit_words)


def keep_written_figures(code: str) -> str:
    """Returns the pieces of ids, links and attributes that consist of a figure as people write it, joined with `BREAK`.

    Bare digits are left out, because such strings are full of sizes and coordinates; full-width digits are kept,
    because sizes are not written with them.
    """
    pieces = (piece.translate(_SPACES_OF_CODE).strip(" -.,") for piece in _CODE_PIECE.split(code))
    return BREAK.join(piece for piece in pieces if 0 < len(piece) <= _MAX_WRITTEN_LENGTH and _is_written_out(piece))


@lru_cache(maxsize=40_000)
def _is_written_out(piece: str) -> bool:
    folded = fold(piece)
    return _WRITTEN_OUT.fullmatch(folded) is not None or (folded != piece and folded.isdecimal())
