"""Numbers, months and times that are typed into a text and differ in another language."""

import pytest
from projects import THEME, ProjectCopy

from brief.resolve.figures.typed_numbers import find_differing_numbers, find_missing_numbers, read_typed_numbers

SAME = [
    ("By 2027, 12 lines run.", "zh-Hans", "到2027年，12条线路。"),
    ("1,250 buses", "zh-Hant", "１，２５０輛公車"),
    ("The city has 12 lines.", "zh-Hans", "全市有12条线路。"),
    ("The city has twelve lines.", "zh-Hans", "全市有12条线路。"),
    ("The city has 12 lines.", "zh-Hans", "全市有十二条线路。"),
    ("The city has 120 lines.", "zh-Hant", "全市有一百二十條路線。"),
    ("It costs 3 million euros.", "zh-Hant", "耗資300萬歐元。"),
    ("It costs 1.5 billion yuan.", "zh-Hans", "耗资15亿元。"),
    ("3 to 5 million riders", "zh-Hans", "300万至500万人次"),
    ("10,000 riders", "zh-Hans", "1万人次"),
    ("12,500 riders", "de", "12.500 Fahrgäste"),
    ("1.5 points", "fr", "1,5 point"),
    ("On 5 March 2025 it began.", "zh-Hans", "2025年3月5日启动。"),
    ("On 5 March 2025 it began.", "zh-Hant", "2025年三月5日啟動。"),
    ("On 5 March 2025 it began.", "de", "Am 5. März 2025 begann es."),
    ("On 5 March 2025 it began.", "es", "Empezó el 5 de marzo de 2025."),
    ("It may cost 5 yuan in May 2025.", "zh-Hans", "2025年5月可能收费5元。"),
    ("In 2025 it began.", "zh-Hant", "民國114年啟動。"),
    ("In the 1990s it grew.", "zh-Hans", "20世纪90年代增长。"),
    ("In the 1990s it grew.", "zh-Hant", "90年代成長。"),
    ("In 2024–25 it grew.", "zh-Hans", "2024至2025年增长。"),
    ("In the second quarter of 2025", "zh-Hans", "2025年第2季度"),
    ("Q2 2025", "zh-Hans", "2025年二季度"),
    ("From 23:30 on", "zh-Hans", "23:30起"),
    ("From 11:30 pm on", "zh-Hans", "晚上11点30分起"),
    ("From 11:30 p.m. on", "zh-Hant", "晚上11點半起"),
    ("From 9 am on", "zh-Hant", "上午9時起"),
    ("The 3rd line", "zh-Hans", "第3条线路"),
    ("Two thirds of 300", "zh-Hans", "300人中的2/3"),
    ("An H100 and GPT-4", "zh-Hans", "H100和GPT-4"),
    ("Article 5 of the law of 2021", "zh-Hant", "2021年法第5條"),
    ("24/7 service", "zh-Hans", "全天候服务"),
    ("It fell by half.", "zh-Hans", "下降50个站。"),
    ("More than 1000 people", "ja", "1000人以上"),
    ("In April 3 of 4 left.", "ko", "4월에는 4명 중 3명이 떠났다."),
    ("3 million kWh", "zh-Hans", "300万kWh"),
    ("3 million kWh", "ja", "300万kWh"),
    ("It costs 2 billion euros.", "es", "Cuesta 2 mil millones de euros."),
    ("It costs 2 trillion euros.", "fr", "Cela coûte 2 billions d’euros."),
    ("It costs 2 trillion euros.", "de", "Es kostet 2 Billionen Euro."),
    ("It costs 2.5 billion euros.", "de", "Es kostet 2,5 Mrd. Euro."),
    ("It costs 2.5 billion euros.", "it", "Costa 2,5 miliardi di euro."),
    ("It costs 2 billion euros.", "pt-PT", "Custa 2 mil milhões de euros."),
    ("300,000 riders", "it", "300 mila passeggeri"),
    ("2.5 million riders", "vi", "2,5 triệu hành khách"),
    ("1,250 buses", "es-MX", "1,250 autobuses"),
    ("1,250 buses", "de-CH", "1’250 Busse"),
    ("1,250 buses", "da", "1.250 busser"),
    ("1,250 buses", "tr", "1.250 otobüs"),
    ("1,250,000 riders", "fr", "1\u202f250\u202f000 voyageurs"),
    ("1,250 buses", "sv", "1 250 bussar"),
    ("2.500 litres", "da", "2,500 liter"),
    ("On 5 March 2025 it began.", "it", "Iniziò il 5 marzo 2025."),
    ("On 5 March 2025 it began.", "nl", "Het begon op 5 maart 2025."),
    ("It began in March 2025.", "pl", "Zaczęło się w marcu 2025."),
    ("On 5 March 2025 it began.", "ru", "Началось 5 марта 2025 года."),
    ("On 5 March 2025 it began.", "vi", "Bắt đầu ngày 5 tháng 3, 2025."),
    ("On 5 March 2025 it began.", "tlh", "On 5 March 2025 it began."),
    ("At 2:30 pm", "fr", "À 14 h 30"),
    ("At 14:30", "fr", "À 14h30"),
    ("At 2 pm", "fr", "À 14 h"),
    ("It took 3 hours.", "fr", "Il a fallu 3 h."),
    ("At 2:30 pm", "de", "Um 14.30 Uhr"),
    ("At 2 pm", "de", "Um 14 Uhr"),
    ("At 12:15 a.m.", "de", "Um 0:15 Uhr"),
    ("At 2:30 pm", "es", "A las 14.30 h"),
    ("At 2:30 pm", "es", "A las 2:30 p.\u00a0m."),
    ("It took 2.50 hours.", "en", "It took 2.50 h."),
    ("At 2:30 pm", "pt-BR", "Às 14h30"),
    ("At 2:30 pm", "ko", "오후 2시 30분"),
    ("At 9 am", "ko", "오전 9시"),
    ("At 2:30 pm", "ja", "午後2時30分"),
    ("At 2:30 pm", "zh-Hant", "下午 2 時 30 分"),
    ("A change of 3.2 points", "zh-Hans", "变化3.2点"),
    ("A change of 3 points", "zh-Hans", "变化3点"),
    ("In FY2025/26", "fr", "Exercice 2025/26"),
    ("In FY26", "de", "Geschäftsjahr 2026"),
    ("In Q2 2026", "fr", "Au 2e trimestre 2026"),
    ("In Q2 2026", "fr", "Au T2 2026"),
    ("In Q2 2026", "de", "Im 2. Quartal 2026"),
    ("In Q2 2026", "es", "En el segundo trimestre de 2026"),
    ("In Q2 2026", "pt-BR", "No 2T26"),
    ("In Q2 2026", "ja", "2026年第2四半期"),
    ("In Q2 2026", "ko", "2026년 2분기"),
    ("A quarter of 2026", "zh-Hans", "2026年的四季"),
    ("On 4 March 2026", "de", "Am 04.03.2026"),
    ("On 2026-03-04", "de", "Am 4. 3. 2026"),
    ("On 4 March 2026", "ko", "2026. 3. 4."),
    ("100,000 people", "es", "100 000 habitantes"),
    ("It meets EN 301 549.", "de", "Erfüllt EN 301 549."),
    ("12 345 cases", "fr", "12 345 cas"),
    ("Python 3.11 and ISO 8601-1:2019", "de", "Python 3.11 und ISO 8601-1:2019"),
    ("100,000 people", "ja", "100\u202f000人"),
]
DIFFERENT = [
    ("A year on, 12 lines run.", "zh-Hans", "一年后，13条线路开通。", "12", "13"),
    ("A year on, 3 million ride.", "zh-Hant", "一年後，400萬人次。", "3000000", "4000000"),
    ("By 2027, 1,250 buses run.", "zh-Hant", "到2027年，１，３５０輛。", "1250", "1350"),
    ("The city has 12 lines.", "zh-Hans", "全市有13条线路。", "12", "13"),
    ("It costs 3 million euros.", "zh-Hans", "耗资3亿欧元。", "3000000", "300000000"),
    ("It ends in 2027.", "zh-Hant", "2028年結束。", "2027", "2028"),
    ("It began in March 2025.", "zh-Hans", "2025年4月启动。", "month 3", "month 4"),
    ("It began in March.", "zh-Hant", "四月啟動。", "month 3", "month 4"),
    ("It began in May.", "zh-Hant", "四月啟動。", "month 5", "month 4"),
    ("On 5 March", "zh-Hans", "3月6日", "5", "6"),
    ("From 23:30 on", "zh-Hans", "23:00起", "23:30", "23:00"),
    ("12,500 riders", "de", "12.600 Fahrgäste", "12500", "12600"),
    ("1.5 points", "fr", "1,6 point", "1.5", "1.6"),
    ("The 3rd line", "ko", "4호선", "3", "4"),
    ("3 billion kWh", "zh-Hans", "300万kWh", "3000000000", "3000000"),
    ("It costs 2 billion euros.", "de", "Es kostet 2 Billionen Euro.", "2000000000", "2000000000000"),
    ("It costs 2 billion euros.", "fr", "Cela coûte 2 billions d’euros.", "2000000000", "2000000000000"),
    ("It costs 2 billion euros.", "es", "Cuesta 2 billones de euros.", "2000000000", "2000000000000"),
    ("It costs 3 billion euros.", "it", "Costa 3 milioni di euro.", "3000000000", "3000000"),
    ("It costs 2.5 billion euros.", "nl", "Het kost 2,5 miljoen euro.", "2500000000", "2500000"),
    ("It costs 2.5 billion.", "ru", "Стоит 2,5 миллиона.", "2500000000", "2500000"),
    ("1.25 litres", "da", "1.250 liter", "1.25", "1250"),
    ("On 12 March it began.", "it", "Iniziò il 12 maggio.", "month 3", "month 5"),
    ("On 12 March it began.", "nl", "Het begon op 12 mei.", "month 3", "month 5"),
    ("On 12 March it began.", "pl", "Zaczęło się 12 maja.", "month 3", "month 5"),
    ("On 12 March it began.", "ru", "Началось 12 мая.", "month 3", "month 5"),
    ("On 5 Mar. it began.", "sv", "Det började 5 apr.", "month 3", "month 4"),
    ("At 2:30 pm", "fr", "À 15 h 30", "14:30", "15:30"),
    ("At 2:30 pm", "de", "Um 13.30 Uhr", "14:30", "13:30"),
    ("At 2:30 pm", "ko", "오전 2시 30분", "14:30", "2:30"),
    ("In Q2 2026", "fr", "Au T4 2026", "Q2", "Q4"),
    ("In Q2 2026", "de", "Im 3. Quartal 2026", "Q2", "Q3"),
    ("In the second quarter", "zh-Hans", "第三季度", "Q2", "Q3"),
    ("In Q2 2026", "ko", "2026년 3분기", "Q2", "Q3"),
    ("On 9 March 2026", "de", "Am 09.04.2026", "month 3", "month 4"),
]


