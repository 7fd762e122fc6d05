"""Finds whole numbers from 3 to 20 in words, such as "three" and 四个, so that two languages of one text can be compared.

Few words certainly count something (`find_counts`), and many more may mean a number (`find_possible_numbers`), so that a
translation is free to write "trio", 第三 or 3.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache

from brief.model.han import HANGUL
from brief.model.locale import get_primary_language

# A longer number in digits is greater than 20.
_MAX_DIGITS = 2


def _map_words(words: str) -> dict[str, int]:
    """Maps words, separated by spaces, to the values from 3 on; words for the same value are separated by '|'."""
    return {word: value for value, alternatives in enumerate(words.split(), 3) for word in alternatives.split("|")}


_ENGLISH = _map_words(
    "three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
)
_GERMAN = _map_words(
    "drei|dreien|dreier vier|vieren fünf|fünfen sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig"
)
_FRENCH = _map_words(
    "trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf vingt"
)
_SPANISH = _map_words(
    "tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte"
)
# "Neuf" also means new, and "acht" is in "außer Acht lassen".
_AMBIGUOUS = frozenset(("neuf", "acht"))
# Stems of other words that may mean a number: parts, ordinals, multiples.
_STEMS: Mapping[str, Mapping[str, int]] = {
    "en": _map_words(
        "third|triple|treble|trio|tri|thrice four|quarter|quadr|fort fif sixt seven eigh nin ten|decade elev twel|dozen thir"
    )
    | {"dozen": 12, "score": 20, "fortnight": 14, "half-dozen": 6},
    "de": _map_words("drei|dritt|tripl|trio viert fünf sechs sieb acht neun zehn|dekade|jahrzehnt elf zwölf|dutzend"),
    "fr": _map_words(
        "trois|tiers|tripl|trio quatr|quart|quadr cinq six|sixi sept hui neuv dix|dizaine|décenn onz douz"
    ),
    "es": _map_words(
        "tre|terc|tripl|trío cuatr|cuart|cuádr cinc|quint seis|sext siet|sépt och|octav nuev|noven diez|décim|decena once doc"
    ),
}
_WORDS: Mapping[str, Mapping[str, int]] = {"en": _ENGLISH, "de": _GERMAN, "fr": _FRENCH, "es": _SPANISH}
_ANY_WORD = re.compile("|".join(sorted({word[:3] for words in _WORDS.values() for word in words})), re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_DIGITS = re.compile("[0-9]+")
# Numbers above 20: the "three" in "twenty three" is not counted.
_TENS = re.compile(r"\b(twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[- ]\w+")
_NOT_COUNTS = (
    r"\b(?:{words})[- ](?:thirds?|quarters?|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?|hundred|thousand|million|billion"
    r"|hundert|tausend|Millionen|Milliarden|cents?|mille|millions|milliards|mil|millones|o['’]clock|Uhr|heures)\b".replace(
        "{words}", "|".join(word for words in _WORDS.values() for word in words)
    )
)
_HAN = "一二三四五六七八九十"
# With a measure word, a numeral counts. 三月 is a month, and 四川 a province.
_MEASURES = (
    "个月|個月|个|個|家|项|項|条|條|次|种|種|位|名|座|辆|輛|部|款|轮|輪|类|類|步|层面|件|台|张|張|份|批|艘|架|所|支|只|隻|间|間|座|例|倍"
    "|つ|社|人|件|枚|本|冊|回|台|か国|カ国|か所|カ所|項目|段階|点目"
)
_COUNTED_HAN = re.compile(
    rf"(?<![第{_HAN}百千万零〇点點之周週期])([三四五六七八九]|十[{_HAN[:9]}]?)(?:大|小|多)?(?:{_MEASURES})"
)
_HAN_RUN = re.compile(rf"[零〇两兩百千{_HAN}]+|半")
_HAN_DIGITS = {character: value for value, character in enumerate(_HAN, 1)} | {"两": 2, "兩": 2, "半": 2}
_KOREAN = _map_words("세 네 다섯 여섯 일곱 여덟 아홉 열")
_COUNTED_HANGUL = rf"(?<![{HANGUL}])({'|'.join(_KOREAN)})\s?(?:개|명|곳|가지|번|대|건|차례|단계|나라|배|마리|권|팀|가구|사람)(?![{HANGUL}]*[우송터])"
_POSSIBLE_HANGUL = {
    character: value
    for value, characters in enumerate(
        ("삼세셋석서", "사네넷넉너", "오다닷", "육여엿륙", "칠일", "팔덟", "구아", "십열"), 3
    )
    for character in characters
}
_JAPANESE_READINGS = {"みっ": 3, "みつ": 3, "よん": 4, "よつ": 4, "いつつ": 5, "むっつ": 6}


# Cached, because each edit compares all texts of a project again.
@lru_cache(maxsize=10_000)
def find_counts(text: str, locale: str) -> frozenset[int]:
    """Returns the numbers from 3 to 20 that a text certainly counts in words; empty for a language without a table."""
    language, plain = get_primary_language(locale), unicodedata.normalize("NFKC", text)
    if language in ("zh", "ja"):
        return frozenset(_read_han(match[1]) for match in _COUNTED_HAN.finditer(plain))
    if language == "ko":
        return frozenset(_KOREAN[match[1]] for match in re.finditer(_COUNTED_HANGUL, plain))
    if language not in _WORDS or not _ANY_WORD.search(plain):
        return frozenset()
    words, counted = _WORDS[language], _TENS.sub(" ", re.sub(_NOT_COUNTS, " ", plain, flags=re.IGNORECASE).lower())
    return frozenset(words[each] for each in _WORD.findall(counted) if each in words and each not in _AMBIGUOUS)


def find_possible_numbers(text: str, locale: str) -> frozenset[int]:
    """Returns the numbers that a text may mean, in words, within words or in up to two digits."""
    language, plain = get_primary_language(locale), unicodedata.normalize("NFKC", text)
    possible = {int(each) for each in _DIGITS.findall(plain) if len(each) <= _MAX_DIGITS}
    if language in ("zh", "ja"):
        possible |= {number for run in _HAN_RUN.findall(plain) for number in _read_all_han(run)}
        possible |= {value for word, value in _JAPANESE_READINGS.items() if word in plain}
    elif language == "ko":
        possible |= {value for character, value in _POSSIBLE_HANGUL.items() if character in plain}
    elif language in _WORDS:
        possible |= {*_list_possible(plain.lower(), language)}
    return frozenset(possible)


def find_differing_counts(one: tuple[str, str], other: tuple[str, str]) -> tuple[int, int] | None:
    """Returns a number that only the first text counts in words and one that only the other counts; None unless there are
    both. `one` and `other` are each a text and its locale.
    """
    counted, other_counted = find_counts(*one), find_counts(*other)
    if not counted or not other_counted or counted == other_counted:
        return None
    only_first, only_other = (
        sorted(counted - find_possible_numbers(*other)),
        sorted(other_counted - find_possible_numbers(*one)),
    )
    return (only_first[0], only_other[0]) if only_first and only_other else None


def _list_possible(text: str, language: str) -> Iterator[int]:
    """Yields the value of each stem in a word of a text in small letters."""
    stems = {**_WORDS[language], **_STEMS[language]}
    for word in _WORD.findall(text):
        yield from (value for stem, value in stems.items() if stem in word)


def _read_han(numeral: str) -> int:
    """Returns the value of a Han numeral below 20, without 零."""
    return sum(_HAN_DIGITS[each] for each in numeral)


def _read_all_han(run: str) -> Iterator[int]:
    """Yields the value of each Han numeral of a run by itself, and that of the whole run."""
    from brief.resolve.numerals import han_numerals  # rarely needed

    yield from (_HAN_DIGITS[each] for each in run if each in _HAN_DIGITS)
    number = han_numerals.read_number(run) if len(run) > 1 else None
    if number is not None:
        yield int(number)
