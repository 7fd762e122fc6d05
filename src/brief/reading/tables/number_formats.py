"""Reads the number formats of a workbook's cells: percentages, currencies, divisors, decimals, months and years.

A workbook stores 12.5% as 0.125, and a month as some day in it. Only the format tells them apart from other numbers and
dates, and says that 12,300,000 is displayed as 12.3 (ECMA-376 part 1, 18.8.30 and 18.8.31).
"""

import re
import zipfile
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from xml.parsers import expat

from brief.model.figures.units import find_meant_unit, is_currency_code
from brief.model.record import dataclass

_STYLES = "xl/styles.xml"
# Built-in formats that matter here, by the ID with which workbooks refer to them (18.8.30).
_BUILT_IN = {
    **dict(enumerate(("0", "0.00", "#,##0", "#,##0.00"), 1)),
    9: "0%",
    10: "0.00%",
    17: "mmm-yy",
    **dict.fromkeys((5, 6, 42), "$#,##0"),
    **dict.fromkeys((7, 8, 44), "$#,##0.00"),
    **dict.fromkeys((37, 38, 41), "#,##0"),
    **dict.fromkeys((39, 40, 43), "#,##0.00"),
}
# Parts that are not placeholders: quoted text, escapes, padding, fill, [colour] and [condition].
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!\$)[^\]]*\]')
_CURRENCY = re.compile(r"\[\$(?P<sign>[^\]-]*)(?:-(?P<locale>[0-9A-Fa-f]+))?\]")
_DECIMALS = re.compile(r"\.([0#?]+)")
# Each comma after the digits divides the displayed value by a thousand.
_DIVISION = re.compile(r"[0#?](,+)(?![0#?,])")
PERCENT_SIGNS = ("%", "％")
# Three letters that look like an ISO 4217 code but are not.
_NOT_CURRENCIES = frozenset(("MIO", "MRD", "TSD", "TEU", "BPS", "PPM", "PPB", "PCS"))
_UNIQUE_SIGNS = {"€": "EUR", "£": "GBP", "US$": "USD", "HK$": "HKD", "NT$": "TWD", "S$": "SGD", "A$": "AUD", "C$": "CAD", "₩": "KRW", "₹": "INR", "円": "JPY"}  # fmt: skip
# Signs of several currencies, with the locale ID of the format ([MS-LCID]).
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
# A displayed number, and the text before and after it. Fractions (1/2) and times (1:30) do not match.
_DISPLAYED_NUMBER = re.compile(
    r"[(+\u2212-]?(?P<before>[^0-9/:]*?)\s*[(+\u2212-]?"
    r"(?P<number>[0-9][0-9.,\s'\u2019]*(?:E[+-]?[0-9]+)?)(?P<after>(?![0-9/:\s]|E[+-]?[0-9]).*?|)\)?"
)
_MAX_DISPLAYED_LENGTH = 100
_CURRENCY_SIGN = re.compile("(US|HK|NT|[SAC])?[$€£¥￥₩₹円元]")
_ROUNDING = Context(prec=40, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class CellFormat:
    """What a cell's format says about its number or date.

    `currency` is the ISO 4217 code of a currency; otherwise `ambiguous_sign` is a sign that several currencies share.
    `affix` is other text around the number, such as kWh in 12.3 kWh or M in $12.3 M. The value is displayed divided by
    `divisor`, as 12.3 for 12,300,000, and with `decimals` decimals. `is_month` says that a date is displayed as a month
    and a year, `is_year` as a year alone.
    """

    is_percent: bool = False
    currency: str = ""
    ambiguous_sign: str = ""
    affix: str = ""
    decimals: int = 0
    divisor: int = 1
    is_month: bool = False
    is_year: bool = False


def parse_format(code: str) -> CellFormat | None:
    """Parses the first section of a format code.

    Returns None for `General`, for text, and for dates and times other than months and years.
    """
    section = code.split(";", maxsplit=1)[0]
    literals = "".join(part.strip('"') for part in re.findall(r'"[^"]*"', section))
    without_literals = _LITERAL.sub("", section)
    match = _CURRENCY.search(without_literals)
    placeholders = _CURRENCY.sub("", without_literals)
    decimal_digits = _DECIMALS.search(placeholders)
    decimals = len(decimal_digits[1]) if decimal_digits else 0
    if "%" in placeholders:
        return CellFormat(is_percent=True, decimals=decimals)
    if re.search("[0#?]", placeholders) and not re.search("[E/]", placeholders):
        sign = (match["sign"] if match else "") or next((mark for mark in "$€£¥￥₩₹" if mark in placeholders), "")
        sign = sign or next((mark for mark in (*_UNIQUE_SIGNS, "$", "¥", "￥") if mark in literals), "")
        affix = literals.strip()
        # 元 alone may be several currencies; names such as 美元 are those of one.
        yuan_name = affix.lstrip("百十千万萬亿億") if affix.endswith("元") else ""
        named_currency = find_meant_unit(yuan_name) if yuan_name and yuan_name != "元" else None
        sign = sign or ("元" if yuan_name else "")
        possible_code = named_currency or affix
        code = find_currency(sign.strip(), int(match["locale"], 16) if match and match["locale"] else 0)
        code = code or (
            possible_code if is_currency_code(possible_code) and possible_code not in _NOT_CURRENCIES else ""
        )
        currency_text = yuan_name or sign or code
        division = _DIVISION.search(placeholders)
        return CellFormat(
            currency=code,
            ambiguous_sign="" if code else sign.strip(),
            affix=affix.replace(currency_text, "", 1).strip() if currency_text else affix,
            decimals=decimals,
            divisor=1_000 ** len(division[1]) if division else 1,
        )
    letters = placeholders.lower()
    if "y" in letters and "d" not in letters and "h" not in letters:
        return CellFormat(is_month="m" in letters, is_year="m" not in letters)
    return None


def find_currency(sign: str, locale: int = 0) -> str:
    """Returns the ISO 4217 code of a currency sign or code; empty if it is unknown, or ambiguous in the locale.

    `locale` is the locale ID of the format ([MS-LCID]); 0 if it is unknown.
    """
    if is_currency_code(sign):
        return sign
    # The high bytes of the ID choose a calendar and digits.
    return _UNIQUE_SIGNS.get(sign) or _SIGNS_BY_LOCALE.get((sign, locale & 0xFFFF), "")


def read_style_formats(archive: zipfile.ZipFile) -> dict[str, CellFormat]:
    """Reads the formats of an XLSX workbook by style index, which is the attribute `s` of cells, as a string.

    Formats for which `parse_format` returns None are left out.

    Raises:
        expat.ExpatError, KeyError, ValueError: the XML of the styles is damaged.
        OSError, zipfile.BadZipFile: the archive is damaged.
    """
    if _STYLES not in archive.namelist():
        return {}
    codes: dict[int, str] = dict(_BUILT_IN)
    styles: list[int] = []
    is_in_cell_formats = False

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal is_in_cell_formats
        name = name.rpartition(":")[2]
        if name == "numFmt":
            codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            is_in_cell_formats = True
        elif name == "xf" and is_in_cell_formats:
            styles.append(int(attributes.get("numFmtId", 0)))

    def end(name: str) -> None:
        nonlocal is_in_cell_formats
        is_in_cell_formats = is_in_cell_formats and name.rpartition(":")[2] != "cellXfs"

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(archive.read(_STYLES), True)
    formats = ((index, parse_format(codes.get(number, ""))) for index, number in enumerate(styles))
    return {str(index): cell_format for index, cell_format in formats if cell_format is not None}


def infer_ods_format(value_type: str, value: str, currency: str, displayed: str) -> CellFormat | None:
    """Infers the format of an ODS cell from its `office:value-type` (OpenDocument 1.3, 19.387), value, currency and
    displayed text.

    Returns None for texts and times, for dates with a day, and for numbers that are displayed as they are stored.
    """
    if value_type == "date":
        return _infer_date_format(value, displayed)
    if value_type not in ("percentage", "currency", "float"):
        return None
    match = _DISPLAYED_NUMBER.fullmatch(displayed) if len(displayed) <= _MAX_DISPLAYED_LENGTH else None
    number = match["number"] if match else displayed
    divisor, decimals = _infer_divisor_and_decimals(value, number, is_percent=value_type == "percentage")
    if value_type == "percentage":
        return CellFormat(is_percent=True, decimals=decimals)
    affix = f"{match['before']} {match['after']}".strip() if match else ""
    if value_type == "currency" and currency:
        affix = _CURRENCY_SIGN.sub("", affix).replace(currency, "").strip()
        return CellFormat(currency=currency, affix=affix, decimals=decimals, divisor=divisor)
    cell_format = CellFormat(affix=affix, decimals=decimals, divisor=divisor)
    return cell_format if cell_format != CellFormat() else None


def _infer_date_format(value: str, displayed: str) -> CellFormat | None:
    """Returns the format of a date that is shown as a month (`01/2026`, `Jan 2026`, `2026年1月`) or a year, or None."""
    numbers = re.findall("[0-9]+", displayed)
    has_words = re.search(r"[^\W\d_年月日년월일]", displayed) is not None
    has_year = any(number in (value[:4], value[2:4]) for number in numbers)
    # A month is displayed as a year and either one more number or a word.
    if has_year and len(numbers) + has_words == 2:
        return CellFormat(is_month=True)
    return CellFormat(is_year=True) if not has_words and numbers == [value[:4]] else None


def _infer_divisor_and_decimals(value: str, displayed: str, *, is_percent: bool) -> tuple[int, int]:
    """Returns the divisor and the number of decimals with which a value is displayed; 1 and the decimals if none fits.

    The last separator may mark decimals or thousands; comparing with the value decides which.
    """
    fraction = re.search(r"[.,]([0-9]+)[^0-9.,]*$", displayed)
    max_decimals = len(fraction[1]) if fraction else 0
    digits = re.sub("[^0-9]", "", displayed).lstrip("0")
    try:
        figure = abs(Decimal(value)) * (100 if is_percent else 1)
        for divisor in (1,) if is_percent else (1, 1_000, 1_000_000, 1_000_000_000):
            for decimals in dict.fromkeys((max_decimals, 0)):
                rounded = (figure / divisor).quantize(Decimal(1).scaleb(-decimals), context=_ROUNDING)
                if digits and f"{rounded:f}".replace(".", "").lstrip("0") == digits:
                    return divisor, decimals
    except InvalidOperation:
        pass
    return 1, max_decimals
