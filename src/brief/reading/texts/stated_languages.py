"""Finds the language of a work from a reference list or its title, and joins the names of its authors."""

import re

from brief.model.han import HANGUL, IDEOGRAPH, IDEOGRAPHS, KANA, KANA_LETTERS, KATAKANA
from brief.model.scripts import can_encode

# Names and tags in turn.
_OTHER_NAMES = (
    *("japanese", "ja", "korean", "ko", "italian", "it", "russian", "ru", "dutch", "nl", "polish", "pl"),
    *("swedish", "sv", "danish", "da", "finnish", "fi", "norwegian", "nb"),
)
# The names of languages in `langid` of BibLaTeX, which are those of the LaTeX package babel, and in English.
_NAMES = {
    **dict.fromkeys(("english", "american", "british", "australian", "canadian", "usenglish", "ukenglish"), "en"),
    **dict.fromkeys(("german", "ngerman", "austrian", "naustrian", "nswissgerman", "swissgerman", "deutsch"), "de"),
    **dict.fromkeys(("french", "francais", "français", "acadian", "canadien"), "fr"),
    **dict.fromkeys(("spanish", "castilian", "español"), "es"),
    **dict.fromkeys(("chinese", "chinese-simplified", "chinese-hans", "schinese"), "zh-Hans"),
    **dict.fromkeys(("chinese-traditional", "chinese-hant", "tchinese"), "zh-Hant"),
    **dict.fromkeys(("portuguese", "brazilian"), "pt"),
    **dict(zip(_OTHER_NAMES[::2], _OTHER_NAMES[1::2], strict=True)),
}
_CHINESE = {"zh": "zh-Hans", "zh-cn": "zh-Hans", "zh-sg": "zh-Hans", "zh-tw": "zh-Hant", "zh-hk": "zh-Hant-HK"}
_CHINESE |= {tag.lower(): tag for tag in ("zh-Hans", "zh-Hant", "zh-Hant-HK")}
_TAG = re.compile("[a-z]{2}(?:-[a-z0-9]{2,8})*")
_KANA_LETTER, _HANGUL = re.compile(f"[{KANA_LETTERS}]"), re.compile(f"[{HANGUL}]")
_EAST_ASIAN_NAME, _KATAKANA_NAME = re.compile(f"[{IDEOGRAPHS}{KANA}{HANGUL}]+"), re.compile(f"[{KATAKANA}・]+")


def find_language(stated: str, title: str) -> str:
    """Returns the BCP 47 tag of a stated language, or else of the script of the title; "" if both are unknown."""
    name = stated.strip().casefold()
    if name in _NAMES:
        return _NAMES[name]
    if _TAG.fullmatch(name):
        return _CHINESE.get(name, name.partition("-")[0])
    if _KANA_LETTER.search(title) or _HANGUL.search(title):
        return "ja" if _KANA_LETTER.search(title) else "ko"
    characters = "".join(IDEOGRAPH.findall(title))
    return ("zh-Hans" if can_encode(characters, "gb2312") else "zh-Hant") if characters else ""


def join_name(given: str, family: str) -> str:
    """Joins the given name and the family name in the order of their language: Anna Müller, 李明, 김철수, ジョン・スミス."""
    if _KATAKANA_NAME.fullmatch(given) and _KATAKANA_NAME.fullmatch(family):
        return f"{given}・{family}"
    if _EAST_ASIAN_NAME.fullmatch(given) and _EAST_ASIAN_NAME.fullmatch(family):
        return family + given
    return " ".join(filter(None, (given, family)))
