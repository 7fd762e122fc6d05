"""Converts the inputs of a sum, a mean or a comparison to one unit."""

from collections.abc import Sequence
from dataclasses import replace

from brief.model.figures.quantity import FullQuantity
from brief.model.figures.units import canonicalise_unit
from brief.resolve.figures.dimensions import convert_value, find_conversion

# Operations whose results are in the unit of their inputs, and those that only compare these.
_ADDING = ("sum", "difference", "mean")
_COMPARING = ("ratio", "share", "change", "cagr")


def choose_common_unit(operation: str, units: Sequence[str], wanted: str) -> str:
    """Returns the unit to which all inputs are converted: the one wanted for the result, or else the one of the first input.

    Empty if the operation does not need one unit, or if an input cannot be converted; the operation then refuses the units.
    """
    names = [canonicalise_unit(unit) for unit in units]
    candidates = (canonicalise_unit(wanted), *names[:1]) if operation in _ADDING else names[:1]
    if operation not in _ADDING + _COMPARING:
        return ""
    others = dict.fromkeys(names)
    return next((each for each in candidates if all(_can_convert(other, each) for other in others)), "")


def _can_convert(unit: str, wanted: str) -> bool:
    return unit == wanted or find_conversion(unit, wanted) is not None


def convert_input(full: FullQuantity, unit: str) -> FullQuantity:
    """Returns the quantity in another unit, with as many known digits as before.

    Raises:
        ValueError: there is no factor between the units.
    """
    quantity = full.quantity
    if canonicalise_unit(quantity.unit) == unit:
        return full
    factor = find_conversion(quantity.unit, unit)
    if factor is None:
        raise ValueError(f"no factor converts {quantity.unit} to {unit}")
    is_exact = full.is_exact
    ends = {}
    for name in ("value", "low", "high"):
        end = getattr(quantity, name)
        if end is not None:
            ends[name], is_short = convert_value(end, factor)
            is_exact = is_exact and is_short
    converted = replace(quantity, unit=unit, **ends)  # type: ignore[arg-type]  # the names are value, low, high
    return replace(full, quantity=converted, is_exact=is_exact)


def suggest_conversion(units: Sequence[str], *, without_zero: bool) -> str:
    """Suggests what to do about units that cannot be converted; empty if no claim could convert them."""
    if without_zero:
        return "state all of them in one unit"
    if any("/" in unit for unit in units):
        return ""
    return f"to convert one of them, multiply it by a claim in '{units[0]}/{units[1]}' (product)"
