"""Figures in words are found in seven languages; ordinals, durations, names and idioms are not figures."""

from pathlib import Path

import pytest
import yaml

from brief.resolve.numerals.spelled_figures import find_spelled_figures

CORPUS = Path(__file__).parents[1] / "corpus/figures_in_words"
READ = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted(CORPUS.glob("*.yaml"))}
FIGURES = {language: read["figures"] for language, read in READ.items()}
OTHERS = {language: read["others"] for language, read in READ.items()}


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
