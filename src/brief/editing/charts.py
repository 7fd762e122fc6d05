"""Chart data from claims: one scale and unit for the whole chart, and every value also in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from brief.editing import quantities
from brief.model.catalogue import Catalogue
from brief.model.quantity import Qualifier, Quantity
from brief.model.variant import Point


@dataclass(frozen=True, slots=True)
class Plot:
    """`points` has one row a series, one point a category."""

    unit: str
    points: tuple[tuple[Point, ...], ...]


def plot(rows: Sequence[Sequence[Quantity | None]], catalogue: Catalogue) -> Plot:
    """Scales the quantities of a chart, which must all have a number and share one unit.

    Raises:
        ValueError: a quantity has no number.
    """
    bounds = [[_bounds(quantity) for quantity in row] for row in rows]
    scale = quantities.scale_for([high for row in bounds for _, high in row], catalogue)
    unit = next((quantity.unit for row in rows for quantity in row if quantity), "count")
    points = tuple(
        tuple(
            _point(quantity, low, high, scale, catalogue) for quantity, (low, high) in zip(row, row_bounds, strict=True)
        )
        for row, row_bounds in zip(rows, bounds, strict=True)
    )
    return Plot(quantities.unit_label(unit, scale, catalogue), points)


def _bounds(quantity: Quantity | None) -> tuple[Decimal, Decimal]:
    if quantity is not None and quantity.value is not None:
        return quantity.value, quantity.value
    if quantity is not None and quantity.low is not None and quantity.high is not None:
        return quantity.low, quantity.high
    raise ValueError("a chart draws numbers, and a claim of it has none")


def _point(
    quantity: Quantity | None, low: Decimal, high: Decimal, scale: quantities.Scale, catalogue: Catalogue
) -> Point:
    first, last = (quantities.number(end, scale, catalogue) for end in (low, high))
    text = first if low == high else catalogue.get("{low}–{high}", "quantity").format(low=first, high=last)
    if quantity is not None and quantity.qualifier is not Qualifier.EXACT:
        text = quantities.qualified(quantity.qualifier, text, catalogue)
    return Point(value=(low + high) / 2 / scale.factor, text=text, low=low / scale.factor, high=high / scale.factor)
