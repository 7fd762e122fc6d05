"""Reads numbers as files write them, with separators of thousands where these cannot be decimal marks."""

import re
from decimal import Decimal

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?")
# Separators of thousands, in addition to the mark that is not the decimal one: spaces and apostrophes (Swiss).
_GROUPS = " \u00a0\u2009\u202f'\u2019"
# Lakhs and crores, as in India, Pakistan, Nepal and Bangladesh: 12,34,567.
INDIAN = r"[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}"
# Switzerland and Liechtenstein: 12'345.6. No language has an apostrophe before decimals.
SWISS = r"[1-9][0-9]{0,2}(?:'[0-9]{3})+|[1-9][0-9]{0,2}(?:\u2019[0-9]{3})+"
SPACED = "[1-9][0-9]{0,2}(?:[ \u00a0\u2009\u202f][0-9]{3})+"
_UNMISTAKABLE = re.compile(rf"[+-]?(?P<whole>{INDIAN}|{SWISS})(?:\.[0-9]+)?")
# The longest text of a cell that is read as a number.
_LONGEST_NUMBER = 30


def parse_number(text: str, decimal: str | None) -> Decimal | None:
    """Reads a number whose decimal mark is `decimal`; returns None if the text is no number, or may be either of two.

    Without a decimal mark, thousands may be separated only in a way that no decimals are written: 12'345.6, 12,34,567.
    """
    text = text.replace("\u2212", "-", 1) if text.startswith("\u2212") else text
    if len(text) > _LONGEST_NUMBER:
        return None
    if decimal is None:
        if (found := _UNMISTAKABLE.fullmatch(text)) is not None:
            text = text.replace(found["whole"], re.sub("[,'\u2019]", "", found["whole"]))
        return Decimal(text) if _NUMBER.fullmatch(text) else None
    mark, other = (",", ".") if decimal == "," else (".", ",")
    whole, _, decimals = text.partition(mark)
    # No group begins with a zero: 0,125 is a fraction.
    separator = f"[{re.escape(other + _GROUPS)}]"
    if re.fullmatch(rf"[+-]?[1-9][0-9]{{0,2}}(?:({separator})[0-9]{{3}})(?:\1[0-9]{{3}})*", whole) or (
        other == "," and re.fullmatch(rf"[+-]?{INDIAN}", whole)
    ):
        whole = re.sub(separator, "", whole)
    if other in whole or (mark in text and not decimals):
        return None
    text = f"{whole}.{decimals}" if decimals else whole
    return Decimal(text) if _NUMBER.fullmatch(text) else None


# A duration such as 42:15, 7 min 30 s or 7'30", a time as workbooks store it, a bound such as <0.001 or ≥ 5, a range such
# as 1.08–1.73, what follows a figure in 5 ± 0.3 and 5.2 (4.1–6.3), and a unit as in 7.5 min.
_DURATION = re.compile(
    r"-?[0-9]+:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?|-?[0-9]+ days?, .*|1900-01-[0-9]{2}( .*)?|PT[0-9].*"
    r"|[0-9]+\s*(h|hrs?|min|m|['\u2019\u2032]|小[时時]|時間|分[钟鐘]?)\s*[0-9]{1,2}\s*(min|m|s|sec|[\"\u201d\u2033]|秒|分[钟鐘]?)?"
)
_BOUND = re.compile(r"[<>≤≥~≈]\s*[0-9].*")
_FIGURE = r"[+\u2212-]?[0-9][0-9.,]*"
_RANGE = re.compile(rf"{_FIGURE}\s*([\u2013\u2014~～至]|to|-)\s*{_FIGURE}\s*[^\d\s]{{0,10}}")
_INTERVAL = re.compile(rf"{_FIGURE}\s*(±.*|[(\[（].*[)\]）])")
_WITH_UNIT = re.compile(rf"({_FIGURE})\s*[^\W\d_]{{1,10}}\.?")


def suggest_number(text: str, decimal: str | None) -> str | None:
    """Suggests how to write or declare a text that is a number in some form; returns None for any other text."""
    if text.startswith("(") and text.endswith(")"):
        return f"write -{text[1:-1]}"
    if text.endswith("%"):
        return "write unit: percent if the column contains percentages, otherwise the number alone"
    if _DURATION.fullmatch(text):
        return "write durations in one unit: 42:15 is 42.25 minutes, and 1:30:00 is 1.5 hours"
    if _BOUND.fullmatch(text):
        return "leave the cell empty, and write the figure as a claim, with qualifier: under, over, at-least, up-to or about"
    if _RANGE.fullmatch(text):
        return "put the two ends into two columns, or write a claim with 'low' and 'high'"
    if _INTERVAL.fullmatch(text):
        return "leave the figure alone in the cell, and put what surrounds it, such as the two ends of a range, into other columns"
    if (found := _WITH_UNIT.fullmatch(text)) is not None:
        return f"write {found[1]}, and the unit in 'unit:' of the column"
    if not re.fullmatch(rf"[+-]?[0-9][0-9.,{re.escape(_GROUPS)}]*", text):
        return None
    marks = "or remove what separates thousands"
    if re.fullmatch(rf"[+-]?{INDIAN}(?:\.[0-9]+)?", text):
        return f'lakhs are separated as in India, beside which the decimal mark is a point: say decimal: ".", {marks}'
    if re.fullmatch(rf"[+-]?(?:{SWISS})(?P<decimals>[.,][0-9]+)?", text):
        mark = "," if "," in text else "."
        return f'thousands are separated by apostrophes, as in Switzerland: say decimal: "{mark}", {marks}'
    if decimal is None:
        return f'say which mark is the decimal one, decimal: "." or decimal: ",", {marks}'
    other = "," if decimal == "." else "."
    return f'say decimal: "{other}", {marks}'
