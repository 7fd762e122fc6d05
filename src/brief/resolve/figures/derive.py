"""Computes `derived` quantities, and rounds quantities to the requested digits.

Inputs may be claims of any source and dataset cells. Results are cached with the brief, so that each claim is computed only
once, however many others depend on it.
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from brief.model.brief import Brief
from brief.model.evidence import Claim, Source
from brief.model.figures.dataset import normalise_cell_name, split_cell_name
from brief.model.figures.quantity import Derived, FullQuantity, Qualifier, Quantity, UnstatedUnit
from brief.model.figures.units import PROJECT_UNITS, canonicalise_unit
from brief.model.source_location import Ref
from brief.resolve.datasets.selections import SelectionError, is_selection, select_cells
from brief.resolve.figures.arithmetic import OPERATIONS, apply_operation
from brief.resolve.figures.common_units import choose_common_unit, convert_input
from brief.resolve.figures.operands import DerivationError, Input
from brief.resolve.figures.rounding import (
    choose_mean_precision,
    count_significant,
    round_as_requested,
    round_to_significant,
)

# A result keeps at least two digits, even if its inputs have fewer.
_LEAST_DIGITS = 2
# The operations that are meaningful for a column of figures.
_SELECTION_OPERATIONS = ("sum", "mean")
# Units in which things are counted, in addition to the project's own; and the greatest count whose final zeros are surely
# counted, not rounded.
_TIME_UNITS = frozenset(("day", "week", "month", "year"))
_COUNT_UNITS = _TIME_UNITS | {"count", "times", "person"}
_LARGEST_EXACT = 1_000
# The number of digits of an unrounded result; further digits of an infinite fraction are meaningless.
_FULL_DIGITS = 12


def derive_quantity(brief: Brief, name: str) -> Quantity | None:
    """Returns the claim's quantity as it is printed: `derived` computed to a value or a range, and rounded.

    A figure of the source is rounded only if its quantity has `digits` or `decimals`. A computed figure is rounded to these, or to
    the significant digits of the least exact input; sums and differences are exact. See `brief.resolve.figures.rounding`.

    Raises:
        DerivationError: an input is missing or has no number, the inputs form a cycle, or the result has no meaning.
    """
    quantity = brief.claims[name][1].quantity
    if quantity is None:
        return None
    if quantity.derived is None:
        # A workbook stores more digits than are meaningful, so a cell is rounded like a computed figure if its column says
        # how many decimals are printed.
        return round_as_requested(
            quantity, is_derived=quantity.decimals is not None and split_cell_name(name) is not None
        )
    full = compute_quantity(brief, name)
    return round_as_requested(full.quantity, full.digits, is_derived=True)


def derive_fully(brief: Brief, name: str) -> Quantity | None:
    """Returns the claim's quantity with every digit: as its source states it, or as computed.

    Raises:
        DerivationError: as for `derive_quantity`.
    """
    stated = brief.claims[name][1].quantity
    if stated is None or stated.derived is None:
        return stated
    quantity = compute_quantity(brief, name).quantity
    ends = {name: end for name in ("value", "low", "high") if (end := getattr(quantity, name)) is not None}
    full = {name: _strip_fraction(round_to_significant(end, _FULL_DIGITS)) for name, end in ends.items()}
    return replace(quantity, **full)  # type: ignore[arg-type]  # the names are value, low, high


def is_exact(brief: Brief, name: str, printed: Quantity) -> bool:
    """Returns whether a claim's printed figure is exact and was not rounded, so that further zeros after its point are true."""
    if printed.qualifier is not Qualifier.EXACT or printed.value is None:
        return False
    full = compute_quantity(brief, name).quantity.value
    return full is not None and printed.value.copy_abs() == full.copy_abs()


def find_unit(brief: Brief, name: str) -> str:
    """Returns the unit of a claim with a quantity: the one it states or, if it states none and is computed, that of its inputs."""
    stated = brief.claims[name][1].quantity
    if stated is None or stated.derived is None or not isinstance(stated.unit, UnstatedUnit):
        return stated.unit if stated else ""
    try:
        return compute_quantity(brief, name).quantity.unit
    except DerivationError:
        return stated.unit


def list_operations(derived: Derived) -> dict[str, tuple[str, ...]]:
    """Maps each operation of `derived` to the names of its inputs as written."""
    given = {name: getattr(derived, name) for name in OPERATIONS}
    return {name: tuple(ref.name for ref in refs) for name, refs in given.items() if refs}


