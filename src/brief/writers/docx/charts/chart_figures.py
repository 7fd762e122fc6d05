"""A chart's values with number format codes or fixed labels, so that Word and Excel show them as they are printed
elsewhere.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from brief.model.record import dataclass
from brief.model.variant import Chart, Point

_MINUS = "\u2212"
# A number with the separators of any language that groups digits by threes.
_NUMBER = re.compile("[0-9](?:[0-9.,'\u2019\u00a0\u202f]*[0-9])?")
_ENGLISH = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?|[0-9]+(\.[0-9]+)?")
# A format code has at most two conditions (18.8.31), and so three groups of digits.
_MAX_GROUPED = 1_000_000_000
# Excel's limit for a format code, in characters.
_MAX_CODE_LENGTH = 255


@dataclass(frozen=True, slots=True)
class FormattedValue:
    """A value, and the code of the number format in which it is shown (ECMA-376 part 1, 18.8.31), such as `"about
    "0.0`.

    `label` is the text to show instead if no format code produces it, such as a number in another numeral system or in
    a different scale; otherwise None. A missing figure has a label but no value.
    """

    value: Decimal | None
    code: str
    label: str | None = None


def format_chart_values(chart: Chart) -> list[list[FormattedValue]] | None:
    """Formats a row for each series; returns None if a value is not printed as a single number with text around it."""
    return _format_rows([series.points for series in chart.series])


def format_ticks(ticks: Sequence[Point]) -> str | None:
    """Returns the format code with which an axis prints all its ticks, or None if no single code does."""
    rows = _format_rows([ticks])
    figures = [figure for row in rows or () for figure in row]
    if not figures:
        return None
    if any(figure.label is not None for figure in figures):
        return _format_grouped_ticks(ticks)
    return max((figure.code for figure in figures), key=len)


def _format_grouped_ticks(ticks: Sequence[Point]) -> str | None:
    """Returns the format code of whole numbers whose digits are grouped by threes with some other separator than a
    comma, as in German; None if the ticks are different.

    The separator is quoted in the code. A comma in a code would be shown as the separator of the reader's system.
    """
    numbers = [_NUMBER.search(tick.text) for tick in ticks]
    separators = {sign for number in numbers if number for sign in number[0] if not "0" <= sign <= "9"}
    if len(separators) != 1:
        return None
    (separator,) = separators
    around = {
        (tick.text[: number.start()], tick.text[number.end() :])
        for tick, number in zip(ticks, numbers, strict=True)
        if number
    }
    for tick, number in zip(ticks, numbers, strict=True):
        value = tick.value
        is_plain = value is not None and 0 <= value < _MAX_GROUPED and value == int(value)
        if not is_plain or number is None or number[0] != f"{int(value or 0):,}".replace(",", separator):
            return None
    if len(around) != 1:
        return None
    ((before, after),) = around
    first, last, sign = _quote_literal(before), _quote_literal(after), _quote_literal(separator)
    groups = ("0", f"0{sign}000", f"0{sign}000{sign}000")
    conditions = ("[<1000]", "[<1000000]", "")
    return ";".join(f"{when}{first}{group}{last}" for when, group in zip(conditions, groups, strict=True))


def _format_rows(rows: Sequence[Sequence[Point]]) -> list[list[FormattedValue]] | None:
    formatted = [[_format_value(point) for point in row] for row in rows]
    figures = [[figure for figure in row if figure is not None] for row in formatted]
    return figures if figures == formatted else None


def _format_value(point: Point) -> FormattedValue | None:
    if point.value is None:
        return FormattedValue(None, "General", point.text)
    if point.low is not None and point.high is not None and point.low != point.high:
        return None
    match = _NUMBER.search(point.text)
    # Digits of a range or of a name are not the value.
    if match is None or _NUMBER.search(point.text, match.end()):
        return None
    before, after = point.text[: match.start()], point.text[match.end() :]
    is_negative = before.endswith((_MINUS, "-"))
    if is_negative:
        before = before[:-1]
    digits = Decimal(re.sub("[^0-9]", "", match[0]))
    if (point.value < 0) is not (is_negative and digits != 0):
        return None
    decimals = match[0].partition(".")[2] if _ENGLISH.fullmatch(match[0]) else ""
    places = len(decimals) if digits == 0 == point.value else _count_places(digits, abs(point.value))
    if places is None:
        return None
    number = "#,##0" + ("." + "0" * max(0, places) if places > 0 else "")
    labelled = FormattedValue(point.value, f"{number};{_quote_literal(_MINUS)}{number}", point.text)
    if not _ENGLISH.fullmatch(match[0]) or len(decimals) != places:
        return labelled
    number = number if "," in match[0] else number.replace("#,##", "")
    code = _quote_literal(before) + number + _quote_literal(after)
    if point.value < 0:
        # Excel writes a hyphen for the sign unless the format of negative numbers says otherwise.
        code = f"{code};{_quote_literal(before + _MINUS)}{number}{_quote_literal(after)}"
    return FormattedValue(point.value, code) if len(code) <= _MAX_CODE_LENGTH else labelled


def _count_places(digits: Decimal, value: Decimal) -> int | None:
    """Returns how many of the printed digits are decimals, or None if they are not the digits of the value.

    The result is negative if the digits count thousands, millions or the like.
    """
    if 0 in (value, digits):
        return 0 if digits == value else None
    shift = digits.normalize().adjusted() - value.normalize().adjusted()
    return shift if digits.scaleb(-shift) == value else None


def _quote_literal(text: str) -> str:
    """Quotes a text for a format code. Quotation marks in the text are outside the quoted parts, each after a
    backslash.
    """
    return "".join('\\"' if part == '"' else f'"{part}"' for part in re.split('(")', text) if part)
