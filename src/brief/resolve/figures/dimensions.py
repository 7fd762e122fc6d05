"""Multiplies and divides units: what cancels, and the factor between a result and the unit that is wanted for it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from brief.model.figures.units import (
    PRINTED_SYMBOLS,
    SYMBOLS,
    Quotient,
    canonicalise_unit,
    name_quotient,
    split_quotient,
)
from brief.model.record import dataclass

# How many of the units of a share make up the whole.
FRACTIONS = {"percent": Decimal(100), "permille": Decimal(1_000), "basis-point": Decimal(10_000)}
_NUMBERS = ("count", "times")
# Units that are products of others, and multiples of another: a kilowatt for an hour, 60 seconds.
_MADE_OF: Mapping[str, tuple[str, ...]] = {
    "km2": ("km", "km"),
    "m2": ("m", "m"),
    "m3": ("m", "m", "m"),
    "mph": ("mi/hour",),
    "kn": ("nmi/hour",),
    "pkm": ("person", "km"),
    "tkm": ("t", "km"),
    **{f"{prefix}Wh": (f"{prefix}W", "hour") for prefix in ("", "k", "M", "G", "T")},
}
_MULTIPLES: Mapping[str, tuple[Decimal, str]] = {
    "ms": (Decimal("0.001"), "second"),
    "minute": (Decimal(60), "second"),
    "hour": (Decimal(3_600), "second"),
    "day": (Decimal(86_400), "second"),
    "week": (Decimal(604_800), "second"),
    "ha": (Decimal(10_000), "m2"),
    "l": (Decimal("0.001"), "m3"),
    "tonne": (Decimal(1_000_000), "g"),
    "t": (Decimal(1_000_000), "g"),
    "kt": (Decimal(10) ** 9, "g"),
    "Mt": (Decimal(10) ** 12, "g"),
    "kg": (Decimal(1_000), "g"),
    "mg": (Decimal("1e-3"), "g"),
    "\u00b5g": (Decimal("1e-6"), "g"),
    **{f"{prefix}L": (Decimal(power), "m3") for prefix, power in (("", "1e-3"), ("h", "0.1"), ("d", "1e-4"))},
    **{f"{prefix}L": (Decimal(power), "m3") for prefix, power in (("c", "1e-5"), ("m", "1e-6"))},
    **{f"{prefix}m": (Decimal(power), "m") for prefix, power in (("k", "1e3"), ("c", "1e-2"), ("m", "1e-3"))},
    **{f"{prefix}W": (Decimal(power), "W") for prefix, power in (("m", "1e-3"), ("k", "1e3"), ("M", "1e6"))},
    **{f"{prefix}W": (Decimal(power), "W") for prefix, power in (("G", "1e9"), ("T", "1e12"))},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dimension:
    """The powers of single units, and the factor that converts figures to these: kWh/100 km is kWh and km⁻¹, with the
    factor 0.01.
    """

    powers: frozenset[tuple[str, int]] = frozenset()
    factor: Decimal = Decimal(1)

    def times(self, other: "Dimension", power: int = 1) -> "Dimension":
        """Returns the product with a power of another dimension; units above and below the stroke cancel out."""
        powers = Counter(dict(self.powers))
        for unit, exponent in other.powers:
            powers[unit] += power * exponent
        left = frozenset((unit, exponent) for unit, exponent in powers.items() if exponent)
        return Dimension(left, self.factor * other.factor**power)

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
    if canonical in _NUMBERS:
        return Dimension()
    parsed = split_quotient(canonical) or _split_symbol(canonical)
    if parsed is not None:
        above, below = (find_dimension(part, is_reduced=is_reduced) for part in (parsed.numerator, parsed.denominator))
        return _scale(above.times(below, -1), 1 / parsed.amount)
    if is_reduced and canonical in _MADE_OF:
        return multiply(find_dimension(part) for part in _MADE_OF[canonical])
    if is_reduced and canonical in _MULTIPLES:
        factor, base = _MULTIPLES[canonical]
        return _scale(find_dimension(base), factor)
    return Dimension(frozenset([(canonical, 1)]))


def multiply(dimensions: Iterable[Dimension]) -> Dimension:
    """Returns the product of dimensions."""
    product = Dimension()
    for dimension in dimensions:
        product = product.times(dimension)
    return product


def _scale(dimension: Dimension, factor: Decimal) -> Dimension:
    return replace(dimension, factor=dimension.factor * factor)


def _split_symbol(unit: str) -> Quotient | None:
    """Splits a symbol that is a quotient: km/h, mg/dL, Mbit/s."""
    if "/" not in unit or (unit not in SYMBOLS and unit not in PRINTED_SYMBOLS):
        return None
    above, below = unit.split("/")
    return Quotient(above, canonicalise_unit(below))