def list_inputs(source: Source, claim: Claim) -> Iterator[Ref]:
    """Yields references to the claims and cells that a claim is computed from, with their full names."""
    derived = claim.quantity.derived if claim.quantity else None
    for operation in OPERATIONS if derived else ():
        for ref in getattr(derived, operation):
            own = ref.name if "/" in ref.name.partition("[")[0] else f"{source.id}/{ref.name}"
            yield replace(ref, name=normalise_cell_name(own))


def list_sources(brief: Brief, name: str) -> tuple[str, ...]:
    """Lists the sources of a claim: its own source, and the sources of its inputs that are in the brief."""
    source, claim = brief.claims[name]
    if claim.quantity is None or claim.quantity.derived is None:
        return (str(source.id),)
    return tuple(found for found in compute_quantity(brief, name).sources if found in brief.sources)


def compute_quantity(brief: Brief, name: str) -> FullQuantity:
    """Returns the claim's full quantity, computed without recursion, because claims may form long chains.

    Raises:
        DerivationError: as for `derive_quantity`.
    """
    if name in brief.results:
        return brief.results[name]
    known = brief.derivations
    # The path from `name` to the current claim; each claim with its inputs that are not visited yet.
    path: dict[str, Iterator[Ref]] = {} if name in known else {name: list_inputs(*brief.claims[name])}
    while path:
        current, waiting = next(reversed(path.items()))
        ref = next((ref for ref in waiting if ref.name not in known and ref.name in brief.claims), None)
        if ref is None or current in known:
            if current not in known:
                known[current] = _try_evaluate(brief, current)
            path.pop(current)
        elif ref.name in path:
            names = list(path)
            cycle = names[names.index(ref.name) :]
            message = f"'{ref.name}' is computed from itself: {' -> '.join((*cycle, ref.name))}"
            known.update((member, DerivationError(message, ref.name)) for member in cycle)
        else:
            path[ref.name] = list_inputs(*brief.claims[ref.name])
    found = known[name]
    if isinstance(found, ValueError):
        raise found.with_traceback(None)
    return found


def list_conversions(brief: Brief, name: str) -> dict[str, tuple[Quantity, Quantity]]:
    """Maps each input that was converted to its quantity before and after; a selection to those of its first cell.

    Raises:
        DerivationError: as for `derive_quantity`.
    """
    compute_quantity(brief, name)
    source, claim = brief.claims[name]
    if claim.quantity is None or claim.quantity.derived is None:
        return {}
    (operation,) = list_operations(claim.quantity.derived)
    given = {
        ref.name: next(_select_inputs(brief, name, ref, operation))[1]
        if is_selection(brief, ref.name)
        else _find_input(brief, name, ref)
        for ref in list_inputs(source, claim)
    }
    units = [full.quantity.unit for full in given.values()]
    common = choose_common_unit(operation, units, claim.quantity.unit)
    return {
        ref: (full.quantity, convert_input(full, common).quantity)
        for ref, full in given.items()
        if common and canonicalise_unit(full.quantity.unit) != common
    }


def _try_evaluate(brief: Brief, name: str) -> FullQuantity | DerivationError:
    try:
        return _evaluate(brief, name)
    except DerivationError as problem:
        return problem if problem.claim else DerivationError(str(problem), name)


