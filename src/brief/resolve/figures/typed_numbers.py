"""Reads the numbers, months, quarters and times of day that are typed into a text, so that two languages can be compared."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from itertools import filterfalse

from brief.model.locale import get_primary_language
from brief.model.record import dataclass
from brief.resolve.figures.typed_notation import TypedNotation, read_notation
from brief.resolve.numerals.typed_times import take_dates, take_quarters, take_times


def _split(names: str) -> tuple[str, ...]:
    return tuple(names.split())


# By name and by its first three letters. The months of other languages are those of CLDR.
_MONTHS = _split("january february march april may june july august september october november december")
_MONTH_NAMES = {
    "en": _MONTHS,
    "de": _split("januar februar märz april mai juni juli august september oktober november dezember"),
    "fr": _split("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
    "es": _split("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
}
_DENSE = ("zh", "ja", "ko")
# The words of CLDR come first: a French or German billion is a million millions.
_SCALES = {
    "thousand": 3, "million": 6, "millions": 6, "billion": 9, "trillion": 12, "bn": 9, "mn": 6, "tn": 12,
    "tausend": 3, "millionen": 6, "milliarde": 9, "milliarden": 9, "mille": 3, "milliard": 9, "milliards": 9,
    "mil": 3, "millones": 6, "millón": 6,
    "百": 2, "千": 3, "万": 4, "萬": 4, "億": 8, "亿": 8, "兆": 12, "百万": 6, "百萬": 6, "千万": 7, "千萬": 7, "万亿": 12, "萬億": 12,
    "만": 4, "억": 8, "조": 12, "천": 3,
}  # fmt: skip
_HAN_SCALE = re.compile("[百千万萬億亿兆만억조천]")
# Separates clauses, also directly before a number, unless it groups digits that are full-width themselves.
_WIDE_COMMA = re.compile("(?<![０-９])，|，(?![０-９])")
# Groups digits in every language.
_FIXED_SPACE = re.compile("(?<=[0-9])[\u00a0\u2009\u202f](?=[0-9]{3}(?![0-9]))")
_FISCAL_YEAR = re.compile(r"\b(?:FY|GJ|WJ)\s?(?=['’]?[0-9])")
_PLAIN = r"[0-9]+(?:[.,'’][0-9]+)*"
_GROUPED_BY_SPACES = r"[0-9]{1,3}(?: [0-9]{3})+(?![0-9])(?:[.,][0-9]+)*"
_MONTH = re.compile(r"(?<![0-9])(1[0-2]|0?[1-9])\s?[月월]")
_HAN_MONTH = re.compile("(?<![零一二三四五六七八九十])(十[一二]|[一二三四五六七八九十])月(?![零一二三四五六七八九十])")
_DECADE = re.compile(r"(?:(?P<century>[0-9]{1,2})世[纪紀])?(?P<decade>[0-9]0)年代")
_REPUBLIC = re.compile(r"民[国國]\s?([0-9]{1,3})\s?年")
_HAN = {digit: value for value, digit in enumerate("零一二三四五六七八九十")} | {"两": 2, "兩": 2, "〇": 0, "半": 2}
_HAN_NUMERAL = re.compile("[零〇一二两兩三四五六七八九十百千万萬亿億半]+")
_WORDS = {
    word: value
    for value, words in enumerate(
        [
            "zero",
            "one,first,once,a,an,half",
            "two,second,twice,both,pair,half",
            "three,third,thirds,thrice",
            "four,fourth,quarter,quarters",
            "five,fifth",
            "six,sixth",
            "seven,seventh",
            "eight,eighth",
            "nine,ninth",
            "ten,tenth",
            "eleven,eleventh",
            "twelve,twelfth,dozen",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
    for word in words.split(",")
}

# Words that say the same as a number: half as 50 (percent).
_PARTS: Mapping[str, frozenset[Decimal]] = {
    r"half|halv|半|hälfte|moitié|mitad|절반": frozenset((Decimal(50), Decimal("0.5"))),
    r"quarter|viertel|quart|cuart|四分之": frozenset((Decimal(25), Decimal(75))),
    r"doubl|twice|doppel|倍|翻番|두 배": frozenset((Decimal(100), Decimal(200))),
    r"all day|around the clock|全天|24시간|终日|終日|rund um die uhr": frozenset((Decimal(24), Decimal(7))),
    r"today|this year|last year|next year|[今去明前本昨当當]年|同年|翌年": frozenset(map(Decimal, range(1990, 2100))),
}
# Numbers that are part of an expression: 24/7, 20th century, 5G.
_FIXED_EXPRESSION = r"24/7|(?<![0-9.,]){0}(?:st|nd|rd|th|[A-Z])\b"


@dataclass(frozen=True, slots=True)
class TypedNumbers:
    """The `numbers`, `months`, `times` ("23:30") and `quarters` of a text, and the numbers that it may have in words."""

    numbers: frozenset[Decimal] = frozenset()
    months: frozenset[int] = frozenset()
    times: frozenset[str] = frozenset()
    in_words: frozenset[Decimal] = frozenset()
    quarters: frozenset[int] = frozenset()


@lru_cache(maxsize=50_000)
def read_typed_numbers(words: str, locale: str) -> TypedNumbers:
    """Reads the numbers, months, quarters and times of day that are typed in a text of the locale."""
    text = unicodedata.normalize("NFKC", _FIXED_SPACE.sub("", _WIDE_COMMA.sub("、", words)))
    if not re.search("[0-9月월季]|四半期", text) and get_primary_language(locale) in _DENSE:
        return TypedNumbers(in_words=frozenset(_read_words(text)))
    notation, (pattern, scales) = read_notation(locale), _make_number_pattern(locale)
    text, quarters = take_quarters(_FISCAL_YEAR.sub(" ", text))
    text, dated = take_dates(text)
    text, months = _take_months(text, locale)
    text, times, written = take_times(text, has_decimal_comma=notation.point == ",")
    in_words = {*_read_words(text), *map(Decimal, written), *map(Decimal, quarters)}
    text = _REPUBLIC.sub(lambda found: f" {int(found[1]) + 1911} ", text)
    for found in _DECADE.finditer(text):
        century = int(found["century"]) - 1 if found["century"] else 19
        in_words |= {Decimal(century * 100 + int(found["decade"])), Decimal(century + 1), Decimal(found["decade"])}
    text = _DECADE.sub(" ", text)
    # Digits in groups may be one number, or several: EN 301 549.
    for found in re.finditer(_GROUPED_BY_SPACES, text):
        parts = re.findall("[0-9]+", found[0])
        in_words |= {Decimal("".join(parts)), *map(Decimal, parts)}
    numbers: set[Decimal] = set()
    for found in pattern.finditer(text):
        power = sum(scales.get(each.casefold(), 0) for each in (found["scale"], found["more"]) if each)
        scale = Decimal(10) ** power
        read = [_parse(each, notation) for each in (found["number"], found["last"]) if each]
        numbers |= {(value * scale).normalize() for value in read}
        # The first of two may have its own scale: 3 to 5 million, 300万至500万.
        in_words |= {value.normalize() for value in read}
    months = months | dated
    return TypedNumbers(*map(frozenset, (numbers, months, times, in_words, quarters)))


def find_differing_numbers(one: TypedNumbers, other: TypedNumbers) -> tuple[str, str] | None:
    """Returns the numbers, months, times or quarters that each of two texts has and the other lacks, as text: those of the
    first kind of which both have some. None if there is no such kind.
    """
    for mine, theirs in (
        (_list_alone(one, other), _list_alone(other, one)),
        (_name_months(one, other), _name_months(other, one)),
        (sorted(one.times - other.times), sorted(other.times - one.times)),
        (
            [f"Q{each}" for each in sorted(one.quarters - other.quarters)],
            [f"Q{each}" for each in sorted(other.quarters - one.quarters)],
        ),
    ):
        if mine and theirs:
            return ", ".join(map(_format, mine)), ", ".join(map(_format, theirs))
    return None


def find_missing_numbers(
    one: TypedNumbers, words: str, other: TypedNumbers, other_words: str, other_locale: str
) -> str | None:
    """Returns the numbers that only `one` of two texts has, if the `other` has no number in their place, neither in digits nor in
    words; None if there are none.

    Each text is given as read and as its words. Numbers that the other language may well write in words are left out.
    """
    if _list_alone(other, one):
        return None
    folded = other_words.casefold()
    parts = {value for pattern, values in _PARTS.items() if re.search(pattern, folded) for value in values}
    missing = [
        value
        for value in _list_alone(one, other)
        # 1回あたり is "per trip".
        if value != 1
        and value not in parts
        and not (1000 <= value < 3000 and value % 100 in other.in_words)
        and not _is_often_spelled(value, get_primary_language(other_locale))
        and not re.search(_FIXED_EXPRESSION.format(f"{value:f}"), words)
    ]
    return ", ".join(map(_format, missing)) or None


def _is_often_spelled(value: Decimal, language: str) -> bool:
    """Returns whether the language may write the number in words that are not read here: up to 20 except in English, tens,
    hundreds and thousands.
    """
    if language in ("zh", "ja") or value != value.to_integral_value():
        return False
    is_round = len(value.normalize().as_tuple().digits) == 1 and value >= 10
    return is_round or (value <= 20 and language != "en") or (20 < value < 100 and value % 5 == 0)


def _name_months(one: TypedNumbers, other: TypedNumbers) -> list[str]:
    # A month may also be a number, as in 3/5/2025.
    return [f"month {each}" for each in sorted(one.months - other.months) if each not in other.numbers]


def _format(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _list_alone(one: TypedNumbers, other: TypedNumbers) -> list[Decimal]:
    known = other.numbers | other.in_words | {Decimal(month) for month in other.months}
    years = {each % 100 for each in other.numbers if 1000 <= each < 3000}
    centuries = {each for each in one.numbers if each < 100 and each in years}
    return sorted(one.numbers - known - centuries)


@cache
def _make_number_pattern(locale: str) -> tuple[re.Pattern[str], Mapping[str, int]]:
    """Returns the pattern of a number in the locale, and the power of ten of each word that may follow one."""
    notation = read_notation(locale)
    scales = {**_SCALES, **notation.scales}
    ordered = [re.escape(each) for each in sorted(scales, key=len, reverse=True)]
    # Letters may follow Han characters, as in 300万kWh, but no word.
    word = rf"(?:{'|'.join(filter(_HAN_SCALE.match, ordered))}|(?:{'|'.join(filterfalse(_HAN_SCALE.match, ordered))})(?![A-Za-zÀ-ɏ]))"
    # Where decimals have a comma, spaces group digits beside the points of CLDR (ISO 80000-1, 7.3.1).
    plain = f"(?:{_GROUPED_BY_SPACES}|{_PLAIN})" if notation.comma == " " or notation.point == "," else _PLAIN
    pattern = re.compile(
        rf"(?<![A-Za-z0-9.,])(?<![A-Za-z]-)(?P<number>{plain})"
        rf"(?:\s?(?:-|–|—|~|～|至|到|to|and|bis|à|a)\s?(?P<last>{plain}))?"
        rf"(?:[ -]?(?P<scale>(?i:{word}))(?: (?P<more>(?i:{word})))?)?"
    )
    return pattern, scales


def _take_months(text: str, locale: str) -> tuple[str, set[int]]:
    language = get_primary_language(locale)
    if language in _DENSE:
        written = {_read_month(found) for found in _HAN_MONTH.findall(text)}
        return _MONTH.sub(" ", text), {int(found) for found in _MONTH.findall(text)} | written
    if language not in _MONTH_NAMES:
        return text, _find_months(text, read_notation(locale))
    names = _MONTH_NAMES[language]
    months = set()
    for number, name in enumerate(names, 1):
        for found in re.finditer(rf"\b{name[:3]}(?:{name[3:]})?\b\.?", text, re.IGNORECASE):
            near = text[max(0, found.start() - 8) : found.end() + 6]
            # Some are other words too: may, march, mar.
            is_written_as_name = found[0][0].isupper() and (
                re.search("[a-z] $", text[: found.start()]) or len(found[0]) > 5
            )
            if re.search("[0-9]", near) or is_written_as_name:
                months.add(number)
    return text, months


def _find_months(text: str, notation: TypedNotation) -> set[int]:
    """Finds months by the names of CLDR: full names anywhere, and abbreviations beside a day or a year."""
    months, folded = set(), text.casefold()
    for number, (names, short) in enumerate(zip(notation.months, notation.short_months, strict=True), 1):
        full, brief = ("|".join(map(re.escape, each)) for each in (names, short))
        beside = rf"(?<=[0-9][. ])(?:{brief})\b|(?<=[0-9]\. )(?:{brief})\b|\b(?:{brief})\.? ?(?=[0-9])"
        if re.search(rf"\b(?:{full})\b|{beside}", folded):
            months.add(number)
    return months


def _read_month(numeral: str) -> int:
    return sum(_HAN[each] for each in numeral)


def _parse(number: str, notation: TypedNotation) -> Decimal:
    plain = re.sub(r"['’ ]", "", number)
    point, comma = (",", ".") if notation.point == "," else (".", ",")
    plain = (
        plain.replace(comma, "")
        if re.fullmatch(rf"[0-9]{{1,3}}(?:\{comma}[0-9]{{3}})+(?:\{point}[0-9]+)?", plain)
        else plain
    )
    whole, *parts = plain.replace(point, ".").replace(",", ".").split(".")
    return Decimal(f"{whole}.{parts[0]}" if len(parts) == 1 else whole + "".join(parts))


def _read_words(text: str) -> Iterator[Decimal]:
    for word in re.findall(r"[a-zA-Z]+", text):
        if word.lower() in _WORDS:
            yield Decimal(_WORDS[word.lower()])
    for run in _HAN_NUMERAL.findall(text):
        yield from _read_han(run)


def _read_han(run: str) -> Iterator[Decimal]:
    """Yields what a run of Han numerals may mean: 二十三 as 23, 二〇二五 as 2025, and each digit."""
    digits = [_HAN[each] for each in run if each in _HAN]
    yield from (Decimal(each) for each in digits)
    if all(each in _HAN and _HAN[each] < 10 for each in run):
        yield Decimal("".join(str(_HAN[each]) for each in run))
    total, section, current = 0, 0, 0
    for each in run:
        if each in _HAN and _HAN[each] < 10:
            current = _HAN[each]
        elif each in "十百千":
            section += (current or 1) * 10 ** ("十百千".index(each) + 1)
            current = 0
        else:
            total += (section + current or 1) * (10**4 if each in "万萬" else 10**8)
            section = current = 0
    yield Decimal(total + section + current).normalize()
