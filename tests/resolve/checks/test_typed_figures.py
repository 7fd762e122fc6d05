"""Figures typed into prose are reported, and so are texts that do not mark the same passages in every language."""

import re

import pytest
from expected_diagnostics import assert_accepted, assert_refused, assert_warned
from projects import HERE, THEME, ProjectCopy

COST = "en: The cost is known and stable."
HANS = "zh-Hans: 成本清楚，且保持稳定。"


@pytest.mark.parametrize(
    ("words", "figure"),
    [
        ("Sales fell by 12% to the floor.", "12%"),
        ("Sales fell to 3 euros.", "3 euros"),
        ("It costs $2.50 a ride.", "$2.50"),
        ("It costs US$ 1.2 billion.", "US$ 1.2 billion"),
        ("They use 40 kWh a day.", "40 kWh"),
        ("They use 12'345.6 kWh a day.", "12'345.6 kWh"),
        ("It costs ₹12,34,567 a year.", "₹12,34,567"),
        ("A rise of 3.5 percentage points.", "3.5 percentage points"),
        ("**About 5 million** riders.", "5 million"),
        ("After 2,650,000 riders.", "2,650,000"),
        ("A dose of 5 mg a day.", "5 mg"),
        ("A rise of 25 bps.", "25 bps"),
        ("Emissions of 5 Mt a year.", "5 Mt"),
    ],
)
def test_a_quantity_in_prose_is_a_warning(project: ProjectCopy, words: str, figure: str) -> None:
    place = project.replace(THEME, COST, f'en: "{words.replace(figure, f"{HERE}{figure}")}"')
    found = [each for each in project.check()[1] if each.code == "bare-figure"]
    assert [(each.where, each.severity) for each in found] == [(place, "warning")]
    assert f"'{figure}'" in found[0].message


@pytest.mark.parametrize(
    "words", ["成本为▸300万元。", "成本下降▸12%。", "约▸2.5亿", "每日▸5毫克。", "上调▸25个基点。", "装机▸12吉瓦。"]
)
def test_so_is_one_in_chinese(project: ProjectCopy, words: str) -> None:
    place = project.replace(THEME, HANS, f"zh-Hans: {words}")
    assert [each.where for each in project.check()[1] if each.code == "bare-figure"] == [place]


@pytest.mark.parametrize(
    "words",
    [
        "In 2025 and 2026 the cost was stable.",
        "Routes 12 and 47 run on 3 days.",
        "See table 2, part 3.",
        "The code `100%` is quoted.",
        "Version 2.0 of the plan, of 1 June.",
        "Route 12,47 or 3,100a of the mbps plan.",
        "{reader-survey/riders-after} in all.",
    ],
)
def test_years_counts_code_and_claims_are_not(project: ProjectCopy, words: str) -> None:
    text = project.read(THEME)
    project.write(THEME, text.replace(COST, f'en: "{words}"'))
    assert "bare-figure" not in {each.code for each in project.check()[1]}


BLOCK = """\
  - kind: prose
    id: typed
    depth: summary
    text:
      en: |
        In 2025, [@reader-survey/wait], 3 lines cost ▸4 million euros
        and ▸$4 a ride,[^note] of which ▸12% {reader-survey/riders-after:round(3)} fell.

        - ▸7% of it
        - and 7 years, or ▸7%

        [^note]: Of ▸9 euros.
      zh-Hans: >-
        在2025年，[@reader-survey/wait]，成本为
        ▸12%。
      zh-Hant: "在2025年，[@reader-survey/wait]，成本為▸12%，▸3億。"
"""


def test_each_figure_of_a_text_is_reported_at_its_column(project: ProjectCopy) -> None:
    text = project.read(THEME) + BLOCK
    parts = text.split(HERE)
    starts = ["".join(parts[: at + 1]) for at in range(len(parts) - 1)]
    places = [(THEME, start.count("\n") + 1, len(start.rpartition("\n")[2]) + 1) for start in starts]
    project.write(THEME, "".join(parts))
    found = [each for each in project.check()[1] if each.code == "bare-figure"]
    assert sorted(each.where for each in found) == places


def test_a_text_of_which_the_place_is_unknown_is_reported_at_its_beginning(project: ProjectCopy) -> None:
    place = project.replace(THEME, COST, f'en: {HERE}"It fell by \\u0031\\u0032%."')
    assert [each.where for each in project.check()[1] if each.code == "bare-figure"] == [place]


