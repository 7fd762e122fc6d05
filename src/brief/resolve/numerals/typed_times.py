"""Finds times of day, quarters and dates in figures that are typed into a text, in the forms of each language."""

import re
from functools import cache

_EARLY = "上午|早上|清晨|凌晨|午前|朝|오전|새벽|아침"
_LATE = "下午|傍晚|晚上|晚间|晚間|夜里|夜裡|中午|午後|夜|오후|저녁|밤"
_HALF_DAY = r"[ap]\.?\s?m\b"
_QUARTERS_IN_WORDS = (
    "first|erste[sn]?|premier|1er|primer|primeiro|一",
    "second|zweite[sn]?|deuxième|segundo|二",
    "third|dritte[sn]?|troisième|tercer|terceiro|三",
    "fourth|vierte[sn]?|quatrième|cuarto|quarto|四",
)
_QUARTER_NAMES = r"quarter\b|quartals?\b|trimestre\b"
_DAY, _MONTH, _YEAR = "3[01]|[12][0-9]|0?[1-9]", "1[0-2]|0?[1-9]", "(?:19|20)[0-9]{2}"
_DATES = (
    rf"(?<![0-9.,])(?P<day>{_DAY})\. ?(?P<month>{_MONTH})\. ?(?P<year>{_YEAR})(?![0-9])",
    rf"(?<![0-9.,])(?P<year>{_YEAR})\. ?(?P<month>{_MONTH})\. ?(?P<day>{_DAY})(?![0-9])\.?",
)


def take_times(text: str, *, has_decimal_comma: bool) -> tuple[str, set[str], set[int]]:
    """Takes the times of day out of a text: 14:30, 14 h 30, 14.30 Uhr, 2.30 pm, 下午2点半, 오후 2시 30분.

    Returns the rest, the times as "14:30", and the numbers with which they are written, which may also be durations or
    points. `14.30 h` is a time only where decimals have a comma.
    """
    times, written = set(), set()
    pattern = _compile_clock(has_decimal_comma)
    for found in pattern.finditer(text):
        hour = int(found["hour"])
        typed = next((found[name] for name in ("minute", "dotted", "minutes", "after") if found[name]), None)
        minute = int(typed or (30 if found["half"] else 0))
        part, half_day = found["part"] or "", (found["half_day"] or "").lower()
        written |= {hour, minute} if typed else {hour}
        if hour < 12 and (half_day == "p" or re.fullmatch(_LATE, part)):
            hour += 12
        elif hour == 12 and half_day == "a":
            hour = 0
        times.add(f"{hour}:{minute:02}")
    return pattern.sub(" ", text), times, written


def take_quarters(text: str) -> tuple[str, set[int]]:
    """Takes the quarters of years out of a text: Q2, T2, 2Q26, 2. Quartal, second quarter, 第二季度, 第2四半期, 2분기."""
    quarters: set[int] = set()

    def take(found: re.Match[str]) -> str:
        typed = next(each for each in found.groups() if each)
        quarters.add(
            int(typed) if typed.isdigit() else next(number for number, each in _IN_WORDS if each.fullmatch(typed))
        )
        return " "

    return _QUARTER.sub(take, text), quarters


def take_dates(text: str) -> tuple[str, set[int]]:
    """Takes the months out of dates with points, and leaves their days and years: 9.3.2026, 2026. 3. 9."""
    months: set[int] = set()

    def take(found: re.Match[str]) -> str:
        months.add(int(found["month"]))
        return f" {found['day']} {found['year']} "

    for pattern in _DATES:
        text = re.sub(pattern, take, text)
    return text, months


@cache
def _compile_clock(has_decimal_comma: bool) -> re.Pattern[str]:
    ends = rf"{_HALF_DAY}|Uhr\b|h\b" if has_decimal_comma else rf"{_HALF_DAY}|Uhr\b"
    return re.compile(
        rf"(?:(?P<part>{_EARLY}|{_LATE})\s?)?(?<![0-9.,])(?P<hour>[01]?[0-9]|2[0-4])"
        r"(?:[:：](?P<minute>[0-5][0-9])(?![0-9:])(?:\s?(?:Uhr|h)\b)?"
        rf"|\.(?P<dotted>[0-5][0-9])(?=\s?(?:{ends}))(?:\s?(?:Uhr|h)\b)?"
        r"|\s?[时時点點시](?P<half>\s?[半반])?(?:\s?(?P<minutes>[0-5]?[0-9])\s?[分분])?"
        r"|\s?(?:Uhr|h)(?:\s?(?P<after>[0-5][0-9]))?(?![0-9A-Za-z])"
        rf"|(?=\s?{_HALF_DAY}))"
        r"(?:\s?(?P<half_day>[ap])\.?\s?m\b\.?)?",
        re.IGNORECASE,
    )


_IN_WORDS = [(number, re.compile(each, re.IGNORECASE)) for number, each in enumerate(_QUARTERS_IN_WORDS, 1)]
_QUARTER = re.compile(
    r"(?<![A-Za-z])[QT]([1-4])(?![0-9A-Za-z])|(?<![0-9A-Za-z.,])([1-4])[QT](?=[0-9 ]|\b)"
    rf"|(?<![0-9.,])([1-4])(?:\.º|\.|er|ère|e|ème|º|ª|st|nd|rd|th)?[ -]?(?:{_QUARTER_NAMES})|\bquarter ([1-4])\b"
    rf"|\b({'|'.join(_QUARTERS_IN_WORDS)})[ -](?:{_QUARTER_NAMES})"
    r"|第([1-4一二三四])季度?|(?<![0-9])([1-4一二三四])季度|第([1-4一二三四])四半期|(?<![0-9])([1-4]) ?분기",
    re.IGNORECASE,
)
