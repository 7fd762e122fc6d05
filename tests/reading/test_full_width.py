"""Punctuation of a Chinese input method where YAML wants ASCII is reported at its location, with what to type."""

import pytest
from expected_diagnostics import assert_refused
from projects import HERE, SETTINGS, THEME, ProjectCopy

TITLE = "title: {en: Night buses after one year, zh-Hans: 夜间公交一周年, zh-Hant: 夜間公車一週年}"
SUMMARY = "  zh-Hans: 首年客流增长"


@pytest.mark.parametrize(
    ("name", "old", "new", "advice"),
    [
        (SETTINGS, TITLE, f"title{HERE}：Night buses", "ASCII colon"),
        (SETTINGS, TITLE, TITLE.replace("{", f"{HERE}｛").replace("}", "｝"), "ASCII brackets"),
        (SETTINGS, TITLE, TITLE.replace(", zh-Hans", f"{HERE}， zh-Hans"), "ASCII comma"),
        (SETTINGS, "id: night-buses", f"id{HERE}：night-buses", "ASCII colon"),
        (THEME, SUMMARY, f"  zh-Hans{HERE}：首年客流增长", "ASCII colon"),
        (THEME, "  - kind: metrics", f"  - kind{HERE}：metrics", "ASCII colon"),
    ],
)
def test_it_is_an_error_of_syntax_that_says_what_to_type(
    published: ProjectCopy, name: str, old: str, new: str, advice: str
) -> None:
    assert_refused(published, "yaml-syntax", published.replace(name, old, new), advice)


def test_a_key_in_braces_is_read_as_it_was_meant(published: ProjectCopy) -> None:
    where = published.replace(SETTINGS, TITLE, TITLE.replace("en:", f"en{HERE}："))
    assert_refused(published, "full-width-colon", where, "ASCII colon and a space")


def test_a_list_in_full_width_brackets_is_no_list(published: ProjectCopy) -> None:
    where = published.replace(SETTINGS, "themes: [ridership]", f"themes: {HERE}［ridership］")
    assert_refused(published, "expected-list", where, "ASCII brackets")


def test_a_placeholder_in_full_width_braces_prints_nothing(published: ProjectCopy) -> None:
    where = published.replace(
        THEME, "每年{reader-survey/yearly-cost}的支出，是否应", f"每年{HERE}｛reader-survey/yearly-cost｝的支出，是否应"
    )
    assert_refused(published, "bad-placeholder", where, "write { and }")


@pytest.mark.parametrize("text", ["注意：票价上调", "Sora：回顾", "（一）", "｛注｝"])
def test_in_a_text_it_is_punctuation(project: ProjectCopy, text: str) -> None:
    project.replace(THEME, SUMMARY, f"  zh-Hans: {text}客流增长")
    assert project.check() == (0, [])
