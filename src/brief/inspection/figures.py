"""Finds figures in text and their values, in any notation.

"77,700,000", "77 700 000", "77.7 million", "77.7m", "0.0777 billion", "7770万", "七千七百七十万" and the same in full-width
digits are one value.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

# A smaller number, or one with fewer significant digits, may be a year or coincidence: it counts only with a currency.
_LEAST, _DIGITS, _DIGITS_MONEY = 10_000, 3, 2

_SCALES = {
    "thousand": 10**3,
    "k": 10**3,
    "million": 10**6,
    "mn": 10**6,
    "m": 10**6,
    "billion": 10**9,
    "bn": 10**9,
    "b": 10**9,
    "trillion": 10**12,
    "千": 10**3,
    "万": 10**4,
    "萬": 10**4,
    "百万": 10**6,
    "百萬": 10**6,
    "千万": 10**7,
    "千萬": 10**7,
    "亿": 10**8,
    "億": 10**8,
    "万亿": 10**12,
    "萬億": 10**12,
}
_GROUP = "[ ,.'’]"
_SCALE = "|".join(sorted((f"{word}(?![a-z])" if word.isascii() else word for word in _SCALES), key=len, reverse=True))
_CURRENCY = r"(?:rmb|cny|usd|eur|gbp|hkd|twd|jpy|yuan|dollars?|euros?|[¥$€£元])"
_LATIN = re.compile(
    rf"(?P<before>{_CURRENCY}\s*)?(?<![\d.,])"
    rf"(?P<number>\d{{1,3}}(?:{_GROUP}\d{{3}})+(?:\.\d+)?|\d+(?:[.,]\d+)?)(?!\d)"
    rf"\s?(?P<scale>{_SCALE})?(?P<after>\s*{_CURRENCY})?"
)
_HAN_DIGITS = {
    character: value
    for value, row in enumerate(("〇零", "一", "二两兩", "三", "四", "五", "六", "七", "八", "九"))
    for character in row
}
_HAN_STEPS = {"十": 10, "百": 100, "千": 1000}
_HAN_SCALES = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_HAN = re.compile(f"([{''.join((*_HAN_DIGITS, *_HAN_STEPS, *_HAN_SCALES))}]{{2,}})(元)?")


@dataclass(frozen=True, slots=True)
class TextFigure:
    """A figure in a text. `is_money` says that a currency is next to it."""

    value: Decimal
    is_money: bool

    @property
    def is_telling(self) -> bool:
        """Whether the figure is unlikely to occur by coincidence."""
        return is_telling(self.value, is_money=self.is_money)


def is_telling(value: Decimal, *, is_money: bool) -> bool:
    """Whether two figures of this value are unlikely to be equal by coincidence."""
    digits = len(str(value.normalize().as_tuple().digits).strip("()").replace(", ", "").rstrip(","))
    if is_money:
        return digits >= _DIGITS_MONEY and abs(value) >= 100
    return digits >= _DIGITS and abs(value) >= _LEAST


def find_figures(text: str) -> Iterator[TextFigure]:
    """Finds every figure in the text."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    for match in _LATIN.finditer(plain):
        is_money = bool(match["before"] or match["after"])
        scale = _SCALES[match["scale"]] if match["scale"] else 1
        yield from (TextFigure(number * scale, is_money) for number in _read_number(match["number"]))
    for match in _HAN.finditer(plain):
        value = _read_han(match[1])
        if value is not None:
            yield TextFigure(value, bool(match[2]))


def _read_number(digits: str) -> Iterator[Decimal]:
    """Reads Latin digits. "1.234" and "1,234" give both readings: a thousands group, and a fraction."""
    if re.fullmatch(rf"\d{{1,3}}(?:{_GROUP}\d{{3}})+", digits):
        yield Decimal(re.sub(_GROUP, "", digits))
        if re.fullmatch(r"\d+[.,]\d{3}", digits):
            yield Decimal(digits.replace(",", "."))
        return
    whole, point, fraction = digits.rpartition(".")
    if point:
        yield Decimal(f"{re.sub(_GROUP, '', whole)}.{fraction}")
    else:
        yield Decimal(digits.replace(",", "."))


def _read_han(numerals: str) -> Decimal | None:
    """Reads a Han numeral; None if it is a sequence of digits, such as a year, or only multipliers."""
    total = section = digit = 0
    if not any(character in _HAN_DIGITS for character in numerals):
        return None
    for character in numerals:
        if character in _HAN_DIGITS:
            if digit:
                return None
            digit = _HAN_DIGITS[character]
        elif character in _HAN_STEPS:
            section += (digit or 1) * _HAN_STEPS[character]
            digit = 0
        else:
            total = (
                (total + section + digit) * _HAN_SCALES[character]
                if total == 0 or _HAN_SCALES[character] > total
                else (total + (section + digit) * _HAN_SCALES[character])
            )
            section = digit = 0
    return Decimal(total + section + digit)
