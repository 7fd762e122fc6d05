"""A number is the same number in every language, and reads as that language writes it."""

import re
from decimal import Decimal

import pytest
from catalogues import LOCALES, packaged
from hypothesis import assume, given
from hypothesis import strategies as st

from brief.model.quantity import Qualifier, Quantity
from brief.model.units import UNITS
from brief.resolve import quantities

SCALES = {
    "": 0, "million": 6, "billion": 9, "trillion": 12,
    "万": 4, "亿": 8, "万亿": 12, "萬": 4, "億": 8, "兆": 12, "萬億": 12,
}  # fmt: skip
NUMBER = re.compile(rf"(-?[0-9][0-9,]*(?:\.[0-9]+)?) ?({'|'.join(sorted(SCALES, key=len, reverse=True))})")


def words(quantity: Quantity, locale: str, *, bare: bool = False) -> str:
    return quantities.format_quantity(quantity, packaged(locale), bare=bare)


def count(value: Decimal | str, locale: str) -> str:
    return words(Quantity(value=Decimal(value)), locale)


def parsed(text: str) -> list[Decimal]:
    """The numbers of a text, read as a reader of either language reads them."""
    found = [(Decimal(digits.replace(",", "")), scale) for digits, scale in NUMBER.findall(text)]
    return [number.scaleb(SCALES[scale]) for number, scale in found]


def numbers(least: int = -6, most: int = 14) -> st.SearchStrategy[Decimal]:
    """Positive numbers of every magnitude, of a few digits and of many."""
    digits = st.one_of(st.integers(1, 99), st.integers(1, 10**9), st.sampled_from([9999, 99995, 999949, 99999999]))
    return st.builds(_scaled, digits, st.integers(least, most))


def _scaled(digits: int, magnitude: int) -> Decimal:
    number = Decimal(digits)
    return number.scaleb(magnitude - number.adjusted())


def tolerance(value: Decimal) -> Decimal:
    """Half of the last place that is printed: two decimals; two digits of a small number; five of a large one."""
    if value >= 1_000_000:
        return Decimal(5).scaleb(value.adjusted() - 5)
    return Decimal(5).scaleb(min(-3, value.adjusted() - 2) if value < Decimal("0.1") else -3)


@given(numbers(), st.sampled_from(LOCALES))
def test_what_is_printed_is_the_value_within_its_rounding(value: Decimal, locale: str) -> None:
    (printed,) = parsed(count(value, locale))
    assert abs(printed - value) <= tolerance(value)
    assert parsed(count(-value, locale)) == [-printed]


@given(numbers())
def test_every_locale_prints_the_same_number(value: Decimal) -> None:
    assert len({tuple(parsed(count(value, locale))) for locale in LOCALES}) == 1


@given(numbers(), numbers(), st.sampled_from(LOCALES))
def test_a_larger_value_never_prints_as_a_smaller_one(one: Decimal, other: Decimal, locale: str) -> None:
    low, high = sorted((one, other))
    assert parsed(count(low, locale)) <= parsed(count(high, locale))


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
        first, second = re.split("–", text)
        scale = re.sub(r"[-0-9.,]+", "", second)
        assert parsed(first + scale) == parsed(count(low, locale))
        assert parsed(second) == parsed(count(high, locale))
    else:
        assert parsed(text) == parsed(count(low, locale)) + parsed(count(high, locale))


CARRIES = [
    ("99999999", "100 million", "1亿", "1億"),
    ("999999999", "1 billion", "10亿", "10億"),
    ("9999.999", "10,000", "1万", "1萬"),
    ("999999.999", "1 million", "100万", "100萬"),
    ("999999999999", "1 trillion", "1万亿", "1兆"),
    ("0.999", "1", "1", "1"),
    ("-0.0000001", "-0.0000001", "-0.0000001", "-0.0000001"),
    ("0", "0", "0", "0"),
    ("0.004", "0.004", "0.004", "0.004"),
    ("9999", "9,999", "9999", "9999"),
    ("10000", "10,000", "1万", "1萬"),
    ("12345", "12,345", "12,345", "12,345"),
    ("12300", "12,300", "1.23万", "1.23萬"),
    ("2650000", "2.65 million", "265万", "265萬"),
    ("121950000", "121.95 million", "1.2195亿", "1.2195億"),
    ("1234567", "1.2346 million", "123.46万", "123.46萬"),
    ("66.666", "66.67", "66.67", "66.67"),
    ("2347", "2,347", "2347", "2347"),
]


@pytest.mark.parametrize(("value", "en", "hans", "hant"), CARRIES)
def test_counts_round_and_carry_as_readers_write_them(value: str, en: str, hans: str, hant: str) -> None:
    assert [count(value, locale) for locale in LOCALES[:3]] == [en, hans, hant]


def test_a_trillion_is_another_word_in_each_region() -> None:
    printed = [count("1500000000000", locale) for locale in LOCALES]
    assert printed == ["1.5 trillion", "1.5万亿", "1.5兆", "1.5萬億"]


