"""Figures with units as a native editor writes them: spaces that keep a line together, words of ranges, counters."""

from decimal import Decimal

import pytest
from catalogues import load_packaged_catalogue

from brief.model.catalogue import Catalogue
from brief.model.figures.quantity import Qualifier, Quantity
from brief.resolve.figures.quantities import format_quantity, format_unit_label
from brief.resolve.figures.units import suggest_unit

# "_" is a no-break space and "^" a narrow one.
PRINTED = [
    ("fr", "percent", "2 5", "2_à 5^%"),
    ("fr", "EUR", "2000000 5000000", "2_à 5_millions d’euros"),
    ("fr", "km", "45000", "45^000^km"),
    ("fr", "byte", "3000000", "3_millions d’octets"),
    ("fr", "kWh", "3000000", "3_millions de kWh"),
    ("fr", "MWh", "12", "12_MWh"),
    ("fr", "Mtoe", "8.75", "8,75_Mtep"),
    ("fr", "boe", "2000000", "2_millions de bep"),
    ("es", "EUR/toe", "12.5", "12,50_euros/tep"),
    ("de", "Mtoe", "8.75", "8,75_Mtoe"),
    ("fr", "hour", "1.5", "1,5_heure"),
    ("fr", "percentage-point", "2", "2_points de pourcentage"),
    ("es", "percent", "2 5", "2_a 5_%"),
    ("es", "km", "45000", "45.000_km"),
    ("es", "EUR", "3000000", "3_millones de euros"),
    ("es", "percent", "-2 3", "−2_% a 3_%"),
    ("de", "kWh", "1.5", "1,5_kWh"),
    ("de", "person", "3000000", "3_Mio._Personen"),
    ("de", "km/h", "2 5", "2–5_km/h"),
    ("ja", "EUR/month", "20", "1か月当たり20ユーロ"),
    ("ja", "JPY/week", "20", "1週間当たり20円"),
    ("ja", "month", "3", "3か月"),
    ("ko", "person", "3", "3명"),
    ("ko", "person", "3000000", "300만 명"),
    ("ko", "hour", "2", "2시간"),
    ("ko", "KRW", "30000", "3만 원"),
    ("ko", "USD", "45000", "4.5만 달러"),
    ("ko", "USD", "20000 50000", "2만~5만 달러"),
    ("ko", "percent", "2 5", "2%~5%"),
    ("ko", "EUR/month", "20", "1개월당 20유로"),
    ("ko", "MWh", "12", "12MWh"),
    ("zh-Hans", "CNY/month", "20", "20元/月"),
    ("zh-Hant", "TWD/month", "20", "新台幣20元/月"),
    ("zh-Hant-HK", "HKD/month", "20", "20港元/月"),
    ("zh-Hant-HK", "month", "3", "3個月"),
    # Ages.
    ("en", "age", "65 74", "65–74 years of age"),
    ("en", "age", "1", "1 year of age"),
    ("de", "age", "65 74", "65–74_Jahre"),
    ("fr", "age", "65", "65_ans"),
    ("es", "age", "38.5", "38,5_años"),
    ("ja", "age", "65 74", "65～74歳"),
    ("ko", "year-person", "65 74", "65~74세"),
    ("zh-Hans", "age", "65", "65岁"),
    ("zh-Hant", "age", "65 74", "65至74歲"),
    ("zh-Hant-HK", "age", "65", "65歲"),
    # Rates of health statistics, whose long denominators are grouped as all numbers are.
    ("en", "person/100000 person", "3.2", "3.2 people per 100,000 people"),
    ("en", "person/1000 person", "3.2", "3.2 people per 1,000 people"),
    ("de", "person/100000 person", "3.2", "3,2_Personen je 100.000_Personen"),
    ("fr", "person/100000 person", "3.2", "3,2_personnes pour 100^000_personnes"),
    ("ja", "person/100000 person", "3.2", "10万人当たり3.2人"),
    ("zh-Hans", "person/100000 person", "3.2", "每10万人3.2人"),
    ("zh-Hant", "person/1000 person", "3.2", "每1000人3.2人"),
    # A symbol for a second, a minute or an hour has a symbol below too.
    ("en", "m³/second", "2300", "2,300 m³/s"),
    ("de", "m³/s", "18.2", "18,2_m³/s"),
    ("fr", "l/minute", "12", "12^l/min"),
    ("es", "MWh/hour", "1.5", "1,5_MWh/h"),
    ("ko", "m³/s", "2300", "2,300m³/s"),
    ("ja", "m³/second", "2300", "毎秒2,300立方メートル"),
    ("zh-Hans", "m³/s", "2300", "2300立方米/秒"),
    ("en", "EUR/hour", "14.85", "€14.85/hour"),
    ("en", "person/hour", "120", "120 people per hour"),
    ("en", "tonne/hour", "3", "3 tonnes/hour"),
    ("en", "kWh/day", "3", "3 kWh/day"),
    ("zh-Hans", "hPa", "1013.25", "1013.25百帕"),
    ("en", "EUR/MWh", "-12.50", "−€12.50/MWh"),
    ("fr", "EUR/MWh", "-12.50", "−12,50_euros/MWh"),
    ("zh-Hant", "EUR/MWh", "-12.50", "−12.50歐元/MWh"),
    ("en", "mg/dL", "95.0 101.5", "95.0–101.5 mg/dL"),
    ("de", "mg/dL", "95.0 101.5", "95,0–101,5_mg/dL"),
    ("ja", "pkm", "12345678", "12,345,678 pkm"),
    ("ja", "AUD", "30000", "3万オーストラリアドル"),
    ("ja", "CHF", "2", "2スイスフラン"),
    ("en", "L/100 km", "5.1", "5.1 L/100 km"),
    # A trillion and mega are one character in Taiwan.
    ("zh-Hant", "MHz", "2", "2 MHz"),
    ("zh-Hant", "megaliter", "2", "2百萬公升"),
    ("zh-Hant-HK", "MW", "2", "2兆瓦"),
    ("zh-Hans", "GB", "2", "2 GB"),
]