def _evaluate(brief: Brief, name: str) -> FullQuantity:
    """Returns the full quantity of a claim whose inputs are evaluated."""
    source, claim = brief.claims[name]
    quantity = claim.quantity
    clearance = max(source.clearance, claim.clearance)
    if quantity is None:
        raise DerivationError(f"'{name}' has no quantity")
    if quantity.derived is None:
        ends = _list_ends(quantity)
        if not ends or (len(ends) == 1 and quantity.value is None):
            raise DerivationError(f"'{name}' has no number")
        digits = _count_stated_digits(_find_stated(brief, name, quantity))
        return FullQuantity(quantity, digits, clearance=clearance, sources=(str(source.id),))
    operations = list_operations(quantity.derived)
    if len(operations) != 1:
        raise DerivationError(f"'{claim.id}' needs exactly one of {', '.join(OPERATIONS)}")
    (operation,) = operations
    inputs: list[tuple[str, FullQuantity]] = []
    is_selected = False
    for ref in list_inputs(source, claim):
        if is_selection(brief, ref.name):
            is_selected = True
            inputs += _select_inputs(brief, name, ref, operation)
        else:
            inputs.append((ref.name, _find_input(brief, name, ref)))
    common = choose_common_unit(operation, [full.quantity.unit for _, full in inputs], quantity.unit)
    if common:
        inputs = [(other, convert_input(full, common)) for other, full in inputs]
    named = [Input(other, full.quantity, full.negative_part, _states_qualifier(brief, other)) for other, full in inputs]
    try:
        result = apply_operation(operation, named, quantity.unit, quantity.qualifier)
    except DerivationError as problem:
        raise DerivationError(f"'{claim.id}': {problem}") from None
    is_stated = not isinstance(quantity.unit, UnstatedUnit)
    if is_stated and canonicalise_unit(quantity.unit) != result.unit:
        raise DerivationError(f"'{claim.id}' is a {operation}; its unit is '{result.unit}', and not '{quantity.unit}'")
    computed = replace(
        quantity,
        unit=quantity.unit if is_stated else result.unit,
        value=result.value,
        low=result.low,
        high=result.high,
        qualifier=result.qualifier,
        derived=None,
    )
    if quantity.derived.disclose is None:
        clearance = max([clearance, *(full.clearance for _, full in inputs)])
    if operation in ("sum", "difference", "change", "cagr") and quantity.qualifier is Qualifier.EXACT:
        _refuse_cancelled(operation, result, inputs)
    digits, is_exact = _count_digits(brief, operation, computed, [full for _, full in inputs])
    if is_selected and operation == "mean":
        digits = _count_mean_digits(computed, [full for _, full in inputs])
    return FullQuantity(
        computed,
        digits,
        is_exact,
        clearance,
        tuple(dict.fromkeys((str(source.id), *(other for _, full in inputs for other in full.sources)))),
        next((given.name for given in named if given.low < 0), "") if operation == "sum" else "",
        tuple(other for other, _ in inputs if other in brief.claims),
    )


def _refuse_cancelled(operation: str, result: Quantity, inputs: list[tuple[str, FullQuantity]]) -> None:
    """Refuses a result that is smaller than what "about" of an input leaves open: about 1,000,000 less 999,999."""
    rough = [(_find_last_digit(full), name) for name, full in inputs if full.quantity.qualifier is Qualifier.ABOUT]
    last, name = max(rough, default=(0, ""))
    ends = _list_ends(result)
    if operation in ("change", "cagr"):
        first, second = (_list_ends(full.quantity) for _, full in inputs)
        ends = [one - other for one in second for other in first]
    if name and all(2 * abs(end) < Decimal(1).scaleb(last) for end in ends):
        raise DerivationError(
            f"the difference is smaller than what 'about' of '{name}' leaves open; give an exact figure, or state its 'qualifier:'"
        )


def _states_qualifier(brief: Brief, name: str) -> bool:
    quantity = brief.claims[name][1].quantity if name in brief.claims else None
    return quantity is not None and quantity.qualifier is not Qualifier.EXACT


def _select_inputs(brief: Brief, name: str, ref: Ref, operation: str) -> Iterator[tuple[str, FullQuantity]]:
    """Yields the cells of a selection. Each requires the clearance of all, because the result depends on all."""
    if operation not in _SELECTION_OPERATIONS:
        raise DerivationError(f"'{ref}' is several cells, and {operation} takes single figures; write sum or mean")
    try:
        selected = select_cells(brief, ref.name)
    except SelectionError as problem:
        raise DerivationError(str(problem), name, is_unknown=True) from None
    source = ref.name.partition("/")[0]
    for cell, quantity in selected.figures.items():
        yield (
            cell,
            FullQuantity(quantity, _count_stated_digits(quantity), clearance=selected.clearance, sources=(source,)),
        )


def _find_stated(brief: Brief, name: str, quantity: Quantity) -> Quantity:
    """Returns the quantity with the figure of a cell as its file has it, without the zeros that its column adds."""
    dataset, key, column = split_cell_name(name) or ("", "", "")
    table = brief.datasets.get(dataset)
    at = next((at for at, each in enumerate(table.columns) if each.name == column), None) if table else None
    row = table.rows.get(key) if table else None
    return quantity if row is None or at is None else replace(quantity, value=row.figures[at])


def _count_stated_digits(quantity: Quantity) -> int:
    """Counts the significant digits that a quantity is stated with: 90 has three if it prints with one decimal."""
    # A zero is exact; it has no significant digits to count.
    ends = [end for end in _list_ends(quantity) if end]
    if quantity.decimals is None:
        return min(map(count_significant, ends), default=_FULL_DIGITS)
    padded = quantity.decimals + 1
    return min((max(count_significant(end), end.adjusted() + padded) for end in ends), default=_FULL_DIGITS)


def _count_mean_digits(result: Quantity, inputs: list[FullQuantity]) -> int:
    """Counts the significant digits of a mean of many cells, which is more exact than each cell (see
    `choose_mean_precision`).
    """
    values = [full.quantity.value for full in inputs if full.quantity.value is not None]
    decimals = choose_mean_precision(values, result.unit)
    return max(_LEAST_DIGITS, (result.value or Decimal(1)).adjusted() + 1 + decimals)


