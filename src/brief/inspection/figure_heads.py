"""Reads scales and currencies before figures: "RMB million", "US$'000", "in thousands", "万元".

They are the heads of columns and the units of whole tables, but also words before a figure in a sentence.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from brief.inspection.scale_words import CURRENCIES, CURRENCY, NO_SCALE, SCALE, find_scales
from brief.resolve.numerals.han_numerals import NUMERALS

_THOUSANDS = "'000"
_MIN_CODE_LENGTH = 3
_WORD = rf"{SCALE}|{_THOUSANDS}(?!\d)"
# Unlike `CURRENCY`, also directly before a letter: "cnym".
_ANY_CURRENCY = "|".join(sorted(map(re.escape, CURRENCIES), key=len, reverse=True))
# "meur" is a million euros.
_CODES = "|".join(word for word in CURRENCIES if word.isascii() and word.isalpha() and len(word) >= _MIN_CODE_LENGTH)
_UNIT = r"(?:\bin\s|单位:\s?|單位:\s?)"
_HEAD = re.compile(
    rf"(?<![a-z])(?P<currency>{_ANY_CURRENCY})[\s(]{{0,2}}(?:in\s)?(?P<scale>{_WORD})(?:\s?{CURRENCY})?"
    rf"|{_UNIT}?(?<![\d.a-z])(?<!\d[\s-])(?<!{NUMERALS})(?P<first>{SCALE})\s?(?:of\s)?(?P<last>{CURRENCY})"
    rf"|{_UNIT}(?P<alone>{_WORD})"
    rf"|(?<![a-z])(?P<glued>mn|bn|[mkb])(?P<of>{_CODES})(?![a-z])"
)


class FigureHead(NamedTuple):
    """What the figures below or beside a head may be multiplied by, their possible currencies, and the span of the
    head.

    The span is 0 to 0 if the head is not in the same text as the figure.
    """

    scales: tuple[int, ...]
    currencies: tuple[str, ...]
    start: int = 0
    end: int = 0


def find_heads(plain: str) -> Iterator[FigureHead]:
    """Yields the heads in a folded text with unified signs."""
    for match in _HEAD.finditer(plain):
        word = match["scale"] or match["first"] or match["alone"] or match["glued"]
        scales = (10**3,) if word == _THOUSANDS else find_scales(word)
        currency = match["currency"] or match["last"] or match["of"]
        if currency:
            yield FigureHead(tuple(set(scales) - {NO_SCALE}), CURRENCIES[currency], *match.span())
        elif NO_SCALE not in scales:
            # "In m" may be metres.
            yield FigureHead(scales, (), *match.span())
