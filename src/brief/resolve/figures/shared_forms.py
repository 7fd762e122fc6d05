"""Chooses the scale, the decimals and the grouping that the figures of one column or of one chart share."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from babel.numbers import get_currency_precision

from brief.model.catalogue import Catalogue
from brief.model.figures.quantity import Qualifier, Quantity
from brief.model.figures.shared_digits import find_shared_place
from brief.resolve.figures.locale_data import LONG_NUMBER
from brief.resolve.figures.quantities import UNSCALED_UNITS, pad_money
from brief.resolve.figures.scales import (
    UNSCALED,
    NumberScale,
    choose_exact_scale,
    count_decimals,
    list_scales,
    scale_value,
)
from brief.resolve.figures.units import is_currency

# Figures in a shared scale have at most this many decimals, preferably few, and at most this many digits before their point.
_DECIMALS = (2, 3)
_LONGEST = 1_000_000
_BILLION = 1_000_000_000


def choose_shared_scale(values: list[Decimal], catalogue: Catalogue, unit: str = "count") -> NumberScale | None:
    """Returns the largest scale in which all values print with every digit, few decimals and no long number.

    None if the values are too far apart for one scale; each then states its own.
    """
    if unit in UNSCALED_UNITS:
        return UNSCALED
    magnitudes = [value.copy_abs() for value in values] or [Decimal(0)]
    largest = max(magnitudes)
    scales = [scale for scale in reversed(list_scales(catalogue)) if scale.factor <= largest]
    for decimals in _DECIMALS:
        for scale in scales:
            is_short = largest < scale.factor * _LONGEST
            # 220 beside 45,000 prints as 220, and not as 0.022万.
            is_near = all(value < 1 or value * 10 >= scale.factor for value in magnitudes)
            fits = all(count_decimals(scale_value(value, scale)) <= decimals for value in magnitudes)
            if is_short and is_near and fits:
                return scale
    # If the largest prints in full anyway, another one is not 1.2289 million beside it.
    is_full = largest < _LONGEST or (largest < _BILLION and choose_exact_scale([largest], catalogue) == UNSCALED)
    return UNSCALED if is_full else None


def choose_column_scale(
    values: list[Decimal], unit: str, catalogue: Catalogue, total: Decimal | None = None
) -> tuple[NumberScale, int]:
    """Returns the scale that a column of figures and its total share, and the decimals with which each figure prints."""
    shown = values if total is None else [*values, total]
    scale = choose_shared_scale(shown, catalogue, unit) or UNSCALED
    return scale, count_shared_decimals(values, unit, scale)


def count_shared_decimals(
    values: Iterable[Decimal], unit: str, scale: NumberScale, unpadded: Iterable[Decimal] = ()
) -> int:
    """Returns the decimals of figures of one unit in one scale: as many as the figure with the most has.

    `unpadded` are figures beside them to which no zero is added. The result is 0 if the figures differ too much, so that each
    prints with its own decimals (see `brief.model.figures.shared_digits`).
    """
    scaled, others = ([scale_value(value.copy_abs(), scale) for value in each] for each in (values, unpadded))
    decimals = max((count_decimals(pad_money(value, unit, scale)) for value in (*scaled, *others)), default=0)
    if _is_cents(decimals, unit, scale):
        return decimals
    # Zeros before the point, as in 1E+6, are digits too.
    place = find_shared_place((Decimal(f"{value:f}") for value in scaled), (Decimal(f"{value:f}") for value in others))
    return 0 if place is None else -place


def _is_cents(decimals: int, unit: str, scale: NumberScale) -> bool:
    """Returns whether the decimals are those of money that is printed in full, which every amount has."""
    code = unit.partition("/")[0]
    return scale.factor == 1 and is_currency(code) and decimals <= get_currency_precision(code)


def count_decimals_by_scale(
    figures: Iterable[Quantity], unpadded: Iterable[Quantity], scale: NumberScale | None, catalogue: Catalogue
) -> dict[Decimal, int]:
    """Maps the factor of a scale to the decimals of a chart's figures in it: the given scale or, without one, the scale in
    which each figure prints.

    `unpadded` are figures to which no zero is added.
    """
    unit = "count"
    values: dict[NumberScale, tuple[list[Decimal], list[Decimal]]] = defaultdict(lambda: ([], []))
    for at, group in enumerate((figures, unpadded)):
        for quantity in group:
            unit = quantity.unit
            if quantity.value is not None and quantity.qualifier is not Qualifier.SEVERAL:
                values[scale or choose_exact_scale([quantity.value], catalogue)][at].append(quantity.value)
    return {own.factor: count_shared_decimals(padded, unit, own, others) for own, (padded, others) in values.items()}


def needs_grouping(values: Iterable[Decimal], scale: NumberScale | None, catalogue: Catalogue) -> bool:
    """Returns whether thousands must be grouped in all of the numbers: one of them, in the given scale or its own, is so long
    that every language groups its digits.
    """
    return any(
        scale_value(value, scale or choose_exact_scale([value], catalogue)).copy_abs() >= LONG_NUMBER
        for value in values
    )
