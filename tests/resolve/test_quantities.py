"""A number is the same number in every language, and reads as that language writes it."""

import re
from decimal import Decimal

import pytest
from catalogues import LOCALES, load_packaged_catalogue
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from brief.model.catalogue import Catalogue
from brief.model.figures.quantity import Qualifier, Quantity
from brief.model.figures.units import SYMBOLS, UNITS
from brief.resolve.figures import quantities, units
from brief.resolve.figures.rounding import round_quantity

SCALES = {
    "": 0, "million": 6, "billion": 9, "trillion": 12,
    "万": 4, "亿": 8, "万亿": 12, "萬": 4, "億": 8, "兆": 12, "萬億": 12,
}  # fmt: skip
NUMBER = re.compile(rf"(−?[0-9][0-9,]*(?:\.[0-9]+)?) ?({'|'.join(sorted(SCALES, key=len, reverse=True))})")


def words(quantity: Quantity, locale: str, *, bare: bool = False) -> str:
    return quantities.format_quantity(quantity, load_packaged_catalogue(locale), bare=bare)


def count(value: Decimal | str, locale: str) -> str:
    return words(Quantity(value=Decimal(value)), locale)


def parse_numbers(text: str) -> list[Decimal]:
    """The numbers of a text, read as a reader of either language reads them."""
    found = [(Decimal(digits.replace(",", "").replace("−", "-")), scale) for digits, scale in NUMBER.findall(text)]
    return [number.scaleb(SCALES[scale]) for number, scale in found]


def numbers(least: int = -6, most: int = 14) -> st.SearchStrategy[Decimal]:
    """Positive numbers of every magnitude, of a few digits and of many."""
    digits = st.one_of(st.integers(1, 99), st.integers(1, 10**9), st.sampled_from([9999, 99995, 999949, 99999999]))
    return st.builds(_scale, digits, st.integers(least, most))


def _scale(digits: int, magnitude: int) -> Decimal:
    number = Decimal(digits)
    return number.scaleb(magnitude - number.adjusted())


@given(numbers(), st.sampled_from(LOCALES))
def test_what_is_printed_is_the_value(value: Decimal, locale: str) -> None:
    assert parse_numbers(count(value, locale)) == [value]
    assert parse_numbers(count(-value, locale)) == [-value]


@given(numbers())
def test_every_locale_prints_the_same_number(value: Decimal) -> None:
    assert len({tuple(parse_numbers(count(value, locale))) for locale in LOCALES}) == 1


@given(numbers(), numbers(), st.sampled_from(LOCALES))
def test_a_larger_value_never_prints_as_a_smaller_one(one: Decimal, other: Decimal, locale: str) -> None:
    low, high = sorted((one, other))
    assert parse_numbers(count(low, locale)) <= parse_numbers(count(high, locale))


@given(numbers(), st.sampled_from(LOCALES))
def test_no_number_fills_the_next_scale(value: Decimal, locale: str) -> None:
    """Never 10000万, never 1,000 million: only what has no larger word may grow."""
    digits, scale = NUMBER.findall(count(value, locale))[0]
    shown = abs(Decimal(digits.replace(",", "")))
    if scale and SCALES[scale] < 12:
        assert 1 <= shown < (1_000 if locale == "en" else 10_000)


@given(numbers(-2, 11), numbers(-2, 11), st.sampled_from(LOCALES))
def test_both_ends_of_a_range_are_what_each_prints_alone(one: Decimal, other: Decimal, locale: str) -> None:
    low, high = sorted((one, other))
    assume(low < high)
    text = words(Quantity(low=low, high=high), locale)
    if locale == "en":
        first, joined, second = re.split("(–| to )", text)
        # Around a dash, the scale belongs to both ends.
        scale = re.sub(r"[0-9.,]+", "", second) if joined == "–" else ""
        assert parse_numbers(first + scale) + parse_numbers(second) == [low, high]
    else:
        assert parse_numbers(text) == [low, high]


