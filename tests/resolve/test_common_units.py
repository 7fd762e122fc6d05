"""The most common units in every packaged locale, as read twice by editors; `_` is a space that keeps the line together."""

from decimal import Decimal

import pytest
from catalogues import load_packaged_catalogue

from brief.model.figures.quantity import Qualifier, Quantity
from brief.resolve.figures.quantities import format_quantity, format_unit_label
from brief.resolve.figures.scales import list_scales

LOCALES = ("en", "zh-Hans", "zh-Hant", "zh-Hant-HK", "de", "fr", "es", "ja", "ko")

PRINTED = """
person: 2.5 people | 2.5人 | 2.5人 | 2.5人 | 2,5_Personen | 2,5_personnes | 2,5_personas | 2.5人 | 2.5명
times: 2.5 times | 2.5倍 | 2.5倍 | 2.5倍 | 2,5-fach | 2,5_fois | 2,5_veces | 2.5倍 | 2.5배
percent: 2.5% | 2.5% | 2.5% | 2.5% | 2,5_% | 2,5_% | 2,5_% | 2.5% | 2.5%
percentage-point: 2.5 percentage points | 2.5个百分点 | 2.5個百分點 | 2.5個百分點 | 2,5_Prozentpunkte | 2,5_points de pourcentage | 2,5_puntos porcentuales | 2.5ポイント | 2.5%포인트
basis-point: 2.5 basis points | 2.5个基点 | 2.5個基點 | 2.5個基點 | 2,5_Basispunkte | 2,5_points de base | 2,5_puntos básicos | 2.5ベーシスポイント | 2.5bp
permille: 2.5‰ | 2.5‰ | 2.5‰ | 2.5‰ | 2,5_‰ | 2,5_‰ | 2,5_‰ | 2.5‰ | 2.5‰
USD: US$2.50 | 2.50美元 | 2.50美元 | 2.50美元 | 2,50_US-Dollar | 2,50_dollars américains | 2,50_dólares estadounidenses | 2.50米ドル | 2.50달러
EUR: €2.50 | 2.50欧元 | 2.50歐元 | 2.50歐元 | 2,50_€ | 2,50_euros | 2,50_euros | 2.50ユーロ | 2.50유로
CNY: RMB 2.50 | 2.50元 | 人民幣2.50元 | 人民幣2.50元 | 2,50_Yuan | 2,50_yuans | 2,50_yuanes | 2.50人民元 | 2.50위안
JPY: ¥2.5 | 2.5日元 | 2.5日圓 | 2.5日圓 | 2,5_Yen | 2,5_yens | 2,5_yenes | 2.5円 | 2.5엔
GBP: £2.50 | 2.50英镑 | 2.50英鎊 | 2.50英鎊 | 2,50_Pfund Sterling | 2,50_livres sterling | 2,50_libras esterlinas | 2.50英ポンド | 2.50파운드
hour: 2.5 hours | 2.5小时 | 2.5小時 | 2.5小時 | 2,5_Stunden | 2,5_heures | 2,5_horas | 2.5時間 | 2.5시간
minute: 2.5 minutes | 2.5分钟 | 2.5分鐘 | 2.5分鐘 | 2,5_Minuten | 2,5_minutes | 2,5_minutos | 2.5分 | 2.5분
second: 2.5 seconds | 2.5秒 | 2.5秒 | 2.5秒 | 2,5_Sekunden | 2,5_secondes | 2,5_segundos | 2.5秒 | 2.5초
day: 2.5 days | 2.5天 | 2.5天 | 2.5天 | 2,5_Tage | 2,5_jours | 2,5_días | 2.5日間 | 2.5일
week: 2.5 weeks | 2.5周 | 2.5週 | 2.5週 | 2,5_Wochen | 2,5_semaines | 2,5_semanas | 2.5週間 | 2.5주
month: 2.5 months | 2.5个月 | 2.5個月 | 2.5個月 | 2,5_Monate | 2,5_mois | 2,5_meses | 2.5か月 | 2.5개월
year: 2.5 years | 2.5年 | 2.5年 | 2.5年 | 2,5_Jahre | 2,5_ans | 2,5_años | 2.5年 | 2.5년
m: 2.5 m | 2.5米 | 2.5公尺 | 2.5米 | 2,5_m | 2,5_m | 2,5_m | 2.5メートル | 2.5m
km: 2.5 km | 2.5公里 | 2.5公里 | 2.5公里 | 2,5_km | 2,5_km | 2,5_km | 2.5キロメートル | 2.5km
cm: 2.5 cm | 2.5厘米 | 2.5公分 | 2.5厘米 | 2,5_cm | 2,5_cm | 2,5_cm | 2.5センチメートル | 2.5cm
mm: 2.5 mm | 2.5毫米 | 2.5公釐 | 2.5毫米 | 2,5_mm | 2,5_mm | 2,5_mm | 2.5ミリメートル | 2.5mm
km²: 2.5 km² | 2.5平方公里 | 2.5平方公里 | 2.5平方公里 | 2,5_km² | 2,5_km² | 2,5_km² | 2.5平方キロメートル | 2.5km²
m²: 2.5 m² | 2.5平方米 | 2.5平方公尺 | 2.5平方米 | 2,5_m² | 2,5_m² | 2,5_m² | 2.5平方メートル | 2.5m²
ha: 2.5 ha | 2.5公顷 | 2.5公頃 | 2.5公頃 | 2,5_ha | 2,5_ha | 2,5_ha | 2.5ヘクタール | 2.5ha
m³: 2.5 m³ | 2.5立方米 | 2.5立方公尺 | 2.5立方米 | 2,5_m³ | 2,5_m³ | 2,5_m³ | 2.5立方メートル | 2.5m³
L: 2.5 L | 2.5升 | 2.5公升 | 2.5公升 | 2,5_l | 2,5_l | 2,5_l | 2.5リットル | 2.5L
mL: 2.5 mL | 2.5毫升 | 2.5毫升 | 2.5毫升 | 2,5_ml | 2,5_ml | 2,5_ml | 2.5ミリリットル | 2.5mL
kg: 2.5 kg | 2.5千克 | 2.5公斤 | 2.5公斤 | 2,5_kg | 2,5_kg | 2,5_kg | 2.5キログラム | 2.5kg
g: 2.5 g | 2.5克 | 2.5公克 | 2.5克 | 2,5_g | 2,5_g | 2,5_g | 2.5グラム | 2.5g
mg: 2.5 mg | 2.5毫克 | 2.5毫克 | 2.5毫克 | 2,5_mg | 2,5_mg | 2,5_mg | 2.5ミリグラム | 2.5mg
t: 2.5 t | 2.5吨 | 2.5公噸 | 2.5公噸 | 2,5_t | 2,5_t | 2,5_t | 2.5トン | 2.5톤
kWh: 2.5 kWh | 2.5千瓦时 | 2.5千瓦小時 | 2.5千瓦小時 | 2,5_kWh | 2,5_kWh | 2,5_kWh | 2.5キロワット時 | 2.5kWh
MWh: 2.5 MWh | 2.5兆瓦时 | 2.5 MWh | 2.5兆瓦小時 | 2,5_MWh | 2,5_MWh | 2,5_MWh | 2.5 MWh | 2.5MWh
kW: 2.5 kW | 2.5千瓦 | 2.5千瓦 | 2.5千瓦 | 2,5_kW | 2,5_kW | 2,5_kW | 2.5キロワット | 2.5kW
MW: 2.5 MW | 2.5兆瓦 | 2.5 MW | 2.5兆瓦 | 2,5_MW | 2,5_MW | 2,5_MW | 2.5メガワット | 2.5MW
GW: 2.5 GW | 2.5吉瓦 | 2.5 GW | 2.5吉瓦 | 2,5_GW | 2,5_GW | 2,5_GW | 2.5ギガワット | 2.5GW
°C: 2.5°C | 2.5°C | 2.5°C | 2.5°C | 2,5_°C | 2,5_°C | 2,5_°C | 2.5°C | 2.5°C
km/h: 2.5 km/h | 每小时2.5公里 | 每小時2.5公里 | 每小時2.5公里 | 2,5_km/h | 2,5_km/h | 2,5_km/h | 時速2.5キロメートル | 2.5km/h
m/s: 2.5 m/s | 每秒2.5米 | 每秒2.5公尺 | 每秒2.5米 | 2,5_m/s | 2,5_m/s | 2,5_m/s | 秒速2.5メートル | 2.5m/s
mmHg: 2.5 mmHg | 2.5毫米汞柱 | 2.5毫米汞柱 | 2.5毫米水銀柱 | 2,5_mmHg | 2,5_mmHg | 2,5_mmHg | 2.5 mmHg | 2.5mmHg
bar: 2.5 bar | 2.5巴 | 2.5巴 | 2.5巴 | 2,5_bar | 2,5_bars | 2,5_bar | 2.5バール | 2.5bar
hPa: 2.5 hPa | 2.5百帕 | 2.5百帕 | 2.5百帕斯卡 | 2,5_hPa | 2,5_hPa | 2,5_hPa | 2.5ヘクトパスカル | 2.5hPa
kcal: 2.5 kcal | 2.5千卡 | 2.5大卡 | 2.5千卡 | 2,5_kcal | 2,5_kcal | 2,5_kcal | 2.5キロカロリー | 2.5kcal
GB: 2.5 GB | 2.5 GB | 2.5 GB | 2.5 GB | 2,5_GB | 2,5_Go | 2,5_GB | 2.5ギガバイト | 2.5GB
Mbit/s: 2.5 Mbit/s | 2.5 Mbit/s | 2.5 Mbit/s | 2.5 Mbit/s | 2,5_Mbit/s | 2,5_Mbit/s | 2,5_Mbit/s | 2.5 Mbit/s | 2.5Mbit/s
Hz: 2.5 Hz | 2.5赫兹 | 2.5赫茲 | 2.5赫茲 | 2,5_Hz | 2,5_Hz | 2,5_Hz | 2.5ヘルツ | 2.5Hz
t/ha: 2.5 t/ha | 2.5吨/公顷 | 2.5公噸/公頃 | 2.5公噸/公頃 | 2,5_t/ha | 2,5_t/ha | 2,5_t/ha | 1ヘクタール当たり2.5トン | 2.5톤/ha
CNY/km: RMB 2.50/km | 2.50元/公里 | 人民幣2.50元/公里 | 人民幣2.50元/公里 | 2,50_Yuan/km | 2,50_yuans/km | 2,50_yuanes/km | 1キロメートル当たり2.50人民元 | 2.50위안/km
USD/MWh: US$2.50/MWh | 2.50美元/兆瓦时 | 2.50美元/MWh | 2.50美元/兆瓦小時 | 2,50_US-Dollar/MWh | 2,50_dollars américains/MWh | 2,50_dólares estadounidenses/MWh | 1MWh当たり2.50米ドル | 2.50달러/MWh
kWh/100 km: 2.5 kWh/100 km | 2.5千瓦时/100公里 | 2.5千瓦小時/100公里 | 2.5千瓦小時/100公里 | 2,5_kWh/100_km | 2,5_kWh/100_km | 2,5_kWh/100_km | 100キロメートル当たり2.5キロワット時 | 2.5kWh/100km
person/km²: 2.5 people/km² | 2.5人/平方公里 | 2.5人/平方公里 | 2.5人/平方公里 | 2,5_Personen/km² | 2,5_personnes/km² | 2,5_personas/km² | 1平方キロメートル当たり2.5人 | 2.5명/km²
g/km: 2.5 g/km | 2.5克/公里 | 2.5公克/公里 | 2.5克/公里 | 2,5_g/km | 2,5_g/km | 2,5_g/km | 1キロメートル当たり2.5グラム | 2.5g/km
count/100000 person: 2.5 per 100,000 people | 2.5/10万 | 每10萬人2.5 | 每10萬人2.5 | 2,5_je 100.000_Personen | 2,5_pour 100_000_personnes | 2,5_por cada 100.000_personas | 10万人当たり2.5 | 10만 명당 2.5
person/1000 person: 2.5 people per 1,000 people | 每1000人2.5人 | 每1000人2.5人 | 每1000人2.5人 | 2,5_Personen je 1.000_Personen | 2,5_personnes pour 1_000_personnes | 2,5_personas por cada 1000_personas | 1,000人当たり2.5人 | 1,000명당 2.5명
USD/1000000 person: US$2.50 per million people | 每100万人2.50美元 | 每100萬人2.50美元 | 每100萬人2.50美元 | 2,50_US-Dollar je 1_Mio._Personen | 2,50_dollars américains pour 1_million de personnes | 2,50_dólares estadounidenses por cada millón de personas | 100万人当たり2.50米ドル | 100만 명당 2.50달러
USD/person: US$2.50 per person | 每人2.50美元 | 每人2.50美元 | 每人2.50美元 | 2,50_US-Dollar pro Person | 2,50_dollars américains par personne | 2,50_dólares estadounidenses por persona | 1人当たり2.50米ドル | 1인당 2.50달러
person/day: 2.5 people per day | 每天2.5人 | 每天2.5人 | 每天2.5人 | 2,5_Personen pro Tag | 2,5_personnes par jour | 2,5_personas por día | 1日当たり2.5人 | 1일당 2.5명
times/year: 2.5 times per year | 每年2.5次 | 每年2.5次 | 每年2.5次 | 2,5-mal pro Jahr | 2,5_fois par an | 2,5_veces por año | 1年当たり2.5回 | 1년당 2.5회
GWh: 2.5 GWh | 2.5吉瓦时 | 2.5 GWh | 2.5吉瓦小時 | 2,5_GWh | 2,5_GWh | 2,5_GWh | 2.5 GWh | 2.5GWh
GJ: 2.5 GJ | 2.5吉焦 | 2.5 GJ | 2.5 GJ | 2,5_GJ | 2,5_GJ | 2,5_GJ | 2.5 GJ | 2.5GJ
nmi: 2.5 nmi | 2.5海里 | 2.5浬 | 2.5海里 | 2,5_sm | 2,5_milles marins | 2,5_millas náuticas | 2.5海里 | 2.5해리
kn: 2.5 kn | 2.5节 | 2.5節 | 2.5節 | 2,5_kn | 2,5_nœuds | 2,5_kn | 2.5ノット | 2.5노트
B: 2.5 bytes | 2.5字节 | 2.5位元組 | 2.5位元組 | 2,5_Byte | 2,5_octets | 2,5_bytes | 2.5バイト | 2.5바이트
count/day: 2.5 per day | 2.5/天 | 2.5/天 | 2.5/天 | 2,5_pro Tag | 2,5_par jour | 2,5_por día | 1日当たり2.5 | 1일당 2.5
count/month: 2.5 per month | 2.5/月 | 2.5/月 | 2.5/月 | 2,5_pro Monat | 2,5_par mois | 2,5_por mes | 1か月当たり2.5 | 1개월당 2.5
count/tCO2: 2.5 per tCO₂ | 2.5/tCO₂ | 2.5/tCO₂ | 2.5/tCO₂ | 2,5_pro tCO₂ | 2,5_par tCO₂ | 2,5_por tCO₂ | 1tCO₂当たり2.5 | 1tCO₂당 2.5
count/km²: 2.5 per km² | 2.5/平方公里 | 2.5/平方公里 | 2.5/平方公里 | 2,5_pro km² | 2,5_par km² | 2,5_por km² | 1平方キロメートル当たり2.5 | 1km²당 2.5
"""

