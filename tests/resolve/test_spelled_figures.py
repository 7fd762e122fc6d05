"""Figures in words are found in seven languages; ordinals, durations, names and idioms are not figures."""

import pytest

from brief.resolve.numerals.spelled_figures import find_spelled_figures

FIGURES = {
    "en": [
        "Nearly a third went home",
        "Almost a quarter arrive late",
        "More than a fifth cancelled",
        "Nearly a third of riders left.",
        "Two-fifths of the fleet is old.",
        "Sales doubled.",
        "It more than tripled in a year.",
        "Half of all patients wait.",
        "Costs fell by half.",
        "Half the wards are full.",
        "One in three nurses left.",
        "Seventy per cent agreed.",
        "two million people",
        "a quarter of a million doses",
        "three quarters of the beds",
        "Waits rose by a quarter.",
        "twice as many beds",
        "a threefold rise",
        "1/3 of wards",
        "½ of wards",
        "More than half were late",
        "nine out of ten",
        "Prices halved",
        "Costs could double by 2030",
        "half its budget",
        "two thirds",
        "twenty-five per cent",
        "a fifth lower",
        "Cases fell by a fifth in June",
        "half as many",
    ],
    "zh": [
        "三分之一的患者",
        "近半医院",
        "接诊量翻番",
        "翻了两番",
        "七成以上的病床",
        "近四成",
        "患者增加了两倍",
        "一半病床",
        "过半数",
        "百分之三十",
        "两亿元",
        "腰斩",
        "三百万人",
        "減半",
        "半數以上",
        "五分之二",
    ],
    "ja": ["患者の三分の一", "3分の1", "半数以上", "半減した", "七割が", "2倍になった", "倍増した", "三百万人"],
    "ko": ["3분의 1", "절반", "두 배로", "과반"],
    "de": [
        "fast ein Drittel der Betten",
        "zwei Drittel",
        "die Hälfte der Kliniken",
        "verdoppelt sich",
        "hat sich verdreifacht",
        "doppelt so viele",
        "ein Viertel der Patienten",
        "drei von zehn",
        "zehn Prozent",
        "zwei Millionen",
        "jede dritte Klinik",
        "halbiert",
    ],
    "fr": [
        "près d’un tiers des lits",
        "deux tiers",
        "la moitié des patients",
        "ont doublé",
        "trois fois plus",
        "un patient sur trois",
        "dix pour cent",
        "deux millions",
        "un quart des lits",
        "trois quarts",
        "le double de",
    ],
    "es": [
        "un tercio",
        "casi la mitad de las camas",
        "se duplicó",
        "tres veces más",
        "uno de cada tres",
        "diez por ciento",
        "dos millones",
        "una cuarta parte",
        "el doble de",
    ],
}
OTHERS = {
    "en": [
        "nearly a third time",
        "about a third party",
        "a third party",
        "the third quarter of 2025",
        "first half of 2025",
        "half a year later",
        "in the second half of the year",
        "a half-day",
        "two in Paris",
        "double-click",
        "a double bed",
        "three quarters later",
        "half an hour",
        "He doubled down on it.",
        "One in the north",
        "the other half",
        "a quarter of an hour",
        "at half past",
        "It took two of three months",
        "two lines",
        "twice a year",
        "most",
        "as well as twice",
        "five times a day",
        "half-finished",
        "for three quarters",
        "the fifth of May",
        "a tenth meeting",
        "Step one in two minutes",
        "third-party",
        "Half Moon Bay",
        "a fourth bus",
        "The halves",
        "Times Square",
    ],
    "zh": [
        "千万不要",
        "万一",
        "十分重要",
        "近半年来",
        "半年",
        "半天",
        "上半年",
        "成为",
        "一成不变",
        "三成员",
        "百分之百",
        "再三",
        "分之",
        "加倍努力",
        "事半功倍",
        "倍感",
        "三倍体",
        "多半",
        "一分为二",
        "完成",
        "三国",
    ],
    "ja": ["半年", "一度", "分の", "半分けい", "割引", "一割引", "倍率", "割合", "三が日", "役割"],
    "ko": ["두 배우", "배송", "반도체", "배경", "네 배터리"],
    "de": ["zweite Hälfte 2025", "ein Viertel in Berlin", "Viertel nach acht", "drei von vielen", "Stadtviertel"],
    "fr": [
        "un tiers payant",
        "un quart d’heure",
        "les tiers",
        "double vitrage",
        "sur deux ans",
        "la première moitié de 2025",
        "quart de finale",
    ],
    "es": ["un cuarto de hora", "doble turno", "dos veces al año", "la segunda mitad de 2025", "un cuarto"],
}


@pytest.mark.parametrize(("locale", "text"), [(locale, text) for locale, texts in FIGURES.items() for text in texts])
def test_a_figure_in_words_is_found(locale: str, text: str) -> None:
    assert list(find_spelled_figures(text, locale))


@pytest.mark.parametrize(("locale", "text"), [(locale, text) for locale, texts in OTHERS.items() for text in texts])
def test_other_words_are_no_figures(locale: str, text: str) -> None:
    assert list(find_spelled_figures(text, locale)) == []


@pytest.mark.parametrize(
    ("locale", "text", "found"),
    [
        ("en", "We know that nearly a third of riders left.", "nearly a third of"),
        ("zh-Hant", "患者近三成，翻了兩番", "近三成"),
        ("fr", "On sait que près de deux tiers sont absents.", "près de deux tiers"),
    ],
)
def test_words_such_as_nearly_belong_to_the_figure(locale: str, text: str, found: str) -> None:
    assert next(find_spelled_figures(text, locale)) == found


def test_a_language_without_a_table_has_none() -> None:
    assert list(find_spelled_figures("la metà dei pazienti", "it")) == []
