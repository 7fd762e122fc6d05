"""Reads printed figures back as a reader of each language does, by its signs and words, and nothing of the code that prints."""

import re
from decimal import Decimal

from brief.model.figures.quantity import Quantity

# The sign between thousands and the decimal sign.
SIGNS = {
    **dict.fromkeys(("en", "zh-Hans", "zh-Hant", "zh-Hant-HK", "ja", "ko"), (",", ".")),
    **dict.fromkeys(("de", "es"), (".", ",")),
    **dict.fromkeys(("fr",), ("\u202f", ",")),
    **dict.fromkeys(("pl", "ru"), ("\u00a0", ",")),
}
SCALES = {
    "million": 6, "millions": 6, "billion": 9, "trillion": 12, "Million": 6, "Millionen": 6, "Milliarde": 9,
    "Milliarden": 9, "milliard": 9, "milliards": 9, "Mio.": 6, "Mrd.": 9, "万": 4, "亿": 8, "万亿": 12, "萬": 4, "億": 8, "兆": 12, "萬億": 12,
    "만": 4, "억": 8, "조": 12, "millón": 6, "millones": 6, "mil millones": 9, "billón": 12, "billones": 12,
    "mille milliards": 12, "Bio.": 12,
}  # fmt: skip


def strip_unit_numbers(text: str) -> str:
    """The text without the numbers that are part of the name of a unit: 100 km, CO2, 1e9."""
    return re.sub(
        r"(?<=/)100|(?<![0-9.,])1(?=[^\d\s]{1,12}(?:当たり|당 )[^\d]*\d)|(?<![0-9.,])100(?=[ \u00a0\u202f]?[kKcqк킬キ公千])|CO2|1e9",
        "",
        text,
    )


def read_back(text: str, locale: str) -> list[Decimal]:
    """The numbers of a text as a reader of the language reads them; a scale after the second end of a range is of both, if the first stays the lower."""
    group, point = (re.escape(sign) for sign in SIGNS[locale])
    # No word goes on after a scale, and 兆 before the name of a unit is the unit's own: 兆瓦 is a megawatt.
    ends = {**dict.fromkeys(SCALES, ""), "兆": "(?![瓦赫字位焦帕伏像比升]|[歐欧](?!元))"}
    ends |= dict.fromkeys(filter(str.isascii, SCALES), "(?![a-z])")
    scale = "|".join(f"{re.escape(word)}{ends[word]}" for word in sorted(SCALES, key=len, reverse=True))
    number = re.compile(
        rf"(−)?([0-9]{{1,3}}(?:{group}[0-9]{{3}})+|[0-9]+)({point}[0-9]+)?(?:[ \u00a0\u202f]?({scale}))?"
    )
    found = []
    for sign, whole, part, word in number.findall(strip_unit_numbers(text)):
        digits = Decimal(re.sub(r"\D", "", whole) + "." + (part[1:] or "0"))
        found.append((-digits if sign else digits, SCALES.get(word, 0), word))
    if len(found) > 1 and not found[0][2] and found[1][2] and is_shared_scale(text) and abs(found[0][0]) < found[1][0]:
        found[0] = (found[0][0], found[1][1], found[1][2])
    return [digits.scaleb(power) if power else digits for digits, power, _ in found]


def is_shared_scale(text: str) -> bool:
    """Whether the scale after the second end of a range is of both: 2–5 million, 2 à 5 millions."""
    return "–" in text or ("−" not in text and re.search("[0-9]\u00a0(à|a) [0-9]", text) is not None)


def agrees(text: str, quantity: Quantity, locale: str) -> bool:
    text = strip_unit_numbers(text)
    wanted: list[Decimal | None] = [quantity.value] if quantity.value is not None else [quantity.low, quantity.high]
    printed = read_back(text, locale)[: len(wanted)]
    if quantity.value is not None and "−" in text and printed:
        # The sign may precede the currency: −US$5.
        printed = [-abs(printed[0])]
    elif "−" in text and len(printed) == 2:
        # A minus before the first end's currency; no other sign is so early.
        head, second = text[: text.index(re.search(r"[0-9]", text)[0])], wanted[1]  # type: ignore[index]
        signs = [-1 if "−" in head else 1, -1 if second is not None and second < 0 else 1]
        printed = [abs(number) * sign for number, sign in zip(printed, signs, strict=True)]
        if text.count("−") != sum(end is not None and end < 0 for end in wanted):
            return False
    return printed == wanted
