"""The words and signs beside figures: scales such as "million" and "万", and currencies.

The scales must include those that catalogues print and those that `brief.reading.tables.written_units` reads. A word
may have several meanings, and each is tried: "mm" is a million in finance and a millimetre elsewhere, "mil" is a
thousand in Spanish and a million in Czech.
"""

import re
from collections.abc import Iterable

# The meaning of a word that belongs to what follows the figure.
NO_SCALE = 1
_METRES_TOO: tuple[int, ...] = (NO_SCALE, 10**6)
_TONNES_TOO: tuple[int, ...] = (NO_SCALE, 10**12)
_THOUSANDS = (
    "thousand",
    "thousands",
    "tausend",
    "tsd",
    "mille",
    "ribu",
    "tis",
    "тыс",
    "тысяч",
    "тысячи",
    "grand",
    "हज़ार",
    "ألف",
    "millier",
    "milliers",
)
_MILLIONS = (
    *("million", "millions", "millionen", "millones", "millón", "millon", "millionär", "milioni", "milione"),
    *("milhões", "milhão", "miljoen", "miljoner", "miljoonaa", "milj", "milyon", "milion", "milionów", "miliony"),
    *("mio", "mn", "juta", "triệu", "ล้าน", "млн", "миллион", "миллиона", "миллионов", "मिलियन", "مليون", "ملايين"),
    *("milión", "milionů", "miliónů", "millió", "milioane", "milijun", "milijuna", "miljonit", "milijonų", "miljons"),
    *("мільйон", "мільйони", "мільйонів", "милиона", "милион", "εκατομμύρια", "εκατ", "میلیون", "מיליון", "মিলিয়ন"),
    *("ミリオン", "밀리언", "милиони", "мільйона", "мио", "сая", "milijon", "milijonov", "միլիոն", "მილიონ", "მილიონი"),
)
_MILLIARDS = (
    *(
        "billion",
        "billions",
        "bn",
        "bln",
        "milliarden",
        "milliarde",
        "milliard",
        "milliards",
        "miliardi",
        "miliardo",
        "mrd",
    ),
    *("mld", "mlrd", "md", "mds", "mia", "miljard", "miljarder", "miliar", "milyar", "miliard", "tỷ", "tỉ"),
    *(
        "млрд",
        "миллиард",
        "миллиарда",
        "миллиардов",
        "مليار",
        "miliardy",
        "miliardów",
        "miliard",
        "miliárd",
        "milliárd",
    ),
    *("miliarde", "milijardi", "мільярд", "мільярдів", "милиарда", "δισεκατομμύρια", "δισ", "میلیارد", "מיליארד"),
)
_BILLIONS = (
    "trillion",
    "trillions",
    "tn",
    "trn",
    "trln",
    "bio",
    "billionen",
    "biljoen",
    "billón",
    "billon",
    "billones",
    "трлн",
    "триллион",
    "триллионов",
    "兆",
    "조",
)
SCALES: dict[str, tuple[int, ...]] = (
    dict.fromkeys(_THOUSANDS, (10**3,))
    | dict.fromkeys(_MILLIONS, (10**6,))
    | dict.fromkeys(_MILLIARDS, (10**9,))
    | dict.fromkeys(_BILLIONS, (10**12,))
    | dict.fromkeys(("lakh", "lakhs", "lac", "lacs", "लाख", "লাখ", "লক্ষ", "لاکھ"), (10**5,))
    | dict.fromkeys(("crore", "crores", "करोड़", "কোটি", "کروڑ"), (10**7,))
    | dict.fromkeys(("mm", "m", "mill", "mln", "kk"), _METRES_TOO)
    | {
        "cr": (NO_SCALE, 10**7),
        "bil": (NO_SCALE, 10**9),
        "wan": (NO_SCALE, 10**4),
        "wàn": (NO_SCALE, 10**4),
        "k": (NO_SCALE, 10**3),
        "w": (NO_SCALE, 10**4),
        "b": (NO_SCALE, 10**9),
        "t": _TONNES_TOO,
        "mil": (10**3, 10**6),
        # Miles are also a distance.
        "miles": (NO_SCALE, 10**3),
        "mil millones": (10**9,),
        "miles de millones": (10**9,),
        "百": (10**2,),
        "千": (10**3,),
        "仟": (10**3,),
        "천": (10**3,),
        "万": (10**4,),
        "萬": (10**4,),
        "만": (10**4,),
        "十万": (10**5,),
        "十萬": (10**5,),
        "百万": (10**6,),
        "百萬": (10**6,),
        "백만": (10**6,),
        "千万": (10**7,),
        "千萬": (10**7,),
        "천만": (10**7,),
        "亿": (10**8,),
        "億": (10**8,),
        "억": (10**8,),
        "十亿": (10**9,),
        "十億": (10**9,),
        "십억": (10**9,),
        "万亿": (10**12,),
        "萬億": (10**12,),
    }
)
_FACTORS = {"ten": 10, "hundred": 100, "thousand": 10**3, "million": 10**6, "lakh": 10**5}
SCALES |= {
    f"{factor} {scale}": (size * SCALES[scale][0],)
    for factor, size in _FACTORS.items()
    for scale in ("thousand", "thousands", "million", "millions", "billion", "billions", "crore", "crores")
}
_LETTERS = "a-z\xdf-\xff\u0100-\u024f\u1e00-\u1effа-яё"
_IN_LETTERS = re.compile(f"[{_LETTERS} ]+")


