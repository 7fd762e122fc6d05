"""Spells withheld texts and figures in the ways in which they leak."""

import base64
import random
from collections.abc import Callable

DIGITS = "〇一二三四五六七八九"

TEXTS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "capitals": str.upper,
    "reversed": lambda text: text[::-1],
    "Base64": lambda text: base64.b64encode(text.encode()).decode(),
    "hexadecimal": lambda text: text.encode().hex(),
    "references": lambda text: "".join(f"&#{ord(letter)};" for letter in text),
    "full width": lambda text: "".join(chr(ord(letter) + 0xFEE0) if letter != " " else " " for letter in text),
    "joined invisibly": lambda text: "\u2060".join(text),
    "a word changed": lambda text: " ".join([*text.split()[:4], "other", *text.split()[5:]]),
    "half": lambda text: " ".join(text.split()[:5]),
    "points": lambda text: text.replace(" ", "."),
}
# Of a value in units of 100,000, which every spelling can write exactly.
FIGURES: dict[str, Callable[[int], str]] = {
    "grouped": lambda value: f"{value * 100_000:,}",
    "spaces": lambda value: f"{value * 100_000:,}".replace(",", " "),
    "points": lambda value: f"{value * 100_000:,}".replace(",", "."),
    "plain": lambda value: str(value * 100_000),
    "million": lambda value: f"{value / 10:.1f} million",
    "m": lambda value: f"RMB {value / 10:.1f}m",
    "billion": lambda value: f"{value / 10_000:.4f} billion",
    "myriad": lambda value: f"{value * 10}万",
    "full width": lambda value: "".join(chr(ord(digit) + 0xFEE0) for digit in str(value * 100_000)),
    "Han": lambda value: han(value * 10) + "万元",
    "exponent": lambda value: f"{value}e5",
}


def han(value: int) -> str:
    """A Han numeral of 万, without that: 70,730 of them are 七亿零七百三十."""
    if value >= 10_000:
        rest = value % 10_000
        zero = "零" if 0 < rest < 1000 else ""
        return han(value // 10_000) + "亿" + zero + (han(rest) if rest else "")
    digits = [int(digit) for digit in f"{value:04}"]
    written, is_gap = "", False
    for digit, step in zip(digits, "千百十 ", strict=True):
        if digit:
            written += ("零" if is_gap and written else "") + DIGITS[digit] + step.strip()
        is_gap = not digit
    return written


def word(source: random.Random) -> str:
    return "".join(source.choice("bdfglmnprstvz") + source.choice("aeiou") for _ in range(source.randint(2, 4)))
