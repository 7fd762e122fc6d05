"""Multiplies and divides units, cancels units above and below the stroke, and finds factors of conversions."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from decimal import Context, Decimal, Inexact
from fractions import Fraction

from brief.model.figures.units import (
    PRINTED_SYMBOLS,
    SYMBOLS,
    Quotient,
    canonicalise_unit,
    name_quotient,
    split_quotient,
)
from brief.model.record import dataclass
from brief.resolve.figures.unit_factors import MULTIPLES, PRODUCTS, SYMBOLS_OF_NAMES

# How many of the units of a share make up the whole.
FRACTIONS = {"percent": Decimal(100), "permille": Decimal(1_000), "basis-point": Decimal(10_000)}
_NUMBERS = ("count", "times")
# The shares that are converted. Basis points are also a difference of percentages.
_PARTS = ("percent", "permille")
# The precision of conversions, and how many more digits than the original a converted figure may have.
_FULL_PRECISION = 60
_FURTHER_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Dimension:
    """The powers of single units, and the factor that converts figures to these: kWh/100 km is kWh and km⁻¹, with the
    factor 1/100.
    """

    powers: frozenset[tuple[str, int]] = frozenset()
    factor: Fraction = Fraction(1)

    def times(self, other: "Dimension", power: int = 1) -> "Dimension":
        """Returns the product with a power of another dimension; units above and below the stroke cancel out."""
        powers = Counter(dict(self.powers))
        for unit, exponent in other.powers:
            powers[unit] += power * exponent
        left = frozenset((unit, exponent) for unit, exponent in powers.items() if exponent)
        return Dimension(left, self.factor * other.factor**power)

    def find_factor(self, wanted: str) -> Decimal | None:
        """Returns the factor that converts figures to figures in the wanted unit; None if that has another dimension."""
        other = find_dimension(wanted)
        return make_decimal(self.factor / other.factor) if self.powers == other.powers else None

    @property
    def name(self) -> str:
        """The name as a unit or a quotient of two units; empty if it cannot be written as such."""
        above = [unit for unit, exponent in self.powers if exponent == 1]
        below = [unit for unit, exponent in self.powers if exponent == -1]
        if len(above) + len(below) < len(self.powers) or len(above) > 1 or len(below) > 1:
            return ""
        number = above[0] if above else "count"
        return name_quotient(Quotient(number, below[0])) if below else number


def find_dimension(unit: str, *, is_reduced: bool = True) -> Dimension:
    """Returns the dimension of a unit, reduced to units that are neither products nor multiples of others."""
    canonical = canonicalise_unit(unit)
    if is_reduced:
        canonical = SYMBOLS_OF_NAMES.get(canonical, canonical)
    if canonical in _NUMBERS:
        return Dimension()
    parsed = split_quotient(canonical) or _split_symbol(canonical)
    if parsed is not None:
        above, below = (find_dimension(part, is_reduced=is_reduced) for part in (parsed.numerator, parsed.denominator))
        return _scale(above.times(below, -1), 1 / Fraction(parsed.amount))
    if is_reduced and canonical in PRODUCTS:
        return multiply(find_dimension(part) for part in PRODUCTS[canonical])
    if is_reduced and canonical in MULTIPLES:
        factor, base = MULTIPLES[canonical]
        return _scale(find_dimension(base), Fraction(factor))
    return Dimension(frozenset([(canonical, 1)]))


def multiply(dimensions: Iterable[Dimension]) -> Dimension:
    """Returns the product of dimensions."""
    product = Dimension()
    for dimension in dimensions:
        product = product.times(dimension)
    return product


def find_product(units: Iterable[str]) -> str:
    """Returns the unit that is the product of units as they are: kWh of kW and hour; empty if they have no such unit."""
    factors = sorted(_find_symbol(unit) for unit in units if unit not in _NUMBERS)
    return next((name for name, parts in PRODUCTS.items() if sorted(parts) == factors), "")


def _find_symbol(unit: str) -> str:
    symbol = SYMBOLS_OF_NAMES.get(unit, unit)
    factor, base = MULTIPLES.get(symbol, (None, ""))
    return base if factor == 1 else symbol


def _scale(dimension: Dimension, factor: Fraction) -> Dimension:
    return replace(dimension, factor=dimension.factor * factor)


def make_decimal(factor: Fraction) -> Decimal:
    """Returns a factor with as many digits as arithmetic has."""
    return Decimal(factor.numerator) / Decimal(factor.denominator)


def find_conversion(unit: str, wanted: str) -> Fraction | None:
    """Returns exactly how many of the wanted unit make one of the other; None if no factor is known.

    Numbers of things are not converted: a count is not "times" something.
    """
    if unit in _PARTS and wanted in _PARTS:
        return Fraction(FRACTIONS[wanted]) / Fraction(FRACTIONS[unit])
    one, other = find_dimension(unit), find_dimension(wanted)
    return one.factor / other.factor if one.powers and one.powers == other.powers else None


def convert_value(value: Decimal, factor: Fraction) -> tuple[Decimal, bool]:
    """Multiplies a value by the factor of a conversion. Returns the product, and whether it is exact and short.

    A product with over two digits more than the value must be rounded: ten pounds are not known to be 4.5359237 kg.
    """
    context = Context(prec=_FULL_PRECISION)
    shift = _find_power_of_ten(factor)
    if shift is not None:
        converted = value.scaleb(shift, context)
    else:
        converted = context.divide(context.multiply(value, Decimal(factor.numerator)), Decimal(factor.denominator))
    if shift is None or value.as_tuple().exponent == 0:
        # The zeros at the end of a whole number were not measured, nor those of 0.500 km, or of 1.5 hours in minutes, 90.0.
        converted = converted.normalize(context)
        if int(converted.as_tuple().exponent) > 0:
            converted = converted.quantize(Decimal(1), context=context)
    is_short = len(converted.as_tuple().digits) <= len(value.as_tuple().digits) + _FURTHER_DIGITS
    return converted, shift is not None or (not context.flags[Inexact] and is_short)


def _find_power_of_ten(factor: Fraction) -> int | None:
    above, below = str(factor.numerator), str(factor.denominator)
    is_power = above.rstrip("0") == below.rstrip("0") == "1"
    return len(above) - len(below) if is_power else None


def _split_symbol(unit: str) -> Quotient | None:
    """Splits a symbol that is a quotient: km/h, mg/dL, Mbit/s."""
    if "/" not in unit or (unit not in SYMBOLS and unit not in PRINTED_SYMBOLS):
        return None
    above, below = unit.split("/")
    return Quotient(above, canonicalise_unit(below))
