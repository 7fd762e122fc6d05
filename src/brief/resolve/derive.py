"""Quantities worked out: `derived` computed, and digits rounded where that was asked for."""

from dataclasses import replace
from decimal import Decimal

from brief.model.evidence import Claim, Source
from brief.model.quantity import Derived, Qualifier, Quantity
from brief.model.units import canonical_name
from brief.resolve.arithmetic import OPERATIONS, Input, apply_operation
from brief.resolve.arithmetic import DerivationError as DerivationError
from brief.resolve.rounding import count_significant, round_quantity, round_to_significant

# A result keeps two digits at least, however few its inputs are stated with.
_LEAST_DIGITS = 2
# Of a result in full, so many digits; the rest of an endless fraction says nothing.
_FULL_DIGITS = 12


def derive_quantity(source: Source, claim: Claim) -> Quantity | None:
    """The claim's quantity as it is printed: `derived` worked out to a value or a range, and rounded.

    A figure of the source is rounded only to the `digits` that its quantity asks for. What is computed is rounded to
    those, or to the significant digits of the least exact input; sums and differences are exact. See `brief.resolve.rounding`.

    Raises:
        DerivationError: an input is missing or has no number, the inputs form a circle, or the result has no meaning.
    """
    quantity = claim.quantity
    if quantity is None:
        return None
    if quantity.derived is None:
        return round_quantity(quantity, quantity.digits) if quantity.digits else quantity
    worked_out = _work_out(source, claim, ())
    return round_quantity(worked_out.quantity, quantity.digits or worked_out.digits, is_derived=True)


def derive_fully(source: Source, claim: Claim) -> Quantity | None:
    """The claim's quantity with every digit: as its source states it, or as it is computed.

    Raises:
        DerivationError: as for `derive_quantity`.
    """
    if claim.quantity is None or claim.quantity.derived is None:
        return claim.quantity
    quantity = _work_out(source, claim, ()).quantity
    ends = {name: end for name in ("value", "low", "high") if (end := getattr(quantity, name)) is not None}
    full = {name: _strip_fraction(round_to_significant(end, _FULL_DIGITS)) for name, end in ends.items()}
    return replace(quantity, **full)  # type: ignore[arg-type]  # the names are value, low, high


def list_operations(derived: Derived) -> dict[str, tuple[str, ...]]:
    """The operations that are given, with the claim ids they work on."""
    given = {name: getattr(derived, name) for name in OPERATIONS}
    return {name: tuple(ref.name for ref in refs) for name, refs in given.items() if refs}


def _strip_fraction(value: Decimal) -> Decimal:
    stripped = value.normalize()
    return stripped if int(stripped.as_tuple().exponent) < 0 else stripped.quantize(Decimal(1))


def _work_out(source: Source, claim: Claim, above: tuple[str, ...]) -> Input:
    """The claim's full quantity, and the significant digits of the least exact figure that it rests on."""
    if claim.id in above:
        raise DerivationError(f"'{claim.id}' is computed from itself: {' -> '.join((*above, claim.id))}")
    quantity = claim.quantity
    if quantity is None:
        raise DerivationError(f"'{claim.id}' has no quantity")
    if quantity.derived is None:
        ends = [end for end in (quantity.value, quantity.low, quantity.high) if end is not None]
        if not ends or (len(ends) == 1 and quantity.value is None):
            raise DerivationError(f"'{claim.id}' has no number")
        # A zero is exact; it has no significant digits to count.
        digits = min((count_significant(end) for end in ends if end), default=_FULL_DIGITS)
        return Input(str(claim.id), quantity, digits)
    given = list_operations(quantity.derived)
    if len(given) != 1:
        raise DerivationError(f"'{claim.id}' needs exactly one of {', '.join(OPERATIONS)}")
    ((name, ids),) = given.items()
    by_id = {str(other.id): other for other in source.claims}
    inputs = []
    for other_id in ids:
        if other_id not in by_id:
            raise DerivationError(f"'{source.id}' has no claim '{other_id}'")
        inputs.append(_work_out(source, by_id[other_id], (*above, str(claim.id))))
    try:
        result = apply_operation(name, [replace(given, name=f"{source.id}/{given.name}") for given in inputs])
    except DerivationError as problem:
        raise DerivationError(f"'{claim.id}': {problem}") from None
    if canonical_name(quantity.unit) != result.unit:
        raise DerivationError(f"'{claim.id}' is a {name}; its unit is '{result.unit}', and not '{quantity.unit}'")
    stated = quantity.qualifier is not Qualifier.EXACT
    computed = replace(
        quantity,
        value=result.value,
        low=result.low,
        high=result.high,
        qualifier=quantity.qualifier if stated else result.qualifier,
        derived=None,
    )
    digits = max(_LEAST_DIGITS, min(given.digits for given in inputs))
    is_exact = OPERATIONS[name].is_exact and all(given.is_exact for given in inputs)
    if is_exact:
        digits = max([digits, *(count_significant(end) for end in (result.value, result.low, result.high) if end)])
    return Input(str(claim.id), computed, digits, is_exact)
