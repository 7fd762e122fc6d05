"""Counts the significant digits of figures and of results: as many as the least exact input has, where arithmetic leaves them."""

from decimal import Decimal

from brief.model.brief import Brief
from brief.model.figures.quantity import FullQuantity, Qualifier, Quantity
from brief.model.figures.units import PROJECT_UNITS, canonicalise_unit
from brief.resolve.figures.arithmetic import OPERATIONS
from brief.resolve.figures.rounding import choose_mean_precision, count_significant

# A result keeps at least two digits, even if its inputs have fewer.
_LEAST_DIGITS = 2
# Units in which things are counted, in addition to the project's own; and the greatest count whose final zeros are surely
# counted, not rounded.
_TIME_UNITS = frozenset(("day", "week", "month", "year"))
_COUNT_UNITS = _TIME_UNITS | {"count", "times", "person"}
_LARGEST_EXACT = 1_000
# The number of digits of an unrounded result; further digits of an infinite fraction are meaningless.
FULL_DIGITS = 12


def count_stated_digits(quantity: Quantity) -> int:
    """Counts the significant digits that a quantity is stated with: 90 has three if it prints with one decimal."""
    # A zero is exact; it has no significant digits to count.
    ends = [end for end in list_ends(quantity) if end]
    if quantity.decimals is None:
        return min(map(count_significant, ends), default=FULL_DIGITS)
    padded = quantity.decimals + 1
    return min((max(count_significant(end), end.adjusted() + padded) for end in ends), default=FULL_DIGITS)


def count_mean_digits(result: Quantity, inputs: list[FullQuantity]) -> int:
    """Counts the significant digits of a mean of many cells, which is more exact than each cell (see
    `choose_mean_precision`).
    """
    values = [full.quantity.value for full in inputs if full.quantity.value is not None]
    decimals = choose_mean_precision(values, result.unit)
    return max(_LEAST_DIGITS, (result.value or Decimal(1)).adjusted() + 1 + decimals)


def count_digits(brief: Brief, operation: str, result: Quantity, inputs: list[FullQuantity]) -> tuple[int, bool]:
    """Returns the number of significant digits of a result, and whether it is exact.

    Sums and differences keep all digits, or, if an input is approximate, none beyond its last digit. So do products of
    counts; other results have as many digits as the least exact input that is not a count, if there is one.
    """
    ends = [end for end in list_ends(result) if end]
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
                for end in list_ends(full.quantity)
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
    rough = [find_last_digit(full) for full in inputs if full.quantity.qualifier is Qualifier.ABOUT]
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


def list_ends(quantity: Quantity) -> list[Decimal]:
    """Lists the value, or the ends of a range."""
    return [end for end in (quantity.value, quantity.low, quantity.high) if end is not None]


def _find_last_known(full: FullQuantity) -> int:
    """Returns the power of ten of the last digit that the figure rests on."""
    ends = [end for end in list_ends(full.quantity) if end]
    return max((end.adjusted() - full.digits + 1 for end in ends), default=-FULL_DIGITS)


def find_last_digit(full: FullQuantity) -> int:
    """Returns the power of ten of the last significant digit."""
    ends = [end for end in list_ends(full.quantity) if end]
    return max((end.adjusted() - count_significant(end) + 1 for end in ends), default=0)