SOURCE_UNITS = [
    *(
        "count",
        "percent",
        "percentage-point",
        "basis-point",
        "times",
        "person",
        "hour",
        "year",
        "CNY",
        "USD",
        "EUR",
        "TWD",
    ),
    *(
        "JPY",
        "KRW",
        "CNY/km",
        "USD/kWh",
        "kWh/100 km",
        "people/km2",
        "kWh",
        "GW",
        "tonne",
        "kg",
        "km",
        "°C",
        "GB",
        "degree",
    ),
]


@settings(max_examples=1500, deadline=None)
@given(numbers(-3, 13), st.booleans(), st.sampled_from(SOURCE_UNITS), st.sampled_from(LOCALES[:3]))
def test_every_figure_parses_back_from_its_words(value: Decimal, negative: bool, unit: str, locale: str) -> None:
    signed = -value if negative else value
    text = words(Quantity(value=signed, unit=unit), locale)
    printed = parse_numbers(text)[0]
    assert (-abs(printed) if "\u2212" in text else printed) == signed
    assert "-" not in text.replace("-hour", "")


@settings(max_examples=500, deadline=None)
@given(numbers(-3, 13), numbers(-3, 13), st.sampled_from(SOURCE_UNITS), st.sampled_from(LOCALES[:3]))
def test_a_range_with_a_negative_end_parses_back(low: Decimal, high: Decimal, unit: str, locale: str) -> None:
    text = words(Quantity(low=-low, high=high, unit=unit), locale)
    first, second = re.split(" to |至", text)
    assert "\u2212" in first
    assert "\u2212" not in second
    assert (abs(parse_numbers(first)[0]), parse_numbers(second)[0]) == (low, high)


@settings(max_examples=500, deadline=None)
@given(numbers(-3, 13), st.integers(1, 6), st.sampled_from(LOCALES[:3]))
def test_a_rounded_figure_is_near_or_says_about(value: Decimal, digits: int, locale: str) -> None:
    written = f"{value:f}"
    text = words(round_quantity(Quantity(value=Decimal(written)), digits), locale)
    printed = parse_numbers(text)[0]
    assert abs(printed - value) <= Decimal(5).scaleb(value.adjusted() - digits)
    # Zeros at the end of a whole number are not significant; after a decimal point they are.
    given_digits = len(written.replace(".", "").lstrip("0") if "." in written else written.rstrip("0"))
    assert text.startswith(("about ", "约", "約")) is (given_digits >= 2 * digits and printed != value)


ALL_UNITS = [*UNITS, *SYMBOLS, *SOURCE_UNITS, "CHF", "megabit", "liter-per-100-kilometer"]
ALL_LOCALES = ("en", "zh-Hans", "zh-Hant", "zh-Hant-HK", "de", "fr", "ja", "pl")


@pytest.mark.parametrize("locale", ALL_LOCALES)
def test_every_unit_has_words_in_every_locale(locale: str) -> None:
    """Of languages whose catalogue a project brings, CLDR's words alone are at hand here."""
    values = ["0", "1", "2", "1.5", "-3", "1e4", "1e8"]
    for unit in ALL_UNITS:
        for value in values:
            for qualifier in set(Qualifier) - {Qualifier.SEVERAL}:
                text = words(Quantity(value=Decimal(value), unit=unit, qualifier=qualifier), locale)
                assert "{" not in text
        assert words(Quantity(low=Decimal(-3), high=Decimal("1.5"), unit=unit), locale)


PRINTED = [
    ("99999999", "99,999,999", "99,999,999", "99,999,999"),
    ("100000000", "100 million", "1亿", "1億"),
    ("9999.999", "9,999.999", "9999.999", "9999.999"),
    ("-0.0000001", "−0.0000001", "−0.0000001", "−0.0000001"),
    ("0", "0", "0", "0"),
    ("-0", "0", "0", "0"),
    ("0.004", "0.004", "0.004", "0.004"),
    ("0.0437", "0.0437", "0.0437", "0.0437"),
    ("87.50", "87.50", "87.50", "87.50"),
    ("9999", "9,999", "9999", "9999"),
    ("10000", "10,000", "1万", "1萬"),
    ("12345", "12,345", "12,345", "12,345"),
    ("12300", "12,300", "1.23万", "1.23萬"),
    ("2650000", "2.65 million", "265万", "265萬"),
    ("2999000", "2.999 million", "299.9万", "299.9萬"),
    ("121950000", "121.95 million", "1.2195亿", "1.2195億"),
    ("1234567", "1,234,567", "1,234,567", "1,234,567"),
    ("1.50e9", "1.50 billion", "15.0亿", "15.0億"),
    ("66.666", "66.666", "66.666", "66.666"),
    ("2347", "2,347", "2347", "2347"),
]