def _make_pattern(words: Iterable[str]) -> str:
    """Makes a pattern that matches the longest of the words; a word that consists of letters must end there."""
    ordered = sorted(words, key=len, reverse=True)
    whole_words = "|".join(word.replace(" ", "[ -]") for word in ordered if _IN_LETTERS.fullmatch(word))
    others = "|".join(re.escape(word) for word in ordered if not _IN_LETTERS.fullmatch(word))
    return f"(?:(?:{whole_words})(?![{_LETTERS}])|{others})"


SCALE = _make_pattern(SCALES)

_DOLLARS = ("USD", "HKD", "TWD", "AUD", "CAD", "SGD", "NZD")
_KRONES = ("SEK", "NOK", "DKK", "ISK")
_RUPEES = ("INR", "PKR", "LKR", "NPR")
# No word that is also an ordinary one ("won", "real", "rand"): a figure beside another currency does not match.
_CURRENCY_WORDS = {
    ("CNY",): ("rmb", "cny", "cn¥", "yuan", "renminbi", "人民币", "人民幣"),
    ("CNY", "TWD", "HKD", "USD"): ("元",),
    ("CNY", "JPY"): ("圆", "¥"),
    ("CNY", "TWD", "JPY"): ("圓",),
    ("JPY",): ("jpy", "yen", "日元", "円", "日圓"),
    ("USD",): ("usd", "us$", "美元", "美金"),
    _DOLLARS: ("$", "dollar", "dollars"),
    ("HKD",): ("hkd", "hk$", "港元", "港币", "港幣"),
    ("TWD",): ("twd", "nt$", "ntd", "新台币", "新台幣", "新臺幣"),
    ("SGD",): ("sgd", "s$"),
    ("AUD",): ("aud", "a$"),
    ("CAD",): ("cad", "c$"),
    ("NZD",): ("nzd", "nz$"),
    ("EUR",): ("eur", "€", "euro", "euros", "欧元", "歐元"),
    ("GBP",): ("gbp", "£", "pounds", "英镑", "英鎊"),
    ("CHF",): ("chf", "sfr"),
    ("KRW",): ("krw", "₩", "원"),
    ("INR",): ("inr", "₹"),
    _RUPEES: ("rs", "rupees"),
    _KRONES: ("kr",),
    ("SEK",): ("sek",),
    ("NOK",): ("nok",),
    ("DKK",): ("dkk",),
    ("PLN",): ("pln", "zł"),
    ("CZK",): ("czk", "kč"),
    ("RUB",): ("rub", "₽", "руб"),
    ("BRL",): ("brl", "r$"),
    ("THB",): ("thb", "฿"),
    ("VND",): ("vnd", "₫"),
    ("IDR",): ("idr",),
    ("TRY",): ("₺",),
}
CURRENCIES = {word: codes for codes, words in _CURRENCY_WORDS.items() for word in words}
CURRENCY = _make_pattern(CURRENCIES)
_BESIDE = 14
_CURRENCY_BEFORE = re.compile(
    rf"(?:(?<![a-z])(?:{'|'.join(re.escape(word) for word in CURRENCIES if word[0].isascii() and word[0].isalpha())})"
    rf"|{'|'.join(re.escape(word) for word in CURRENCIES if not (word[0].isascii() and word[0].isalpha()))})\s*$"
)
_CURRENCY_AFTER = re.compile(rf"\.?[\s-]*(?:us\s+)?({CURRENCY})")


def find_currency(folded: str, start: int, end: int) -> tuple[tuple[str, ...], int]:
    """Finds the currency before or after the figure at `start` to `end` in a folded text.

    Returns the codes that it may mean, empty if there is no currency, and the offset at which currency and figure
    begin.
    """
    text_before = folded[max(start - _BESIDE, 0) : start]
    if match_before := _CURRENCY_BEFORE.search(text_before):
        return CURRENCIES[match_before[0].rstrip()], start - len(text_before) + match_before.start()
    match_after = _CURRENCY_AFTER.match(folded, end)
    return (CURRENCIES[match_after[1]] if match_after else ()), start


def find_scales(word: str) -> tuple[int, ...]:
    """Returns the factors that a match of `SCALE` may mean."""
    return SCALES[word.replace("-", " ")]
