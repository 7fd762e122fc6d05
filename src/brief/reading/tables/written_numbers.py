"""Reads numbers in the notations of files, with separators of thousands if these cannot be decimal marks."""

import re
from decimal import Decimal

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?")
# Separators of thousands besides comma and point: spaces and apostrophes.
_SEPARATORS = " \u00a0\u2009\u202f'\u2019"
# Lakhs and crores, as in India, Pakistan, Nepal and Bangladesh: 12,34,567.
INDIAN = r"[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}"
# Switzerland and Liechtenstein: 12'345.6. No language has an apostrophe before decimals.
SWISS = r"[1-9][0-9]{0,2}(?:'[0-9]{3})+|[1-9][0-9]{0,2}(?:\u2019[0-9]{3})+"
SPACED = "[1-9][0-9]{0,2}(?:[ \u00a0\u2009\u202f][0-9]{3})+"
# Numbers whose separators cannot be decimal marks.
_UNAMBIGUOUS = re.compile(rf"[+-]?(?P<whole>{INDIAN}|{SWISS})(?:\.[0-9]+)?")
# The length of the longest text that is read as a number.
_MAX_NUMBER_LENGTH = 30


def parse_number(text: str, decimal: str | None) -> Decimal | None:
    """Reads a number; returns None if the text is not a number, or may be one of two.

    `decimal` is the decimal mark that the record declares, "." or ",". If it is None, the decimal mark is a point, and
    thousands may be separated only in ways in which decimals never are: 12'345.6, 12,34,567.
    """
    text = text.replace("\u2212", "-", 1) if text.startswith("\u2212") else text
    if len(text) > _MAX_NUMBER_LENGTH:
        return None
    if decimal is None:
        if (match := _UNAMBIGUOUS.fullmatch(text)) is not None:
            text = text.replace(match["whole"], re.sub("[,'\u2019]", "", match["whole"]))
        return Decimal(text) if _NUMBER.fullmatch(text) else None
    mark, other = (",", ".") if decimal == "," else (".", ",")
    whole, _, decimals = text.partition(mark)
    # No group begins with a zero: 0,125 is a fraction.
    separator = f"[{re.escape(other + _SEPARATORS)}]"
    if re.fullmatch(rf"[+-]?[1-9][0-9]{{0,2}}(?:({separator})[0-9]{{3}})(?:\1[0-9]{{3}})*", whole) or (
        other == "," and re.fullmatch(rf"[+-]?{INDIAN}", whole)
    ):
        whole = re.sub(separator, "", whole)
    if other in whole or (mark in text and not decimals):
        return None
    text = f"{whole}.{decimals}" if decimals else whole
    return Decimal(text) if _NUMBER.fullmatch(text) else None


# Durations such as 42:15, 7 min 30 s and 7'30", and times as workbooks store them.
_DURATION = re.compile(
    r"-?[0-9]+:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?|-?[0-9]+ days?, .*|1900-01-[0-9]{2}( .*)?|PT[0-9].*"
    r"|[0-9]+\s*(h|hrs?|min|m|['\u2019\u2032]|小[时時]|時間|分[钟鐘]?)\s*[0-9]{1,2}\s*(min|m|s|sec|[\"\u201d\u2033]|秒|分[钟鐘]?)?"
)
# Bounds such as <0.001 and ≥ 5.
_BOUND = re.compile(r"[<>≤≥~≈]\s*[0-9].*")
_FIGURE = r"[+\u2212-]?[0-9][0-9.,]*"
# Ranges such as 1.08–1.73.
_RANGE = re.compile(rf"{_FIGURE}\s*([\u2013\u2014~～至]|to|-)\s*{_FIGURE}\s*[^\d\s]{{0,10}}")
# Intervals such as 5 ± 0.3 and 5.2 (4.1–6.3).
_INTERVAL = re.compile(rf"{_FIGURE}\s*(±.*|[(\[（].*[)\]）])")
# Figures with a mark that statistical offices explain below their tables: 60.1 p, 12.4(e), 22.1², 3*.
_MARKED = re.compile(rf"({_FIGURE})\s*(\(?[a-zA-Z]\)|[a-zA-Z]|[*†‡§¹²³⁴⁵]{{1,3}})")
# Figures with a unit such as 7.5 min.
_WITH_UNIT = re.compile(rf"({_FIGURE})\s*[^\W\d_]{{1,10}}\.?")


def suggest_number(text: str, decimal: str | None) -> str | None:
    """Returns a hint how to write or declare a text that is a number in some notation; None for any other text."""
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
    if (match := _MARKED.fullmatch(text)) is not None:
        return (
            f"write {match[1]}; explain a mark such as '{match[2]}' in 'note:' of the table, and write a unit in 'unit:' of "
            "the column"
        )
    if _INTERVAL.fullmatch(text):
        return (
            "leave only the figure in the cell, and put the rest, such as the two ends of a range, into other columns"
        )
    if (match := _WITH_UNIT.fullmatch(text)) is not None:
        return f"write {match[1]}, and the unit in 'unit:' of the column"
    if not re.fullmatch(rf"[+-]?[0-9][0-9.,{re.escape(_SEPARATORS)}]*", text):
        return None
    removal = "or remove the separators of thousands"
    if re.fullmatch(rf"[+-]?{INDIAN}(?:\.[0-9]+)?", text):
        return f'lakhs are separated as in India, where the decimal mark is a point: write decimal: ".", {removal}'
    if re.fullmatch(rf"[+-]?(?:{SWISS})(?P<decimals>[.,][0-9]+)?", text):
        mark = "," if "," in text else "."
        return f'thousands are separated by apostrophes, as in Switzerland: write decimal: "{mark}", {removal}'
    if decimal is None:
        return f'name the decimal mark with decimal: "." or decimal: ",", {removal}'
    other = "," if decimal == "." else "."
    return f'write decimal: "{other}", {removal}'
