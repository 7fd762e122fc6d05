"""A withheld figure is found by its value, however it is written."""

from decimal import Decimal

import pytest
from projects import ProjectCopy

from brief.inspection.figures import find_figures

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
)


@pytest.mark.parametrize("written", SPELLINGS)
def test_each_spelling_has_the_same_value(written: str) -> None:
    (found,) = {figure.value for figure in find_figures(f"It was {written}.")}
    assert found == Decimal(77_700_000)


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
    assert not [figure for figure in find_figures(written) if figure.is_telling]


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
    for written in SPELLINGS:
        line = f"  - {{en: 'It was {written} then.', zh-Hans: 甲。, zh-Hant: 甲。}}\n"
        project.write(theme, clean.replace("takeaways:\n", f"takeaways:\n{line}", 1))
        ran = project.run(*build)
        assert ran.status == 1, written
        assert "seeds/reader-survey.yaml" in ran.stderr or "withheld-claim" in ran.stderr, written
