"""A chart's values as numbers that Word and Excel print as we do: each with the format code that does it."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from brief.model.variant import Chart, Point

_MINUS = "\u2212"
_DIGITS = re.compile(f"[-{_MINUS}]?[0-9][0-9,]*(\\.[0-9]+)?")
# Characters that Excel takes of a format code.
_LONGEST_CODE = 255


@dataclass(frozen=True, slots=True)
class FormattedValue:
    """A value exactly as it is printed, and its number format (ECMA-376 part 1, 18.8.31): `"about "0.0`."""

    value: Decimal
    code: str


def format_chart_values(chart: Chart) -> list[list[FormattedValue]] | None:
    """A row for each series; None if some value is printed otherwise than as one number with words around it."""
    rows = [[_format_value(point) for point in series.points] for series in chart.series]
    found = [[figure for figure in row if figure is not None] for row in rows]
    return found if found == rows else None


def _format_value(point: Point) -> FormattedValue | None:
    match = _DIGITS.search(point.text)
    if match is None:
        return None
    digits, fraction = match[0], match[1] or ""
    value = Decimal(digits.replace(",", "").replace(_MINUS, "-"))
    step = Decimal(1).scaleb(1 - len(fraction)) if fraction else Decimal(1)
    before, after = point.text[: match.start()], point.text[match.end() :]
    # Digits of a range, of a name, or in the order of another language are not the value.
    if value != point.value.quantize(step, ROUND_HALF_UP) or _DIGITS.search(after):
        return None
    number = ("#,##0" if "," in digits else "0") + ("." + "0" * (len(fraction) - 1) if fraction else "")
    code = _quote_literal(before) + number + _quote_literal(after)
    if value < 0:
        # Excel writes a hyphen for the sign unless the format of negative numbers says otherwise.
        code = f"{code};{_quote_literal(before + _MINUS)}{number}{_quote_literal(after)}"
    return FormattedValue(value, code) if len(code) <= _LONGEST_CODE else None


def _quote_literal(words: str) -> str:
    """Words in quotes; a quotation mark among them stands alone behind a backslash."""
    return "".join('\\"' if part == '"' else f'"{part}"' for part in re.split('(")', words) if part)