@pytest.mark.parametrize(("value", "en", "hans", "hant"), PRINTED)
def test_counts_print_every_digit_as_readers_write_them(value: str, en: str, hans: str, hant: str) -> None:
    assert [count(value, locale) for locale in LOCALES[:3]] == [en, hans, hant]


def test_a_trillion_is_another_word_in_each_region() -> None:
    printed = [count("1500000000000", locale) for locale in LOCALES]
    assert printed == ["1.5 trillion", "1.5万亿", "1.5兆", "1.5萬億"]


ONE_AND_MANY = {
    "count": (("1", "1", "1"), ("2.5", "2.5", "2.5")),
    "percent": (("1%", "1%", "1%"), ("2.5%", "2.5%", "2.5%")),
    "percentage-point": (
        ("1 percentage point", "1个百分点", "1個百分點"),
        ("2.5 percentage points", "2.5个百分点", "2.5個百分點"),
    ),
    "basis-point": (("1 basis point", "1个基点", "1個基點"), ("2.5 basis points", "2.5个基点", "2.5個基點")),
    "permille": (("1‰", "1‰", "1‰"), ("2.5‰", "2.5‰", "2.5‰")),
    "times": (("1 times", "1倍", "1倍"), ("2.5 times", "2.5倍", "2.5倍")),
    "occurrence": (("1 time", "1次", "1次"), ("2.5 times", "2.5次", "2.5次")),
    "person": (("1 person", "1人", "1人"), ("2.5 people", "2.5人", "2.5人")),
    "second": (("1 second", "1秒", "1秒"), ("2.5 seconds", "2.5秒", "2.5秒")),
    "minute": (("1 minute", "1分钟", "1分鐘"), ("2.5 minutes", "2.5分钟", "2.5分鐘")),
    "hour": (("1 hour", "1小时", "1小時"), ("2.5 hours", "2.5小时", "2.5小時")),
    "day": (("1 day", "1天", "1天"), ("2.5 days", "2.5天", "2.5天")),
    "week": (("1 week", "1周", "1週"), ("2.5 weeks", "2.5周", "2.5週")),
    "month": (("1 month", "1个月", "1個月"), ("2.5 months", "2.5个月", "2.5個月")),
    "year": (("1 year", "1年", "1年"), ("2.5 years", "2.5年", "2.5年")),
    "age": (("1 year of age", "1岁", "1歲"), ("2.5 years of age", "2.5岁", "2.5歲")),
    "fps": (("1 fps", "1帧/秒", "每秒1格"), ("2.5 fps", "2.5帧/秒", "每秒2.5格")),
    "line": (("1p", "1p", "1p"), ("1080p", "1080p", "1080p")),
    "P": (("1P", "1P", "1P"), ("2.5P", "2.5P", "2.5P")),
}


def test_every_unit_has_its_row() -> None:
    assert set(ONE_AND_MANY) == set(UNITS), "each unit has a row in ONE_AND_MANY"


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_follows_its_number(unit: str) -> None:
    one, many = ONE_AND_MANY[unit]
    value = Decimal(1080) if unit == "line" else Decimal("2.5")
    for index, locale in enumerate((*LOCALES[:3], "zh-Hant-HK")):
        assert words(Quantity(value=Decimal(1), unit=unit), locale) == one[min(index, 2)]
        assert words(Quantity(value=value, unit=unit), locale) == many[min(index, 2)]


