"""Two languages of a text count the same things and link to the same pages, perhaps in their own languages."""

from pathlib import Path

import pytest
import yaml
from projects import SETTINGS, THEME, ProjectCopy

from brief.resolve.localised_addresses import find_other_addresses, lead_to_same_page
from brief.resolve.numerals.small_numbers import find_differing_counts

SAME_PAGE = [
    ("https://en.wikipedia.org/wiki/Health", "https://zh.wikipedia.org/wiki/健康"),
    ("https://who.int/en/a", "https://www.who.int/fr/b"),
    ("https://who.int/a", "https://who.int/zh/a"),
    ("https://a.org/r_en.pdf", "https://a.org/r_fr.pdf"),
    ("https://a.org/x?lang=en", "https://a.org/x?lang=ja"),
    ("https://a.com", "https://a.cn"),
    ("http://a.com/x/", "https://www.a.com/x"),
    ("https://a.co.uk/x", "https://a.co.jp/x"),
    ("https://stats.gov.cn/a", "https://stats.gov.cn/en/b"),
    ("https://who.int/fr/rapport", "https://who.int/en/report"),
    ("https://who.int/a#one", "https://who.int/a#un"),
]
OTHER_PAGE = [
    ("https://who.int/a", "https://who.int/b"),
    ("https://a.org/2024", "https://a.org/2025"),
    ("https://b.com", "https://a.com"),
    ("mailto:a@x.org", "mailto:b@x.org"),
    ("https://doi.org/10.1/1", "https://doi.org/10.1/2"),
    ("https://example.org/a", "https://example.net/a"),
    ("https://example.org/a", "https://example.org:8080/a"),
    ("https://stats.gov.cn/a", "https://stats.gov.cn/b"),
    ("https://who.int/en/a", "https://who.int/en/b"),
    ("https://a.org/x?lang=en", "https://a.org/y?lang=en"),
]
CORPUS = Path(__file__).parents[1] / "corpus/figures_in_words"
NUMBERS = [
    (label, pair)
    for path in sorted(CORPUS.glob("*.yaml"))
    for label, pairs in yaml.safe_load(path.read_text("utf-8")).get("numbers", {}).items()
    for pair in pairs
]
OTHER_NUMBERS, SAME_NUMBERS = (
    [tuple(part for item in pair.items() for part in item) for label, pair in NUMBERS if label == wanted]
    for wanted in ("different", "same")
)


@pytest.mark.parametrize(("one", "other"), SAME_PAGE)
def test_the_same_page_in_two_languages(one: str, other: str) -> None:
    assert lead_to_same_page(one, other)
    assert lead_to_same_page(other, one)


@pytest.mark.parametrize(("one", "other"), OTHER_PAGE)
def test_another_page(one: str, other: str) -> None:
    assert not lead_to_same_page(one, other)
    assert find_other_addresses([one, other], [other]) == [one]


def differ(locale: str, text: str, other_locale: str, other: str) -> bool:
    return find_differing_counts((text, locale), (other, other_locale)) is not None


@pytest.mark.parametrize(("locale", "text", "other_locale", "other"), OTHER_NUMBERS)
def test_other_numbers_in_words(locale: str, text: str, other_locale: str, other: str) -> None:
    assert differ(locale, text, other_locale, other)
    assert differ(other_locale, other, locale, text)


@pytest.mark.parametrize(("locale", "text", "other_locale", "other"), SAME_NUMBERS)
def test_the_same_numbers_in_words(locale: str, text: str, other_locale: str, other: str) -> None:
    assert not differ(locale, text, other_locale, other)


def test_another_link_and_another_number_in_words_are_reported_unless_allowed(project: ProjectCopy) -> None:
    project.replace(THEME, "en: The cost is known and stable.", "en: Three [reports](https://example.org/a) agree.")
    project.replace(THEME, "zh-Hans: 成本清楚，且保持稳定。", "zh-Hans: 四份[报告](https://example.org/b)一致。")
    project.replace(THEME, "zh-Hant: 成本清楚，且維持穩定。", "zh-Hant: 三份[報告](https://example.org/zh/a)一致。")
    found = {each.code: (each.severity, each.message) for each in project.check()[1]}
    assert found == {
        "link-mismatch": (
            "warning",
            "the 'zh-Hans' text links to https://example.org/b where the 'en' text links to https://example.org/a",
        ),
        "number-mismatch": ("warning", "the 'zh-Hans' text counts 4 in words where the 'en' text counts 3"),
    }
    project.replace(
        THEME, "takeaways:", "allow: {link-mismatch: our own page, number-mismatch: one is ours}\ntakeaways:"
    )
    assert [each.code for each in project.check()[1]] == []


def test_a_figure_in_words_needs_a_claim_in_its_sentence(project: ProjectCopy) -> None:
    project.write(SETTINGS, project.read(SETTINGS) + "require_claims: true\n")
    for words, codes in (
        ("Nearly a third of riders left.", ["unsupported-figure"]),
        ("Nearly a third of riders left[@reader-survey/riders-growth].", []),
        ("Nearly a third of riders left (see `a third of`).", ["unsupported-figure"]),
        ("It runs a third bus.", []),
    ):
        text = project.read(THEME)
        project.replace(THEME, "The cost is known and stable.", words)
        found = [each.code for each in project.check()[1] if each.code == "unsupported-figure"]
        assert found == codes, words
        project.write(THEME, text)
