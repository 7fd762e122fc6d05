"""Finds figures in words: "nearly a third", "doubled", 三分之一, 翻番, "die Hälfte", "deux tiers", "el doble".

Only phrases that certainly state a figure are found. A quarter may also be a part of a year or of a town, "a third party" is
not a share, and the first half is a time, so such words need others beside them. Vague words such as "most" and "dozens" are
left out.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from brief.model.han import HANGUL
from brief.model.locale import get_primary_language

_ENGLISH_NUMBERS = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ENGLISH_PARTS = "(?:thirds|fourths|fifths|sixths|sevenths|eighths|ninths|tenths)"
_ENGLISH_PART = "third|quarter|fifth|sixth|seventh|eighth|ninth|tenth"
_OF = r"of\s+(?!(?:an?\s+)?(?:mile|hour|second|minute|day)\b)"
_ENGLISH = (
    # "Two thirds", but not three quarters of a year.
    rf"(?:two|three|four|five|seven|eight|nine|[2-9])[ -]{_ENGLISH_PARTS}\b",
    rf"three[ -]quarters\s+{_OF}(?:the|all|its|their|our|those|these|every|them|[a-z]+s\b)",
    rf"(?:an?|one)[ -](?:{_ENGLISH_PART})\s+{_OF}",
    rf"(?:nearly|almost|roughly|(?:more|less|fewer) than|at least)\s+(?:an?|one)[ -](?:{_ENGLISH_PART})\b(?!\s+(?:part(?:y|ies)|person|time|way|option|reason|hearing))",
    rf"(?:by|to|than|about|around|over)\s+(?:an?|one)[ -](?:{_ENGLISH_PART})(?=[.,;:)]|$|\s+(?:in|since|from|between|to)\b)",
    rf"(?:f[ae]ll(?:en)?|r[io]se|risen|gr[eo]wn?|drop(?:ped)?|shr[aiu]nk|cut|declined?|increased?|decreased?|slumped|jumped)\s+by\s+(?:an?|one)[ -](?:{_ENGLISH_PART})\b",
    rf"(?:an?|one)[ -](?:{_ENGLISH_PART})\s+(?:less|more|fewer|higher|lower|cheaper|larger|smaller)\b",
    rf"(?:(?:nearly|almost|about|around|roughly|over|than|by|only|one|cut in|is|are|was|were)[ -]half(?!\s+(?:an?|past|the battle|full|empty|asleep|awake|hearted)\b)|(?<!first )(?<!second )(?<!other )(?<!latter )(?<!better )half\s+(?:{_OF}(?:the|all|its|their|our|those|these|them|[a-z]+s\b)|(?:the|its|their|our|as)\s+(?!battle|time\b)))",
    r"(?:doubl|tripl|trebl|quadrupl|quintupl|halv)(?:ed|ing)\b(?!-|\s+(?:down|back|up|over|space|quote|effort)s?\b)",
    r"(?:to|more than|nearly|will|would|could|may|might)\s+(?:doubles?|triples?|trebles?|quadruples?|halves?)\b(?!\s+(?:down|back|up|as)\b|-)",
    rf"(?:{_ENGLISH_NUMBERS})[- ]?fold\b",
    r"(?:twice|(?:two|three|four|five|six|seven|eight|nine|ten)\s+times)\s+(?:as|the|what|more|higher|larger|faster|over)\b(?!\s+(?:well|far as)\b)",
    r"double\s+(?:the|that of|what)\b",
    rf"(?:one|{_ENGLISH_NUMBERS}|[1-9])\s+(?:in|out of)\s+(?:every\s+)?(?:two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|hundred|[2-9]|10)\b(?!\s+(?:years?|months?|weeks?|days?|hours?|minutes?|steps?|stages?|cases?:)\b)",
    rf"(?:(?:{_ENGLISH_NUMBERS})(?:[ -](?:one|{_ENGLISH_NUMBERS}))?|an?\s+hundred|one)\s+(?:per\s*cent|percent(?:age points?)?)\b",
    rf"(?:one|half an?|(?:{_ENGLISH_NUMBERS})(?:[ -](?:one|{_ENGLISH_NUMBERS}))?|(?:an?|one)\s+hundred)\s+(?:thousand|million|billion|trillion)\b",
    r"(?<![\d/])[1-9]/(?:[2-9]|10|12|100)\s+of\b",
)
_HAN = "一二两兩三四五六七八九十百"
_CHINESE = (
    rf"(?!百分之百)(?:[{_HAN}千万萬]+|[0-9]+)分之(?:[零〇点點{_HAN}]+|[0-9.]+)",
    r"近半(?!年|月|[个個]|[小]?[时時])",
    r"[过過]半(?!年|月|百)",
    r"逾半(?!年|月)",
    r"大半(?=数|數)",
    r"半[数數]",
    r"一半(?![会會天])",
    rf"每(?:[{_HAN}]+|[0-9]+)[名位人个個][^，。；、]{{0,8}}?有(?:[{_HAN}]+|[0-9]+)[名位人个個]",
    r"[减減]半",
    r"翻了?[一两兩二三四五六七八九几幾]?番",
    r"翻了?[一两兩二三四五六七八九]?倍",
    r"倍增",
    r"腰[斩斬]",
    rf"[{_HAN}]+倍(?![体體儿])",
    r"(?:近|逾|超|超过|超過|[约約]|不足|不到|[达達]|[占佔]|[过過])[一二两兩三四五六七八九]成(?![为為功就立型分员員本])",
    r"[二两兩三四五六七八九]成(?=以上|以下|左右|多|的|[，。、；]|$)",
    r"[一二两兩三四五六七八九][一二三四五六七八九十百千零〇]*[万萬亿億](?!一[^千百]|火)",
)
_JAPANESE = (
    rf"(?:[{_HAN}]+|[0-9]+)分の(?:[{_HAN}]+|[0-9]+)",
    r"半[数減]",
    r"過半",
    rf"(?:[{_HAN}]+|[0-9]+)人に(?:[{_HAN}]+|[0-9]+)人",
    r"半分(?!けい)",
    r"[一二三四五六七八九]割(?![引り])",
    r"[0-9]割(?:[0-9]分)?(?!引)",
    rf"(?:[{_HAN}]+|[2-9]|1[0-9])倍",
    r"倍増",
    r"倍に(?=増|な|し|達)",
    r"[二三四五六七八九][一二三四五六七八九十百千]*[万億](?!が)",
)
_KOREAN = (
    r"(?:[이삼사오육칠팔구십백]+|[0-9]+)\s?분의\s?(?:[일이삼사오육칠팔구십]+|[0-9]+)",
    r"절반",
    r"반으로\s?(?=줄|감)",
    r"[일이삼사오육칠팔구]할(?=[이가을를은는의 ]|$)",
    r"(?:두|세|네|다섯|여섯|일곱|여덟|아홉|열|[2-9]|10)\s?(?:명|곳|대|건|가구)\s중\s(?:한|두|세|네|다섯|여섯|일곱|여덟|아홉|[1-9])\s?(?:명|곳|대|건|가구)",
    r"과반",
    r"반토막",
    r"반감",
    r"갑절",
    r"곱절",
    r"배증",
    rf"(?:두|세|네|다섯|여섯|일곱|여덟|아홉|열|[2-9])\s?배(?![{HANGUL}]*우|송|터|치|경|포|열|출)",
)
_GERMAN_COUNT = "zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|fünfzehn|zwanzig|dreißig|vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig|hundert|[a-zäöü]+und(?:zwan|drei|vier|fünf|sech|sieb|acht|neun)[a-zß]*ig"
_GERMAN = (
    r"(?:ein(?:e[nmsr]?)?|knapp ein|[1-9])\s+(?:Drittel|Fünftel|Sechstel|Siebtel|Achtel|Neuntel|Zehntel)s?\b",
    r"(?:zwei|drei|vier|fünf|sechs|sieben|acht|neun|[2-9])\s*(?:drittel|viertel|fünftel|achtel|zehntel)\b",
    r"um\s+(?:fast\s+|rund\s+|etwa\s+|gut\s+|knapp\s+)?ein\s+Viertel\b(?!\s+(?:nach|vor|Jahr))",
    r"(?:ein|einem|eines)\s+Viertel\s+(?:der|des|aller|davon|von|ihrer|seiner|unserer|mehr|weniger|höher|niedriger)\b",
    r"(?<!ersten )(?<!erste )(?<!zweiten )(?<!zweite )(?<!obere )(?<!untere )Hälfte\b(?!\s+des\s+(?:Jahres|Monats|Jahrhunderts))",
    r"halbier(?:t|te|ten|en|ung)\b",
    r"ver(?:doppel|dreifach|vierfach|fünffach|zehnfach)(?:t|te|ten|n|en|ung)\b",
    r"Ver(?:dopp|dreif|vierf)[a-zä]*ung\b",
    r"(?:doppelt|dreimal|viermal|fünfmal|zehnmal)\s+so\b",
    r"das (?:Doppelte|Dreifache|Vierfache|Zehnfache)\b",
    r"(?:ein(?:e|er)?|zwei|drei|vier|fünf|sechs|sieben|acht|neun)\s+von\s+(?:zwei|drei|vier|fünf|sechs|acht|zehn|hundert)\b",
    r"(?:jeder|jede|jedes)\s+(?:dritte|vierte|fünfte|zehnte)\b",
    rf"(?:eine?|{_GERMAN_COUNT})\s+(?:Prozent(?:punkte)?|Millionen?|Milliarden?|Tausend)\b",
)
_FRENCH_COUNT = "deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|quarante|cinquante|soixante|quatre-vingts?|cent"
_FRENCH = (
    r"(?:deux|2)\s+tiers\b",
    r"(?:trois|3)\s+quarts\b(?!\s+d['’]heure)",
    r"(?:un|le)\s+(?:tiers|quart)\s+(?!d['’]heure|de finale|de tour|de siècle)(?:de[s]?|du|d['’])",
    r"(?:près|plus|moins)\s+d['’]un\s+(?:tiers|quart)\b(?!\s+d['’]heure|\s+de siècle)",
    r"d['’]un (?:tiers|quart)(?=[.,;:)]|$)",
    r"(?:un|deux|trois|quatre)\s+(?:cinquième|sixième|septième|huitième|neuvième|dixième)s?\s+(?:de[s]?|du|d['’])",
    r"(?<!première )(?<!seconde )(?<!deuxième )moitié\b(?!\s+d[eu]s?\s+l?['’]?(?:année|mois|siècle))",
    r"(?:a|ont|avait|avaient|aura|fait|été|presque|plus que|de|à)\s+(?:doubl|tripl|quadrupl|décupl)(?:é|ée|és|ées|er)\b",
    r"(?:doublement|triplement|quadruplement)\b(?=\s+(?:de[s]?|du|d['’]))",
    r"(?:doubl|tripl)(?:era|eront)\b",
    r"le\s+(?:double|triple)\s+(?:de[s]?|du|d['’])",
    r"(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|cent)\s+fois\s+(?:plus|moins|supérieur|inférieur|la|le)\b",
    r"(?:une?|deux|trois|quatre|cinq|six|sept|huit|neuf)\s+(?:[a-zéèêà]+\s+)?sur\s+(?:deux|trois|quatre|cinq|six|huit|dix|vingt|cent)\b",
    rf"(?:un|{_FRENCH_COUNT})(?:[ -](?:et[ -])?(?:une?|{_FRENCH_COUNT}))*\s+(?:pour\s+cent|points? de pourcentage|millions?|milliards?)\b",
)
_SPANISH_COUNT = "dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa|cien"
_SPANISH = (
    r"(?:un|dos)\s+tercios?\b",
    r"(?:cay|sub|crec|baj|descend|aument|reduj)(?:ó|eron|ieron|aron|o)\s+(?:casi\s+)?(?:en\s+)?un\s+cuarto\b(?!\s+de\s+hora)",
    r"tres\s+cuartos?\s+de\s+(?!hora)",
    r"(?:una?|dos|tres|cuatro|la)\s+(?:tercera|cuarta|quinta|sexta|décima)s?\s+partes?\b",
    r"(?<!primera )(?<!segunda )(?<!en la )(?<!otra )mitad\s+(?:de|del)\b(?!\s+(?:año|mes|siglo|camino))",
    r"a\s+la\s+mitad\b",
    r"(?:duplic|triplic|cuadruplic|quintuplic)(?:ó|aron|ado|ada|ados|adas|ará|arán|ando)\b",
    r"(?:el|al)\s+(?:doble|triple)\b(?=\s+(?:de|del|que)\b|[.,;]|$)",
    r"(?:dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|cien)\s+veces\s+(?:más|menos|mayor|menor|superior|inferior)\b",
    r"(?:uno|una|un|dos|tres|cuatro|cinco|seis|siete|ocho|nueve)\s+(?:de|sobre)\s+cada\s+(?:dos|tres|cuatro|cinco|seis|ocho|diez|veinte|cien)\b",
    rf"(?:un|{_SPANISH_COUNT})(?:\s+y\s+(?:uno?|{_SPANISH_COUNT}))?\s+(?:por\s+ciento|puntos? porcentuales?|mil(?:es)?|millón|millones)\b",
)
_VULGAR_FRACTION = "[¼½¾⅐-⅞]"
# Words before a figure that messages quote with it.
_ABOUT: Mapping[str, str] = {
    "en": r"(?:(?:nearly|almost|about|around|roughly|over|more than|less than|only|just)\s+)?",
    "de": r"(?:(?:fast|knapp|rund|etwa|mehr als|über|gut)\s+)?",
    "fr": r"(?:(?:presque|environ|plus de|moins de|près de)\s+)?",
    "es": r"(?:(?:casi|cerca de|más de|menos de|alrededor de)\s+)?",
    "zh": "(?:近|逾|超过|超過|大约|大約|约|約)?",
    "ja": "(?:約|ほぼ)?",
    "ko": r"(?:약\s?|거의\s)?",
}
_DENSE = ("zh", "ja", "ko")
_PATTERNS: Mapping[str, tuple[str, ...]] = {
    "en": _ENGLISH,
    "zh": _CHINESE,
    "ja": _JAPANESE,
    "ko": _KOREAN,
    "de": _GERMAN,
    "fr": _FRENCH,
    "es": _SPANISH,
}


def find_spelled_figures(text: str, locale: str) -> Iterator[str]:
    """Yields each figure in words as it is in the text, with "nearly" and the like before it, in order; none in a language
    without a table.
    """
    pattern = _compile(get_primary_language(locale))
    for match in pattern.finditer(text) if pattern else ():
        yield match[0].strip()


@cache
def _compile(language: str) -> re.Pattern[str] | None:
    """Returns the pattern of the figures of a language; None if it has no table."""
    if language not in _PATTERNS:
        return None
    edge = "" if language in _DENSE else r"(?<![\w-])"
    figures = "|".join((*_PATTERNS[language], _VULGAR_FRACTION))
    return re.compile(f"{edge}{_ABOUT[language]}(?:{figures})", re.IGNORECASE)