CURRENCIES = {
    "CNY": ("RMB 250 million", "2.5亿元", "人民幣2.5億元", "人民幣2.5億元"),
    "USD": ("US$250 million", "2.5亿美元", "2.5億美元", "2.5億美元"),
    "EUR": ("€250 million", "2.5亿欧元", "2.5億歐元", "2.5億歐元"),
    "GBP": ("£250 million", "2.5亿英镑", "2.5億英鎊", "2.5億英鎊"),
    "JPY": ("¥250 million", "2.5亿日元", "2.5億日圓", "2.5億日圓"),
    "HKD": ("HK$250 million", "2.5亿港元", "港幣2.5億元", "2.5億港元"),
    "TWD": ("NT$250 million", "新台币2.5亿元", "新台幣2.5億元", "新台幣2.5億元"),
    "KRW": ("KRW 250 million", "2.5亿韩元", "2.5億韓元", "2.5億韓元"),
}


@pytest.mark.parametrize("code", CURRENCIES)
def test_money_is_named_as_each_region_names_it(code: str) -> None:
    quantity = Quantity(value=Decimal(250_000_000), unit=code)
    assert tuple(words(quantity, locale) for locale in LOCALES) == CURRENCIES[code]


RANGES = [
    (("5", "12", "second"), ("5–12 seconds", "5至12秒", "5至12秒")),
    (("15", "30", "percent"), ("15–30%", "15%至30%", "15%至30%")),
    (("900_000_000", "1_600_000_000", "CNY"), ("RMB 0.9–1.6 billion", "9亿至16亿元", "人民幣9億至16億元")),
    (("500_000", "2_000_000", "count"), ("0.5–2 million", "50万至200万", "50萬至200萬")),
    (("50_000_000", "200_000_000", "USD"), ("US$50–200 million", "5000万至2亿美元", "5000萬至2億美元")),
    (("5_000", "20_000", "count"), ("5,000–20,000", "5000至2万", "5000至2萬")),
    (("1", "1_000_000_000", "count"), ("1–1,000,000,000", "1至1,000,000,000", "1至1,000,000,000")),
    (("720", "1080", "line"), ("720–1080p", "720至1080p", "720至1080p")),
    (("-5", "-2", "percent"), ("−5% to −2%", "−5%至−2%", "−5%至−2%")),
    (("-2", "3", "percent"), ("−2% to 3%", "−2%至3%", "−2%至3%")),
    (("-5", "3", "hour"), ("−5 to 3 hours", "−5至3小时", "−5至3小時")),
    (("-5e6", "3e6", "USD"), ("−US$5 million to US$3 million", "−500万至300万美元", "−500萬至300萬美元")),
    (("-5e8", "3e8", "CNY"), ("−RMB 500 million to RMB 300 million", "−5亿至3亿元", "人民幣−5億至3億元")),
    (("-5", "1_000_000_000", "count"), ("−5 to 1,000,000,000", "−5至1,000,000,000", "−5至1,000,000,000")),
    (("10_000", "2_500_000", "EUR"), ("€10,000 to €2.5 million", "1万至250万欧元", "1萬至250萬歐元")),
    (("1", "2_500_000", "person"), ("1–2,500,000 people", "1至2,500,000人", "1至2,500,000人")),
    (("500", "2_500_000", "person"), ("500 to 2.5 million people", "500至250万人", "500至250萬人")),
    (("0.5", "1", "hour"), ("0.5–1 hour", "0.5至1小时", "0.5至1小時")),
]


@pytest.mark.parametrize(("given_range", "wanted"), RANGES)
def test_a_range_names_what_would_be_ambiguous_at_both_ends(
    given_range: tuple[str, str, str], wanted: tuple[str, ...]
) -> None:
    low, high, unit = given_range
    quantity = Quantity(low=Decimal(low), high=Decimal(high), unit=unit)
    assert tuple(words(quantity, locale) for locale in LOCALES[:3]) == wanted


