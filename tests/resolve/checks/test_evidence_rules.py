"""Evidence: blocks without a claim, claims past their time, and sources that agree."""

import json

import pytest
from expected_diagnostics import assert_accepted, assert_refused, assert_warned
from projects import HERE, SEED, SETTINGS, THEME, ProjectCopy

COUNCIL = "content/audiences/council.yaml"
CLAIM = "  - id: riders-after\n"


@pytest.fixture
def second(project: ProjectCopy) -> ProjectCopy:
    """A second source beside the first, whose claim says what a claim of the first says."""
    text = project.read(SEED)
    quantity = next(line for line in text[text.index(CLAIM) :].split("\n") if "quantity:" in line)
    project.write(
        "seeds/transit-office.yaml",
        "id: transit-office\ntitle: {same: Yearbook}\npublisher: Transit Office\ndate: 2026-02\nlanguage: en\n"
        f"claims:\n  - id: riders\n{quantity}\n    corroborates: [reader-survey/riders-after]\n",
    )
    return project


def test_a_block_without_a_claim_is_reported_where_claims_are_required(project: ProjectCopy) -> None:
    block = (
        "  - kind: paragraph\n    id: view\n    text: {en: All is well here, zh-Hans: 一切正常, zh-Hant: 一切正常}\n"
    )
    project.write(THEME, project.read(THEME) + block)
    assert_accepted(project)
    project.replace(SETTINGS, "template_set: base", "template_set: base\nrequire_claims: true")
    place = project.mark(
        THEME, project.read(THEME).replace("- kind: paragraph\n    id: view", "- ▸kind: paragraph\n    id: view")
    )
    assert_warned(project, "unsupported-block", place, "block 'view' draws on no claim", "judgement: true")
    project.replace(THEME, "    id: view\n", "    id: view\n    judgement: true\n")
    assert_accepted(project)


PROSE = """\
  - kind: prose
    id: view
    text:
      en: |
        Waiting fell[@reader-survey/wait].

        # Why

        There are more buses on the harbour line than ever before.

        They run:

        - at night
        - by day[@reader-survey/wait]

        A note supports this.[^note] See [](#ridership).

        - Nothing supports this list.

        $$
        a = b
        $$

        [^note]: As counted[@reader-survey/wait].
      zh-Hans: 略[@reader-survey/wait]。[^note]见[](#ridership)。[^note]：略[@reader-survey/wait]。
      zh-Hant: 略[@reader-survey/wait]。[^note]見[](#ridership)。[^note]：略[@reader-survey/wait]。
"""


def test_each_statement_of_long_text_needs_a_claim(project: ProjectCopy) -> None:
    project.write(THEME, project.read(THEME) + PROSE)
    project.replace(SETTINGS, "template_set: base", "template_set: base\nrequire_claims: true")
    found = [each for each in project.check()[1] if each.code == "unsupported-block"]
    line = project.read(THEME).split("\n").index("        Waiting fell[@reader-survey/wait].")
    assert {each.message.partition(" in block")[0] for each in found} == {
        "'There are more buses on the harbour line…'",
        "'Nothing supports this list.'",
    }
    assert {each.line for each in found} <= {line, line + 1}
    project.replace(THEME, "    id: view\n", "    id: view\n    judgement: true\n")
    assert "unsupported-block" not in {each.code for each in project.check()[1]}


def test_long_text_without_any_claim_is_reported_once(project: ProjectCopy) -> None:
    text = "{en: All is well., zh-Hans: 一切正常。, zh-Hant: 一切正常。}"
    project.replace(SETTINGS, "template_set: base", "template_set: base\nrequire_claims: true")
    place = project.mark(THEME, f"{project.read(THEME)}  - {HERE}kind: prose\n    id: view\n    text: {text}\n")
    assert_warned(project, "unsupported-block", place, "block 'view' draws on no claim", "judgement: true")


