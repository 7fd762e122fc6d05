"""Hong Kong writes 户, 税 and 温 in Traditional texts; elsewhere in them, these are Simplified characters."""

import pytest
from projects import SETTINGS, THEME, ProjectCopy

GLOSSARY = "content/glossary.yaml"


@pytest.mark.parametrize(("words", "wrong"), [("温差使户外税款變動", ""), ("恒生指數與永恒", ""), ("变化在户外", "变")])
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


@pytest.fixture
def renamed(project: ProjectCopy) -> ProjectCopy:
    """A project with a locale for Hong Kong, where the body has another name."""
    project.replace(SETTINGS, "zh-Hant]", "zh-Hant, zh-Hant-HK]")
    project.replace(GLOSSARY, "zh-Hant: 範例市公車處", "zh-Hant: 範例市公車處, zh-Hant-HK: 範例市巴士處")
    return project


def test_an_inherited_text_has_the_name_of_the_region(renamed: ProjectCopy) -> None:
    found = [each for each in renamed.check()[1] if each.code == "term-mismatch"]
    assert [each.message for each in found] == [
        "the 'zh-Hant-HK' text is inherited and names '範例市公車處', which is '範例市巴士處' in 'zh-Hant-HK'"
    ]
    assert renamed.read(THEME).split("\n")[found[0].line - 1].strip().startswith("zh-Hant: 範例市公車處")


@pytest.mark.parametrize("mended", ["text", "also"])
def test_a_text_of_its_own_or_an_allowed_form_mends_it(renamed: ProjectCopy, mended: str) -> None:
    if mended == "also":
        renamed.replace(GLOSSARY, "    avoid: [ECT]", "    also: [{zh-Hant-HK: 範例市公車處}]\n    avoid: [ECT]")
    else:
        line = next(each for each in renamed.read(THEME).split("\n") if "zh-Hant: 範例市公車處" in each)
        own = line.replace("zh-Hant:", "zh-Hant-HK:").replace("公車處", "巴士處")
        renamed.replace(THEME, line, f"{line}\n{own}")
    assert "term-mismatch" not in {each.code for each in renamed.check()[1]}


def test_a_heading_of_its_own_does_not_hide_it_and_is_reported_once(renamed: ProjectCopy) -> None:
    renamed.replace(THEME, "zh-Hant: 有何變化}", "zh-Hant: 有何變化, zh-Hant-HK: 變化何在}")
    assert [each.code for each in renamed.check()[1]].count("term-mismatch") == 1