ONE_AND_MANY = {
    "count": (("1", "1", "1"), ("2.5", "2.5", "2.5")),
    "percent": (("1%", "1%", "1%"), ("2.5%", "2.5%", "2.5%")),
    "times": (("1 times", "1倍", "1倍"), ("2.5 times", "2.5倍", "2.5倍")),
    "second": (("1 second", "1秒", "1秒"), ("2.5 seconds", "2.5秒", "2.5秒")),
    "minute": (("1 minute", "1分钟", "1分鐘"), ("2.5 minutes", "2.5分钟", "2.5分鐘")),
    "hour": (("1 hour", "1小时", "1小時"), ("2.5 hours", "2.5小时", "2.5小時")),
    "day": (("1 day", "1天", "1天"), ("2.5 days", "2.5天", "2.5天")),
    "week": (("1 week", "1周", "1週"), ("2.5 weeks", "2.5周", "2.5週")),
    "month": (("1 month", "1个月", "1個月"), ("2.5 months", "2.5个月", "2.5個月")),
    "year": (("1 year", "1年", "1年"), ("2.5 years", "2.5年", "2.5年")),
    "fps": (("1 fps", "1帧/秒", "每秒1幀"), ("2.5 fps", "2.5帧/秒", "每秒2.5幀")),
    "line": (("1p", "1p", "1p"), ("1080p", "1080p", "1080p")),
    "P": (("1P", "1P", "1P"), ("2.5P", "2.5P", "2.5P")),
}


def test_every_unit_has_its_row() -> None:
    assert tuple(ONE_AND_MANY) == UNITS


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_follows_its_number(unit: str) -> None:
    one, many = ONE_AND_MANY[unit]
    value = Decimal(1080) if unit == "line" else Decimal("2.5")
    for index, locale in enumerate((*LOCALES[:3], "zh-Hant-HK")):
        # Typed as 1.0, it is one all the same: CLDR's rule would take the trailing zero for a plural.
        assert words(Quantity(value=Decimal("1.0"), unit=unit), locale) == one[min(index, 2)]
        assert words(Quantity(value=value, unit=unit), locale) == many[min(index, 2)]


CURRENCIES = {
    "CNY": ("RMB 250 million", "2.5亿元", "人民幣2.5億元", "人民幣2.5億元"),
    "USD": ("US$250 million", "2.5亿美元", "2.5億美元", "2.5億美元"),
    "EUR": ("€250 million", "2.5亿欧元", "2.5億歐元", "2.5億歐元"),
    "GBP": ("£250 million", "2.5亿英镑", "2.5億英鎊", "2.5億英鎊"),
    "JPY": ("¥250 million", "2.5亿日元", "2.5億日圓", "2.5億日圓"),
    "HKD": ("HK$250 million", "2.5亿港元", "港幣2.5億元", "港幣2.5億元"),
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
    (("0.5", "1", "hour"), ("0.5–1 hour", "0.5至1小时", "0.5至1小時")),
]


@pytest.mark.parametrize(("given_range", "wanted"), RANGES)
def test_a_range_names_what_would_be_ambiguous_at_both_ends(
    given_range: tuple[str, str, str], wanted: tuple[str, ...]
) -> None:
    low, high, unit = given_range
    quantity = Quantity(low=Decimal(low), high=Decimal(high), unit=unit)
    assert tuple(words(quantity, locale) for locale in LOCALES[:3]) == wanted


QUALIFIED = {
    Qualifier.EXACT: ("RMB 100 million", "1亿元", "人民幣1億元"),
    Qualifier.ABOUT: ("about RMB 100 million", "约1亿元", "約人民幣1億元"),
    Qualifier.OVER: ("more than RMB 100 million", "超过1亿元", "超過人民幣1億元"),
    Qualifier.UNDER: ("less than RMB 100 million", "不到1亿元", "不到人民幣1億元"),
    Qualifier.NEARLY: ("nearly RMB 100 million", "近1亿元", "近人民幣1億元"),
    Qualifier.UP_TO: ("up to RMB 100 million", "最多1亿元", "最多人民幣1億元"),
    Qualifier.SEVERAL: ("hundreds of millions of yuan", "数亿元", "人民幣數億元"),
}


@pytest.mark.parametrize("qualifier", Qualifier)
def test_a_qualifier_stands_before_the_whole(qualifier: Qualifier) -> None:
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
        ("100_000_000", "TWD", ("hundreds of millions of New Taiwan dollars", "新台币数亿元", "新台幣數億元")),
    ],
)
def test_several_of_a_unit(value: str, unit: str, wanted: tuple[str, ...]) -> None:
    quantity = Quantity(value=Decimal(value), unit=unit, qualifier=Qualifier.SEVERAL)
    assert tuple(words(quantity, locale) for locale in LOCALES[:3]) == wanted


def test_a_quantity_without_a_number_has_no_words() -> None:
    with pytest.raises(ValueError, match="without a number"):
        words(Quantity(), "en")
