"""A figure as `brief` prints it is noticed where an author types it, whatever its unit, scale and language."""

import re
from decimal import Decimal

import pytest
from catalogues import load_packaged_catalogue

from brief.model.catalogue import Catalogue
from brief.model.figures.quantity import Quantity
from brief.model.figures.units import PRINTED_SYMBOLS, SYMBOLS
from brief.resolve.figures.quantities import format_quantity
from brief.resolve.figures.typed_words import find_figures, list_figure_words

LOCALES = ("en", "zh-Hans", "zh-Hant", "zh-Hant-HK", "de", "fr", "es", "ja", "ko")
CURRENCIES = ("CNY", "USD", "EUR", "TWD", "JPY", "GBP", "HKD", "KRW", "CHF", "INR", "SEK", "BRL")
# A bare "5 m" or "4 K" may be anything; angles, pixels and nanometers name cameras, screens and chips.
NAMING = {"nm", "degree", "°", "px"}
DIGITS = re.compile("[0-9]+")
MEASURED = sorted({unit for unit in (*SYMBOLS, *PRINTED_SYMBOLS) if len(unit) > 1} - NAMING - {"ms", "kn", "bar"})


def load_catalogue(locale: str) -> Catalogue:
    return load_packaged_catalogue(locale) if locale in LOCALES else Catalogue(locale)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_unit_is_noticed(locale: str) -> None:
    catalogue = load_packaged_catalogue(locale)
    words = list_figure_words(catalogue)
    missed = [
        printed
        for unit in (*MEASURED, *CURRENCIES, "percent", "percentage-point", "basis-point", "permille")
        for value in ("1", "2", "1.5", "-3", "40", "1e6", "2.5e9")
        for printed in [format_quantity(Quantity(value=Decimal(value), unit=unit), catalogue)]
        if not any(DIGITS.findall(found) == DIGITS.findall(printed) for found in find_figures(f"A {printed} b", words))
    ]
    assert missed == []


@pytest.mark.parametrize(
    ("locale", "figure"),
    [
        *(("de", figure) for figure in ("12 Prozent", "3,1 Millionen", "1 Million", "2,5 Milliarden")),
        *(("fr", figure) for figure in ("12 pour cent", "3,1 millions", "2,5 milliards")),
        *(("es", figure) for figure in ("12 por ciento", "3,1 millones", "2 mil millones", "2 billones")),
        *(
            ("de", "5 Billionen"),
            ("fr", "5 billions"),
            ("pt-BR", "5 bilhões"),
            ("it", "5 miliardi"),
            ("nl", "5 miljoen"),
        ),
        *(("ja", "12パーセント"), ("ko", "12퍼센트"), ("en", "12 percent")),
    ],
)
def test_scales_and_percent_in_full_are_noticed(locale: str, figure: str) -> None:
    words = list_figure_words(load_catalogue(locale))
    assert list(find_figures(f"a {figure} b", words)) == [figure]


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "The team of 2024 won the match in 3 days with 12 people."),
        ("en", "See 3 bar charts, TOP 5, 4K video, 5G, a 7B model, 10 of 12 and the 2026 plan."),
        ("en", "A 5 nm chip turns by 360 degrees in 12 months."),
        ("zh-Hans", "2026年第3节共12人，5G网络，4K视频，第2层，3次。"),
        ("zh-Hant", "2026年第3節共12人，5G網路，4K影片，3次。"),
        ("de", "Im Jahr 2026 waren es 3 Tage, 12 Personen und 4 Fälle."),
        ("ja", "2026年3月、12人、第3節、4K映像。"),
        ("ko", "제5조와 제3항"),
        ("en", "A 95% CI, the 95% confidence interval, and a 99% CrI"),
        ("de", "95-%-KI, 95-%-Konfidenzintervall und KI 95 %"),
        ("fr", "IC à 95 %, intervalle de confiance à 95 %"),
        ("es", "IC 95 %, intervalo de confianza del 95 %"),
        ("pt-BR", "IC 95%, intervalo de confiança de 95%"),
        ("zh-Hans", "95% CI与95%置信区间"),
        ("zh-Hant", "95%信賴區間"),
        ("ja", "95％CI、95％信頼区間"),
        ("ko", "95% 신뢰구간"),
    ],
)
def test_years_names_and_counts_are_not(locale: str, words: str) -> None:
    assert not list(find_figures(words, list_figure_words(load_catalogue(locale))))


def test_other_shares_beside_an_interval_are_noticed() -> None:
    words = list_figure_words(load_catalogue("en"))
    assert list(find_figures("95% of those in the CI, 42% CI, 95% efficacy", words)) == ["95%", "42%", "95%"]
