"""A name of the glossary that only some languages of a text have."""

from projects import ProjectCopy

GLOSSARY = "content/glossary.yaml"
THEME = "content/themes/ridership.yaml"


def find_mismatches(project: ProjectCopy) -> list[str]:
    return [each.message for each in project.check()[1] if each.code == "term-mismatch"]


def test_a_name_that_only_translations_have_is_reported_once(project: ProjectCopy) -> None:
    project.replace(THEME, "en: Example City Transport counted", "en: The operator counted")
    assert find_mismatches(project) == [
        "the 'zh-Hans', 'zh-Hant' texts name '示例市公交集团', but the 'en' text of the block does not name 'Example City Transport'"
    ]


def test_a_name_in_a_translated_takeaway_is_reported(project: ProjectCopy) -> None:
    project.replace(THEME, "zh-Hans: 试点已有稳定客源。", "zh-Hans: 示例市公交集团已有稳定客源。")
    (found,) = find_mismatches(project)
    assert "the 'zh-Hans' text names '示例市公交集团', but the 'en' text of the theme does not name" in found


def test_the_end_of_a_name_means_the_name(project: ProjectCopy) -> None:
    project.replace(THEME, "en: Example City Transport counted", "en: City transport counted")
    assert find_mismatches(project) == []


def test_a_translation_may_say_who_owns_what_the_source_names(project: ProjectCopy) -> None:
    project.replace(THEME, "en: Example City Transport counted", "en: Nightline counted")
    project.replace(THEME, "zh-Hans: 示例市公交集团统计", "zh-Hans: 示例市公交集团的夜线统计")
    project.replace(THEME, "zh-Hant: 範例市公車處統計", "zh-Hant: 範例市公車處的夜線統計")
    owned = "  - id: nightline\n    kind: product\n    name: {en: Nightline, zh-Hans: 夜线, zh-Hant: 夜線}\n"
    owned += "    says: {en: Its app., zh-Hans: 其应用。, zh-Hant: 其應用。}\n    owner: example-city-transport\n"
    project.write(GLOSSARY, project.read(GLOSSARY) + owned)
    assert find_mismatches(project) == []


def test_a_name_within_a_longer_name_is_not_named(project: ProjectCopy) -> None:
    project.replace(THEME, "en: Example City Transport counted", "en: The city league counted")
    project.replace(THEME, "zh-Hans: 示例市公交集团统计", "zh-Hans: 示例市公交集团联盟统计")
    project.replace(THEME, "zh-Hant: 範例市公車處統計", "zh-Hant: 範例市公車處聯盟統計")
    longer = "  - id: league\n    kind: institution\n    name: {en: City league, zh-Hans: 示例市公交集团联盟, zh-Hant: 範例市公車處聯盟}\n"
    longer += "    also: [{en: city league, zh-Hans: 示例市公交集团联盟, zh-Hant: 範例市公車處聯盟}]\n"
    longer += "    says: {en: A league., zh-Hans: 联盟。, zh-Hant: 聯盟。}\n"
    project.write(GLOSSARY, project.read(GLOSSARY) + longer)
    assert find_mismatches(project) == []