ROWS = [tuple(line.partition(": ")[::2]) for line in PRINTED.strip().splitlines()]


@pytest.mark.parametrize(("unit", "wanted"), ROWS)
def test_a_common_unit_is_written_as_it_was_read(unit: str, wanted: str) -> None:
    quantity = Quantity(value=Decimal("2.5"), unit=unit)
    printed = [format_quantity(quantity, load_packaged_catalogue(locale)) for locale in LOCALES]
    assert [text.replace("\u00a0", "_").replace("\u202f", "_") for text in printed] == wanted.split(" | ")


FORMS = """
en | person | under 3 | fewer than 3 people
en | kWh | under 3 | less than 3 kWh
en | count/100000 person | under 3 | fewer than 3 per 100,000 people
en | person | −2 to 3 | −2 to 3 people
en | USD/MWh | −2 to 3 | −US$2 to US$3/MWh
en | percent | −2 to 3 | −2% to 3%
en | hour | up to 12 | up to 12 hours
en | m | hundreds | hundreds of metres
en | EUR | hundreds | hundreds of euros
de | day | −2 to 3 | −2_bis 3_Tage
de | times | 2 to 5 | 2- bis 5-fach
de | EUR | hundreds | Hunderte_Euro
de | t | hundreds | Hunderte_Tonnen
fr | year | 2e6 to 5e6 | 2_à 5_millions d’années
fr | year | 2 to 5 | 2_à 5_ans
fr | Hz | 2e6 to 5e6 | 2_à 5_millions de Hz
fr | ha | 2e6 to 5e6 | 2_à 5_millions d’ha
zh-Hans | km/h | under 3 | 每小时不到3公里
zh-Hant | km/h | about 3 | 每小時約3公里
zh-Hans | count/100000 person | hundreds | 数百/10万
zh-Hans | count/1000 person | about 3 | 约3/1000人
zh-Hant | count/100000 person | about 3 | 每10萬人約3
ja | MWh | 2e4 to 5e4 | 2万～5万MWh
ja | day | hundreds | 数百日間
ja | day | under 3 | 3日未満
ja | day | about 3 | 約3日間
zh-Hans | hour | up to 12 | 最长12小时
zh-Hans | person | up to 12 | 最多12人
zh-Hant | year | up to 3 | 最長3年
ja | minute | up to 2 | 最長2分
ko | hour | up to 12 | 최장 12시간
zh-Hans | CNY/1000 person | about 3 | 每1000人约3元
ja | km/h | about 3 | 時速約3キロメートル
ja | EUR/month | over 3 | 1か月当たり3ユーロ超
ko | USD/person | about 3 | 1인당 약 3달러
ko | TWD | about 3 | 약 3대만달러
ko | CHF | 2 to 5 | 2~5스위스프랑
"""
QUALIFIERS = {"about": Qualifier.ABOUT, "over": Qualifier.OVER, "under": Qualifier.UNDER, "up to": Qualifier.UP_TO}


