"""Applies conditions such as `2026-03` or `">= 1000"` to the values of a column, and sorts the values of keys."""

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation

from brief.reading.tables.key_periods import find_period_notation

_CONDITION = re.compile(r"(?P<sign>>=|<=|!=|=|>|<)?\s*(?P<value>.*)", re.DOTALL)
_COMPARISONS: Mapping[str, Callable[[int], bool]] = {
    "=": lambda order: order == 0,
    "!=": lambda order: order != 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
}
_DIGIT = re.compile(r"\d")
_DIGITS = re.compile(r"(\d+)")
# Dates and quarters that do not begin with their year: 31.12.2025, 12/2025, Q4 2025, 31/12/25.
_YEAR_LAST = re.compile(r"(?!(19|20)\d\d(\D|$)).*(?<!\d)(19|20)\d\d(?!\d)|\d{1,2}([./-])\d{1,2}\4\d{2}")
# A year or a part of a year, which contains months or days.
_SPAN = re.compile(r"(19|20)\d\d(-(\d\d|[QH]\d|W\d\d))?")


class ConditionError(ValueError):
    """A condition cannot be applied to a value, or values cannot be sorted. `hint` says what to write."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def meets(value: str | Decimal | None, condition: str) -> bool:
    """Returns whether a value meets a condition. The value is the text of a key, the figure of a cell, or None for an empty
    cell, which meets no condition.

    Keys are equal if they are the same text. They are ordered as numbers if both are numbers, and as texts if both have
    the same form, such as months (`2026-03`) or names. A month is neither before nor after its own year.

    Raises:
        ConditionError: the value and the condition cannot be compared.
    """
    match = _CONDITION.fullmatch(condition.strip())
    sign, operand = (match["sign"] or "=", match["value"].strip()) if match else ("=", condition)
    compare = _COMPARISONS[sign]
    if isinstance(value, str):
        if sign in {"=", "!="}:
            return (value == operand) == (sign == "=")
        return compare(_compare_keys(value, operand))
    number = _read_number(operand)
    if number is None:
        raise ConditionError(
            f"'{operand}' is not a number, but the column contains figures", 'write {column: ">= 1000"}'
        )
    return value is not None and compare((value > number) - (value < number))


def normalise_periods(condition: str) -> str:
    """Returns a condition on periods with its value in the notation of keys: `>= 2025-Q4` for `>= Q4 2025`."""
    match = _CONDITION.fullmatch(condition.strip())
    notation = find_period_notation(match["value"]) if match else None
    return f"{match['sign'] or ''} {notation}".strip() if match and notation else condition


def sort_keys(values: Iterable[str]) -> list[str]:
    """Sorts the values of a key column: as numbers if all are numbers, otherwise as texts in which digits are compared as
    numbers (route-7 before route-12).

    Raises:
        ConditionError: the values are dates that do not begin with the year.
    """
    all_values = list(values)
    numbers = [_read_number(value) for value in all_values]
    if all(number is not None for number in numbers):
        return sorted(all_values, key=Decimal)
    for value in all_values:
        _require_year_first(value)
    return sorted(all_values, key=_split_numbers)


def _compare_keys(value: str, other: str) -> int:
    """Returns -1, 0 or 1 if the value is before, equal to (or within) or after the other.

    Raises:
        ConditionError: they cannot be ordered.
    """
    numbers = _read_number(value), _read_number(other)
    if numbers[0] is not None and numbers[1] is not None:
        return (numbers[0] > numbers[1]) - (numbers[0] < numbers[1])
    for key in (value, other):
        _require_year_first(key)
    # A month can be compared with a year, but a year cannot be compared with "total".
    forms = sorted((_DIGIT.sub("0", value), _DIGIT.sub("0", other)), key=len)
    has_digits = [bool(_DIGIT.search(key)) for key in (value, other)]
    if any(has_digits) and not forms[1].startswith(forms[0]):
        raise ConditionError(
            f"'{value}' and '{other}' cannot be ordered", "list the values that you want: {column: [first, second]}"
        )
    if _SPAN.fullmatch(other) and value.startswith(f"{other}-"):
        # March 2025 is neither before nor after 2025.
        return 0
    first, second = (_split_numbers(key) for key in (value, other))
    return (first > second) - (first < second)


def _require_year_first(value: str) -> None:
    """Refuses to order a date such as 31.12.2025, which as a text is after 01.03.2026."""
    if _YEAR_LAST.fullmatch(value):
        raise ConditionError(
            f"'{value}' cannot be ordered, because its year is not first", "write such values as 2026-03-01 or 2026-Q1"
        )


def _split_numbers(value: str) -> list[str | int]:
    """Splits a value into texts and, between them, numbers, so that route-7 is before route-12."""
    return [int(part) if index % 2 else part for index, part in enumerate(_DIGITS.split(value))]


def _read_number(text: str) -> Decimal | None:
    """Returns the number that the text consists of; None if it is not a finite number."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
