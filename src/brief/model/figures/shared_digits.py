"""Decides which figures of a column or a chart print with the same number of decimals."""

from collections.abc import Iterable
from decimal import Context, Decimal

# More digits than any figure has.
_EXACT = Context(prec=100)
# How many zeros may be added to a figure, and to a zero, and how many more digits than those of the most exact figure a figure
# may get by them: 100.0 beside 33.3, but not 1,250.00000 beside 0.00042.
_MOST_ZEROS, _MOST_ZEROS_OF_NONE, _MORE_DIGITS = 2, 3, 1


def find_shared_place(figures: Iterable[Decimal], unpadded: Iterable[Decimal] = ()) -> int | None:
    """Finds the place, as a power of ten, to which all figures print: -1 for 3 and 33.3. `unpadded` are figures beside them
    to which no zero is added, such as approximate ones.

    None if the figures differ too much, such as 1,250 and 0.00042, so that one would get digits of which nothing is known.
    Each then prints as it is.
    """
    found, others = list(figures), list(unpadded)
    shared = min(map(_find_place, (*found, *others)), default=0)
    most = max((figure.adjusted() - _find_place(figure) + 1 for figure in (*found, *others) if figure), default=0)
    most += _MORE_DIGITS
    for figure in found:
        place = _find_place(figure)
        is_false = place - shared > _MOST_ZEROS or figure.adjusted() - shared + 1 > most
        if place > shared and (is_false if figure else place - shared > _MOST_ZEROS_OF_NONE):
            return find_shared_place(found) if others else None
    return shared


def _find_place(figure: Decimal) -> int:
    return int(figure.as_tuple().exponent)


def extend_to_place(figure: Decimal, place: int) -> Decimal:
    """Returns the figure with its last digit at a place, given as a power of ten: 3.0 for the figure 3 and the place -1."""
    return figure.quantize(Decimal(1).scaleb(place), context=_EXACT)