FIGURES = [
    ("4.125", "percent", ("4.125%", "4.125%", "4.125%")),
    ("7.2435", "CNY", ("RMB 7.2435", "7.2435元", "人民幣7.2435元")),
    ("19.9", "USD", ("US$19.90", "19.90美元", "19.90美元")),
    ("19", "USD", ("US$19", "19美元", "19美元")),
    ("99.5", "JPY", ("¥99.5", "99.5日元", "99.5日圓")),
    ("1.0", "hour", ("1.0 hours", "1.0小时", "1.0小時")),
    ("12345678", "TWD", ("NT$12,345,678", "新台币12,345,678元", "新台幣12,345,678元")),
    ("99999999", "CNY", ("RMB 99,999,999", "99,999,999元", "人民幣99,999,999元")),
    ("-1250000000", "USD", ("−US$1.25 billion", "−12.5亿美元", "−12.5億美元")),
    ("-320000000", "CNY", ("−RMB 320 million", "−3.2亿元", "人民幣−3.2億元")),
    ("-250000000", "CNY", ("−RMB 250 million", "−2.5亿元", "人民幣−2.5億元")),
    ("-32.1", "percent", ("−32.1%", "−32.1%", "−32.1%")),
    ("5", "USD/kWh", ("US$5/kWh", "5美元/千瓦时", "5美元/千瓦小時")),
    ("-5", "USD/kWh", ("−US$5/kWh", "−5美元/千瓦时", "−5美元/千瓦小時")),
    ("5", "CNY/second", ("RMB 5/second", "5元/秒", "人民幣5元/秒")),
    ("15.2", "kWh/100 km", ("15.2 kWh/100 km", "15.2千瓦时/100公里", "15.2千瓦小時/100公里")),
    ("350", "people/km2", ("350 people/km²", "350人/平方公里", "350人/平方公里")),
    ("1", "person", ("1 person", "1人", "1人")),
    ("5000000", "person", ("5 million people", "500万人", "500萬人")),
    ("5", "GW", ("5 GW", "5吉瓦", "5 GW")),
    ("5", "celsius", ("5°C", "5°C", "5°C")),
    ("100000000", "celsius", ("100 million degrees Celsius", "1亿°C", "1億°C")),
    ("-5", "°C", ("−5°C", "−5°C", "−5°C")),
    ("5", "tonne", ("5 tonnes", "5吨", "5公噸")),
    ("5", "km", ("5 km", "5公里", "5公里")),
    ("5", "kilometer", ("5 kilometres", "5公里", "5公里")),
]


@pytest.mark.parametrize(("value", "unit", "wanted"), FIGURES)
def test_figures_keep_their_digits_sign_and_unit(value: str, unit: str, wanted: tuple[str, ...]) -> None:
    quantity = Quantity(value=Decimal(value), unit=unit)
    assert tuple(words(quantity, locale) for locale in LOCALES[:3]) == wanted


ROUNDED = [
    ("99999999", 2, "about 100 million"),
    ("12345678", 4, "about 12.35 million"),
    ("1234567", 5, "1.2346 million"),
    ("66.6667", 4, "66.67"),
    ("4.125", 3, "4.13"),
    ("15", 1, "about 20"),
    ("2650000", 3, "2.65 million"),
    ("99.96", 3, "100"),
]


@pytest.mark.parametrize(("value", "digits", "wanted"), ROUNDED)
def test_rounding_adds_about_if_it_hides_as_much_as_it_shows(value: str, digits: int, wanted: str) -> None:
    assert words(round_quantity(Quantity(value=Decimal(value)), digits), "en") == wanted


@pytest.mark.parametrize(
    ("value", "wanted"), [("99.96", "about 100%"), ("100.04", "about 100%"), ("100.0", "100%"), ("99.94", "99.9%")]
)
def test_nearly_all_is_never_printed_as_all(value: str, wanted: str) -> None:
    quantity = Quantity(value=Decimal(value), unit="percent")
    assert words(round_quantity(quantity, 3), "en") == wanted
    assert words(round_quantity(quantity, 3, is_derived=True), "en") == wanted


FRENCH = {
    "scale\x041e6": ("{n} million", "{n} millions"),
    "scale\x041e9": ("{n} milliard", "{n} milliards"),
}


@pytest.mark.parametrize(
    ("value", "unit", "wanted"),
    [
        ("1000000", "count", "1 million"),
        ("1500000", "count", "1,5 million"),
        ("2000000", "count", "2 millions"),
        ("2000000", "EUR", "2 millions d’euros"),
        ("2000000", "CHF", "2 millions de francs suisses"),
        ("500", "EUR", "500 euros"),
        ("1", "EUR", "1 euro"),
        ("3000000", "kilometer", "3 millions de kilomètres"),
    ],
)
def test_scales_and_currencies_have_plural_forms(value: str, unit: str, wanted: str) -> None:
    quantity = Quantity(value=Decimal(value), unit=unit)
    text = quantities.format_quantity(quantity, Catalogue("fr", FRENCH))
    assert text.replace("\u00a0", " ") == wanted


