"""Computes `derived` quantities, and rounds quantities to the requested digits.

Inputs may be claims of any source and dataset cells. Results are cached with the brief, so that each claim is computed only
once, however many others depend on it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from brief.model.brief import Brief
from brief.model.evidence import Claim, Source
from brief.model.figures.dataset import normalise_cell_name, split_cell_name
from brief.model.figures.quantity import (
    Derived,
    FullQuantity,
    PlacesInRanges,
    Qualifier,
    Quantity,
    UnstatedUnit,
)
from brief.model.figures.units import canonicalise_unit
from brief.model.source_location import Ref
from brief.resolve.datasets.selections import SelectionError, is_selection, select_cells
from brief.resolve.figures.arithmetic import OPERATIONS, apply_operation
from brief.resolve.figures.common_units import choose_common_unit, convert_input
from brief.resolve.figures.known_digits import (
    FULL_DIGITS,
    count_digits,
    count_mean_digits,
    count_stated_digits,
    find_last_digit,
    list_ends,
)
from brief.resolve.figures.operands import DerivationError, Input
from brief.resolve.figures.rounding import round_as_requested, round_to_significant
from brief.resolve.figures.shared_ranges import STEPS, Places, find_extremes

# The operations that are meaningful for a column of figures.
_SELECTION_OPERATIONS = ("sum", "mean")


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
    full = {name: _strip_fraction(round_to_significant(end, FULL_DIGITS)) for name, end in ends.items()}
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
    return _compute_at(brief, name, ())


def _compute_at(brief: Brief, name: str, places: PlacesInRanges) -> FullQuantity:
    """Computes a claim where the ranges of some claims are single values, at places in these ranges."""
    known = _Results(brief, places)
    # The path from `name` to the current claim; each claim with its inputs that are not visited yet.
    path: dict[str, Iterator[Ref]] = {} if name in known else {name: list_inputs(*brief.claims[name])}
    while path:
        current, waiting = next(reversed(path.items()))
        ref = next((ref for ref in waiting if ref.name not in known and ref.name in brief.claims), None)
        if ref is None or current in known:
            if current not in known:
                known[current] = _try_evaluate(brief, current, known)
            path.pop(current)
        elif ref.name in path:
            names = list(path)
            cycle = names[names.index(ref.name) :]
            message = f"'{ref.name}' is computed from itself: {' -> '.join((*cycle, ref.name))}"
            for member in cycle:
                known[member] = DerivationError(message, ref.name)
        else:
            path[ref.name] = list_inputs(*brief.claims[ref.name])
    found = known.get(name)
    if isinstance(found, FullQuantity):
        return found
    raise found.with_traceback(None) if found else KeyError(name)


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
        else _find_input(_Results(brief), name, ref)
        for ref in list_inputs(source, claim)
    }
    units = [full.quantity.unit for full in given.values()]
    common = choose_common_unit(operation, units, claim.quantity.unit)
    return {
        ref: (full.quantity, convert_input(full, common).quantity)
        for ref, full in given.items()
        if common and canonicalise_unit(full.quantity.unit) != common
    }


class _Results:
    """The results that are known where some ranges are single values: at first these values, and all that does not rest on them."""

    def __init__(self, brief: Brief, places: PlacesInRanges = ()) -> None:
        self.places = places
        self._main = brief.derivations
        self._own = brief.derivations_at.setdefault(places, {}) if places else self._main
        self._fixed = frozenset(name for name, _ in places)
        for name, place in places:
            full = self._main[name]
            if name not in self._own and isinstance(full, FullQuantity):
                low, high = list_ends(full.quantity)
                value = low + (high - low) * place / STEPS
                self._own[name] = replace(
                    full, quantity=replace(full.quantity, value=value, low=None, high=None), ranges=frozenset()
                )

    def get(self, name: str) -> FullQuantity | ValueError | None:
        found = self._own.get(name)
        if found is None and self.places:
            full = self._main.get(name)
            found = full if isinstance(full, FullQuantity) and full.ranges.isdisjoint(self._fixed) else None
        return found

    def __contains__(self, name: str) -> bool:
        return self.get(name) is not None

    def __setitem__(self, name: str, result: FullQuantity | ValueError) -> None:
        self._own[name] = result


def _try_evaluate(brief: Brief, name: str, known: _Results) -> FullQuantity | DerivationError:
    try:
        return _evaluate(brief, name, known)
    except DerivationError as problem:
        return problem if problem.claim else DerivationError(str(problem), name)


def _evaluate(brief: Brief, name: str, known: _Results) -> FullQuantity:
    """Returns the full quantity of a claim whose inputs are evaluated."""
    source, claim = brief.claims[name]
    quantity = claim.quantity
    clearance = max(source.clearance, claim.clearance)
    if quantity is None:
        raise DerivationError(f"'{name}' has no quantity")
    if quantity.derived is None:
        ends = list_ends(quantity)
        if not ends or (len(ends) == 1 and quantity.value is None):
            raise DerivationError(f"'{name}' has no number")
        digits = count_stated_digits(_find_stated(brief, name, quantity))
        ranges = frozenset(() if quantity.value is not None else (name,))
        return FullQuantity(quantity, digits, clearance=clearance, sources=(str(source.id),), ranges=ranges)
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
            inputs.append((ref.name, _find_input(known, name, ref)))
    common = choose_common_unit(operation, [full.quantity.unit for _, full in inputs], quantity.unit)
    if common:
        inputs = [(other, convert_input(full, common)) for other, full in inputs]
    named = [Input(other, full.quantity, full.negative_part, _states_qualifier(brief, other)) for other, full in inputs]
    try:
        result = apply_operation(operation, named, quantity.unit, quantity.qualifier)
    except DerivationError as problem:
        raise DerivationError(f"'{claim.id}': {problem}") from None
    rested_on = Counter(each for _, full in inputs for each in full.ranges)
    shared = frozenset(each for _, full in inputs for each in full.shared_ranges)
    if any(count > 1 for count in rested_on.values()):
        shared |= {each for each, count in rested_on.items() if count > 1}
        if result.value is None:
            result = _narrow(brief, name, result, sorted(shared), known.places)
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
    digits, is_exact = count_digits(brief, operation, computed, [full for _, full in inputs])
    if is_selected and operation == "mean":
        digits = count_mean_digits(computed, [full for _, full in inputs])
    return FullQuantity(
        computed,
        digits,
        is_exact,
        clearance,
        tuple(dict.fromkeys((str(source.id), *(other for _, full in inputs for other in full.sources)))),
        next((given.name for given in named if given.low < 0), "") if operation == "sum" else "",
        tuple(other for other, _ in inputs if other in brief.claims),
        *((frozenset(rested_on), shared) if computed.value is None else ()),
    )


def _narrow(brief: Brief, name: str, result: Quantity, shared: list[str], places: PlacesInRanges) -> Quantity:
    """Returns a result without what only seems possible if a range that several of its inputs rest on differs between them."""

    def evaluate(at: Places) -> tuple[Decimal, Decimal]:
        ends = list_ends(_compute_at(brief, name, tuple(sorted((*places, *at.items())))).quantity)
        return min(ends), max(ends)

    try:
        extremes = find_extremes(shared, evaluate)
    except DerivationError:
        return result
    if extremes is None:
        return result
    low, high = extremes
    return replace(result, value=low, low=None, high=None) if low == high else replace(result, low=low, high=high)


def _refuse_cancelled(operation: str, result: Quantity, inputs: list[tuple[str, FullQuantity]]) -> None:
    """Refuses a result that is smaller than what "about" of an input leaves open: about 1,000,000 less 999,999."""
    rough = [(find_last_digit(full), name) for name, full in inputs if full.quantity.qualifier is Qualifier.ABOUT]
    last, name = max(rough, default=(0, ""))
    ends = list_ends(result)
    if operation in ("change", "cagr"):
        first, second = (list_ends(full.quantity) for _, full in inputs)
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
            FullQuantity(quantity, count_stated_digits(quantity), clearance=selected.clearance, sources=(source,)),
        )


def _find_stated(brief: Brief, name: str, quantity: Quantity) -> Quantity:
    """Returns the quantity with the figure of a cell as its file has it, without the zeros that its column adds."""
    dataset, key, column = split_cell_name(name) or ("", "", "")
    table = brief.datasets.get(dataset)
    at = next((at for at, each in enumerate(table.columns) if each.name == column), None) if table else None
    row = table.rows.get(key) if table else None
    return quantity if row is None or at is None else replace(quantity, value=row.figures[at])


def _find_input(known: _Results, name: str, ref: Ref) -> FullQuantity:
    found = known.get(ref.name)
    if found is None:
        source, _, claim = ref.name.partition("/")
        raise DerivationError(f"'{source}' has no claim '{claim}'", name, is_unknown=True)
    if isinstance(found, ValueError):
        raise found.with_traceback(None)
    return found


def _strip_fraction(value: Decimal) -> Decimal:
    stripped = value.normalize()
    return stripped if int(stripped.as_tuple().exponent) < 0 else stripped.quantize(Decimal(1))
