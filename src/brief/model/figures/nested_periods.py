"""Finds periods that are parts of others, such as 2026-Q1 beside 2026."""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

T = TypeVar("T")


def find_nested(ranges: Iterable[tuple[date, date, T]]) -> tuple[T, T] | None:
    """Returns an item and another one whose days are a part of its days; None if there are no such items.

    Each range is given as its first day, the day after its last one, and its item. Equal ranges are not parts of each other.
    """
    ordered = sorted(ranges, key=lambda each: (each[0], -each[1].toordinal()))
    if not ordered:
        return None
    longest = ordered[0]
    for each in ordered[1:]:
        if each[1] <= longest[1] and each[:2] != longest[:2]:
            return longest[2], each[2]
        longest = max(longest, each, key=lambda other: other[1])
    return None