def test_the_fix_names_the_claim_that_prints_the_figure(project: ProjectCopy) -> None:
    project.replace(THEME, COST, 'en: "It had 2.65 million riders."')
    (found,) = (each for each in project.check()[1] if each.code == "bare-figure")
    assert found.hint == "write {reader-survey/riders-after}"


def test_a_figure_typed_in_one_language_and_claimed_in_another_is_an_error(project: ProjectCopy) -> None:
    old = "zh-Hans: 示例市公交集团统计的客流为{reader-survey/riders-after}人次"
    place = project.replace(THEME, old, "zh-Hans: ▸示例市公交集团统计的客流为265万人次")
    found = [each for each in project.check()[1] if each.severity == "error"]
    assert [(each.code, each.where) for each in found] == [("typed-figure", place)]
    assert found[0].hint == "write {reader-survey/riders-after}"


def test_a_claim_that_is_only_left_out_stays_a_mismatch(project: ProjectCopy) -> None:
    old = "zh-Hans: 示例市公交集团统计的客流为{reader-survey/riders-after}人次"
    place = project.replace(THEME, old, "zh-Hans: ▸示例市公交集团统计了乘客")
    assert_refused(project, "reference-mismatch", place)


@pytest.mark.parametrize(
    ("english", "chinese", "words"),
    [
        ("The **cost** is known.", "成本清楚。", "0 strong passages where the 'en' text has 1"),
        ("The cost is known.", "**成本**清楚。", "1 strong passage where the 'en' text has 0"),
        ("The [cost](https://example.org) is known.", "成本清楚。", "0 links where the 'en' text has 1"),
        ("The `cost` is known.", "成本清楚。", "0 code spans where the 'en' text has 1"),
    ],
)
def test_other_markup_in_a_translation_is_a_warning(
    project: ProjectCopy, english: str, chinese: str, words: str
) -> None:
    project.replace(THEME, COST, f"en: '{english}'")
    place = project.replace(THEME, HANS, f"zh-Hans: ▸'{chinese}'")
    found = [each for each in project.check()[1] if each.code == "markup-mismatch" and each.where == place]
    if words.startswith("1"):
        assert_warned(project, "markup-mismatch", place, words)
    else:
        assert words in found[0].message


def test_a_footnote_that_a_translation_lacks_is_a_warning(project: ProjectCopy) -> None:
    texts = 'en: "One[^n].\\n\\n[^n]: Two.", zh-Hans: 一。, zh-Hant: "一[^n]。\\n\\n[^n]: 二。"'
    project.write(THEME, project.read(THEME) + f"  - {{kind: prose, id: long, clearance: public, text: {{{texts}}}}}\n")
    found = [each.message for each in project.check()[1] if each.code == "markup-mismatch"]
    assert found == ["the 'zh-Hans' text has 0 footnotes where the 'en' text has 1"]


def test_italics_are_not_asked_of_chinese(project: ProjectCopy) -> None:
    project.replace(THEME, COST, "en: The *cost* is known.")
    assert_accepted(project)


@pytest.mark.parametrize(
    ("source", "translation", "words"),
    [
        ("- one\n- two", "- 一", "1 list item where the 'en' text has 2"),
        ("1. one\n   - a\n   - b\n", "1. 一\n   - 甲\n", "2 list items where the 'en' text has 3"),
        ("### Head\n\nText.", "文字。", "0 headings where the 'en' text has 1"),
        ("> quoted\n\nText.", "引文。\n\n文字。", "0 quotations where the 'en' text has 1"),
        ("| A |\n|---|\n| b |\n| c |", "| 甲 |\n|---|\n| 乙 |", "1 table row where the 'en' text has 2"),
    ],
)
def test_long_text_is_divided_in_the_same_way_in_every_language(
    project: ProjectCopy, source: str, translation: str, words: str
) -> None:
    def indent(text: str) -> str:
        return "".join(f"        {line}\n" for line in text.split("\n"))

    block = "  - kind: prose\n    id: long\n    clearance: client\n    text:\n      en: |\n" + indent(source)
    whole = re.sub(r"[A-Za-z]+\.?", "字", source)
    block += "      zh-Hans: ▸|\n" + indent(translation) + "      zh-Hant: |\n" + indent(whole)
    place = project.mark(THEME, project.read(THEME) + block)
    assert_warned(project, "markup-mismatch", place, words)
