"""Checks of quantities that give a magnitude only."""

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.figures.quantity import Quantity
from brief.model.figures.units import find_own_unit

# The largest magnitude that the catalogues have a word for.
_LARGEST_SEVERAL = 1_000_000_000_000


def check_several(quantity: Quantity, sink: DiagnosticSink) -> None:
    """Reports "several" with a number that is not a magnitude, or with a unit that cannot have it."""
    value = quantity.value
    if value is None or not 1 <= value <= _LARGEST_SEVERAL or value.normalize().as_tuple().digits != (1,):
        sink.add_error(
            "bad-quantity",
            quantity.location,
            "'several' gives a magnitude only",
            f"write 1, 10, 100, 1_000 and so on, up to {_LARGEST_SEVERAL:_}",
        )
    own = find_own_unit(quantity.unit)
    if own is not None and not own.has_several:
        sink.add_error(
            "bad-quantity",
            quantity.location,
            f"'several' cannot be used with the unit '{quantity.unit}'",
            "use another qualifier",
        )
