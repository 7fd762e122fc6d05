"""The units that are multiples or products of other units, with exact factors.

Every factor is exact by definition:

- prefixes: The International System of Units (SI Brochure), 9th edition (2019), table 7;
- minute, hour, day, hectare, litre, tonne: SI Brochure, table 8; bar and nautical mile: NIST SP 811 (2008), appendix B.8;
- inch, foot, yard, mile, acre, pound and ounces: the International Yard and Pound Agreement of 1959, as in NIST SP 811, B.8;
- barrel of oil, of 42 US gallons: NIST SP 811, B.8;
- tonne of oil equivalent, 41.868 GJ: IEA, Energy Statistics Manual (2005), annex 3;
- byte of 8 bits, with decimal prefixes: IEC 80000-13:2008.

Units whose definitions differ, such as the British thermal unit and the calorie, are not converted to joules.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from brief.model.figures.units import SYMBOLS

_PREFIXES = {
    "p": -12,
    "n": -9,
    "\u00b5": -6,
    "m": -3,
    "c": -2,
    "d": -1,
    "h": 2,
    "k": 3,
    "M": 6,
    "G": 9,
    "T": 12,
    "P": 15,
    "E": 18,
    "Z": 21,
}
# The prefixes with which each unit is used.
_PREFIXED = {
    "m": "n\u00b5mcdk",
    "g": "pn\u00b5mk",
    "t": "kMG",
    "gCO2": "k",
    "tCO2": "kMG",
    "gCO2e": "k",
    "tCO2e": "kMG",
    "W": "mkMGTP",
    "J": "kMGTPE",
    "Wp": "kMG",
    "VA": "kM",
    "V": "mk",
    "A": "mk",
    "Hz": "kMG",
    "B": "kMGTPEZ",
    "bit": "kMGT",
    "Pa": "hkM",
    "bar": "m",
    "mol": "mn\u00b5",
    "Bq": "k",
    "L": "n\u00b5mcdh",
    "toe": "kM",
    "cal": "k",
}

# Units that are products of others: a kilowatt for an hour.
PRODUCTS: Mapping[str, tuple[str, ...]] = {
    "km2": ("km", "km"),
    "m2": ("m", "m"),
    "m3": ("m", "m", "m"),
    "mph": ("mi/hour",),
    "kn": ("nmi/hour",),
    "pkm": ("person", "km"),
    "tkm": ("t", "km"),
    "J": ("W", "second"),
    **{f"{prefix}Wh": (f"{prefix}W", "hour") for prefix in ("", "k", "M", "G", "T", "P")},
}


def _list_prefixed() -> Iterator[tuple[str, tuple[Decimal, str]]]:
    for unit, prefixes in _PREFIXED.items():
        for prefix in prefixes:
            yield f"{prefix}{unit}", (Decimal(1).scaleb(_PREFIXES[prefix]), unit)


# How many of another unit make one of each.
MULTIPLES: Mapping[str, tuple[Decimal, str]] = {
    **dict(_list_prefixed()),
    "ms": (Decimal("0.001"), "second"),
    "minute": (Decimal(60), "second"),
    "hour": (Decimal(60), "minute"),
    "day": (Decimal(24), "hour"),
    "week": (Decimal(7), "day"),
    "year": (Decimal(12), "month"),
    "decade": (Decimal(10), "year"),
    "century": (Decimal(100), "year"),
    "inch": (Decimal("0.0254"), "m"),
    "ft": (Decimal("0.3048"), "m"),
    "yard": (Decimal("0.9144"), "m"),
    "mi": (Decimal("1609.344"), "m"),
    "nmi": (Decimal(1_852), "m"),
    "ha": (Decimal(10_000), "m2"),
    "acre": (Decimal("4046.8564224"), "m2"),
    "l": (Decimal(1), "L"),
    "L": (Decimal("0.001"), "m3"),
    "bbl": (Decimal("158.987294928"), "L"),
    "t": (Decimal(1_000_000), "g"),
    "tonne": (Decimal(1), "t"),
    "lb": (Decimal("453.59237"), "g"),
    "ounce": (Decimal("28.349523125"), "g"),
    "ounce-troy": (Decimal("31.1034768"), "g"),
    "carat": (Decimal("0.2"), "g"),
    "tCO2": (Decimal(1_000_000), "gCO2"),
    "tCO2e": (Decimal(1_000_000), "gCO2e"),
    "bar": (Decimal(100_000), "Pa"),
    "toe": (Decimal("41.868e9"), "J"),
    "B": (Decimal(8), "bit"),
    "ppb": (Decimal("0.001"), "ppm"),
}


def _list_names(entries: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yields the names that CLDR has for a unit, with and without its category, and the symbol."""
    for symbol, name in entries:
        yield name, symbol
        yield name.partition("-")[2], symbol


# The symbols of units that are written as CLDR names them: of `kilowatt-hour`, kWh.
SYMBOLS_OF_NAMES: Mapping[str, str] = {
    name: symbol for name, symbol in _list_names(SYMBOLS.items()) if name not in SYMBOLS and symbol.isascii()
} | {f"duration-{time}": time for time in ("second", "minute", "hour", "day", "week", "month", "year")}