# What one text has in digits and the other says in other words.
SAID_OTHERWISE = [
    ("12 buses", "de", "zwölf Busse"),
    ("The income per trip", "ja", "1回あたりの収入"),
    ("300 buses", "es", "trescientos autobuses"),
    ("In the 1990s it grew.", "zh-Hans", "上世纪九十年代增长。"),
    ("A 20th century bridge", "zh-Hans", "上世纪的桥"),
    ("24/7 service", "de", "Betrieb rund um die Uhr"),
    ("It fell by 50 percent.", "zh-Hant", "減少一半。"),
    ("It grew by 100%.", "ko", "두 배로 늘었다."),
    ("In 2025 it grew.", "zh-Hans", "今年增长。"),
    ("A 5G network in 12 cities", "zh-Hans", "十二座城市的网络"),
]
MISSING = [
    ("Fares rose by 12 percent.", "zh-Hans", "票价上涨。", "12", None),
    ("Fares rose.", "zh-Hant", "票價上漲12%。", None, "12"),
    ("Fares rose by 37 percent.", "de", "Die Preise stiegen.", "37", None),
    ("Fares rose by 3.5 percent.", "fr", "Les prix ont augmenté.", "3.5", None),
    ("In 2027, 12 lines run.", "zh-Hans", "2027年线路开通。", "12", None),
    ("The line opens soon.", "ja", "2027年に開通する。", None, "2027"),
    ("It cost 3 million euros.", "ko", "비용이 들었다.", None, None),
    ("It cost 3.2 million euros.", "ko", "비용이 들었다.", "3200000", None),
]


