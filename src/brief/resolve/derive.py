"""Our own arithmetic on claims: sums, ratios, changes and shares."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal, DivisionByZero, InvalidOperation

from brief.model.evidence import Claim, Source
from brief.model.quantity import Derived, Quantity

# A computed ratio or percentage is no more exact than the estimates under it; a small one keeps two digits.
_ROUNDED = Decimal("0.1")
_DIGITS = 2


class DerivationError(ValueError):
    """A quantity cannot be computed; the message says why."""


def derive_quantity(source: Source, claim: Claim) -> Quantity | None:
    """The claim's quantity with `derived` worked out to a `value`.

    Raises:
        DerivationError: an input is missing, has no single value, or the inputs form a circle.
    """
    if claim.quantity is None or claim.quantity.derived is None:
        return claim.quantity
    value = _value(source, claim, ())
    if not claim.quantity.derived.sum:
        value = _round_value(value)
    return replace(claim.quantity, value=value, derived=None)


def list_operations(derived: Derived) -> dict[str, tuple[str, ...]]:
    """The operations that are given, with the claim ids they work on."""
    given = {name: getattr(derived, name) for name in ("sum", "ratio", "change", "share")}
    return {name: tuple(ref.name for ref in refs) for name, refs in given.items() if refs}


def _value(source: Source, claim: Claim, above: tuple[str, ...]) -> Decimal:
    if claim.id in above:
        raise DerivationError(f"'{claim.id}' is computed from itself: {' -> '.join((*above, claim.id))}")
    if claim.quantity is None:
        raise DerivationError(f"'{claim.id}' has no quantity")
    if claim.quantity.derived is None:
        if claim.quantity.value is None:
            raise DerivationError(f"'{claim.id}' has no single value")
        return claim.quantity.value
    given = list_operations(claim.quantity.derived)
    if len(given) != 1:
        raise DerivationError(f"'{claim.id}' needs exactly one of sum, ratio, change and share")
    by_id = {other.id: other for other in source.claims}
    ((name, ids),) = given.items()
    inputs, units = [], set()
    for other_id in ids:
        other = by_id.get(other_id)  # type: ignore[call-overload]
        if other is None:
            raise DerivationError(f"'{source.id}' has no claim '{other_id}'")
        inputs.append(_value(source, other, (*above, claim.id)))
        units.add(other.quantity.unit if other.quantity else "")
    if len(units) > 1:
        raise DerivationError(f"'{claim.id}' is computed from different units: {', '.join(sorted(units))}")
    unit = {"ratio": "times", "change": "percent", "share": "percent"}.get(name, *units)
    if claim.quantity.unit != unit:
        raise DerivationError(f"'{claim.id}' is a {name}; its unit is '{unit}'")
    if name == "sum":
        return sum(inputs, Decimal(0))
    if len(inputs) != 2:
        raise DerivationError(f"'{claim.id}': {name} takes two claims")
    first, second = inputs
    try:
        match name:
            case "ratio":
                return first / second
            case "share":
                return 100 * first / second
            case _:
                return 100 * (second - first) / first
    except (DivisionByZero, InvalidOperation):
        raise DerivationError(f"'{claim.id}' divides by zero") from None


def _round_value(value: Decimal) -> Decimal:
    step = min(_ROUNDED, Decimal(1).scaleb(value.adjusted() - _DIGITS + 1)) if value else _ROUNDED
    return value.quantize(step, ROUND_HALF_UP)
