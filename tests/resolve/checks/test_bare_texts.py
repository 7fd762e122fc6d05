"""Words without a locale are reported; names, numbers and codes are not."""

import pytest
from expected_diagnostics import assert_accepted, assert_warned
from projects import STARTER, THEME, ProjectCopy

from brief.project.loading import read_and_check

TABLE = (
    "  - kind: table\n    id: makers\n    clearance: client\n    title: {en: Makers, zh-Hans: 厂商, zh-Hant: 廠商}\n"
    "    columns: [{title: {en: Maker, zh-Hans: 厂商, zh-Hant: 廠商}}]\n    rows: [[CELL]]\n"
)
HEADING = "heading: {en: What changed, zh-Hans: 变化何在, zh-Hant: 有何變化}"


@pytest.mark.parametrize("words", ["What changed this year", "Overview", "Costs in 2025", "**Riders** and buses"])
def test_words_without_a_locale_are_reported_where_they_stand(project: ProjectCopy, words: str) -> None:
    place = project.replace(THEME, HEADING, f'heading: ▸"{words}"')
    assert_warned(project, "bare-text", place, f"'{words}'", "zh-Hans, zh-Hant", "{same: ...}")


@pytest.mark.parametrize(
    "words",
    ["2025", "BRT", "GPT-4", "A320neo", "{reader-survey/riders-after}", "Example City Transport", "kWh", "–"],
)
def test_numbers_codes_figures_and_names_of_the_glossary_are_not(project: ProjectCopy, words: str) -> None:
    project.replace(THEME, HEADING, f'heading: "{words}"')
    assert_accepted(project)


def test_what_is_the_same_in_every_language_says_so(project: ProjectCopy) -> None:
    project.replace(THEME, HEADING, "heading: {same: Open Day}")
    assert_accepted(project)
    page = project.page(locale="zh-Hans")
    assert "Open Day" in page
    assert "block/what-changed/heading" not in project.run("translate", "status", "--json").stdout


@pytest.mark.parametrize("words", ["Revenue", "Natural gas", "Net Income", "Yes", "Phase III", "not known"])
def test_words_of_a_cell_are_reported_in_capitals_too(project: ProjectCopy, words: str) -> None:
    place = project.mark(THEME, project.read(THEME) + TABLE.replace("CELL", f"▸{words}"))
    assert_warned(project, "bare-text", place, f"'{words}'")


def test_a_name_in_a_cell_is_marked_or_in_the_glossary(project: ProjectCopy) -> None:
    project.write(
        THEME, project.read(THEME) + TABLE.replace("CELL", "{same: Siemens}], [Example City Transport], [Q1], [CNY")
    )
    assert_accepted(project)


def test_a_person_whose_words_are_quoted_is_a_name(project: ProjectCopy) -> None:
    quote = "{en: We wait., zh-Hans: 我们等待。, zh-Hant: 我們等待。}"
    block = f"  - kind: quote\n    id: waiting\n    clearance: client\n    text: {quote}\n    attribution: NAME\n"
    project.write(THEME, project.read(THEME) + block.replace("NAME", "Ann van der Lee"))
    assert_accepted(project)
    place = project.mark(THEME, project.read(THEME).replace("Ann van der Lee", "▸a passenger"))
    assert_warned(project, "bare-text", place)


def test_with_one_language_a_bare_text_is_right(project: ProjectCopy) -> None:
    project.replace("content/brief.yaml", "locales: [en, zh-Hans, zh-Hant]", "locales: [en, en-GB]")
    brief, _ = read_and_check(project.root)
    assert brief is not None
    project.replace(THEME, HEADING, "heading: What changed")
    _, found = read_and_check(project.root)
    assert "bare-text" not in {each.code for each in found}


def test_the_starter_has_none() -> None:
    assert "bare-text" not in {each.code for each in read_and_check(STARTER)[1]}


def test_latin_words_are_reported_between_both_scripts_of_chinese(project: ProjectCopy) -> None:
    project.replace("content/brief.yaml", "locales: [en, zh-Hans, zh-Hant]", "locales: [zh-Hans, zh-Hant]")
    project.replace("content/brief.yaml", "source_locale: en", "source_locale: zh-Hans")
    project.replace(THEME, HEADING, "heading: What changed this year")
    _, found = read_and_check(project.root)
    assert "'What changed this year' is written without a locale, so it is also printed in zh-Hant" in [
        each.message for each in found if each.code == "bare-text"
    ]


@pytest.mark.parametrize("locales", ["[zh-Hant]", "[zh-Hant, zh-Hant-HK]"])
def test_with_one_chinese_locale_a_bare_text_is_right_and_checked(project: ProjectCopy, locales: str) -> None:
    project.replace("content/brief.yaml", "locales: [en, zh-Hans, zh-Hant]", f"locales: {locales}")
    project.replace("content/brief.yaml", "source_locale: en", "source_locale: zh-Hant")
    place = project.replace(THEME, HEADING, "heading: ▸有何变化")
    _, found = read_and_check(project.root)
    reported = [each for each in found if (each.location.line, each.location.column) == place[1:]]
    assert [each.code for each in reported] == ["wrong-script"]


def test_the_fix_names_the_locales_of_the_project(project: ProjectCopy) -> None:
    project.replace("content/brief.yaml", "locales: [en, zh-Hans, zh-Hant]", "locales: [zh-Hans, en]")
    project.replace(THEME, HEADING, "heading: 变化何在")
    _, found = read_and_check(project.root)
    (hint,) = {each.hint for each in found if each.code == "missing-translation"}
    assert hint == "write {zh-Hans: ..., en: ...}, or {same: ...} if it is the same in every language"


@pytest.mark.parametrize(
    ("number", "others"),
    [
        *(
            ("12.4", "de, fr"),
            ("−3.5", "de, fr"),
            ("1.5–2.5", "de, fr"),
            ("12.4 (p)", "de, fr"),
            ("p < 0.05", "de, fr"),
        ),
        *(("1,234", "de, fr"), ("1,234.5", "de, fr"), ("12,4", "en, zh-Hans"), ("3/4/2026", "de, fr, zh-Hans")),
        *(("2026", ""), ("12:30", ""), ("2026-03-09", ""), ("1.2.3", ""), ("<5", ""), ("+5", ""), ("24/7", "")),
        ("{same: '12.4'}", ""),
    ],
)
def test_a_number_with_the_marks_of_one_language_is_reported(project: ProjectCopy, number: str, others: str) -> None:
    project.replace("content/brief.yaml", "locales: [en, zh-Hans, zh-Hant]", "locales: [en, de, fr, zh-Hans]")
    words = number if number.startswith("{") else f'"{number}"'
    project.replace(THEME, HEADING, f"heading: {words}")
    _, found = read_and_check(project.root)
    said = [f"'{number}' is written without a locale, but is written otherwise in {others}"] if others else []
    assert [each.message for each in found if each.code == "bare-text"] == said


def test_a_number_may_have_the_marks_that_all_languages_share(project: ProjectCopy) -> None:
    project.replace(THEME, HEADING, 'heading: "12.4"')
    assert_accepted(project)
