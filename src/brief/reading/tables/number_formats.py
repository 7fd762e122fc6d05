"""Reads what the number formats of a workbook's cells say of their figures: percentages, currencies, multiples, decimals, months.

A workbook stores 12.5% as 0.125, and a month as its first day, or any other; only the format says so, and that 12,300,000 is
shown as 12.3 (ECMA-376 part 1, 18.8.30 and 18.8.31).
"""

import re
import zipfile
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from xml.parsers import expat

from brief.model.figures.units import find_meant_unit, is_currency_code
from brief.model.record import dataclass

_STYLES = "xl/styles.xml"
# Formats that a workbook names by number alone and that say something of the figures (18.8.30).
_BUILT_IN = {
    **dict(enumerate(("0", "0.00", "#,##0", "#,##0.00"), 1)),
    9: "0%",
    10: "0.00%",
    17: "mmm-yy",
    **dict.fromkeys((5, 6, 37, 38, 41, 42), "$#,##0"),
    **dict.fromkeys((7, 8, 39, 40, 43, 44), "$#,##0.00"),
}
# Accounting formats without a currency sign.
_WITHOUT_SIGN = (37, 38, 39, 40, 41, 43)
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!\$)[^\]]*\]')
_CURRENCY = re.compile(r"\[\$(?P<sign>[^\]-]*)(?:-(?P<locale>[0-9A-Fa-f]+))?\]")
_DECIMALS = re.compile(r"\.([0#?]+)")
# Each comma after the digits means that the value is shown divided by a thousand.
_DIVIDED = re.compile(r"[0#?](,+)(?![0#?,])")
PERCENT_SIGNS = ("%", "％")
# Words in capitals that are no currencies.
_NOT_CURRENCIES = frozenset(("MIO", "MRD", "TSD", "TEU", "BPS", "PPM", "PPB", "PCS"))
_SIGNS = {"€": "EUR", "£": "GBP", "US$": "USD", "HK$": "HKD", "NT$": "TWD", "S$": "SGD", "A$": "AUD", "C$": "CAD", "₩": "KRW", "₹": "INR", "円": "JPY"}  # fmt: skip
# What the signs that several currencies share mean in the locale of the format (MS-LCID).
_SIGNS_BY_LOCALE = {
    ("$", 0x409): "USD",
    ("$", 0x404): "TWD",
    ("$", 0xC04): "HKD",
    ("$", 0x1004): "SGD",
    ("$", 0xC09): "AUD",
    ("$", 0x1009): "CAD",
    **dict.fromkeys((("¥", 0x804), ("￥", 0x804)), "CNY"),
    **dict.fromkeys((("¥", 0x411), ("￥", 0x411)), "JPY"),
}
# What is before and after the number where a cell shows it; fractions and times are no single number.
_SHOWN_NUMBER = re.compile(
    r"[(+\u2212-]?(?P<before>[^0-9/:]*?)\s*[(+\u2212-]?"
    r"(?P<number>[0-9][0-9.,\s'\u2019]*(?:E[+-]?[0-9]+)?)(?P<after>(?![0-9/:\s]|E[+-]?[0-9]).*?|)\)?"
)
_LONGEST_SHOWN = 100
_MONEY = re.compile("(US|HK|NT|[SAC])?[$€£¥￥₩₹円元]")
_ROUNDING = Context(prec=40, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class CellFormat:
    """What a cell's format says: a percentage, the code of a currency, or a currency sign that several currencies
    share.

    `words` is other text beside the number, as in 12.3 kWh or $12.3 M. `decimals` counts the decimals that are shown.
    The value is shown divided by `multiple`, as 12.3 for 12,300,000. `is_month` and `is_year` say that a date is shown
    without its day, or its month.
    """

    is_percent: bool = False
    currency: str = ""
    sign: str = ""
    words: str = ""
    decimals: int = 0
    multiple: int = 1
    is_month: bool = False
    is_year: bool = False


def parse_format(code: str) -> CellFormat | None:
    """Returns what a format code says; None if it says nothing of a number's meaning, as `General` does."""
    shown = code.split(";", maxsplit=1)[0]
    literals = "".join(part.strip('"') for part in re.findall(r'"[^"]*"', shown))
    bare = _LITERAL.sub("", shown)
    match = _CURRENCY.search(bare)
    number = _CURRENCY.sub("", bare)
    found = _DECIMALS.search(number)
    decimals = len(found[1]) if found else 0
    if "%" in number:
        return CellFormat(is_percent=True, decimals=decimals)
    if re.search("[0#?]", number) and not re.search("[E/]", number):
        sign = (match["sign"] if match else "") or next((mark for mark in "$€£¥￥₩₹" if mark in number), "")
        sign = sign or next((mark for mark in (*_SIGNS, "$", "¥", "￥") if mark in literals), "")
        words = literals.strip()
        # 元 is a unit of several currencies, and the end of names such as 美元.
        yuan = words.lstrip("百十千万萬亿億") if words.endswith("元") else ""
        named = find_meant_unit(yuan) if yuan and yuan != "元" else None
        sign = sign or ("元" if yuan else "")
        stated = named or words
        name = find_currency(sign.strip(), int(match["locale"], 16) if match and match["locale"] else 0)
        name = name or (stated if is_currency_code(stated) and stated not in _NOT_CURRENCIES else "")
        divided = _DIVIDED.search(number)
        return CellFormat(
            currency=name,
            sign="" if name else sign.strip(),
            words=words.replace(yuan or sign or name, "", 1).strip() if yuan or sign or name else words,
            decimals=decimals,
            multiple=1_000 ** len(divided[1]) if divided else 1,
        )
    letters = number.lower()
    if "y" in letters and "d" not in letters and "h" not in letters:
        return CellFormat(is_month="m" in letters, is_year="m" not in letters)
    return None


def find_currency(sign: str, locale: int = 0) -> str:
    """Returns the currency's code that a sign means in a locale; empty if several currencies share it."""
    if is_currency_code(sign):
        return sign
    return _SIGNS.get(sign) or _SIGNS_BY_LOCALE.get((sign, locale & 0xFFFF), "")


def read_style_formats(archive: zipfile.ZipFile) -> dict[str, CellFormat]:
    """Reads what the formats of an XLSX workbook say, by the index of the style that cells name.

    Raises:
        expat.ExpatError: the XML is damaged.
    """
    if _STYLES not in archive.namelist():
        return {}
    codes: dict[int, str] = dict(_BUILT_IN)
    codes |= {number: _BUILT_IN[number].removeprefix("$") for number in _WITHOUT_SIGN}
    styles: list[int] = []
    is_inside = False

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal is_inside
        name = name.rpartition(":")[2]
        if name == "numFmt":
            codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            is_inside = True
        elif name == "xf" and is_inside:
            styles.append(int(attributes.get("numFmtId", 0)))

    def end(name: str) -> None:
        nonlocal is_inside
        is_inside = is_inside and name.rpartition(":")[2] != "cellXfs"

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(archive.read(_STYLES), True)
    read = ((index, parse_format(codes.get(number, ""))) for index, number in enumerate(styles))
    return {str(index): found for index, found in read if found is not None}


def describe_open_cell(kind: str, value: str, currency: str, shown: str) -> CellFormat | None:
    """Returns what an ODS cell says of its figure: its type, its currency, and how it is shown (OpenDocument 1.3, 19.387)."""
    if kind == "date":
        return _describe_shown_date(value, shown)
    if kind not in ("percentage", "currency", "float"):
        return None
    written = _SHOWN_NUMBER.fullmatch(shown) if len(shown) <= _LONGEST_SHOWN else None
    number = written["number"] if written else shown
    multiple, decimals = _compare_with_shown(value, number, is_percent=kind == "percentage")
    if kind == "percentage":
        return CellFormat(is_percent=True, decimals=decimals)
    words = f"{written['before']} {written['after']}".strip() if written else ""
    if kind == "currency" and currency:
        words = _MONEY.sub("", words).replace(currency, "").strip()
        return CellFormat(currency=currency, words=words, decimals=decimals, multiple=multiple)
    found = CellFormat(words=words, decimals=decimals, multiple=multiple)
    return found if found != CellFormat() else None


def _describe_shown_date(value: str, shown: str) -> CellFormat | None:
    """Returns whether a date is shown as a month (`01/2026`, `Jan 2026`, `2026年1月`) or a year."""
    numbers = re.findall("[0-9]+", shown)
    has_words = re.search(r"[^\W\d_年月日년월일]", shown) is not None
    has_year = any(number in (value[:4], value[2:4]) for number in numbers)
    if has_year and len(numbers) + has_words == 2:
        return CellFormat(is_month=True)
    return CellFormat(is_year=True) if not has_words and numbers == [value[:4]] else None


def _compare_with_shown(value: str, shown: str, *, is_percent: bool) -> tuple[int, int]:
    """Returns by what the value of a cell is divided where it is shown, and how many decimals are shown.

    A mark before the last digits may be a decimal one, or separate thousands, which only the value tells.
    """
    written = re.search(r"[.,]([0-9]+)[^0-9.,]*$", shown)
    most = len(written[1]) if written else 0
    digits = re.sub("[^0-9]", "", shown).lstrip("0")
    try:
        figure = abs(Decimal(value)) * (100 if is_percent else 1)
        for multiple in (1,) if is_percent else (1, 1_000, 1_000_000, 1_000_000_000):
            for decimals in dict.fromkeys((most, 0)):
                rounded = (figure / multiple).quantize(Decimal(1).scaleb(-decimals), context=_ROUNDING)
                if digits and f"{rounded:f}".replace(".", "").lstrip("0") == digits:
                    return multiple, decimals
    except InvalidOperation:
        pass
    return 1, most
