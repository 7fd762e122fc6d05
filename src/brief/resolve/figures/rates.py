"""Formats rates with a word instead of a stroke: `2.5 per 100,000 people`, `每10万人2.5`."""

import re

from brief.model.catalogue import Catalogue
from brief.model.figures.units import (
    LONG_NAMES,
    OWN_UNITS,
    PRINTED_SYMBOLS,
    SYMBOLS,
    Quotient,
    find_own_unit,
    split_quotient,
)
from brief.model.locale import get_primary_language
from brief.model.record import dataclass
from brief.model.scripts import find_chinese_script
from brief.resolve.figures import units
from brief.resolve.figures.scales import UNSCALED, choose_pattern, list_scales

_MILLION = 1_000_000
# Languages that write "per million" instead of "per 1 million".
_LANGUAGES_OF_A_BARE_MILLION = ("en", "es")
# The words that Japanese puts before a number for each of these times: 毎秒300立方メートル.
_EVERY = {"秒": "秒", "分": "分", "時間": "時"}
# "18.3/10万" is a rate among people in Chinese statistics.
_PEOPLE_OF_MYRIADS = re.compile("(?<=[万亿])人$")
# The number would continue a symbol: never tCO22.5.
_SYMBOL_BEFORE = re.compile(r"(?<=[A-Za-z0-9²³₂])\{n\}")


@dataclass(frozen=True, slots=True)
class Rate:
    """The units above and below the stroke of a quotient, and the patterns of a figure and of a label in words."""

    numerator: str
    below_stroke: str
    pattern: str
    label: str


def split_rate(unit: str, catalogue: Catalogue) -> Rate | None:
    """Returns the parts of a rate; None for units that are not written with a word.

    A number of things has no unit that a stroke could follow, and a stroke before people or things is misread. Between
    units and before an amount in symbols, a stroke is usual: `US$25/month`, `kWh/100 km`. Mainland China prints a
    bare rate with a stroke: `2.5/10万`, as in the bulletins of its health statistics; Taiwan and Hong Kong write `每10萬人2.5`. Japanese puts words
    around a number with every unit that is a word, and Korean with people and times.
    """
    quotient = split_quotient(unit)
    if quotient is None:
        return None
    unit_below = quotient.denominator
    language = get_primary_language(catalogue.locale)
    is_symbol = _is_symbol(unit_below)
    is_bare = quotient.numerator == "count"
    is_noun_below = unit_below != "count" and units.is_noun(unit_below, catalogue)
    above = quotient.numerator
    # Twice a year, and not the double of a year.
    above = "occurrence" if find_own_unit(above) is OWN_UNITS["times"] else above
    is_counted = is_noun_below or (find_own_unit(unit_below) is not None and not _is_symbol(above))
    is_word = language == "ja" or (is_counted if language == "ko" else is_noun_below or units.is_noun(above, catalogue))
    if quotient.amount == 1:
        is_measured = _is_symbol(unit_below) and above != "occurrence" and language not in ("ja", "ko")
        if (not is_bare and (not is_word or is_measured)) or units.is_currency(unit_below):
            return None
        message, name = "{n} per {unit}", "{unit}"
        below = units.find_denominator(unit_below, catalogue)
        if language == "ja" and below in _EVERY:
            return Rate(above, below, f"毎{_EVERY[below]}{{n}}", f"毎{_EVERY[below]}{{n}}")
    elif is_symbol and not is_bare and not (is_word and language in ("ja", "ko")):
        return None
    else:
        message, name = "{n} per {amount}", "{amount}"
        below = _format_amount(quotient, catalogue)
    label = _SYMBOL_BEFORE.sub(" {n}", catalogue.get(message, "quantity").replace(name, below))
    pattern = label
    if is_bare and language == "zh" and (quotient.amount == 1 or find_chinese_script(catalogue.locale) == "Hans"):
        pattern = f"{{n}}/{_PEOPLE_OF_MYRIADS.sub('', below)}"
    stroke = units.find_denominator(unit_below, catalogue, is_stroke=True) if quotient.amount == 1 else below
    return Rate(above, stroke, pattern, label)


def _is_symbol(unit: str) -> bool:
    return (unit in SYMBOLS and unit not in LONG_NAMES) or unit in PRINTED_SYMBOLS


def format_rate_label(rate: Rate, label: str) -> str:
    """Returns the label of an axis or a column of rates, made from the label of the unit above the stroke: `per 100,000
    people`, `万美元/1000人`.
    """
    if label and not rate.label.startswith("{n}"):
        return f"{label}/{rate.below_stroke}"
    return rate.label.replace("{n}", label).strip()


def _format_amount(quotient: Quotient, catalogue: Catalogue) -> str:
    """Formats the denominator of a rate: `100,000 people`, `million people`, `10万人`."""
    scales = (scale for scale in reversed(list_scales(catalogue)) if quotient.amount % scale.factor == 0)
    scale = next(scales, UNSCALED)
    scaled = quotient.amount / scale.factor
    language = get_primary_language(catalogue.locale)
    is_scaled = scale.factor >= _MILLION
    is_left_out = language in _LANGUAGES_OF_A_BARE_MILLION and scaled == 1
    digits = "" if is_left_out else units.format_denominator(scaled, catalogue.locale)
    number = choose_pattern(scale, scaled, catalogue).replace("{n}", digits)
    pattern = units.find_unit_pattern(quotient.denominator, quotient.amount, catalogue, scaled=is_scaled)
    return pattern.replace("{n}", number.strip())
