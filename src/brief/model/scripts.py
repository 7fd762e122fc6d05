"""Tables of the scripts (ISO 15924) in which languages are written, and what depends on the script of a locale.

The tables are taken from CLDR ("Likely Subtags", Unicode Technical Standard 35, part 1, 4.3), for the languages that
CLDR has data for; a test compares them with CLDR's own. They are repeated here because this package has no
dependencies.
"""

from collections.abc import Mapping

from brief.model.locale import get_primary_language, split_subtags

# The languages that are written in each script, if the tag does not say otherwise.
_LANGUAGES: Mapping[str, str] = {
    "Arab": "apc ar ary bal bgn bqi brh ckb fa ks lrc mzn ps sd sdh skr trw ug ur",
    "Armn": "hy",
    "Beng": "as bn mni",
    "Cakm": "ccp",
    "Cans": "csw iu",
    "Cher": "chr",
    "Copt": "cop",
    "Cyrl": "ab ady ba be bg bua ce cu cv kaa kbd kk ky mdf mk mn myv os ru sah sr tg tt tyv uk xdq",
    "Deva": "bgc bho brx doi hi kok mai mr ne raj sa suz xnr",
    "Ethi": "am byn gez ti tig wal",
    "Geor": "ka",
    "Grek": "el",
    "Gujr": "gu",
    "Guru": "pa",
    "Hans": "zh",
    "Hant": "yue",
    "Hebr": "he yi",
    "Hmnp": "hnj mww",
    "Jpan": "ja",
    "Khmr": "km",
    "Knda": "kn",
    "Kore": "ko",
    "Laoo": "lo",
    "Latn": (
        "aa af agq ak an ann arn asa ast az bas bem bew bez blo bm br bs bss ca cad cch ceb cgg cho cic co cs cy "
        "da dav de dje dsb dua dyo ebu ee en eo es et eu ewo ff fi fil fo fr frr fur fy ga gaa gd gl gn gsw guz "
        "gv ha haw hr hrx hsb ht hu ia id ie ig io is isv it jbo jgo jmc jv kab kaj kam kcg kde kea kek ken kgp "
        "khq ki kkj kl kln kpe ksb ksf ksh ku kw kxv la lag lb lg lij lkt lld lmo ln lt ltg lu luo luy lv lzz mas "
        "mer mfe mg mgh mgo mhn mi mic moh mrh ms mt mua mus naq nb nd nds nl nmg nn nnh no nr nso nus nv ny nyn "
        "oc oka om pap pcm pi pis pl pms prg pt qu quc rif rm rn ro rof rw rwk saq sbp sc scn se seh ses sg sgs "
        "sid sk sl sma smj smn sms sn so sq ss ssy st su sus sv sw szl teo tk tn to tok tpi tr trv ts twq tzm uz "
        "ve vec vi vmw vo vun wa wae wbp wo xh xog yav yo yrl za zu"
    ),
    "Mlym": "ml",
    "Mymr": "my shn",
    "Nkoo": "nqo",
    "Olck": "sat",
    "Orya": "or",
    "Osge": "osa",
    "Rohg": "rhg",
    "Sinh": "si",
    "Syrc": "syr",
    "Taml": "ta",
    "Tavt": "blt",
    "Telu": "te",
    "Tfng": "shi zgh",
    "Thaa": "dv",
    "Thai": "th",
    "Tibt": "bo dz",
    "Vaii": "vai",
    "Yiii": "ii",
}
# Where a language is written in another script than elsewhere, if the tag does not say otherwise.
_REGIONS: Mapping[str, str] = {
    "Arab": "az-IQ az-IR ha-CM ha-SD kk-AF kk-CN kk-IR kk-MN ku-IQ ku-IR ku-LB ky-CN ms-CC pa-PK tg-PK uz-AF",
    "Cyrl": "az-RU ku-AM ku-AZ ku-GE ku-TM ug-KZ ug-MN uz-CN",
    "Deva": "pi-IN sd-IN",
    "Geor": "lzz-GE",
    "Hans": "yue-CN",
    "Hant": "zh-AU zh-BN zh-GB zh-GF zh-HK zh-ID zh-MO zh-PA zh-PF zh-PH zh-SR zh-TH zh-TW zh-US zh-VN",
    "Latn": "ky-TR sr-ME sr-RO sr-TR",
    "Mong": "mn-CN",
    "Mymr": "pi-MM",
    "Sinh": "pi-LK",
    "Thai": "pi-TH",
}
_SCRIPT_OF = {tag: name for table in (_LANGUAGES, _REGIONS) for name, tags in table.items() for tag in tags.split()}

RIGHT_TO_LEFT_SCRIPTS = frozenset(
    ["Adlm", "Arab", "Aran", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa", "Yezi"]
)
# The scripts of Chinese. Each draws characters in its own way, and has its own punctuation marks.
CHINESE_SCRIPTS = ("Hans", "Hant")
# The region whose forms of Han characters are meant, by language or else by script, if a tag names no region.
_HAN_REGIONS: Mapping[str, str] = {"yue": "HK", "Hans": "CN", "Hant": "TW", "Jpan": "JP", "Kore": "KR"}


def find_script(tag: str) -> str | None:
    """Returns the script that the locale is written in: `Latn` of `fr`, `Jpan` of `ja`; None if CLDR does not have the
    language.
    """
    language, script, region = split_subtags(tag)
    return script or _SCRIPT_OF.get(f"{language}-{region}") or _SCRIPT_OF.get(language)


def find_parent_locale(tag: str) -> str:
    """Returns the locale whose texts a regional locale inherits: `zh-Hant` for `zh-Hant-HK`, `en` for `en-GB`; empty
    if it inherits from none.

    `zh` is not the parent of `zh-HK`, which is written in another script.
    """
    language, script, region = split_subtags(tag)
    parent = f"{language}-{script}" if script else language
    return parent if region is not None and find_script(parent) == find_script(tag) else ""


def find_chinese_script(tag: str) -> str | None:
    """Returns `Hans` or `Hant` for a Chinese locale, else None."""
    script = find_script(tag) if get_primary_language(tag) == "zh" else None
    return script if script in CHINESE_SCRIPTS else None


def find_han_region(tag: str) -> str | None:
    """Returns the region whose forms of Han characters the locale is printed with.

    Without a region in the tag it is that of the script; None for scripts without Han characters, as of `pt-BR`.
    """
    language, _, region = split_subtags(tag)
    of_script = _HAN_REGIONS.get(find_script(tag) or "")
    return of_script and (region or _HAN_REGIONS.get(language) or of_script)


def can_encode(text: str, charset: str) -> bool:
    """Returns whether a character set has all the characters. `charset` is the name of a Python codec, such as gb2312 for
    Hans.
    """
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