def test_a_catalogue_has_its_own_currency_after_a_scale() -> None:
    own = {**FRENCH, "currency\x04EUR": ("{n} €",), "scaled-currency\x04EUR": ("{n} d'euros",)}
    catalogue = Catalogue("fr", own)
    printed = [
        quantities.format_quantity(Quantity(value=Decimal(value), unit="EUR"), catalogue)
        for value in ("500", "2000000")
    ]
    assert printed == ["500\u00a0€", "2\u00a0millions d'euros"]


@pytest.mark.parametrize(
    ("unit", "hint"),
    [
        ("pct", "did you mean 'percent'?"),
        ("kwh", "did you mean 'kWh'?"),
        ("kwhh", "did you mean 'kWh'?"),
        ("TWHS", "did you mean 'TWh'?"),
        ("kWh/100km", "did you mean '100 km'?"),
        ("count/1000person", "did you mean '1000 person'?"),
        ("CNY/kilometr", "did you mean 'kilometer'? Otherwise declare it in content/units.yaml"),
        ("zorkmid", "declare it in content/units.yaml"),
    ],
)
def test_an_unknown_unit_gets_a_near_miss(unit: str, hint: str) -> None:
    assert not units.is_known(unit, load_packaged_catalogue("en"))
    assert units.suggest_unit(unit, load_packaged_catalogue("en")).startswith(hint)


QUALIFIED = {
    Qualifier.EXACT: ("RMB 100 million", "1亿元", "人民幣1億元"),
    Qualifier.ABOUT: ("about RMB 100 million", "约1亿元", "約人民幣1億元"),
    Qualifier.OVER: ("more than RMB 100 million", "超过1亿元", "超過人民幣1億元"),
    Qualifier.AT_LEAST: ("at least RMB 100 million", "至少1亿元", "至少人民幣1億元"),
    Qualifier.UNDER: ("less than RMB 100 million", "不到1亿元", "不到人民幣1億元"),
    Qualifier.NEARLY: ("nearly RMB 100 million", "近1亿元", "近人民幣1億元"),
    Qualifier.UP_TO: ("up to RMB 100 million", "最多1亿元", "最多人民幣1億元"),
    Qualifier.SEVERAL: ("hundreds of millions of yuan", "数亿元", "人民幣數億元"),
}


@pytest.mark.parametrize("qualifier", Qualifier)
def test_a_qualifier_precedes_the_whole(qualifier: Qualifier) -> None:
    quantity = Quantity(value=Decimal(100_000_000), unit="CNY", qualifier=qualifier)
    assert tuple(words(quantity, locale) for locale in LOCALES[:3]) == QUALIFIED[qualifier]
    if qualifier is not Qualifier.SEVERAL:
        bare = tuple(words(quantity, locale, bare=True) for locale in LOCALES[:3])
        assert bare == QUALIFIED[Qualifier.EXACT]


SEVERAL = [
    ("several", "数", "數", "數"),
    ("dozens", "几十", "數十", "數十"),
    ("hundreds", "数百", "數百", "數百"),
    ("thousands", "数千", "數千", "數千"),
    ("tens of thousands", "数万", "數萬", "數萬"),
    ("hundreds of thousands", "数十万", "數十萬", "數十萬"),
    ("millions", "数百万", "數百萬", "數百萬"),
    ("tens of millions", "数千万", "數千萬", "數千萬"),
    ("hundreds of millions", "数亿", "數億", "數億"),
    ("billions", "数十亿", "數十億", "數十億"),
    ("tens of billions", "数百亿", "數百億", "數百億"),
    ("hundreds of billions", "数千亿", "數千億", "數千億"),
    ("trillions", "数万亿", "數兆", "數萬億"),
]


