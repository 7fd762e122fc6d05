"""Finds typed numbers of headings, as in "1. Demand", "Chapter 2: Supply", "1.1 Prices", "第三章 供给" and "IV. Risks"."""

import re
from collections.abc import Sequence

from brief.model.han import DENSE

_HAN = [*"一二三四五六七八九", "十", *(f"十{digit}" for digit in "一二三四五六七八九"), "二十"]
_ROMAN = [
    "I",
    "II",
    "III",
    "IV",
    "V",
    "VI",
    "VII",
    "VIII",
    "IX",
    "X",
    "XI",
    "XII",
    "XIII",
    "XIV",
    "XV",
    "XVI",
    "XVII",
    "XVIII",
    "XIX",
    "XX",
]
_VALUES = {text: value for texts in (_HAN, _ROMAN) for value, text in enumerate(texts, 1)}
_CHAPTER = re.compile(
    r"(?:(?:chapter|section|part|kapitel|abschnitt|teil|chapitre|partie|capítulo|sección|parte)\s+"
    r"(?P<named>\d{1,2}|[IVX]+)(?:\s*[.:：–—]\s*|\s+)"
    r"|第\s*(?P<counted>\d{1,2}|[一二三四五六七八九十]{1,3})\s*[章节節部编編]\s*[:：]?\s*"
    r"|제\s*(?P<korean>\d{1,2})\s*[장절부]\s*[:：.]?\s*"
    r"|(?P<han>[一二三四五六七八九十]{1,3})、\s*"
    r"|(?P<roman>[IVX]+)[.)]\s+"
    rf"|(?P<marked>\d{{1,2}})(?:[.)]\s+|[.．、)）]\s*(?=[{DENSE}]))"
    r"|(?P<bare>\d{1,2})\s+)(?=\S)",
    re.IGNORECASE,
)
_PART = re.compile(r"(?P<chapter>\d{1,2})(?:\.\d{1,2}){1,5}\.?\s+(?=\S)")
# One title such as "1 Fund" may begin with a figure.
_MIN_BARE = 2


def match_numbers(titles: Sequence[str]) -> list[str]:
    """Returns the number that each title begins with, with its punctuation and spaces, or "".

    All are "" unless the numbers have one notation and count from 1 without a gap.
    """
    matches = [_CHAPTER.match(title) for title in titles]
    numbered = [match for match in matches if match]
    kinds = {match.lastgroup for match in numbered}
    values = [_read_number(str(match[match.lastgroup or 0])) for match in numbered]
    if len(kinds) != 1 or values != list(range(1, len(values) + 1)) or (kinds == {"bare"} and len(values) < _MIN_BARE):
        return [""] * len(titles)
    return [match[0] if match else "" for match in matches]


def match_part_numbers(titles: Sequence[str], chapter: int) -> list[str]:
    """Returns the number such as "2.1 " that each heading within the chapter begins with, or "".

    All are "" unless the first number is that of the first section, such as 2.1: "2.5 tonnes" may be a figure.
    """
    matches = [_PART.match(title) for title in titles]
    numbers = [match[0] if match and int(match["chapter"]) == chapter else "" for match in matches]
    first = next((number for number in numbers if number), "")
    return numbers if first.strip().rstrip(".") == f"{chapter}.1" else [""] * len(titles)


def _read_number(text: str) -> int:
    return int(text) if text.isdecimal() else _VALUES.get(text.upper(), 0)
