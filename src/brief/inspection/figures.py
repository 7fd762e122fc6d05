"""Finds figures in text and their values, in any notation.

"77,700,000", "77 700 000", "77.7 million", "77.7m", "0.0777 billion", "7.77e7", "7770万", "七千七百七十万", "柒仟柒佰柒拾万" and the
same in full-width digits have the same value.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Generic, TypeVar

from brief.inspection.extract.part import BREAK
from brief.inspection.folding import drop_invisible, fold
from brief.inspection.number_words import find_number_words

# A number of at least this size with this many significant digits hardly matches by chance. A smaller one may be a year or
# belong to anything, so it counts only next to its unit.
_LEAST, _DIGITS, _DIGITS_MONEY, _LEAST_MONEY = 10_000, 3, 2, 100

_SCALES = {
    "thousand": 10**3,
    "k": 10**3,
    "тыс": 10**3,
    "w": 10**4,
    "lakh": 10**5,
    "crore": 10**7,
    "million": 10**6,
    "millions": 10**6,
    "millionen": 10**6,
    "millones": 10**6,
    "млн": 10**6,
    "mio": 10**6,
    "mln": 10**6,
    "milioni": 10**6,
    "milhões": 10**6,
    "miljoen": 10**6,
    "juta": 10**6,
    "mld": 10**9,
    "mrd": 10**9,
    "miliardi": 10**9,
    "mn": 10**6,
    "m": 10**6,
    "billion": 10**9,
    "billions": 10**9,
    "bn": 10**9,
    "milliarden": 10**9,
    "milliards": 10**9,
    "млрд": 10**9,
    "b": 10**9,
    "trillion": 10**12,
    "百": 10**2,
    "千": 10**3,
    "仟": 10**3,
    "万": 10**4,
    "萬": 10**4,
    "十万": 10**5,
    "十萬": 10**5,
    "百万": 10**6,
    "百萬": 10**6,
    "千万": 10**7,
    "千萬": 10**7,
    "亿": 10**8,
    "億": 10**8,
    "만": 10**4,
    "억": 10**8,
    "万亿": 10**12,
    "萬億": 10**12,
}
_GROUP = "[ ,.'’_]"
_SCALE = "|".join(sorted((f"{word}(?![a-z])" if word.isascii() else word for word in _SCALES), key=len, reverse=True))
# Codes, words and signs of currencies, and the codes that each may mean.
_CURRENCIES = {
    "rmb": ("CNY",),
    "cny": ("CNY",),
    "cn¥": ("CNY",),
    "yuan": ("CNY",),
    "renminbi": ("CNY",),
    "人民币": ("CNY",),
    "人民幣": ("CNY",),
    "元": ("CNY", "TWD", "HKD", "USD"),
    "圆": ("CNY", "JPY"),
    "圓": ("CNY", "TWD", "JPY"),
    "¥": ("CNY", "JPY"),
    "jpy": ("JPY",),
    "yen": ("JPY",),
    "日元": ("JPY",),
    "usd": ("USD",),
    "us$": ("USD",),
    "美元": ("USD",),
    "美金": ("USD",),
    "$": ("USD", "HKD", "TWD", "AUD", "CAD", "SGD"),
    "dollar": ("USD", "HKD", "TWD", "AUD", "CAD", "SGD"),
    "dollars": ("USD", "HKD", "TWD", "AUD", "CAD", "SGD"),
    "hkd": ("HKD",),
    "hk$": ("HKD",),
    "港元": ("HKD",),
    "港币": ("HKD",),
    "港幣": ("HKD",),
    "twd": ("TWD",),
    "nt$": ("TWD",),
    "新台币": ("TWD",),
    "新台幣": ("TWD",),
    "新臺幣": ("TWD",),
    "eur": ("EUR",),
    "€": ("EUR",),
    "euro": ("EUR",),
    "euros": ("EUR",),
    "欧元": ("EUR",),
    "歐元": ("EUR",),
    "gbp": ("GBP",),
    "£": ("GBP",),
    "pounds": ("GBP",),
    "英镑": ("GBP",),
    "英鎊": ("GBP",),
}
_CURRENCY = "(?:" + "|".join(map(re.escape, sorted(_CURRENCIES, key=len, reverse=True))) + ")"
# Folding turns a superscript exponent into a digit of 10: 7.77 × 10⁷.
_POWER = re.compile(r"(?<=\d)\s*[×x*·]\s*10(?:\^(\d{1,2})|([⁰¹²³⁴-⁹]{1,2}))")
_NUMBER = (
    rf"\d{{1,3}}(?:{_GROUP}\d{{3}})+(?:\.\d+)?|\d{{1,2}}(?:,\d\d)+,\d{{3}}(?:\.\d+)?|\d{{1,4}}(?:[, ]\d{{4}})+(?:\.\d+)?"
    r"|\d+(?:[.,]\d+)?(?:e\+?\d{1,2})?"
)
_LATIN = re.compile(
    rf"(?:(?P<before>{_CURRENCY})\s*)?(?<![\d.,])(?P<number>{_NUMBER})(?!\d)"
    rf"[\s)\]-]{{0,2}}(?P<scale>{_SCALE})?(?:\s*(?P<after>{_CURRENCY}))?"
)
# In "77.7–80 million" the first figure has the scale of the second; "77 million 700 thousand" is one figure.
_RANGE = re.compile(rf"\s*(?:-|to|and|or|~|至|到)\s*{_CURRENCY}?\s*(?:{_NUMBER})[\s-]?(?P<scale>{_SCALE})")
_REST = re.compile(rf"\s*(?:and\s+)?(?P<number>\d+)[\s-]?(?P<scale>{_SCALE})")
# Latin digits with the steps of Han numerals: 7千7百70万.
_MIXED = re.compile(r"(?:\d{1,4}[千百十])+\d{0,4}(?P<scale>[万萬亿億])?")
_STEP = re.compile(r"(\d+)([千百十]?)")
# Separators of other scripts, and the raised point.
_SEPARATORS = {ord("٬"): ",", ord("٫"): ".", ord("–"): "-", ord("—"): "-"}
_FRACTION = re.compile(r"(?<=\d)\s?(?:([½¼¾])|(?<=\s)([13]/[24])(?!\d))")
_FRACTIONS = {"½": ".5", "¼": ".25", "¾": ".75", "1/2": ".5", "1/4": ".25", "3/4": ".75"}
_RAISED_POINT = re.compile(r"(?<=\d)·(?=\d)")
_HAN_DIGITS = {
    character: value
    for value, row in enumerate(
        ("〇零", "一壹", "二两兩贰貳", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
    )
    for character in row
}
_HAN_STEPS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_HAN_SCALES = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_HAN_NUMERALS = f"[{''.join((*_HAN_DIGITS, *_HAN_STEPS, *_HAN_SCALES))}]"
_HAN = re.compile(
    rf"(?:(?P<before>{_CURRENCY})\s*)?(?P<number>{_HAN_NUMERALS}{{2,}}(?:[点點][{''.join(_HAN_DIGITS)}]+)?)"
    rf"(?P<scale>[万萬亿億]{{1,2}})?(?P<after>{_CURRENCY})?"
)
_ANY_HAN = re.compile(_HAN_NUMERALS)
# From so many digits on, a sequence of them is a number and not a year: 七七七〇〇〇〇〇.
_DIGIT_BY_DIGIT = 5
# The greatest distance between a figure and its unit.
_NEAR = 24

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TextFigure:
    """A figure in a text, its possible currencies, and the text before and after it in its element."""

    value: Decimal
    currencies: tuple[str, ...] = ()
    before: str = ""
    after: str = ""


def is_rare(value: Decimal) -> bool:
    """Whether two figures of this value are hardly the same by chance, whatever they are figures of."""
    return _count_digits(value) >= _DIGITS and abs(value) >= _LEAST


def is_rare_amount(value: Decimal) -> bool:
    """Whether two amounts of this value in one currency are hardly the same by chance."""
    return _count_digits(value) >= _DIGITS_MONEY and abs(value) >= _LEAST_MONEY


def is_rare_of_its_unit(value: Decimal) -> bool:
    """Whether two figures of this value and of one unit are hardly the same by chance."""
    return _count_digits(value) >= _DIGITS


def _count_digits(value: Decimal) -> int:
    return len(value.normalize().as_tuple().digits)


@dataclass(frozen=True, slots=True)
class _Wanted(Generic[T]):
    unit: str
    unit_words: tuple[str, ...]
    what: T


@dataclass(slots=True)
class FigureFinder(Generic[T]):
    """Searches texts for the values that were added."""

    _wanted: dict[Decimal, list[_Wanted[T]]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self._wanted)

    def add(self, value: Decimal, unit: str, unit_words: tuple[str, ...], what: T) -> None:
        """Adds a value with its unit, the folded words for the unit next to a figure, and the result to report."""
        self._wanted.setdefault(abs(value), []).append(_Wanted(unit, unit_words, what))

    def find(self, text: str) -> Iterator[T]:
        """Finds values in the text: a common value only next to its unit, and no value next to another currency."""
        for figure in _list_figures(text) if self._wanted else ():
            for wanted in self._wanted.get(figure.value, ()):
                if _is_figure_of(figure, wanted):
                    yield wanted.what


def _is_figure_of(figure: TextFigure, wanted: _Wanted[T]) -> bool:
    if figure.currencies:
        return wanted.unit in figure.currencies and is_rare_amount(figure.value)
    if is_rare(figure.value):
        return True
    return is_rare_of_its_unit(figure.value) and any(
        figure.before.endswith(word) or figure.after.startswith(word) for word in wanted.unit_words
    )


# What separates the values of an address or of a script.
_CODE_PIECE = re.compile(r"[?&=/;\"'()\0]+")
_WRITTEN_OUT = re.compile(
    rf"{_CURRENCY}?\s*(?:[1-9]\d{{0,2}}(?:{_GROUP}\d{{3}}){{2,}}|(?:{_NUMBER})[\s-]?(?:{_SCALE})|{_HAN_NUMERALS}{{3,}})\s*{_CURRENCY}?"
    rf"|{_CURRENCY}\s*(?:{_NUMBER})|(?:{_NUMBER})\s*{_CURRENCY}"
)
_LONGEST_WRITTEN = 40
# The length of the longest element whose figures are remembered.
_REMEMBERED = 4_000


def keep_written_figures(code: str) -> str:
    """Returns the pieces of ids, links and attributes that are a figure as people write it, and nothing else.

    Bare digits are left out, because such strings are full of sizes and coordinates; digits of full width are none of these.
    """
    pieces = (piece.strip() for piece in _CODE_PIECE.split(code))
    return BREAK.join(piece for piece in pieces if 0 < len(piece) <= _LONGEST_WRITTEN and _is_written_out(piece))


@lru_cache(maxsize=40_000)
def _is_written_out(piece: str) -> bool:
    folded = fold(piece)
    return _WRITTEN_OUT.fullmatch(folded) is not None or (folded != piece and folded.isdecimal())


def _list_figures(text: str) -> Iterator[TextFigure]:
    """Yields the figures of each element."""
    for element in text.split(BREAK):
        yield from _find_again(element) if len(element) <= _REMEMBERED else find_figures(element)


# The formats of a variant have the same elements.
@lru_cache(maxsize=40_000)
def _find_again(element: str) -> tuple[TextFigure, ...]:
    return tuple(find_figures(element))


def find_figures(text: str) -> Iterator[TextFigure]:
    """Yields every figure in the text, without its sign."""
    powers = _RAISED_POINT.sub(".", _POWER.sub(lambda match: f"e{match[1] or match[2]}", text.translate(_SEPARATORS)))
    fractions = _FRACTION.sub(lambda match: _FRACTIONS.get(match[1] or match[2], match[0]), powers)
    plain = fold(drop_invisible(fractions))
    for match in _LATIN.finditer(plain):
        for scale in _read_scales(plain, match):
            for number in _read_number(match["number"]):
                yield _describe(plain, match, number * scale)
        if (match["scale"]) and (rest := _REST.match(plain, match.end("scale"))):
            for number in _read_number(match["number"]):
                added = Decimal(rest["number"]) * _SCALES[rest["scale"]]
                yield _describe(plain, match, number * _SCALES[match["scale"]] + added)
    for match, value in find_number_words(plain):
        yield TextFigure(value, (), *_read_surroundings(plain, *match.span()))
    if plain.isascii() or _ANY_HAN.search(plain) is None:
        return
    for match in _HAN.finditer(plain):
        read = _read_han(match["number"])
        if read is not None:
            for scale_word in match["scale"] or "":
                read *= _HAN_SCALES[scale_word]
            yield _describe(plain, match, read)
    for match in _MIXED.finditer(plain):
        steps = sum(int(digits) * _HAN_STEPS.get(step, 1) for digits, step in _STEP.findall(match[0]))
        value = Decimal(steps * _HAN_SCALES.get(match["scale"], 1))
        yield TextFigure(value, (), *_read_surroundings(plain, *match.span()))


def _read_scales(plain: str, match: re.Match[str]) -> set[int]:
    """Returns the possible scales of a number: its own or, if it has none, also that of the end of its range."""
    if match["scale"]:
        return {_SCALES[match["scale"]]}
    end = _RANGE.match(plain, match.end("number"))
    return {1, _SCALES[end["scale"]]} if end else {1}


def _describe(plain: str, match: re.Match[str], value: Decimal) -> TextFigure:
    currency = match["before"] or match["after"]
    start, end = match.start("number"), max(match.end("number"), match.end("scale"))
    return TextFigure(value, _CURRENCIES[currency] if currency else (), *_read_surroundings(plain, start, end))


def _read_surroundings(plain: str, start: int, end: int) -> tuple[str, str]:
    """Returns the text before and after a figure in its element."""
    before = plain[max(start - _NEAR, 0) : start].rpartition(BREAK)[2].rstrip(" (")
    return before, plain[end : end + _NEAR].partition(BREAK)[0].lstrip(" -")


def _read_number(digits: str) -> Iterator[Decimal]:
    """Returns the values of Latin digits. "1.234" and "1,234" have two: as a group of three, and as a fraction."""
    if "e" in digits:
        yield Decimal(digits.replace(",", "."))
        return
    if re.fullmatch(rf"\d{{1,3}}(?:{_GROUP}\d{{3}})+", digits):
        yield Decimal(re.sub(_GROUP, "", digits))
        if re.fullmatch(r"\d+[.,]\d{3}", digits):
            yield Decimal(digits.replace(",", "."))
        return
    whole, point, fraction = digits.rpartition(".")
    if point:
        yield Decimal(f"{re.sub(_GROUP, '', whole)}.{fraction}")
    elif re.fullmatch(r"\d+,\d{1,2}|\d{5,},\d+", digits):
        yield Decimal(digits.replace(",", "."))
    else:
        yield Decimal(re.sub(_GROUP, "", digits))


def _read_han(numerals: str) -> Decimal | None:
    """Returns the value of a Han numeral; None if it is a short sequence of digits, such as a year, or only multipliers."""
    whole, _, fraction = numerals.replace("點", "点").partition("点")
    if len(whole) >= _DIGIT_BY_DIGIT and all(character in _HAN_DIGITS for character in whole):
        return Decimal("".join(str(_HAN_DIGITS[character]) for character in whole))
    total = section = digit = 0
    if not any(character in _HAN_DIGITS for character in whole):
        return None
    for character in whole:
        if character in _HAN_DIGITS:
            if digit:
                return None
            digit = _HAN_DIGITS[character]
        elif character in _HAN_STEPS:
            section += (digit or 1) * _HAN_STEPS[character]
            digit = 0
        else:
            scale = _HAN_SCALES[character]
            total = (total + section + digit) * scale if scale > total else total + (section + digit) * scale
            section = digit = 0
    value = Decimal(total + section + digit)
    return value + Decimal(f"0.{''.join(str(_HAN_DIGITS[each]) for each in fraction)}") if fraction else value
