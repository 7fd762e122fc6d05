"""Finds figures in text and their values, in any notation.

"77,700,000", "77 700 000", "77.7 million", "77.7m", "0.0777 billion", "7.77e7", "7770万", "七千七百七十万", "柒仟柒佰柒拾万" and the
same in full-width digits have the same value; "half a billion", "two thirds" and "siebenundsiebzig Millionen" have a value too.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import product

from brief.inspection.extract.part import BREAK
from brief.inspection.figure_heads import FigureHead, find_heads
from brief.inspection.folding import drop_invisible, fold, fold_words
from brief.inspection.scale_words import CURRENCY, NO_SCALE, SCALE, find_currency, find_scales
from brief.model.record import dataclass
from brief.resolve.numerals import han_numerals
from brief.resolve.numerals.european_number_words import find_european_number_words
from brief.resolve.numerals.number_words import find_number_words, round_to_digits

GROUP = "[ ,.'’_]"
_TIMES = r"\s*(?:[×x*·⋅∙]|\\times|\\cdot)\s*"
# Folding turns a superscript exponent into a digit of 10: 7.77 × 10⁷.
_POWER = re.compile(rf"(?<=\d){_TIMES}10(?:\s?(?:\^|\*\*)\s?\{{?(\d{{1,2}})\}}?|([⁰¹²³⁴-⁹]{{1,2}}))", re.IGNORECASE)
_ROUND_FACTOR = re.compile(rf"(?<=\d){_TIMES}1(0{{3,}}|0{{0,2}}(?:[, ]000)+)(?![.,]?\d)", re.IGNORECASE)
# Where the exponent has lost its place: 7.77 × 107.
_FLAT_POWER = re.compile(rf"(?<=\d){_TIMES}10 ?([3-9]|1[0-2])(?![.,]?\d)")
NUMBER = (
    rf"0[.,]\d+(?:e\+?\d{{1,2}})?|\d{{1,3}}(?:{GROUP}\d{{3}})+(?:\.\d+)?|\d{{1,2}}(?:,\d\d)+,\d{{3}}(?:\.\d+)?"
    r"|\d{1,4}(?:[, ]\d{4})+(?:\.\d+)?|\d+(?:[.,]\d+)?(?:e\+?\d{1,2})?"
)
_LATIN = re.compile(rf"(?<![\d.,])(?P<number>{NUMBER})(?!\d)(?:[\s()\[\]+-]{{0,2}}(?P<scale>{SCALE}))?")
# In "77.7–80 million" the first figure has the scale of the second; "77 million 700 thousand" is one figure.
_RANGE = re.compile(rf"\s*(?:-|to|and|or|~|至|到)\s*{CURRENCY}?\s*(?:{NUMBER})[\s-]?(?P<scale>{SCALE})")
_REST = re.compile(rf",?\s*(?:(?:and|plus|[&+])\s*)?(?P<number>\d+(?:[.,]\d+)?)[\s-]?(?P<scale>{SCALE})")
# In "77 + 0.7 million" both have the scale.
_SUM = re.compile(rf"(?<![\d.,])(?P<first>{NUMBER})\s*\+\s*(?P<second>{NUMBER})[\s-]?(?P<scale>{SCALE})")
_CODED = re.compile(r"(?<!\w)0(?:x[0-9a-f]{3,12}|b[01]{8,44})(?!\w)")
# Digits that other signs than usual group, or that spaces beside the signs do: "77-700-000", "77, 700, 000", "77. 7 million".
_LOOSE_GROUPS = re.compile(
    r"(?<![\d.,])\d{1,3}(?P<sign>\s*[;:|/~*\u2032\u060c\u3001-]\s*|\s+[,.]\s*|[,.]\s+|[\n\r\t]\s*|\s{2,})\d{3}(?:(?P=sign)\d{3})+(?![\d])"
)
_LOOSE_POINT = re.compile(rf"(?<![\d.,])(?P<number>\d{{1,3}}(?:\s+[.,]\s*|[.,]\s+)\d{{1,3}})[\s-]?(?P<scale>{SCALE})")
_PER_MILLE = re.compile(
    rf"(?<![\d.,])(?P<number>{NUMBER})\s?(?:(?P<mille>‰|per\s?mille?\b)|(?P<bp>basis\s+points?|bps?\b|个?基点|個?基點))"
)
_PART = re.compile(r"(?<![\d.,])0[.,](\d{3,6})(?=\s+of\b)")
_MAYBE_MILLE = re.compile("‰|mil|basis|bp|基[点點]")
# "RMB million 77.7", and "77.7 (RMB million)".
_AFTER_HEAD = re.compile(rf"[\s):\]=]{{0,3}}(?P<number>{NUMBER})(?![\d%])")
_BEFORE_HEAD = re.compile(rf"(?<![\d.,])(?P<number>{NUMBER})[\s(\[]{{1,2}}(?:in\s)?$")
_MAX_BARE_LENGTH, _MIN_DIGITS_ALONE = 24, 3
_DIGIT = re.compile(r"\d")
_BARE = re.compile(rf"[(+-]?(?P<number>{NUMBER})\)?")
# 1万5 is 15,000.
_NEXT_DIGIT = re.compile(r"([1-9])(?![\d.,])")
_SPACED_DIGITS = re.compile(r"(?<!\S)\d(?: \d){4,}(?! ?\d|\w)")
# Separators of other scripts, and apostrophes.
_SEPARATORS = str.maketrans("٬٫–—’‘ʼ´`", ",.--" + "'" * 5)
# Digits that folding keeps: in black circles, sans-serif and double circles, and Suzhou numerals.
_DIGITS = str.maketrans("❶❷❸❹❺❻❼❽❾➀➁➂➃➄➅➆➇➈➊➋➌➍➎➏➐➑➒⓵⓶⓷⓸⓹⓺⓻⓼⓽〡〢〣〤〥〦〧〨〩⓿🄋🄌", "123456789" * 5 + "000")
# A formula in TeX, whose delimiters are not dollar signs.
_FORMULA = re.compile(r"\$([^$]{0,200}[\\{^][^$]{0,200}|[\d.,]+)\$")
_MARKS_ON_DIGITS = re.compile(r"(?<=\d)[\u0300-\u036f\u20d0-\u20ff\ufe0f]+")
_FRACTION = re.compile(r"(?<=\d)\s?(?:([¼-¾⅐-⅞])|(?<=\s)([13]/[24])(?!\d))|([¼-¾⅐-⅞])")
_FRACTIONS = {"1/2": ".5", "1/4": ".25", "3/4": ".75"}
_FRACTION_OF_SCALE = re.compile(rf"(?<![\d/.])(\d{{1,2}})/(\d{{1,2}})(?:\s+of)?(?:\s+an?)?\s+(?P<scale>{SCALE})")
_RAISED_POINT = re.compile(r"(?<=\d)(?:[·•]| point )(?=\d)", re.IGNORECASE)
# From this many digits on, zeros at the end of a number before a scale may be due to rounding.
_MANY_DIGITS = 1000
# The greatest distance between a figure and its unit.
_UNIT_DISTANCE = 24


@dataclass(frozen=True, slots=True)
class TextFigure:
    """A figure in a text, the codes of its possible currencies, and the text before and after it in its element.

    `step` is the value of its last digit: a tenth of a million in "77.7 million". A share, such as two thirds, is a
    figure with "percent" after it.
    """

    value: Decimal
    step: Decimal = Decimal(1)
    currencies: tuple[str, ...] = ()
    before: str = ""
    after: str = ""


def find_figures(text: str) -> Iterator[TextFigure]:
    """Yields every figure in the text, without its sign, at least once and in no particular order."""
    plain = _unify(text)
    yield from _find_unified(plain)
    latin = plain if text.isascii() else fold_words(plain)
    if latin != plain:
        # "Million" in letters of other alphabets, or with accents.
        yield from _find_latin(latin)
    for words in find_european_number_words(latin):
        yield _describe(latin, words.start, words.end, words.value, words.step)
    if "10" in plain and (powers := _FLAT_POWER.sub(r"e\1", plain)) != plain:
        yield from _find_latin(powers)


def find_column_heads(element: str) -> tuple[FigureHead, ...]:
    """Returns the scales and currencies in an element that may apply to figures in other elements; the spans are left
    out.
    """
    return tuple(FigureHead(head.scales, head.currencies) for head in find_heads(_unify(element)))


def is_bare_figure(element: str) -> bool:
    """Returns whether an element consists of a number, which may be in parentheses or have a sign."""
    bare = element.strip()
    is_short = 0 < len(bare) <= _MAX_BARE_LENGTH and (bare[-1].isdecimal() or bare[-1] in ")）")
    return is_short and _BARE.fullmatch(_unify(bare)) is not None


def read_bare_figure(element: str, heads: Iterable[FigureHead]) -> Iterator[TextFigure]:
    """Yields the values that a number alone in its element has below each of the heads.

    Numbers with fewer than three significant digits are left out, because they may be figures of anything.
    """
    match = _BARE.fullmatch(_unify(element).strip())
    numbers = _read_number(match["number"]) if match else ()
    for number in (number for number, _ in numbers if len(number.normalize().as_tuple().digits) >= _MIN_DIGITS_ALONE):
        for head in heads:
            for scale in head.scales:
                yield TextFigure(number * scale, number * scale, head.currencies)


def _find_unified(plain: str) -> Iterator[TextFigure]:
    yield from _find_latin(plain)
    for head in find_heads(plain) if _DIGIT.search(plain) else ():
        for match in (_AFTER_HEAD.match(plain, head.end), _BEFORE_HEAD.search(plain[: head.start])):
            for number, step in _read_number(match["number"]) if match else ():
                for scale in head.scales:
                    yield TextFigure(number * scale, min(step, Decimal(1)) * scale, head.currencies)
    yield from _find_loose(plain)
    for words in find_number_words(plain):
        figure = _describe(plain, words.start, words.end, words.value, words.step)
        yield _make_share(figure) if words.is_share else figure
    for match in _SPACED_DIGITS.finditer(plain):
        yield _describe(plain, *match.span(), *_read_integer(match[0].replace(" ", "")))
    for match in _SUM.finditer(plain) if "+" in plain else ():
        for first, second in product(_read_number(match["first"]), _read_number(match["second"])):
            scale = find_scales(match["scale"])[0]
            yield _describe(plain, *match.span(), (first[0] + second[0]) * scale, min(first[1], second[1]) * scale)
    for match in _CODED.finditer(plain) if "0x" in plain or "0b" in plain else ():
        yield _describe(plain, *match.span(), *_find_step(Decimal(int(match[0], 0))))
    if "/" in plain:
        for match in _FRACTION_OF_SCALE.finditer(plain):
            if int(match[2]):
                value, step = round_to_digits(Decimal(int(match[1])) / int(match[2]) * find_scales(match["scale"])[0])
                yield _describe(plain, *match.span(), value, step)
    if not plain.isascii() and han_numerals.ANY_NUMERAL.search(plain):
        yield from _find_han(plain)


def _find_loose(plain: str) -> Iterator[TextFigure]:
    if _DIGIT.search(plain) is None:
        return
    for match in _LOOSE_GROUPS.finditer(plain):
        yield _describe(plain, *match.span(), *_read_integer(re.sub(r"\D", "", match[0])))
    for match in _LOOSE_POINT.finditer(plain):
        number = Decimal(".".join(re.findall(r"\d+", match["number"])))
        for scale in find_scales(match["scale"]):
            yield _describe(plain, *match.span(), number * scale, Decimal(scale))
    for match in _PER_MILLE.finditer(plain) if _MAYBE_MILLE.search(plain) else ():
        for number, step in _read_number(match["number"]):
            size = 10 if match["mille"] else 100
            yield _make_share(_describe(plain, *match.span(), number / size, step / size))
    for match in _PART.finditer(plain):
        yield _make_share(_describe(plain, *match.span(), *round_to_digits(Decimal(f"0.{match[1]}") * 100)))


def _unify(text: str) -> str:
    """Returns the folded text with exponents, fractions and separators in a single notation."""
    separated = text.translate(_SEPARATORS)
    if "$" in text:
        separated = _FORMULA.sub(lambda match: match[1].replace("{,}", ","), separated)
    if not text.isascii():
        separated = _MARKS_ON_DIGITS.sub("", separated.translate(_DIGITS))
    powers = _POWER.sub(lambda match: f"e{match[1] or unicodedata.normalize('NFKC', match[2])}", separated)
    powers = _ROUND_FACTOR.sub(lambda match: f"e{match[1].count('0')}", powers)
    return fold(drop_invisible(_FRACTION.sub(_write_decimals, _RAISED_POINT.sub(".", powers))))


def _write_decimals(match: re.Match[str]) -> str:
    if match[2]:
        return _FRACTIONS.get(match[2], match[0])
    decimals = f"{unicodedata.numeric(match[1] or match[3]):.4f}".removeprefix("0").rstrip("0")
    return decimals if match[1] else f"0{decimals}"


def _find_latin(plain: str) -> Iterator[TextFigure]:
    for match in _LATIN.finditer(plain):
        scale_word = match["scale"]
        for scale in _read_scales(plain, match):
            end = match.end("number") if scale == NO_SCALE and scale_word else match.end()
            for number, step in _read_number(match["number"]):
                if scale != NO_SCALE and number < _MANY_DIGITS:
                    # "150 million" has three digits; "150,000,000" and "1500万" have two.
                    step = min(step, Decimal(1))
                yield _describe(plain, match.start(), end, number * scale, step * scale)
        if scale_word and (rest := _REST.match(plain, match.end())):
            for number, _ in _read_number(match["number"]):
                for added in find_scales(rest["scale"]):
                    value = number * find_scales(scale_word)[-1] + Decimal(rest["number"].replace(",", ".")) * added
                    yield _describe(plain, match.start(), rest.end(), value, Decimal(added))
        elif scale_word and not scale_word.isascii() and (digit := _NEXT_DIGIT.match(plain, match.end())):
            scale = find_scales(scale_word)[0]
            for number, _ in _read_number(match["number"]):
                value = number * scale + int(digit[1]) * scale // 10
                yield _describe(plain, match.start(), digit.end(), value, Decimal(scale // 10))


def _find_han(text: str) -> Iterator[TextFigure]:
    plain = han_numerals.join_steps(text)
    yield from _find_joined_han(plain)
    if (joined := han_numerals.join_numerals(plain)) != plain:
        yield from _find_joined_han(joined)


def _find_joined_han(plain: str) -> Iterator[TextFigure]:
    for match in han_numerals.NUMBER.finditer(plain):
        number = han_numerals.read_number(match["number"])
        if number is not None:
            value = number * han_numerals.read_scale(match["scale"])
            yield _describe(plain, *match.span(), *_find_step(value))
    for match in han_numerals.MIXED.finditer(plain):
        yield _describe(plain, *match.span(), *_find_step(han_numerals.read_mixed(match)))
    for match in han_numerals.SHARE.finditer(plain):
        share = han_numerals.read_share(match)
        if share is not None:
            yield _make_share(_describe(plain, *match.span(), *round_to_digits(100 * share)))


def _make_share(figure: TextFigure) -> TextFigure:
    """Returns the figure, whose value is a percentage, as a share: without a currency, and with "percent" after it."""
    return TextFigure(figure.value, figure.step, (), figure.before, "percent")


def _read_scales(plain: str, match: re.Match[str]) -> set[int]:
    """Returns the possible scales of a number: those of its own word; without one, 1 and the scales of the end of its
    range.
    """
    if match["scale"]:
        return set(find_scales(match["scale"]))
    end = _RANGE.match(plain, match.end("number"))
    return {NO_SCALE, *find_scales(end["scale"])} if end else {NO_SCALE}


def _describe(plain: str, start: int, end: int, value: Decimal, step: Decimal) -> TextFigure:
    """Makes a figure from its span in `plain`, with the currency beside it and the text around it in its element."""
    currencies, begin = find_currency(plain, start, end)
    before = plain[max(begin - _UNIT_DISTANCE, 0) : begin].rpartition(BREAK)[2].rstrip(" (")
    return TextFigure(
        value, step, currencies, before, plain[end : end + _UNIT_DISTANCE].partition(BREAK)[0].lstrip(" -")
    )


def _read_number(digits: str) -> Iterator[tuple[Decimal, Decimal]]:
    """Yields the possible values of a number in Latin digits, each with the value of its last digit.

    "1.234" and "1,234" have two values: with a group of three digits, and with a fraction.
    """
    if "e" in digits:
        number = Decimal(digits.replace(",", "."))
        exponent = number.as_tuple().exponent
        yield number, Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    elif digits[0] == "0" and re.fullmatch(r"0[.,]\d+", digits):
        yield _read_decimals("0", digits[2:])
    elif re.fullmatch(rf"\d{{1,3}}(?:{GROUP}\d{{3}})+", digits):
        yield _read_integer(re.sub(GROUP, "", digits))
        if re.fullmatch(r"\d+[.,]\d{3}", digits):
            yield _read_decimals(*re.split("[.,]", digits))
    elif "." in digits:
        integer, _, fraction = digits.rpartition(".")
        yield _read_decimals(re.sub(GROUP, "", integer), fraction)
    elif re.fullmatch(r"\d+,\d{1,2}|\d{5,},\d+", digits):
        yield _read_decimals(*digits.split(","))
    else:
        yield _read_integer(re.sub(GROUP, "", digits))


def _read_decimals(integer: str, fraction: str) -> tuple[Decimal, Decimal]:
    return Decimal(f"{integer}.{fraction}"), Decimal(1).scaleb(-len(fraction))


def _read_integer(digits: str) -> tuple[Decimal, Decimal]:
    return _find_step(Decimal(digits))


def _find_step(value: Decimal) -> tuple[Decimal, Decimal]:
    """Returns the value, and the value of its last digit that is not 0."""
    exponent = value.normalize().as_tuple().exponent
    return value, Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
