"""Reads units and multiples as people write them in headers and in formats of cells: `Mio. €`, `1,000 t`."""

import re
from collections.abc import Iterator

from brief.model.figures.units import (
    PRINTED_SYMBOLS,
    SYMBOLS,
    find_meant_unit,
    find_own_unit,
    is_currency_code,
    split_quotient,
)

# Words and signs for multiples of a unit, with their values.
MULTIPLES = {
    **dict.fromkeys(("1000", "1,000", "1.000", "'000", "000s", "thousand", "thousands", "tsd", "tausend", "千"), 1_000),
    **dict.fromkeys(("millier", "milliers", "miles", "천"), 1_000),
    **dict.fromkeys(("万", "萬", "만"), 10_000),
    **dict.fromkeys(("十万", "十萬"), 100_000),
    **dict.fromkeys(("million", "millions", "mio", "mn", "百万", "百萬", "백만"), 1_000_000),
    **dict.fromkeys(("millionen", "millones", "mill"), 1_000_000),
    **dict.fromkeys(("千万", "千萬", "천만"), 10_000_000),
    **dict.fromkeys(("亿", "億", "억"), 100_000_000),
    **dict.fromkeys(("billion", "billions", "bn", "mrd", "十亿", "十億", "십억"), 1_000_000_000),
    **dict.fromkeys(("milliarden", "milliard", "milliards", "md", "mds", "mil millones"), 1_000_000_000),
    "조": 1_000_000_000_000,
}
# Multiples only together with a currency; elsewhere "m" means metres, and "k" nothing.
_MULTIPLES_OF_MONEY = {"k": 1_000, "m": 1_000_000, "b": 1_000_000_000, "tn": 1_000_000_000_000}
_MULTIPLE_AND_SIGN = re.compile(r"(?P<multiple>[MKk]|M?[a-z]+)\.?(?P<unit>[$€£¥])")
_SIGN_AND_MULTIPLE = re.compile(r"(?P<unit>[A-Z]{0,2}[$€£¥])(?P<multiple>[a-z]+)\.?")
_HAN_MULTIPLE = re.compile(r"(?P<multiple>[百千十]?[万萬亿億]|[百千]|[백천십]?[만억]|[천조])\s?(?P<unit>\S+)")
# The preposition between a multiple and its unit in French and Spanish.
_OF = re.compile(r"^(d['’]|de )")
# A unit in brackets after a header, or a percent sign.
_UNIT_IN_HEADER = re.compile(r".*[(\[（](?P<unit>[^()\[\]（）]+)[)\]）]|.*\s(?P<sign>[%％‰])")
# The amounts of rates: "per 100,000 people", "je 100.000 Einwohner", 每10万人, 10万人当たり, 10만 명당.
_PER_AMOUNT = re.compile(
    r"(?:per|je|pro|pour|por cada|por)\s(?P<amount>[0-9]{1,3}(?:[., \u00a0\u202f]?[0-9]{3})+|100)\s(?P<unit>[^0-9]+)",
    re.IGNORECASE,
)
_PER_MYRIADS = re.compile(
    r"(?:人口)?(?:(?P<before>每)|(?=.*(?:り|당)$))(?P<amount>[0-9]+)(?P<scale>[千万萬천만]?)\s?(?P<unit>人|명)"
    r"(?(before)口?|\s?(?:当たり|あたり|当り|당))"
)
# Such an amount before the name of a column: 10万人当たり患者数.
PER_MYRIADS_FIRST = re.compile(
    r"(?:人口)?(?:每[0-9]+[千万萬]?人口?|[0-9]+[千万萬]?人(?:当たり|あたり|当り)|[0-9]+[천만]?\s?명\s?당)"
)
# The names of columns with dates and periods, in small letters.
TIME_HEADERS = frozenset(
    [
        *("year", "month", "quarter", "week", "day", "date"),
        *("jahr", "monat", "quartal", "woche", "tag", "datum"),
        *("année", "mois", "trimestre", "semaine", "jour"),
        *("año", "mes", "semana", "día", "fecha"),
        *("ano", "mês", "dia", "data", "anno", "mese", "settimana", "giorno"),
        *(
            "年",
            "年份",
            "年度",
            "年月",
            "年别",
            "年別",
            "月",
            "月份",
            "月别",
            "月別",
            "季",
            "季别",
            "季別",
            "季度",
            "日期",
        ),
        *("財年", "财年", "四半期", "会計年度", "日付"),
        *("연도", "년도", "연월", "년월", "월", "분기", "날짜"),
    ]
)
_MYRIADS = {"千": 1_000, "천": 1_000, "万": 10_000, "萬": 10_000, "만": 10_000}


def find_stated_unit(header: str) -> str:
    """Returns the text in a header that states a unit, such as `EUR million`; empty if there is none."""
    match = _UNIT_IN_HEADER.fullmatch(header)
    return (match["unit"] or match["sign"]).strip().removeprefix("in ") if match else ""


def find_multiple(text: str) -> tuple[str, int] | None:
    """Returns the unit and the factor in texts such as `1,000 t`, `EUR m`, `Mio. €` and `亿元`.

    The unit of a multiple alone is `count`. Returns None if there is no multiple, or if its unit is unknown.
    """
    for multiple, rest in _split_multiple(text):
        # Without a unit, the figures are numbers of things.
        unit = find_unit(rest) if rest else "count"
        name = multiple.casefold().rstrip(".")
        factor = MULTIPLES.get(name) or (_MULTIPLES_OF_MONEY.get(name) if unit and is_currency_code(unit) else None)
        if factor:
            return (unit, factor) if unit else None
    return None


def _split_multiple(text: str) -> Iterator[tuple[str, str]]:
    """Yields each way to divide a text into what may be a multiple, and its unit."""
    words = text.split()
    if words:
        yield words[0], _OF.sub("", " ".join(words[1:]))
        yield " ".join(words[:2]), _OF.sub("", " ".join(words[2:]))
        yield words[-1], " ".join(words[:-1])
    for pattern in (_MULTIPLE_AND_SIGN, _SIGN_AND_MULTIPLE, _HAN_MULTIPLE):
        if match := pattern.fullmatch(text):
            yield match["multiple"], match["unit"]


def find_unit(text: str) -> str | None:
    """Returns the unit that a text such as `kWh`, `€` or `km per hour` means; None if it is unknown."""
    rate = _PER_AMOUNT.fullmatch(text) or _PER_MYRIADS.fullmatch(text)
    if rate is not None:
        denominator = find_unit(rate["unit"])
        denominator_amount = int(re.sub(r"\D", "", rate["amount"])) * _MYRIADS.get(
            rate.groupdict().get("scale") or "", 1
        )
        return f"count/{denominator_amount} {denominator}" if denominator else None
    quotient = split_quotient(text.replace(" per ", "/"))
    if quotient is not None:
        numerator, denominator = find_unit(quotient.numerator), find_unit(quotient.denominator)
        amount = "" if quotient.amount == 1 else f"{quotient.amount} "
        return f"{numerator}/{amount}{denominator}" if numerator and denominator else None
    if text in SYMBOLS or text in PRINTED_SYMBOLS or find_own_unit(text) is not None or is_currency_code(text):
        return text
    return find_meant_unit(text)
