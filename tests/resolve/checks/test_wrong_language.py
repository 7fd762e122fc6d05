"""A text that is wholly in another script than its locale's is reported; quotations and names are not."""

import pytest
from expected_diagnostics import accepted, warned
from projects import THEME, ProjectCopy

HEADING = "heading: {en: What changed, zh-Hans: 变化何在, zh-Hant: 有何變化}"


@pytest.mark.parametrize("words", ["What has changed here", "Costs *rose* and are stable now, in 2025."])
def test_english_in_the_place_of_chinese_is_reported(project: ProjectCopy, words: str) -> None:
    place = project.replace(THEME, HEADING, f"heading: {{en: What changed, zh-Hans: 变化何在, zh-Hant: ▸{words!r}}}")
    warned(project, "wrong-script", place, "the 'zh-Hant' text is in Latin letters")


@pytest.mark.parametrize(
    "words", ["GPT-4", "Deutsche Bahn", "“a sentence that somebody said”", "`a line of code`", "變化 in the first year"]
)
def test_names_quotations_code_and_mixed_texts_are_not(project: ProjectCopy, words: str) -> None:
    project.replace(THEME, HEADING, f"heading: {{en: What changed, zh-Hans: 变化何在, zh-Hant: {words!r}}}")
    assert "wrong-script" not in {each.code for each in project.check()[1]}


def test_the_title_of_a_source_may_be_in_its_own_language(project: ProjectCopy) -> None:
    title = "How night buses are used in the city"
    project.replace("seeds/reader-survey.yaml", "  zh-Hant: 夜間公車搭乘情況調查", f"  zh-Hant: {title}")
    accepted(project)
