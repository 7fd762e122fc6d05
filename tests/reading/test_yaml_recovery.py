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


# One error of syntax in a key of an entry, and what else is wrong with this entry.
WITHIN_ENTRIES = {
    "bracket at the end": (
        GLOSSARY,
        {"kind: institution": "kind: instution", "avoid: [ECT]": "avoid: [ECT"},
        "unknown-termkind",
    ),
    "quote in a nested text": (
        GLOSSARY,
        {"kind: institution": "kind: instution", "en: Runs": 'en: "Runs'},
        "unknown-termkind",
    ),
    "first key": (
        GLOSSARY,
        {"- id: example-city-transport": "- id: [x", "kind: institution": "kind: instution"},
        "unknown-termkind",
    ),
    "block": (
        THEME,
        {"heading: {en: What changed": "headin: {en: What changed", "id: what-changed": "id: what: changed"},
        "unknown-key",
    ),
    "entry of a list in a block": (
        THEME,
        {"id: headline": "id: headline\n    headin: x", "label: {en: a year": "label: {en: {a: year"},
        "unknown-key",
    ),
    "neighbour in that list": (
        THEME,
        {
            "riders-after\n        label": "riders-after\n        labl: x\n        label",
            "label: {en: a year": 'label: "{en: a year',
        },
        "unknown-key",
    ),
    "claim": (
        SEED,
        {"quantity: {low: 15": "quantiti: {}\n    quantity: {low: 15", "- id: wait": "- id: a: b"},
        "unknown-key",
    ),
}


@pytest.mark.parametrize("kind", WITHIN_ENTRIES)
def test_the_other_keys_of_an_entry_are_checked(project: ProjectCopy, kind: str) -> None:
    file, edits, code = WITHIN_ENTRIES[kind]
    for old, new in edits.items():
        project.replace(file, old, new)
    found = [each.code for each in project.check()[1] if each.severity == "error"]
    assert sorted(found) == sorted({"yaml-syntax", code}), "and nothing that only follows from the error"


def test_a_text_of_an_entry_that_cannot_be_read_is_not_missing(project: ProjectCopy) -> None:
    project.replace(THEME, "  - en: The trial has found its public.", '  - en: "The trial has found its public.')
    project.replace(THEME, "zh-Hans: 试点已有稳定客源。", "zh-Hans: 试点已有「稳定」客源。")
    codes = {each.code for each in project.check()[1]}
    assert ("yaml-syntax" in codes, "missing-translation" in codes) == (True, False)


@pytest.mark.parametrize("key", ["kind", "id", "clearance", "heading", "text"])
@pytest.mark.parametrize("value", ["[x", "x: y"])
def test_a_key_that_cannot_be_read_is_not_missing(project: ProjectCopy, key: str, value: str) -> None:
    keys = {
        "kind": "paragraph",
        "id": "added",
        "clearance": "public",
        "heading": "{en: A, zh-Hans: 甲, zh-Hant: 甲}",
        "text": "{en: B, zh-Hans: 乙, zh-Hant: 乙}",
    }
    block = "\n    ".join(f"{name}: {each}" for name, each in {**keys, key: value}.items())
    project.write(THEME, f"{project.read(THEME)}  - {block}\n")
    assert [each.code for each in project.check()[1]] == ["yaml-syntax"]


@pytest.mark.parametrize(
    "language",
    ["[en", "{en", '"en', "'en", "en: x", "- en", "@en", "`en", "%en", "en]", "&a"],
)
def test_a_source_without_its_language_is_checked(project: ProjectCopy, language: str) -> None:
    text = project.read(SEED).replace("language: en\n", f"language: {language}\n", 1)
    project.write(SEED, text.replace("unit: count, period: 2024", "unit: CNX, period: 2024", 1))
    found = {(each.code, each.file) for each in project.check()[1] if each.severity == "error"}
    assert ("unknown-unit", SEED) in found
    assert {code for code, file in found if file == SEED} > {"unknown-unit"}
