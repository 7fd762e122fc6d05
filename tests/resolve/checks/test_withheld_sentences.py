"""A sentence of withheld content that is written a second time, in content that an audience sees."""

import pytest
from projects import THEME, ProjectCopy

WITHHELD = """  - kind: paragraph
    id: plans
    clearance: internal
    judgement: true
    {more}text:
      en: We know little. The mayor will close routes seven and nine in March.
      zh-Hans: 所知不多。市长将于下周取消七号线和九号线的全部班次。
      zh-Hant: 所知不多。市長將於下週取消七號線和九號線的全部班次。
"""


def _check(project: ProjectCopy, english: str, chinese: str = "乙。", more: str = "") -> int:
    line = f'  - {{en: "{english}", zh-Hans: {chinese}, zh-Hant: 丙。}}\n'
    theme = project.read(THEME).replace("takeaways:\n", f"takeaways:\n{line}", 1)
    project.write(THEME, theme + WITHHELD.replace("{more}", more))
    return project.run("check").stdout.count("warning[withheld-sentence]: audience 'public'")


@pytest.mark.parametrize(
    "sentence",
    [
        "The mayor will close routes seven and nine in March.",
        "So it is: one more. The mayor will close routes seven and nine in March!",
        "THE MAYOR will close **routes seven** and nine, in March.",
        "The mayor will shut routes seven and nine in March.",
        "The mayor will close routes seven and nine in early March.",
        "The mayor will close routes seven and nine March.",
    ],
)
def test_a_sentence_that_is_copied_is_reported(project: ProjectCopy, sentence: str) -> None:
    assert _check(project, sentence) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "We know little.",
        "The mayor spoke of routes seven and nine in March.",
        "Routes seven and nine cross the river, as the mayor said in March.",
    ],
)
def test_another_sentence_is_not(project: ProjectCopy, sentence: str) -> None:
    assert _check(project, sentence) == 0


@pytest.mark.parametrize(
    ("sentence", "count"),
    [
        ("市长将于下周取消七号线和九号线的全部班次。", 1),
        ("据悉：一切如常。市长将于下周停开七号线和九号线的全部班次。", 1),
        ("市长将于下周出访，并会见各界代表和全体职员。", 0),
    ],
)
def test_so_is_one_in_chinese(project: ProjectCopy, sentence: str, count: int) -> None:
    assert _check(project, "Two.", sentence) == count


def test_a_reason_at_the_withheld_item_permits_it(project: ProjectCopy) -> None:
    reason = "allow_in_output: The mayor has announced it.\n    "
    assert _check(project, "The mayor will close routes seven and nine in March.", more=reason) == 0