def find_missing(source: str, words: str, locale: str) -> tuple[str | None, str | None]:
    one, other = read_typed_numbers(source, "en"), read_typed_numbers(words, locale)
    return (
        find_missing_numbers(one, source, other, words, locale),
        find_missing_numbers(other, words, one, source, "en"),
    )


@pytest.mark.parametrize(("source", "locale", "words"), SAID_OTHERWISE)
def test_a_number_in_other_words_is_not_missing(source: str, locale: str, words: str) -> None:
    assert find_missing(source, words, locale) == (None, None)


@pytest.mark.parametrize(("source", "locale", "words", "lacking", "extra"), MISSING)
def test_a_number_that_one_language_lacks_is_found(
    source: str, locale: str, words: str, lacking: str | None, extra: str | None
) -> None:
    assert find_missing(source, words, locale) == (lacking, extra)


@pytest.mark.parametrize(("source", "locale", "words"), SAME)
def test_the_same_in_other_words_is_the_same(source: str, locale: str, words: str) -> None:
    assert find_differing_numbers(read_typed_numbers(source, "en"), read_typed_numbers(words, locale)) is None
    assert find_missing(source, words, locale) == (None, None)


@pytest.mark.parametrize(("source", "locale", "words", "one", "other"), DIFFERENT)
def test_another_number_is_found(source: str, locale: str, words: str, one: str, other: str) -> None:
    found = find_differing_numbers(read_typed_numbers(source, "en"), read_typed_numbers(words, locale))
    assert found == (one, other)


