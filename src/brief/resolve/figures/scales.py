"""The number scales of languages: thousands, millions, myriads (10,000 is 1万)."""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from brief.model.catalogue import CONTEXT_SEPARATOR, Catalogue
from brief.model.locale import get_primary_language
from brief.model.record import dataclass
from brief.resolve.figures.plurals import find_plural_index
from brief.resolve.figures.rounding import EXACT_CONTEXT, count_significant

# The scales of English, and of a catalogue that lists none.
_ENGLISH_SCALES = {"1e6": ("{n} million",), "1e9": ("{n} billion",), "1e12": ("{n} trillion",)}
_SCALES = ("1e3", "1e4", "1e5", "1e6", "1e7", "1e8", "1e9", "1e12")
# With more decimals than this, or more digits from a million on, a scaled number is harder to read than the full one.
_SCALED_DECIMALS_BELOW_MILLION = 2
_SCALED_DECIMALS = 4
_SCALED_DIGITS = 5
_MILLION = 1_000_000
# Languages that name the scale, and the percent sign, at both ends of a range (GB/T 15835-2011, 5.1.3): 5亿至12亿.
_SCALE_AT_BOTH_ENDS = ("ja", "ko", "zh")
_SCALE_KEYS = tuple(f"scale{CONTEXT_SEPARATOR}{key}" for key in _SCALES)


@dataclass(frozen=True, slots=True)
class NumberScale:
    """A power of ten that a language has a word for, and the pattern with that word: `{n}亿`.

    `forms` has the pattern of each plural form of the locale (French: 1 million, 2 millions). `pattern` is the last of
    them, for texts in which the number is not known.
    """

    factor: Decimal
    pattern: str
    forms: tuple[str, ...] = ()


UNSCALED = NumberScale(Decimal(1), "{n}")


def find_scale(factor: Decimal, catalogue: Catalogue) -> NumberScale:
    """Returns the locale's scale with this factor, or `UNSCALED`."""
    return next((scale for scale in list_scales(catalogue) if scale.factor == factor), UNSCALED)


def scale_value(value: Decimal, scale: NumberScale) -> Decimal:
    """Returns the exact value in units of the scale, without zeros from a whole number: 1.5 for 1,500,000 in millions, not
    1.500000.
    """
    scaled = value.scaleb(-scale.factor.adjusted(), EXACT_CONTEXT)
    if value.as_tuple().exponent == 0 and scale.factor != 1:
        scaled = scaled.normalize(EXACT_CONTEXT)
    return scaled


def choose_pattern(scale: NumberScale, scaled: Decimal, catalogue: Catalogue) -> str:
    """Returns the pattern of a scale in the plural form of the scaled number."""
    if len(scale.forms) < 2:
        return scale.pattern
    return scale.forms[min(find_plural_index(scaled, catalogue.locale), len(scale.forms) - 1)]


def choose_exact_scale(values: Sequence[Decimal], catalogue: Catalogue) -> NumberScale:
    """Returns the largest scale in which every value prints with all its digits and few decimals.

    Raises:
        ValueError: there are no values.
    """
    largest = max(value.copy_abs() for value in values)
    decimals = _SCALED_DECIMALS_BELOW_MILLION if largest < _MILLION else _SCALED_DECIMALS
    chosen = UNSCALED
    for scale in list_scales(catalogue):
        fits = largest >= scale.factor and not any(
            count_decimals(scale_value(value, scale)) > decimals or count_significant(value) > _SCALED_DIGITS
            for value in values
        )
        if fits:
            chosen = scale
    return chosen


def count_decimals(value: Decimal) -> int:
    """Counts the digits after the point."""
    return max(0, -int(value.as_tuple().exponent))


def choose_end_scales(
    low: Decimal, high: Decimal, catalogue: Catalogue, *, is_full: bool = False
) -> tuple[NumberScale, NumberScale]:
    """Returns the scales in which the ends of a range print, so that neither end can be read in the scale of the other.

    Two ends of one size share a scale (0.5–2 million). Otherwise each names its own: 10,000 to 2.5 million.
    """
    if is_full:
        return UNSCALED, UNSCALED
    if low >= 0 and not names_both_scales(catalogue.locale):
        shared = choose_exact_scale([low, high], catalogue)
        if not low or low * 10 >= shared.factor:
            return shared, shared
    scales = choose_exact_scale([low], catalogue), choose_exact_scale([high], catalogue)
    # A bare 1 before 2.5 million reads as 1 million; a zero reads as one in any scale.
    is_bare = scales[0] == UNSCALED != scales[1]
    is_apart = low >= 0 and names_both_scales(catalogue.locale) and scales[0] != scales[1]
    if low and (is_bare or is_apart) and low * scales[1].factor <= high:
        return UNSCALED, UNSCALED
    return scales


def names_both_scales(locale: str) -> bool:
    """Returns whether the language names the scale, and the percent sign, at both ends of a range."""
    return get_primary_language(locale) in _SCALE_AT_BOTH_ENDS


def list_scales(catalogue: Catalogue) -> tuple[NumberScale, ...]:
    """Returns the scales of the catalogue's language, the smallest first."""
    return _make_scales(tuple(catalogue.messages.get(key) for key in _SCALE_KEYS))


@lru_cache(maxsize=100)
def _make_scales(translated: tuple[tuple[str, ...] | None, ...]) -> tuple[NumberScale, ...]:
    patterns = {key: forms for key, forms in zip(_SCALES, translated, strict=True) if forms} or _ENGLISH_SCALES
    scales = (NumberScale(Decimal(key), forms[-1], forms) for key, forms in patterns.items())
    return tuple(sorted(scales, key=lambda scale: scale.factor))
