"""A withheld figure is found by its value, however it is written."""

from decimal import Decimal

import pytest
from projects import ProjectCopy

from brief.inspection.figure_notation import find_figures
from brief.inspection.figures import is_rare, is_rare_amount

SPELLINGS = (
    "CNY 77,700,000",
    "77.7m yuan",
    "77 700 000",
    "７７．７ million",
    "七千七百七十万元",
    "7770万",
    "¥77.7 million",
    "0.0777 billion",
    "77.700.000",
    "RMB 77.7 million",
    "77,7 Mio. CNY",
    "77,7 Millionen",
    "77,7 млн",
    "0.777亿元",
    "柒仟柒佰柒拾万元",
    "7千7百70万",
    "7.77e7",
    "7.77 × 10⁷",
    "77'700'000",
    "77\u202f700\u202f000",
    "7,77,00,000",
    "777 lakh",
    "7.77 crore",
    "٧٧٬٧٠٠٬٠٠٠",
    "७७७०००००",
    "77·7 million",
    "77٫7 million",
    "77 million 700 thousand",
    "77 million and 700 thousand",
    "seventy-seven million seven hundred thousand",
    "Seventy seven million, seven hundred thousand".replace(",", ""),
    "(77.7) million",
    "7770w",
    "7,770만",
    "77.7百万",
    "77,700 thousand",
    "77,700千元",
    "77,7 mln",
    "77.7 milioni",
    "七七七〇〇〇〇〇",
    "seventy-seven point seven million",
    "77\u200b700\u200b000",
    "77\xad,700,000",
    "⑦⑦.⑦ million",
    "𝟕𝟕.𝟕 million",
    "7.77千万",
)
RANGES = (
    "77.7–80 million",
    "77.7 to 80 million",
    "between 77.7 and 80 million",
    "77.7至80百万",
    "RMB 77.7-RMB 80 million",
)


@pytest.mark.parametrize("written", SPELLINGS)
def test_each_spelling_has_the_same_value(written: str) -> None:
    assert Decimal(77_700_000) in {figure.value for figure in find_figures(f"It was {written}.")}


@pytest.mark.parametrize("written", RANGES)
def test_the_first_figure_of_a_range_has_the_scale_of_the_second(written: str) -> None:
    assert Decimal(77_700_000) in {figure.value for figure in find_figures(f"It was {written}.")}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("一亿二千万", 120_000_000),
        ("十二", 12),
        ("三千零五", 3005),
        ("1.5bn", 1_500_000_000),
        ("2,500.75", Decimal("2500.75")),
    ],
)
def test_other_figures(written: str, value: Decimal) -> None:
    assert value in {figure.value for figure in find_figures(written)}


@pytest.mark.parametrize("written", ["2025", "12", "70%", "version 1.2.3", "二〇二五年", "page 300"])
def test_common_numbers_tell_nothing(written: str) -> None:
    assert not [
        figure
        for figure in find_figures(written)
        if is_rare(figure.value) or (figure.currencies and is_rare_amount(figure.value))
    ]


def test_no_spelling_gets_through_a_build(project: ProjectCopy) -> None:
    project.write(
        "seeds/reader-survey.yaml",
        project.read("seeds/reader-survey.yaml").replace(
            "claims:\n",
            "claims:\n  - id: rival\n    clearance: internal\n"
            "    says: {en: A rival figure., zh-Hans: 另一数字。, zh-Hant: 另一數字。}\n"
            "    quantity: {value: 77_700_000, unit: CNY, period: 2025}\n",
            1,
        ),
    )
    build = ("build", "-a", "public", "-l", "en", "-f", "html", "--jobs", "1")
    assert project.run(*build).status == 0
    theme = "content/themes/ridership.yaml"
    clean = project.read(theme)
    for written in (*SPELLINGS[:10], *SPELLINGS[10::8]):
        line = f'  - {{en: "It was {written} then.", zh-Hans: 甲。, zh-Hant: 甲。}}\n'
        project.write(theme, clean.replace("takeaways:\n", f"takeaways:\n{line}", 1))
        ran = project.run(*build)
        assert ran.status == 1, written
        assert (
            "seeds/reader-survey.yaml" in ran.stderr or "withheld-claim" in ran.stderr or "right-to-left" in ran.stderr
        ), written
