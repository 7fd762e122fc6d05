"""Rounds to significant digits or decimals if an author or a derivation asks for it, and adds "about" if the rounding
changes the figure considerably.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal

from babel.numbers import get_currency_precision

from brief.model.figures.quantity import Qualifier, Quantity
from brief.resolve.figures.units import is_currency

# Decimal's default precision of 28 digits is too small, and `quantize` fails beyond it; 100 digits are more than any
# figure has.
EXACT_CONTEXT = Context(prec=100)
_MILLION = 1_000_000
_ALL = 100
# The exponent of the last digit of a figure in millions with two decimals: 1.24 million is 124E+4.
_LAST_IN_MILLIONS = 4
# The direction of rounding that keeps a qualifier true: "more than 66.67" is more than 66, but not more than 67.
_DIRECTIONS = {
    Qualifier.OVER: ROUND_FLOOR,
    Qualifier.AT_LEAST: ROUND_FLOOR,
    Qualifier.UNDER: ROUND_CEILING,
    Qualifier.NEARLY: ROUND_CEILING,
    Qualifier.UP_TO: ROUND_CEILING,
}


def round_as_requested(quantity: Quantity, digits: int | None = None, *, is_derived: bool = False) -> Quantity:
    """Returns a quantity rounded to its own `digits` or `decimals`, if its record sets one of these, or else to the argument
    `digits`. Without any of these, it is unchanged.
    """
    if quantity.digits is None and quantity.decimals is not None:
        return _round(quantity, quantity.decimals, None, is_derived=is_derived)
    digits_kept = quantity.digits or digits
    return round_quantity(quantity, digits_kept, is_derived=is_derived) if digits_kept else quantity


def round_quantity(quantity: Quantity, digits: int, *, is_derived: bool = False) -> Quantity:
    """Rounds a quantity to the given number of significant digits, in the direction that its qualifier allows.

    An exact figure becomes "about" if rounding changes it by 5% or more, or turns another percentage into 100%. A figure of a
    source also becomes "about" if rounding removes at least as many digits as it keeps. For a computed figure, only digits
    before the point count, because its decimals mean nothing, whereas 11,000 looks exact.
    """
    return _round(quantity, None, digits, is_derived=is_derived)


def _round(quantity: Quantity, decimals: int | None, digits: int | None, *, is_derived: bool) -> Quantity:
    if quantity.qualifier is Qualifier.SEVERAL:
        return quantity
    ends = {name: end for name in ("value", "low", "high") if (end := getattr(quantity, name)) is not None}
    direction = _DIRECTIONS.get(quantity.qualifier, ROUND_HALF_UP)
    if quantity.qualifier is Qualifier.NEARLY and max(ends.values(), default=Decimal(0)) < 0:
        direction = ROUND_FLOOR
    if decimals is not None:
        step = Decimal(1).scaleb(-decimals)
        rounded = {name: end.quantize(step, direction, EXACT_CONTEXT) for name, end in ends.items()}
    else:
        rounded = {name: round_to_significant(end, digits or 1, direction) for name, end in ends.items()}
    rounded = {name: _fill_money(end, ends[name], quantity.unit, direction) for name, end in rounded.items()}
    if rounded.get("low", 0) == rounded.get("high", 1):
        # The ends of a range must remain different.
        return quantity
    hides = any(
        ends[name] != rounded[name]
        and (
            (not is_derived and count_significant(ends[name]) >= 2 * (digits or count_significant(rounded[name])))
            or (is_derived and _hides_whole_digits(ends[name], rounded[name]))
            # A change of 5% or more: 0.5 rounded to no decimals is 1.
            or 20 * abs(ends[name] - rounded[name]) >= abs(ends[name])
            # Nearly all is not all.
            or (quantity.unit == "percent" and abs(rounded[name]) == _ALL)
        )
        for name in ends
    )
    qualifier = quantity.qualifier
    if hides and qualifier is Qualifier.EXACT:
        qualifier = Qualifier.ABOUT
    return replace(quantity, qualifier=qualifier, **rounded)


def _hides_whole_digits(value: Decimal, rounded: Decimal) -> bool:
    """Returns whether rounding turns at least as many digits before the point into zeros as it keeps: 10,512 to 11,000."""
    whole = value.to_integral_value(ROUND_HALF_UP)
    return int(rounded.as_tuple().exponent) > 0 and count_significant(whole) >= 2 * count_significant(rounded)


def _fill_money(rounded: Decimal, value: Decimal, unit: str, direction: str) -> Decimal:
    """Returns rounded money with the decimals of its currency if rounding left it with fewer, but some, because it is
    printed with these: 8.2988 to two digits is 8.30, not 8.3.
    """
    currency = unit.partition("/")[0]
    decimals, given = (-int(number.as_tuple().exponent) for number in (rounded, value))
    if decimals < 1 or not is_currency(currency):
        return rounded
    digits_kept = min(get_currency_precision(currency), given)
    return (
        rounded
        if decimals >= digits_kept
        else value.quantize(Decimal(1).scaleb(-digits_kept), direction, EXACT_CONTEXT)
    )


def round_to_significant(value: Decimal, digits: int, direction: str = ROUND_HALF_UP) -> Decimal:
    """Rounds a value to the given number of significant digits; returns it unchanged if it has no more."""
    if not value or count_significant(value) <= digits:
        return value
    rounded = value.quantize(Decimal(1).scaleb(value.adjusted() - digits + 1), direction, EXACT_CONTEXT)
    # 99.96 to three digits is 100, not 100.0.
    return (
        rounded
        if len(rounded.as_tuple().digits) <= digits
        else rounded.quantize(Decimal(1).scaleb(rounded.adjusted() - digits + 1))
    )


def count_significant(value: Decimal) -> int:
    """Counts significant digits: trailing zeros count after a decimal point, but not before one.

    A number in scientific notation is counted as written: 1.50e9 has three.
    """
    written = value.as_tuple()
    if written.exponent == 0:
        return len(str(abs(value)).rstrip("0")) or 1
    return len(written.digits)


def choose_mean_precision(values: Iterable[Decimal], unit: str) -> int:
    """Chooses the decimals of a mean: as many as the figures have, but at least one, and for money at least those of
    its currency.

    If all figures are in thousands or millions, the result is negative: -4 rounds to 10,000, which is two decimals in
    millions.
    """
    listed = [value for value in values if value]
    last = min(map(_find_last_place, listed), default=0)
    if last <= 0 and max(map(abs, listed), default=Decimal(0)) >= _MILLION:
        # Figures from a spreadsheet do not show how many of their zeros are significant.
        known = min(_find_last_place(value.normalize()) for value in listed)
        last = known if known >= _LAST_IN_MILLIONS else last
    if last > 0:
        return -last if last % 3 else 1 - last
    decimals = max(1, -last)
    currency = unit.partition("/")[0]
    return max(decimals, get_currency_precision(currency)) if is_currency(currency) else decimals


def _find_last_place(value: Decimal) -> int:
    """Returns the exponent of the last digit, as a power of ten: 4 for 1240E+4."""
    return int(value.as_tuple().exponent)
