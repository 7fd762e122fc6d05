"""Checks quantities that give only a magnitude."""

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.figures.quantity import Quantity
from brief.model.figures.units import find_own_unit

# The largest magnitude for which the catalogues have a word.
_MAX_SEVERAL = 1_000_000_000_000


def check_several(quantity: Quantity, sink: DiagnosticSink) -> None:
    """Reports a quantity with `several` whose number is not a power of ten, or whose unit cannot be used with it."""
    value = quantity.value
    if value is None or not 1 <= value <= _MAX_SEVERAL or value.normalize().as_tuple().digits != (1,):
        sink.add_error(
            "bad-quantity",
            quantity.location,
            "'several' gives a magnitude only",
            f"write 1, 10, 100, 1_000 and so on, up to {_MAX_SEVERAL:_}",
        )
    own = find_own_unit(quantity.unit)
    if own is not None and not own.has_several:
        sink.add_error(
            "bad-quantity",
            quantity.location,
            f"'several' cannot be used with the unit '{quantity.unit}'",
            "use another qualifier",
        )