@pytest.mark.parametrize("magnitude", range(13))
def test_several_gives_the_magnitude_alone(magnitude: int) -> None:
    quantity = Quantity(value=Decimal(10**magnitude), qualifier=Qualifier.SEVERAL)
    assert tuple(words(quantity, locale) for locale in LOCALES) == SEVERAL[magnitude]


@pytest.mark.parametrize(
    ("value", "unit", "wanted"),
    [
        ("1", "minute", ("several minutes", "数分钟", "數分鐘")),
        ("10", "hour", ("dozens of hours", "几十小时", "數十小時")),
        ("1", "times", ("several times", "数倍", "數倍")),
        ("1_000_000", "USD", ("millions of US dollars", "数百万美元", "數百萬美元")),
        ("1_000", "EUR", ("thousands of euros", "数千欧元", "數千歐元")),
        ("100", "CNY/kWh", ("hundreds of yuan/kWh", "数百元/千瓦时", "人民幣數百元/千瓦小時")),
        ("10", "USD/person", ("dozens of US dollars per person", "每人几十美元", "每人數十美元")),
        ("1_000", "count/day", ("thousands per day", "数千/天", "數千/天")),
        ("10", "°C", ("dozens of degrees Celsius", "几十摄氏度", "攝氏數十度")),
        ("100_000_000", "TWD", ("hundreds of millions of New Taiwan dollars", "新台币数亿元", "新台幣數億元")),
    ],
)
def test_several_of_a_unit(value: str, unit: str, wanted: tuple[str, ...]) -> None:
    quantity = Quantity(value=Decimal(value), unit=unit, qualifier=Qualifier.SEVERAL)
    assert tuple(words(quantity, locale) for locale in LOCALES[:3]) == wanted


@pytest.mark.parametrize("locale", LOCALES)
def test_a_word_for_a_large_number_never_precedes_a_sign(locale: str) -> None:
    """Never 100 million% or 1万%."""
    for value, digits in (("10_000", "10,000%"), ("100_000_000", "100,000,000%")):
        assert words(Quantity(value=Decimal(value), unit="percent"), locale) == digits
    assert words(Quantity(value=Decimal(1_500_000), unit="permille"), locale) == "1,500,000‰"


@pytest.mark.parametrize(
    "unit",
    ["percent", "celsius", "temperature-fahrenheit", "kelvin", "km/h", "mph", "bar", "kV", "ppm", "USD/kWh", "age"],
)
def test_rates_and_temperatures_are_not_added(unit: str) -> None:
    assert not units.is_additive(unit)


@pytest.mark.parametrize("unit", ["count", "USD", "kWh", "MWh", "km", "person", "mol", "tCO2", "turbine"])
def test_amounts_are_added(unit: str) -> None:
    assert units.is_additive(unit)


def test_an_angle_prints_as_a_word() -> None:
    assert words(Quantity(value=Decimal(45), unit="degree"), "en") == "45 degrees"
    assert words(Quantity(value=Decimal(45), unit="degree"), "zh-Hans") == "45度"


def test_a_quantity_without_a_number_has_no_words() -> None:
    with pytest.raises(ValueError, match="without a number"):
        words(Quantity(), "en")


@pytest.mark.parametrize(
    ("tag", "value", "unit", "wanted"),
    [
        ("ko", "1", "person", "몇 명"),
        ("ko", "100", "month", "수백 개월"),
        ("ko", "1000000", "EUR", "수백만 유로"),
        ("ja", "100", "person", "数百人"),
        ("es", "1", "person", "múltiples personas"),
        ("fr", "1", "year", "plusieurs années"),
        ("fr", "100", "year", "des centaines d’années"),
        ("de", "10", "percent", "Dutzende Prozent"),
        ("de", "1", "times", "mehrfach"),
        ("de", "10_000", "times", "zehntausendfach"),
        ("de", "10_000_000", "times", "Dutzende Millionen Mal"),
    ],
)
def test_several_agrees_with_its_unit_in_other_languages(tag: str, value: str, unit: str, wanted: str) -> None:
    quantity = Quantity(value=Decimal(value), unit=unit, qualifier=Qualifier.SEVERAL)
    assert quantities.format_quantity(quantity, load_packaged_catalogue(tag)) == wanted