def test_a_claim_that_no_longer_holds_is_reported(project: ProjectCopy) -> None:
    place = project.replace(SEED, CLAIM, "  - ▸id: riders-after\n    valid_until: 2026-06-29\n")
    assert_warned(project, "expired-claim", place, "expired on 2026-06-29", "'public', 'council'")
    project.replace(SEED, "valid_until: 2026-06-29", "valid_until: 2026-06-30")
    assert_accepted(project)


def test_an_audience_says_how_old_a_claim_may_be(project: ProjectCopy) -> None:
    project.write(COUNCIL, project.read(COUNCIL) + "max_age: 20\n")
    old = [each for each in project.check()[1] if each.code == "old-claim"]
    assert old
    assert all("too old for 'council'" in each.message and "'public'" not in each.message for each in old)
    project.replace(SEED, "language: en\n", "language: en\nchecked: 2026-06-20\n")
    assert_accepted(project)
    project.replace(SEED, CLAIM, "  - id: riders-after\n    checked: 2026-05-30\n")
    assert_warned(project, "old-claim", (SEED, *_line_of(project, "id: riders-after")), "31 days before the brief")


def _line_of(project: ProjectCopy, words: str) -> tuple[int, int]:
    lines = project.read(SEED).split("\n")
    (number,) = (number for number, line in enumerate(lines, 1) if words in line)
    return number, lines[number - 1].index(words) + 1


def test_two_sources_that_agree_corroborate_each_other(second: ProjectCopy) -> None:
    assert_accepted(second)
    graded = {line["claim"]: line["grade"] for line in json.loads(second.run("evidence", "--json").stdout)}
    assert graded["reader-survey/riders-after"] == graded["transit-office/riders"] == "corroborated"
    assert graded["reader-survey/riders-before"] == "single"
    assert "grade: corroborated" in second.run("evidence").stdout


def test_a_contradiction_outweighs_agreement(second: ProjectCopy) -> None:
    second.replace(
        SEED,
        "  - id: riders-before\n",
        "  - id: riders-before\n    contradicts: [transit-office/riders]\n"
        "    note: {en: Counted otherwise, zh-Hans: 统计方法不同, zh-Hant: 統計方法不同}\n",
    )
    graded = {line["claim"]: line["grade"] for line in json.loads(second.run("evidence", "--json").stdout)}
    assert {name for name, grade in graded.items() if grade == "disputed"} == {
        "reader-survey/riders-before",
        "transit-office/riders",
    }


def test_what_we_computed_is_our_own_arithmetic(second: ProjectCopy) -> None:
    second.write(
        "seeds/transit-office.yaml",
        second.read("seeds/transit-office.yaml")
        + "  - id: total\n    quantity: {unit: count, derived: {sum: [transit-office/riders, reader-survey/riders-before]}}\n",
    )
    graded = {line["claim"]: line["grade"] for line in json.loads(second.run("evidence", "--json").stdout)}
    assert graded["transit-office/total"] == "own arithmetic"


def test_sources_that_do_not_agree_cannot_corroborate(second: ProjectCopy) -> None:
    name = "seeds/transit-office.yaml"
    place = second.replace(name, "[reader-survey/riders-after]", "[▸reader-survey/riders-before]")
    assert_warned(second, "no-corroboration", place, "their quantities differ")
    place = second.replace(name, "[reader-survey/riders-before]", "[▸transit-office/riders]")
    assert_warned(second, "no-corroboration", place, "come from the same source")
    place = second.replace(name, "[transit-office/riders]", "[▸reader-survey/riders-aftr]")
    assert_refused(second, "unknown-claim", place, "did you mean 'reader-survey/riders-after'?")


@pytest.mark.parametrize("standing", ["disputed", "rejected"])
def test_a_disputed_claim_needs_a_note(project: ProjectCopy, standing: str) -> None:
    project.replace(SEED, CLAIM, f"  - id: riders-after\n    standing: {standing}\n")
    assert "missing-note" in {each.code for each in project.check()[1]}
