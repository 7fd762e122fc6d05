"""Hong Kong writes 户, 税 and 温 in Traditional texts; elsewhere in them, these are Simplified characters."""

import pytest
from projects import SETTINGS, THEME, ProjectCopy


@pytest.mark.parametrize(("words", "wrong"), [("温差使户外税款變動", ""), ("变化在户外", "变")])
def test_forms_of_hong_kong_are_no_simplified_characters(project: ProjectCopy, words: str, wrong: str) -> None:
    project.replace(SETTINGS, "zh-Hant]", "zh-Hant, zh-Hant-HK]")
    hant = "zh-Hant: 成本清楚，且維持穩定。"
    project.replace(THEME, hant, f"{hant}\n    zh-Hant-HK: {words}")
    found = [each.message for each in project.check()[1] if each.code == "wrong-script"]
    assert found == ([f"the 'zh-Hant-HK' text has Simplified characters: {wrong}"] if wrong else [])


def test_a_heading_of_its_own_needs_no_name_that_the_text_below_inherits(project: ProjectCopy) -> None:
    project.replace(SETTINGS, "zh-Hant]", "zh-Hant, zh-Hant-HK]")
    project.replace(THEME, "zh-Hant: 有何變化}", "zh-Hant: 有何變化, zh-Hant-HK: 變化何在}")
    assert "term-mismatch" not in {each.code for each in project.check()[1]}
    project.replace(
        THEME,
        "    text:\n      en: Example City",
        "    text:\n      zh-Hant-HK: 見[](#riders-chart)，{reader-survey/riders-after}\n      en: Example City",
    )
    assert "term-mismatch" in {each.code for each in project.check()[1]}
