"""The number scales of languages: thousands, millions, myriads (10,000 is 1万)."""

from decimal import Decimal
from functools import lru_cache

from brief.model.catalogue import CONTEXT_SEPARATOR, Catalogue
from brief.model.record import dataclass
from brief.resolve.figures.plurals import find_plural_index
from brief.resolve.figures.rounding import EXACT_CONTEXT

# The scales of English, and of a catalogue that lists none.
_ENGLISH_SCALES = {"1e6": ("{n} million",), "1e9": ("{n} billion",), "1e12": ("{n} trillion",)}
_SCALES = ("1e3", "1e4", "1e5", "1e6", "1e7", "1e8", "1e9", "1e12")
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
    """Returns the exact value in units of the scale: of 1,500,000, a whole number, 1.5 million and not 1.500000."""
    scaled = value.scaleb(-scale.factor.adjusted(), EXACT_CONTEXT)
    if value.as_tuple().exponent == 0 and scale.factor != 1:
        scaled = scaled.normalize(EXACT_CONTEXT)
    return scaled


def choose_pattern(scale: NumberScale, scaled: Decimal, catalogue: Catalogue) -> str:
    """Returns the pattern of a scale in the plural form of the scaled number."""
    if len(scale.forms) < 2:
        return scale.pattern
    return scale.forms[min(find_plural_index(scaled, catalogue.locale), len(scale.forms) - 1)]


def list_scales(catalogue: Catalogue) -> tuple[NumberScale, ...]:
    """Lists the scales of the catalogue's language, the smallest first."""
    return _make_scales(tuple(catalogue.messages.get(key) for key in _SCALE_KEYS))


@lru_cache(maxsize=100)
def _make_scales(translated: tuple[tuple[str, ...] | None, ...]) -> tuple[NumberScale, ...]:
    patterns = {key: forms for key, forms in zip(_SCALES, translated, strict=True) if forms} or _ENGLISH_SCALES
    scales = (NumberScale(Decimal(key), forms[-1], forms) for key, forms in patterns.items())
    return tuple(sorted(scales, key=lambda scale: scale.factor))
