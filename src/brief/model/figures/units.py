"""The table of units: those with words of our own, the symbols of CLDR units, and quotients of any two.

A unit is written as a name of `OWN_UNITS` (`percent`), a symbol of `SYMBOLS` or `PRINTED_SYMBOLS` (`kWh`, `MWh`), the name
of any unit of CLDR (`kilowatt-hour`), an ISO 4217 code (`CNY`), a name that the project declares, or a quotient of two of
them (`CNY/km`, `kWh/100 km`). Which CLDR units and currencies there are is known to `brief.resolve.figures.units`.
"""

import re
from collections.abc import Mapping
from decimal import Decimal

from brief.model.record import dataclass

# The context of the messages for a project's own units.
PROJECT_UNITS = "project-unit"
_CURRENCY_CODE = re.compile("[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class OwnUnit:
    """English patterns in the singular and the plural, which are also the ids of catalogue messages of context `unit`.

    `has_several` is whether "dozens of" can be used with it.
    """

    one: str
    other: str
    has_several: bool = True


OWN_UNITS: Mapping[str, OwnUnit] = {
    "count": OwnUnit("{n}", "{n}"),
    "percent": OwnUnit("{n}%", "{n}%", has_several=False),
    "percentage-point": OwnUnit("{n} percentage point", "{n} percentage points"),
    "basis-point": OwnUnit("{n} basis point", "{n} basis points"),
    "permille": OwnUnit("{n}‰", "{n}‰", has_several=False),
    "times": OwnUnit("{n} times", "{n} times"),
    # What `times` means above a stroke: twice a year.
    "occurrence": OwnUnit("{n} time", "{n} times"),
    "person": OwnUnit("{n} person", "{n} people"),
    "second": OwnUnit("{n} second", "{n} seconds"),
    "minute": OwnUnit("{n} minute", "{n} minutes"),
    "hour": OwnUnit("{n} hour", "{n} hours"),
    "day": OwnUnit("{n} day", "{n} days"),
    "week": OwnUnit("{n} week", "{n} weeks"),
    "month": OwnUnit("{n} month", "{n} months"),
    "year": OwnUnit("{n} year", "{n} years"),
    # Chinese, Japanese and Korean count the years of an age with a word of their own.
    "age": OwnUnit("{n} year of age", "{n} years of age", has_several=False),
    "fps": OwnUnit("{n} fps", "{n} fps", has_several=False),
    "line": OwnUnit("{n}p", "{n}p", has_several=False),
    "P": OwnUnit("{n}P", "{n}P", has_several=False),
}
UNITS = tuple(OWN_UNITS)

# Other names of units that have words of our own.
_OWN_NAMES = {
    "people": "person",
    "persons": "person",
    "‰": "permille",
    "pp": "percentage-point",
    "bp": "basis-point",
    "bps": "basis-point",
    "s": "second",
    "min": "minute",
    "h": "hour",
    "d": "day",
    # What CLDR calls it, whose words Babel lacks.
    "year-person": "age",
}
# Other names of temperatures, whose arithmetic differs from the arithmetic of other units.
_TEMPERATURES = {
    **dict.fromkeys(("celsius", "temperature-celsius", "℃"), "°C"),
    **dict.fromkeys(("fahrenheit", "temperature-fahrenheit"), "°F"),
}

# What CLDR calls the units that people write as symbols. A symbol prints short (5 kWh), a CLDR name in full.
SYMBOLS: Mapping[str, str] = {
    "mm": "length-millimeter",
    "cm": "length-centimeter",
    # Keyboards have the micro sign (U+00B5), and texts the Greek letter (U+03BC).
    **dict.fromkeys(("\u00b5m", "\u03bcm"), "length-micrometer"),
    "nmi": "length-nautical-mile",
    "m": "length-meter",
    "km": "length-kilometer",
    "mi": "length-mile",
    "ft": "length-foot",
    "nm": "length-nanometer",
    "m2": "area-square-meter",
    "m²": "area-square-meter",
    "km2": "area-square-kilometer",
    "km²": "area-square-kilometer",
    "ha": "area-hectare",
    "m3": "volume-cubic-meter",
    "m³": "volume-cubic-meter",
    "L": "volume-liter",
    "l": "volume-liter",
    "mL": "volume-milliliter",
    "cL": "volume-centiliter",
    "dL": "volume-deciliter",
    "hL": "volume-hectoliter",
    "bbl": "volume-barrel",
    **dict.fromkeys(("\u00b5g", "\u03bcg"), "mass-microgram"),
    "mg": "mass-milligram",
    "g": "mass-gram",
    "kg": "mass-kilogram",
    "t": "mass-tonne",
    "lb": "mass-pound",
    "W": "power-watt",
    "kW": "power-kilowatt",
    "MW": "power-megawatt",
    "GW": "power-gigawatt",
    "J": "energy-joule",
    "kJ": "energy-kilojoule",
    "cal": "energy-calorie",
    "kcal": "energy-kilocalorie",
    "kWh": "energy-kilowatt-hour",
    "mW": "power-milliwatt",
    "N": "force-newton",
    "V": "electric-volt",
    "A": "electric-ampere",
    "mA": "electric-milliampere",
    "Hz": "frequency-hertz",
    "kHz": "frequency-kilohertz",
    "MHz": "frequency-megahertz",
    "GHz": "frequency-gigahertz",
    "B": "digital-byte",
    "kB": "digital-kilobyte",
    "MB": "digital-megabyte",
    "GB": "digital-gigabyte",
    "TB": "digital-terabyte",
    "PB": "digital-petabyte",
    "Mbit": "digital-megabit",
    "Gbit": "digital-gigabit",
    "ms": "duration-millisecond",
    "km/h": "speed-kilometer-per-hour",
    "mph": "speed-mile-per-hour",
    "m/s": "speed-meter-per-second",
    "kn": "speed-knot",
    "Pa": "pressure-pascal",
    "hPa": "pressure-hectopascal",
    "kPa": "pressure-kilopascal",
    "MPa": "pressure-megapascal",
    "mbar": "pressure-millibar",
    "mmHg": "pressure-millimeter-ofhg",
    "bar": "pressure-bar",
    "K": "temperature-kelvin",
    "°C": "temperature-celsius",
    "℃": "temperature-celsius",
    "°F": "temperature-fahrenheit",
    "celsius": "temperature-celsius",
    "fahrenheit": "temperature-fahrenheit",
    "degree": "angle-degree",
    "°": "angle-degree",
    "tonne": "mass-tonne",
    "px": "graphics-pixel",
}
# Symbols for which CLDR has no unit; they print unchanged in every language.
PRINTED_SYMBOLS = frozenset(
    (
        *("Wh", "MWh", "GWh", "TWh", "PWh", "MJ", "GJ", "TJ", "PJ", "EJ", "TW", "kWp", "MWp", "GWp"),
        *("kVA", "MVA", "Mvar", "kV", "mV", "kA", "kt", "Mt", "Gt", "toe", "ktoe", "Mtoe", "boe", "MMBtu"),
        *("dB", "dBA", "mSv", "Bq", "kBq"),
        *("gCO2", "kgCO2", "tCO2", "ktCO2", "MtCO2", "GtCO2", "gCO2e", "kgCO2e", "tCO2e", "ktCO2e", "MtCO2e", "GtCO2e"),
        *("ng", "pg", "nL", "\u00b5L", "\u03bcL", "mol", "mmol", "\u00b5mol", "\u03bcmol", "nmol", "mg/dL", "mmol/L"),
        *("IU", "ppm", "ppb"),
        *("pkm", "tkm", "vkm", "TEU", "GT", "EB", "ZB", "bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s", "rpm"),
    )
)
# Names of CLDR units that are words, and print as words if CLDR has them.
LONG_NAMES = frozenset({"degree", "tonne", "B"})

# Common aliases of currency codes (ISO 4217) and units, in small letters.
ALIASES = {
    **dict.fromkeys(("rmb", "cnh", "yuan", "元", "人民币", "人民幣"), "CNY"),
    **dict.fromkeys(("$", "us$", "usd", "dollar", "dollars", "美元", "달러"), "USD"),
    **dict.fromkeys(("nt$", "ntd", "新台幣", "新臺幣"), "TWD"),
    **dict.fromkeys(("hk$", "港元", "港币", "港幣"), "HKD"),
    **dict.fromkeys(("€", "euro", "euros", "欧元", "歐元", "유로"), "EUR"),
    **dict.fromkeys(("£", "pound", "pounds", "英镑", "英鎊", "파운드"), "GBP"),
    **dict.fromkeys(("yen", "日元", "日圓", "円", "엔"), "JPY"),
    **dict.fromkeys(("₩", "won", "원"), "KRW"),
    **dict.fromkeys(("%", "％", "per cent", "pct"), "percent"),
    **dict.fromkeys(("pp", "ppt", "pct-point", "%-points", "%-punkte", "prozentpunkte"), "percentage-point"),
    **dict.fromkeys(("percentage points", "百分点", "百分點"), "percentage-point"),
    **dict.fromkeys(("bp", "bps", "basis points", "basispunkte", "基点", "基點"), "basis-point"),
    **dict.fromkeys(("x", "×", "倍"), "times"),
    **dict.fromkeys(("kwh", "kw-h", "kw·h", "千瓦时", "千瓦時"), "kWh"),
    **dict.fromkeys(
        (
            "人",
            "名",
            "head",
            "capita",
            "inhabitants",
            "residents",
            "population",
            "einwohner",
            "habitants",
            "habitantes",
            "personen",
            "personnes",
            "personas",
            "명",
        ),
        "person",
    ),
    **dict.fromkeys(("d", "days", "tag", "tage", "jour", "jours", "天"), "day"),
    **dict.fromkeys(("h", "hrs", "hours", "stunde", "stunden", "heure", "heures", "小时", "小時", "時間"), "hour"),
    **dict.fromkeys(("min", "mins", "minutes", "minuten", "分钟", "分鐘"), "minute"),
    **dict.fromkeys(("weeks", "woche", "wochen", "semaine", "semaines"), "week"),
    **dict.fromkeys(("months", "monat", "monate", "mois"), "month"),
    **dict.fromkeys(("yrs", "years", "jahr", "jahre", "années"), "year"),
    **dict.fromkeys(("years old", "years of age", "岁", "歲", "歳", "세"), "age"),
    **dict.fromkeys(("kilometre", "kilometres", "kilometers", "公里", "千米"), "km"),
    **dict.fromkeys(("metre", "metres", "meters", "米", "公尺"), "m"),
    **dict.fromkeys(("sq km", "km^2", "平方公里", "平方キロメートル"), "km²"),
    **dict.fromkeys(("sq m", "m^2", "平方米", "平方公尺"), "m²"),
    **dict.fromkeys(("hectare", "hectares", "hektar", "公顷", "公頃", "ヘクタール"), "ha"),
    **dict.fromkeys(("毫米", "公釐", "ミリメートル"), "mm"),
    **dict.fromkeys(("百帕", "ヘクトパスカル"), "hPa"),
    **dict.fromkeys(("litre", "litres", "liters", "升", "公升", "リットル"), "l"),
    **dict.fromkeys(("ml", "millilitre", "millilitres", "milliliters", "毫升"), "mL"),
    **{symbol.casefold(): symbol for symbol in ("cL", "dL", "hL")},
    **dict.fromkeys(("oz", "ounces", "盎司"), "ounce"),
    **dict.fromkeys(("oz t", "ozt", "troy oz", "troy ounce", "troy ounces", "金衡盎司"), "ounce-troy"),
    **dict.fromkeys(("tonnes", "tonnen", "metric tons", "吨", "公吨", "公噸", "トン"), "t"),
    **dict.fromkeys(("ug", "µg"), "µg"),
    **dict.fromkeys(
        ("nautical mile", "nautical miles", "sea miles", "seemeilen", "milles marins", "海里", "浬", "해리"), "nmi"
    ),
    **dict.fromkeys(("kts", "knot", "knots", "knoten", "nœuds", "節", "节", "ノット", "노트"), "kn"),
    **dict.fromkeys(("teus", "evp", "标准箱", "標準箱"), "TEU"),
    **dict.fromkeys(("degrees c", "deg c", "degc", "摄氏度", "攝氏度"), "°C"),
}


@dataclass(frozen=True, slots=True)
class Quotient:
    """A unit per `amount` of another: `kWh/100 km` is kWh per 100 of km."""

    numerator: str
    denominator: str
    amount: Decimal = Decimal(1)


def canonicalise_unit(unit: str) -> str:
    """Returns the canonical name of a unit: `person/km2` for `people/km²`. A unit without other names is unchanged."""
    parsed = split_quotient(unit)
    if parsed is not None:
        return name_quotient(
            Quotient(canonicalise_unit(parsed.numerator), canonicalise_unit(parsed.denominator), parsed.amount)
        )
    own = _OWN_NAMES.get(unit, unit)
    own = _TEMPERATURES.get(own, own)
    return own.replace("²", "2").replace("³", "3").replace("\u03bc", "\u00b5")


def is_currency_code(unit: str) -> bool:
    """Returns whether the unit has the form of a currency's code (ISO 4217), known or not."""
    return _CURRENCY_CODE.fullmatch(unit) is not None


def split_quotient(unit: str) -> Quotient | None:
    """Returns the two units of a quotient; None if the unit is a symbol of its own, such as `km/h`, or has no two parts."""
    if unit in SYMBOLS or unit in PRINTED_SYMBOLS or unit.count("/") != 1:
        return None
    numerator, _, below = unit.partition("/")
    amount, _, denominator = below.strip().rpartition(" ")
    if not numerator.strip() or not denominator or not (amount or "1").isascii() or not (amount or "1").isdigit():
        return None
    return Quotient(numerator.strip(), denominator, Decimal(amount or 1))


def name_quotient(quotient: Quotient) -> str:
    """Returns the name of a quotient as authors write it: `kWh/100 km`."""
    amount = "" if quotient.amount == 1 else f"{quotient.amount} "
    return f"{quotient.numerator}/{amount}{quotient.denominator}"


def find_own_unit(unit: str) -> OwnUnit | None:
    """Returns the entry of a unit in `OWN_UNITS`; None if the table does not have it."""
    return OWN_UNITS.get(_OWN_NAMES.get(unit, unit))


def find_meant_unit(unit: str) -> str | None:
    """Returns the unit that a common other spelling means: `CNY` for `rmb`."""
    return ALIASES.get(unit.casefold())
