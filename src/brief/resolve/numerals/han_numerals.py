"""Reads numbers in Han and Hangul numerals: 七千七百七十万, 柒仟柒佰柒拾萬, 칠천칠백칠십만, 7千7百70万."""

import math
import re
from decimal import Decimal

_DIGITS = {
    character: value
    for value, row in enumerate(
        (
            *("〇零영", "一壹壱일", "二两兩贰貳弐이", "三叁參参삼", "四肆사"),
            *("五伍오", "六陆陸육륙", "七柒칠", "八捌팔", "九玖구"),
        )
    )
    for character in row
}
_STEPS = {
    "十": 10,
    "拾": 10,
    "십": 10,
    "百": 100,
    "佰": 100,
    "백": 100,
    "千": 1000,
    "仟": 1000,
    "천": 1000,
}
_SCALES = {
    "万": 10**4,
    "萬": 10**4,
    "만": 10**4,
    "亿": 10**8,
    "億": 10**8,
    "억": 10**8,
    "兆": 10**12,
    "조": 10**12,
}
_ANY_STEP, _ANY_SCALE = "".join(_STEPS), "".join(_SCALES)
NUMERALS = f"[{''.join((*_DIGITS, *_STEPS, *_SCALES))}]"
ANY_NUMERAL = re.compile(rf"{NUMERALS}|分[之の]|분의")
NUMBER = re.compile(
    rf"(?P<number>{NUMERALS}{{2,}}(?:[点點][{''.join(_DIGITS)}]+)?|{NUMERALS}[点點][{''.join(_DIGITS)}]+)"
    rf"(?P<scale>[{_ANY_STEP}]?[{_ANY_SCALE}]{{0,2}})"
)
# 三分之二 and 3分の2: the second number is the numerator.
_SMALL = rf"(?:{NUMERALS}{{1,3}}|(?<!\d)\d{{1,3}}(?!\d))"
SHARE = re.compile(rf"(?P<whole>{_SMALL})(?:分[之の]|분의\s?)(?P<part>{_SMALL})")
# Latin digits with the steps of Han numerals: 7千7百70万.
MIXED = re.compile(rf"(?:\d{{1,4}}[{_ANY_STEP}])+\d{{0,4}}(?P<scale>[{_ANY_SCALE}])?")
_MIXED_STEP = re.compile(rf"(\d+)([{_ANY_STEP}]?)")
_SPELT = re.compile(rf"([{''.join(_DIGITS)}]+)([{_ANY_SCALE}]*)")
# A sequence of at least this many digits is a number and not a year: 七七七〇〇〇〇〇.
_DIGIT_BY_DIGIT = 5
_SPACE_BEFORE_STEP = re.compile(
    rf"(?<=[\d{NUMERALS[1:]}) (?=[{_ANY_STEP}{_ANY_SCALE}])|(?<=[{_ANY_STEP}{_ANY_SCALE}]) (?=\d)"
)
_SPACE_AFTER_STEP = re.compile(rf"(?<=[{_ANY_STEP}{_ANY_SCALE}]) (?={NUMERALS})")


def read_number(numerals: str) -> Decimal | None:
    """Returns the value of a numeral.

    Returns None for a short sequence of digits, such as a year; for steps and scales without a digit; and for two
    digits in a row among steps.
    """
    integer, _, fraction = numerals.replace("點", "点").partition("点")
    spelt = _SPELT.fullmatch(integer)
    if spelt and len(spelt[1]) >= (2 if spelt[2] or fraction else _DIGIT_BY_DIGIT):
        value = Decimal("".join(str(_DIGITS[character]) for character in spelt[1]))
        for scale in spelt[2]:
            value *= _SCALES[scale]
    else:
        number = _read_steps(integer)
        if number is None:
            return None
        value = Decimal(number)
    return value + Decimal(f"0.{''.join(str(_DIGITS[each]) for each in fraction)}") if fraction else value


def _read_steps(numerals: str) -> int | None:
    """Returns the value of a numeral with steps, as 七千七百七十万; None without a digit, or with two digits in a row."""
    total = section = digit = 0
    if not any(character in _DIGITS for character in numerals):
        return None
    previous_unit = 1
    for character in numerals:
        if character in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[character]
            # 一万零五 is 10,005, and 一万五 is 15,000.
            previous_unit = previous_unit if digit else 1
            continue
        if character in _STEPS:
            previous_unit = _STEPS[character]
            section += (digit or 1) * previous_unit
        else:
            previous_unit = _SCALES[character]
            total = (
                (total + section + digit) * previous_unit
                if previous_unit > total
                else total + (section + digit) * previous_unit
            )
            section = 0
        digit = 0
    return total + section + digit * (previous_unit // 10 if previous_unit >= 100 else 1)


def read_scale(numerals: str) -> int:
    """Returns the product of steps and scales: 万亿, 千万; 1 for an empty text."""
    return math.prod(_STEPS.get(character) or _SCALES[character] for character in numerals)


def join_steps(text: str) -> str:
    """Removes the spaces between the steps of a number: 7천 7백 70만."""
    return _SPACE_BEFORE_STEP.sub("", text)


def join_numerals(text: str) -> str:
    """Removes the spaces after steps: 칠천 칠백 칠십만. They may also have separated two numbers."""
    return _SPACE_AFTER_STEP.sub("", text)


def read_mixed(match: re.Match[str]) -> Decimal:
    """Returns the value of a match of `MIXED`."""
    steps = sum(int(digits) * _STEPS.get(step, 1) for digits, step in _MIXED_STEP.findall(match[0]))
    return Decimal(steps * _SCALES.get(match["scale"], 1))


def read_share(match: re.Match[str]) -> Decimal | None:
    """Returns the value of a match of `SHARE`; None if it is 0, greater than 1, or cannot be read."""
    whole, part = (_read_small(match[name]) for name in ("whole", "part"))
    return Decimal(part) / whole if whole and part and part <= whole else None


def _read_small(numerals: str) -> int | None:
    if numerals.isdecimal() and numerals.isascii():
        return int(numerals)
    return _DIGITS[numerals] if numerals in _DIGITS else _read_steps(numerals)
