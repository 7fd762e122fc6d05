"""The inputs of computed figures, and the error of a figure that cannot be computed."""

from decimal import Decimal

from brief.model.figures.quantity import Quantity
from brief.model.figures.units import canonicalise_unit
from brief.model.record import dataclass


class DerivationError(ValueError):
    """A quantity cannot be computed; the message says why.

    `claim` is the name of the claim whose record has to change; `is_unknown` says that it names an input that does not exist.
    """

    def __init__(self, message: str, claim: str = "", *, is_unknown: bool = False) -> None:
        super().__init__(message)
        self.claim = claim
        self.is_unknown = is_unknown


@dataclass(frozen=True, slots=True)
class Input:
    """A claim from which a result is computed: its name, its full quantity and, if that is a sum, a negative addend.

    `is_stated` says that the record of the claim states its qualifier; otherwise the qualifier follows from arithmetic.
    """

    name: str
    quantity: Quantity
    negative_part: str = ""
    is_stated: bool = False

    @property
    def low(self) -> Decimal:
        """The value, or the lower end of the range."""
        quantity = self.quantity
        return quantity.value if quantity.value is not None else quantity.low or Decimal(0)

    @property
    def high(self) -> Decimal:
        """The value, or the upper end of the range."""
        quantity = self.quantity
        return quantity.value if quantity.value is not None else quantity.high or Decimal(0)

    @property
    def unit(self) -> str:
        """The canonical name of the input's unit."""
        return canonicalise_unit(self.quantity.unit)
