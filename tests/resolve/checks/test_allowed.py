"""A block allows a warning about its own texts with a reason; names of the glossary are in every language of a block."""

import pytest
from projects import THEME, ProjectCopy

SURVEY = "seeds/reader-survey.yaml"


@pytest.fixture
def quoted(project: ProjectCopy) -> ProjectCopy:
    """The starter with a word of another region in the callout."""
    project.write(THEME, project.read(THEME).replace("tone: question", "tone: question\n    ALLOW", 1))
    text = project.read(THEME)
    at = text.index("zh-Hant:", text.index("id: council-view") + 200)
    project.write(THEME, text[:at] + "zh-Hant: 網絡" + text[at + len("zh-Hant:") :].lstrip(" "))
    return project


def allow(project: ProjectCopy, what: str) -> list[str]:
    project.replace(THEME, "ALLOW", what)
    return [each.code for each in project.check()[1]]


def test_a_warning_is_reported_unless_its_block_allows_it(quoted: ProjectCopy) -> None:
    assert allow(quoted, "depth: summary") == ["regional-form"]


def test_an_allowed_warning_is_left_out_there_alone(quoted: ProjectCopy) -> None:
    assert allow(quoted, "allow: {regional-form: quoted from the minutes of the council}") == []
    quoted.replace(THEME, "What changed, zh-Hans", "What  changed, zh-Hans")
    assert [each.code for each in quoted.check()[1]] == ["doubled-space"]


def test_errors_cannot_be_allowed(quoted: ProjectCopy) -> None:
    quoted.replace(THEME, "claim: reader-survey/yearly-cost", "claim: reader-survey/yearly-costs")
    found = allow(quoted, "allow: {regional-form: quoted from the minutes, unknown-claim: it will be recorded later}")
    assert sorted(found) == ["unknown-claim", "unused-allow"]


def test_an_error_in_the_block_itself_is_said_to_be_one(quoted: ProjectCopy) -> None:
    quoted.replace(THEME, "Whether {reader-survey/yearly-cost}", "Whether {reader-survey/yearly-costs}")
    reasons = "regional-form: quoted from the minutes, unknown-claim: it will be recorded later"
    quoted.replace(THEME, "ALLOW", f"allow: {{{reasons}}}")
    (found,) = [each for each in quoted.check()[1] if each.code == "unused-allow"]
    assert found.message == "block 'council-view' allows 'unknown-claim', which is an error, and cannot be allowed"


def test_a_claim_allows_a_warning_about_itself_alone(project: ProjectCopy) -> None:
    claims = ("yearly-cost", "riders-after")
    for claim in claims:
        project.replace(SURVEY, f"id: {claim}\n", f"id: {claim}\n    valid_until: 2020-01-01\n")
    assert [each.code for each in project.check()[1]] == ["expired-claim"] * 2
    project.replace(SURVEY, f"id: {claims[0]}\n", f"id: {claims[0]}\n    allow: {{expired-claim: no newer survey}}\n")
    (found,) = project.check()[1]
    assert (found.code, claims[1] in found.message) == ("expired-claim", True)


def test_a_claim_that_allows_in_vain_is_named(project: ProjectCopy) -> None:
    project.replace(SURVEY, "id: yearly-cost\n", "id: yearly-cost\n    allow: {expired-claim: no newer survey}\n")
    (found,) = project.check()[1]
    assert (found.code, "claim 'reader-survey/yearly-cost'" in found.message) == ("unused-allow", True)


def test_a_dataset_allows_a_warning_about_its_file(project: ProjectCopy) -> None:
    (project.root / "data").mkdir(exist_ok=True)
    project.write("data/lines.csv", "line,cost\n7,12\n12,20\nTotal,32\n")
    dataset = "datasets:\n  - id: lines\n    file: data/lines.csv\n    key: [line]\n    columns: {cost: EUR}\n"
    text = project.read(SURVEY).rstrip("\n")
    project.write(SURVEY, f"{text}\n{dataset}")
    assert [each.code for each in project.check()[1]] == ["total-row"]
    project.write(SURVEY, f"{text}\n{dataset}    allow: {{total-row: printed beside its parts and never added}}\n")
    assert project.check()[1] == []


@pytest.mark.parametrize(
    ("chinese", "codes"),
    [
        ("负责运营的是示例市公交集团。", set()),
        ("该公司负责运营。", {"term-mismatch"}),
        # A form that must not be used has its own diagnostic.
        ("ECT负责运营。", {"avoided-form"}),
    ],
)
def test_a_name_in_the_source_text_is_in_the_block_of_each_locale(
    project: ProjectCopy, chinese: str, codes: set[str]
) -> None:
    project.write(
        THEME,
        project.read(THEME).rstrip("\n")
        + "\n  - kind: paragraph\n    id: operator\n    text:\n      en: Example City Transport runs it.\n"
        + f"      zh-Hans: {chinese}\n      zh-Hant: 由範例市公車處營運。\n",
    )
    assert {each.code for each in project.check()[1]} == codes


REASON = "allow: {doubled-space: set as the designer drew it}"
# A text of a record that is no block or claim, and a line of that record after which the exception is written.
OWN_TEXTS = {
    "theme": (THEME, "found its public", "id: ridership\n", ""),
    "audience": ("content/audiences/council.yaml", "Council version", "depth: full\n", ""),
    "term": ("content/glossary.yaml", "the night routes", "kind: institution\n", "    "),
    "source": (SURVEY, "invented source", "date: 2026-05\n", ""),
}


@pytest.mark.parametrize(("file", "words", "line", "indent"), OWN_TEXTS.values(), ids=OWN_TEXTS)
def test_every_record_with_texts_may_allow_a_warning(
    project: ProjectCopy, file: str, words: str, line: str, indent: str
) -> None:
    project.replace(file, words, words.replace(" ", "  ", 1))
    assert [each.code for each in project.check()[1]] == ["doubled-space"]
    project.write(file, project.read(file).replace(line, f"{line}{indent}{REASON}\n", 1))
    assert project.check()[1] == []


def test_a_theme_allows_nothing_about_its_blocks(project: ProjectCopy) -> None:
    project.replace(THEME, "What changed, zh-Hans", "What  changed, zh-Hans")
    project.write(THEME, project.read(THEME).replace("id: ridership\n", f"id: ridership\n{REASON}\n", 1))
    assert sorted(each.code for each in project.check()[1]) == ["doubled-space", "unused-allow"]