def _find_input(brief: Brief, name: str, ref: Ref) -> FullQuantity:
    found = brief.derivations.get(ref.name)
    if found is None:
        source, _, claim = ref.name.partition("/")
        raise DerivationError(f"'{source}' has no claim '{claim}'", name, is_unknown=True)
    if isinstance(found, ValueError):
        raise found.with_traceback(None)
    return found


def _count_digits(brief: Brief, operation: str, result: Quantity, inputs: list[FullQuantity]) -> tuple[int, bool]:
    """Returns the number of significant digits of a result, and whether it is exact.

    Sums and differences keep all digits, or, if an input is approximate, none beyond its last digit. So do products of
    counts; other results have as many digits as the least exact input that is not a count, if there is one.
    """
    ends = [end for end in _list_ends(result) if end]
    is_exact = all(full.is_exact for full in inputs)
    measured = [full for full in inputs if operation == "mean" or not _is_exact_count(brief, full)]
    if operation == "product" and not measured:
        return max([_LEAST_DIGITS, *map(count_significant, ends)]), is_exact
    # If every input is a count, a number of years does not limit the digits: 842 people in 3 years are 281 a year.
    measured = measured or [full for full in inputs if full.quantity.unit not in _TIME_UNITS] or inputs
    digits = max(_LEAST_DIGITS, min(full.digits for full in measured))
    if not (OPERATIONS[operation].is_exact and is_exact):
        last = max(map(_find_last_known, measured))
        if OPERATIONS[operation].is_exact:
            # A sum is known to the last place that all inputs have; the zeros of whole numbers are taken to be known.
            last = max(
                int(end.as_tuple().exponent) if full.is_exact else _find_last_known(full)
                for full in inputs
                for end in _list_ends(full.quantity)
            )
            digits = max([_LEAST_DIGITS, *(end.adjusted() - last + 1 for end in ends)])
        elif operation == "mean":
            # The result is known to the last decimal that all inputs have, even if an input is 0.4.
            digits = max([digits, *(end.adjusted() - last + 1 for end in ends)])
        elif operation in ("change", "cagr"):
            # A change has at least the digits of the difference: from an index of 100 to 118.3 it is 18.3%.
            first, second = (full.quantity.value for full in inputs)
            moved = (second or Decimal(0)) - (first or Decimal(0))
            stated = min(full.digits for full in inputs)
            digits = max(_LEAST_DIGITS, stated, moved.adjusted() - last + 1 if moved else 0)
        return digits, False
    rough = [_find_last_digit(full) for full in inputs if full.quantity.qualifier is Qualifier.ABOUT]
    if rough:
        return max([_LEAST_DIGITS, *(end.adjusted() - max(rough) + 1 for end in ends)]), False
    return max([digits, *map(count_significant, ends)]), True


def _is_exact_count(brief: Brief, full: FullQuantity) -> bool:
    """Returns whether the quantity is a count that was not rounded: 12 months, but not 8,000 people or 12 kWh."""
    value, unit = full.quantity.value, canonicalise_unit(full.quantity.unit)
    if (
        value is None
        or not full.is_exact
        or full.quantity.qualifier is not Qualifier.EXACT
        or value.as_tuple().exponent
    ):
        return False
    is_counted = unit in _COUNT_UNITS or any(words.has(unit, PROJECT_UNITS) for words in brief.catalogues.values())
    return is_counted and (abs(value) <= _LARGEST_EXACT or value % 10 != 0)


def _list_ends(quantity: Quantity) -> list[Decimal]:
    """Lists the value, or the ends of a range."""
    return [end for end in (quantity.value, quantity.low, quantity.high) if end is not None]


def _find_last_known(full: FullQuantity) -> int:
    """Returns the power of ten of the last digit that the figure rests on."""
    ends = [end for end in _list_ends(full.quantity) if end]
    return max((end.adjusted() - full.digits + 1 for end in ends), default=-_FULL_DIGITS)


def _find_last_digit(full: FullQuantity) -> int:
    """Returns the power of ten of the last significant digit."""
    ends = [end for end in _list_ends(full.quantity) if end]
    return max((end.adjusted() - count_significant(end) + 1 for end in ends), default=0)


def _strip_fraction(value: Decimal) -> Decimal:
    stripped = value.normalize()
    return stripped if int(stripped.as_tuple().exponent) < 0 else stripped.quantize(Decimal(1))
