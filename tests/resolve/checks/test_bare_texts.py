"""Words without a locale are reported; names, numbers and codes are not."""

import pytest
from expected_diagnostics import accepted, warned
from projects import STARTER, THEME, ProjectCopy

from brief.project.loading import read_and_check

HEADING = "heading: {en: What changed, zh-Hans: 变化何在, zh-Hant: 有何變化}"


@pytest.mark.parametrize("words", ["What changed this year", "Overview", "Costs in 2025", "**Riders** and buses"])
def test_words_without_a_locale_are_reported_where_they_stand(project: ProjectCopy, words: str) -> None:
    place = project.replace(THEME, HEADING, f'heading: ▸"{words}"')
    warned(project, "bare-text", place, f"'{words}'", "zh-Hans, zh-Hant", "{same: ...}")


@pytest.mark.parametrize(
    "words",
    ["2025", "BRT", "GPT-4", "A320neo", "{reader-survey/riders-after}", "Example City Transport", "kWh", "–"],
)
def test_numbers_codes_figures_and_names_of_the_glossary_are_not(project: ProjectCopy, words: str) -> None:
    project.replace(THEME, HEADING, f'heading: "{words}"')
    accepted(project)


def test_what_is_the_same_in_every_language_says_so(project: ProjectCopy) -> None:
    project.replace(THEME, HEADING, "heading: {same: Open Day}")
    accepted(project)
    page = project.page(locale="zh-Hans")
    assert "Open Day" in page
    assert "block/what-changed/heading" not in project.run("translate", "status", "--json").stdout


def test_a_name_in_a_cell_is_no_word(project: ProjectCopy) -> None:
    text = project.read(THEME) + (
        "  - kind: table\n    id: makers\n    depth: full\n    title: {en: Makers, zh-Hans: 厂商, zh-Hant: 廠商}\n"
        "    columns: [{title: {en: Maker, zh-Hans: 厂商, zh-Hant: 廠商}}]\n    rows: [[Volvo], [Bank of England], [CELL]]\n"
    ).replace("depth: full", "clearance: client")
    project.write(THEME, text.replace("CELL", "Siemens"))
    accepted(project)
    place = project.mark(THEME, text.replace("CELL", "▸not known"))
    warned(project, "bare-text", place)


def test_with_one_language_a_bare_text_is_right(project: ProjectCopy) -> None:
    project.replace("content/brief.yaml", "locales: [en, zh-Hans, zh-Hant]", "locales: [en, en-GB]")
    brief, _ = read_and_check(project.root)
    assert brief is not None
    project.replace(THEME, HEADING, "heading: What changed")
    _, found = read_and_check(project.root)
    assert "bare-text" not in {each.code for each in found}


def test_the_starter_has_none() -> None:
    assert "bare-text" not in {each.code for each in read_and_check(STARTER)[1]}