@pytest.mark.parametrize(("locale", "unit", "value", "wanted"), PRINTED)
def test_a_figure_is_written_as_a_native_writes_it(locale: str, unit: str, value: str, wanted: str) -> None:
    ends = [Decimal(end) for end in value.split()]
    numbers = {"value": ends[0]} if len(ends) == 1 else {"low": ends[0], "high": ends[1]}
    text = format_quantity(Quantity(unit=unit, **numbers), load_packaged_catalogue(locale))  # type: ignore[arg-type]  # by their count
    assert text.replace("\u00a0", "_").replace("\u202f", "^") == wanted


RATES = [
    ("en", Qualifier.OVER, "more than 2 per 100,000 people"),
    ("de", Qualifier.ABOUT, "etwa 2_je 100.000_Personen"),
    ("zh-Hans", Qualifier.OVER, "超过2/10万"),
    ("ja", Qualifier.OVER, "10万人当たり2超"),
    ("ko", Qualifier.ABOUT, "10만 명당 약 2"),
]


@pytest.mark.parametrize(("locale", "qualifier", "wanted"), RATES)
def test_the_qualifier_of_a_rate_is_beside_its_number(locale: str, qualifier: Qualifier, wanted: str) -> None:
    quantity = Quantity(unit="count/100000 person", value=Decimal(2), qualifier=qualifier)
    assert format_quantity(quantity, load_packaged_catalogue(locale)).replace("\u00a0", "_") == wanted


LABELS = [
    ("en", "count", "per 100,000 people"),
    ("en", "USD", "US$ per 100,000 people"),
    ("de", "count", "je 100.000_Personen"),
    ("zh-Hans", "person", "人/10万人"),
    ("zh-Hant", "count", "每10萬人"),
    ("ja", "count", "10万人当たり"),
    ("ja", "USD", "米ドル/10万人"),
]
SPEEDS = [("zh-Hans", "公里/小时"), ("zh-Hant", "公里/小時"), ("ja", "キロメートル/時"), ("de", "km/h")]


@pytest.mark.parametrize(("locale", "wanted"), SPEEDS)
def test_a_column_of_speeds_has_a_head_without_a_number(locale: str, wanted: str) -> None:
    assert format_unit_label("km/h", None, load_packaged_catalogue(locale)) == wanted


@pytest.mark.parametrize(("locale", "above", "wanted"), LABELS)
def test_a_column_of_rates_is_headed_by_what_they_are_per(locale: str, above: str, wanted: str) -> None:
    label = format_unit_label(f"{above}/100000 person", None, load_packaged_catalogue(locale))
    assert label.replace("\u00a0", "_") == wanted


@pytest.mark.parametrize(
    "unit", ["RMB", "kilometers", "hr", "CNX", "kwh", "turbin", "zorkmid", "CNY/zorkmid", "passengerz"]
)
def test_an_unknown_unit_can_always_be_declared(unit: str) -> None:
    assert "declare it in content/units.yaml" in suggest_unit(unit, load_packaged_catalogue("en"))


def test_a_name_of_cldr_without_words_is_not_suggested() -> None:
    assert "month-person" not in suggest_unit("month-person", load_packaged_catalogue("en"))


@pytest.mark.parametrize(
    ("code", "value", "wanted"),
    [
        ("BRL", "1234.5", "1.234,50_reais brasileiros"),
        ("EUR", "1", "1_euro"),
        ("HKD", "45000", "45.000_dólares de Hong Kong"),
    ],
)
def test_currencies_have_small_letters_in_portuguese(code: str, value: str, wanted: str) -> None:
    text = format_quantity(Quantity(unit=code, value=Decimal(value)), Catalogue("pt-BR"))
    assert text.replace("\u00a0", "_") == wanted
