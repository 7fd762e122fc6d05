"""An error of YAML syntax is reported with everything else of its file and of the others."""

import pytest
from projects import HERE, SEED, SETTINGS, THEME, ProjectCopy

GLOSSARY = "content/glossary.yaml"
COUNCIL = "content/audiences/council.yaml"

# One error of syntax in the first entry of `takeaways`, which leaves the others.
SYNTAX = {
    "tab": "\ten: x",
    "quote": '  - en: "The trial has found its public.',
    "single quote": "  - en: 'The trial has found its public.",
    "indentation": "  - en: The trial\n   zh-Hans: x",
    "bracket": "  - {en: The trial, zh-Hans: x",
    "list bracket": "  - [en: The trial",
    "colon": "  - en: The trial: a success",
    "star": "  - en: *The trial*",
    "escape": '  - en: "\\q"',
}


@pytest.mark.parametrize("kind", SYNTAX)
def test_the_neighbours_of_an_error_of_syntax_are_checked(project: ProjectCopy, kind: str) -> None:
    text = project.read(THEME).replace("  - en: The trial has found its public.", SYNTAX[kind], 1)
    text = text.replace("zh-Hans: 待决事项, ", "", 1).replace("tone: question", "tone: quest", 1)
    text = text.replace("title: {en: More riders at night, ", 'title: {en: The "riders"  {nowhere/x}, ', 1)
    project.write(THEME, text)
    project.replace(COUNCIL, "docx]", "dock]")
    codes = {(each.code, each.file) for each in project.check()[1]}
    assert {("yaml-syntax", THEME), ("unknown-format", COUNCIL)} <= codes
    assert {("missing-translation", THEME), ("unknown-tone", THEME)} <= codes, "of the rest of the same file"
    assert "missing-key" not in {code for code, _ in codes}, "what cannot be read is not missing"


def test_what_comes_before_an_unclosed_text_is_checked_once(project: ProjectCopy) -> None:
    project.replace(THEME, "id: ridership\n", "id: ridership\nid: again\n")
    project.write(THEME, project.read(THEME).replace("tone: question", 'tone: "question', 1))
    found = [(each.code, each.line) for each in project.check()[1] if each.file == THEME]
    assert ("duplicate-key", 2) in found
    assert [code for code, _ in found].count("yaml-syntax") == 1
    assert len(set(found)) == len(found)


def test_several_errors_of_syntax_are_all_reported(project: ProjectCopy) -> None:
    project.replace(THEME, "id: what-changed", "id: what: changed")
    project.replace(THEME, "title: {en: More riders at night,", "title: {en: More: riders: at night}, x")
    lines = {each.line for each in project.check()[1] if each.code == "yaml-syntax"}
    assert lines == {2, 26}


def test_claims_beside_a_broken_one_are_known_and_it_is_not_called_unknown(project: ProjectCopy) -> None:
    where = project.replace(SEED, "  - id: riders-after\n", f"  - id: riders{HERE}: after\n")
    found = [(each.code, each.where) for each in project.check()[1]]
    assert found == [("yaml-syntax", where)]


def test_settings_with_an_error_still_name_the_locales(project: ProjectCopy) -> None:
    project.replace(SETTINGS, "publisher:", "subtitle: Report: Q3\npublisher:")
    project.replace(THEME, "{en: What changed, zh-Hans: 变化何在, zh-Hant: 有何變化}", "{en: What changed}")
    codes = [each.code for each in project.check()[1]]
    assert codes.count("missing-translation") == 2
    assert "yaml-syntax" in codes


@pytest.mark.parametrize("text", ['"', "[", "{a: b", "\t", "'x", "a: b: c", "- a\nb: c\n- d", "...\na: b"])
def test_a_file_of_nothing_else_has_one_error(project: ProjectCopy, text: str) -> None:
    project.write(THEME, text)
    codes = [each.code for each in project.check()[1] if each.file == THEME and each.severity == "error"]
    assert len(codes) == 1


@pytest.mark.parametrize("broken", ["kind: y: z", "kind: [y", 'kind: "y'])
def test_the_other_entries_of_a_file_with_a_single_list_are_checked(project: ProjectCopy, broken: str) -> None:
    text = project.read(GLOSSARY).replace("kind: institution", "kind: instution", 1).rstrip("\n")
    project.write(GLOSSARY, f"{text}\n  - id: other\n    {broken}\n")
    codes = {each.code for each in project.check()[1]}
    assert {"yaml-syntax", "unknown-termkind"} <= codes