@pytest.mark.parametrize("form", FORMS.strip().splitlines())
def test_a_form_that_editors_corrected_is_written_as_they_did(form: str) -> None:
    locale, unit, figure, wanted = form.split(" | ")
    qualifier, _, number = figure.rpartition(" ")
    low, joined, high = figure.replace("−", "-").partition(" to ")
    if joined and qualifier not in QUALIFIERS:
        quantity = Quantity(low=Decimal(low), high=Decimal(high), unit=unit)
    elif figure == "hundreds":
        quantity = Quantity(value=Decimal(100), unit=unit, qualifier=Qualifier.SEVERAL)
    else:
        quantity = Quantity(value=Decimal(number), unit=unit, qualifier=QUALIFIERS[qualifier])
    printed = format_quantity(quantity, load_packaged_catalogue(locale))
    assert printed.replace("\u00a0", "_").replace("\u202f", "_") == wanted


@pytest.mark.parametrize(
    ("locale", "unit", "label"),
    [
        ("zh-Hans", "count/100000 person", "每10万人"),
        ("ja", "EUR/month", "ユーロ/月"),
        ("ko", "USD/person", "달러/명"),
        ("en", "USD/person", "US$ per person"),
        ("zh-Hant", "USD/person", "美元/人"),
        ("de", "times", "Faktor"),
        ("de", "times/year", "Mal pro Jahr"),
        ("ja", "day", "日"),
        ("zh-Hans", "percentage-point", "百分点"),
        ("zh-Hant-HK", "basis-point", "基點"),
        ("zh-Hans", "km/h", "公里/小时"),
    ],
)
def test_the_head_of_a_column_says_what_its_figures_are(locale: str, unit: str, label: str) -> None:
    assert format_unit_label(unit, None, load_packaged_catalogue(locale)) == label


@pytest.mark.parametrize(
    ("locale", "unit", "label"),
    [
        ("ja", "°C", "億°C"),
        ("zh-Hant", "°F", "億°F"),
        ("ko", "°C", "억°C"),
        ("en", "°C", "billion degrees Celsius"),
        ("zh-Hant", "MWh", "億MWh"),
        ("ja", "tCO2", "億tCO₂"),
    ],
)
def test_the_scale_of_a_column_precedes_its_unit(locale: str, unit: str, label: str) -> None:
    scale = list_scales(load_packaged_catalogue(locale))[1]
    assert format_unit_label(unit, scale, load_packaged_catalogue(locale)) == label