def test_it_is_reported_at_the_translation_and_not_within_names(project: ProjectCopy) -> None:
    project.replace(THEME, "en: The cost is known and stable.", "en: It runs 12 buses of `4711`.")
    project.replace(THEME, "zh-Hans: 成本清楚，且保持稳定。", "zh-Hans: 共有13辆公交车，型号`4712`。")
    project.replace(THEME, "zh-Hant: 成本清楚，且維持穩定。", "zh-Hant: 共有12輛公車，型號`4711`。")
    (found,) = [each for each in project.check()[1] if each.code == "number-mismatch"]
    assert (found.message, found.severity) == ("the 'zh-Hans' text has 13 where the 'en' text has 12", "warning")


@pytest.mark.parametrize(
    ("source", "hans"),
    [
        ("It costs 3 million euros.", "耗资3亿欧元。"),
        ("On 9 March it began.", "9日，四月启动。"),
        ("From 1.2 to 3.4 points", "1.2至4.3个点"),
        ("It runs 1,234 buses.", "共有1.234辆。"),
        ("In Q2 2026", "2026年第3季度，2年"),
    ],
)
def test_the_same_digits_may_be_another_number(project: ProjectCopy, source: str, hans: str) -> None:
    project.replace(THEME, "en: The cost is known and stable.", f"en: {source}")
    project.replace(THEME, "zh-Hans: 成本清楚，且保持稳定。", f"zh-Hans: {hans}")
    found = [each.message for each in project.check()[1] if each.code == "number-mismatch"]
    assert any(each.startswith("the 'zh-Hans' text has") for each in found)


def test_a_number_in_only_one_language_is_reported(project: ProjectCopy) -> None:
    project.replace(THEME, "en: The cost is known and stable.", "en: The cost is known for 37 buses.")
    project.replace(THEME, "zh-Hant: 成本清楚，且維持穩定。", "zh-Hant: 37輛公車的成本清楚，在2031年前不變。")
    found = [each.message for each in project.check()[1] if each.code == "number-mismatch"]
    assert found == [
        "the 'zh-Hans' text lacks 37, which the 'en' text has",
        "the 'zh-Hant' text has 2031, which the 'en' text lacks",
    ]


def test_a_text_that_is_to_be_written_is_reported(project: ProjectCopy) -> None:
    project.replace(THEME, "zh-Hans: 成本清楚，且保持稳定。", "zh-Hans: 成本清楚（待补充）")
    project.replace(THEME, "zh-Hant: 成本清楚，且維持穩定。", "zh-Hant: 旅客在月台等待翻譯人員。")
    assert [each.code for each in project.check()[1]] == ["unfinished-text"]
