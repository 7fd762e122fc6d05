"""A headline figure breaks between its number and its unit, and within neither, in each PDF engine. Word chooses tiles that are wide enough."""

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from projects import SEED, THEME, ProjectCopy

from brief import Project
from brief.model.han import WORD_JOINER
from brief.model.inline import Number
from brief.model.source_location import Ref
from brief.model.variant import Paragraph
from brief.resolve.typesetting import insert_word_joiners, join_headline, typeset
from brief.templating.template_set import find_template_set
from brief.writers import pdf

# Where a line may end before a Han character.
_BREAK = re.compile("(?<=[0-9\u4e00-\u9fff])(?=[\u4e00-\u9fff])")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1,234千瓦時", ["1,234", "千瓦時"]),
        ("12億千瓦小時", ["12億", "千瓦小時"]),
        ("超過1.2萬公噸", ["超", "過1.2萬", "公噸"]),
        ("3千人", ["3", "千人"]),
        ("12億人", ["12億", "人"]),
        ("−250萬美元", ["−250萬", "美元"]),
        ("5兆瓦時", ["5", "兆瓦時"]),
        ("5萬至12萬千瓦時", ["5萬至12萬", "千瓦時"]),
        ("2至5公里", ["2至5", "公里"]),
        ("每小時350公里", ["每", "小", "時350", "公里"]),
        ("12%", ["12%"]),
        ("US$1.2 billion", ["US$1.2 billion"]),
    ],
)
def test_a_line_ends_between_number_and_unit(text: str, parts: list[str]) -> None:
    joined = join_headline(text)
    assert joined.replace(WORD_JOINER, "") == text
    assert [part.replace(WORD_JOINER, "") for part in _BREAK.split(joined)] == parts


@pytest.mark.parametrize("sign", ["€", "£", "¥", "₹", "$"])
def test_a_line_does_not_end_between_a_minus_and_a_currency_sign(sign: str) -> None:
    """Unicode Standard Annex 14 allows a break there, because both are prefixes of a number."""
    figure = f"−{sign}5.25\u00a0million"
    assert insert_word_joiners(figure) == join_headline(figure) == f"−{WORD_JOINER}{sign}5.25\u00a0million"
    assert insert_word_joiners("−US$5") == "−US$5"


def test_a_date_is_left_as_it_is() -> None:
    assert join_headline("2026年3月") == "2026年3月"


@pytest.mark.parametrize("figure", ["3千瓦時", "5兆瓦時", "1.2億千瓦小時", "12百萬瓦時", "350公里", "2.5毫克", "3千"])
def test_a_typed_unit_of_several_characters_is_whole(tmp_path: Path, figure: str) -> None:
    project = ProjectCopy(tmp_path / "project")
    text = f"{{en: Typed., zh-Hans: 共{figure}左右。, zh-Hant: 共{figure}左右。}}"
    project.write(THEME, project.read(THEME).rstrip("\n") + f"\n  - {{kind: paragraph, id: typed, text: {text}}}\n")
    blocks = typeset(Project.load(project.root).make_variant("council", "zh-Hant")).sections[0].blocks
    (paragraph,) = [each for each in blocks if isinstance(each, Paragraph) and each.id == "typed"]
    assert [run.text for run in paragraph.text if isinstance(run, Number)] == [figure]


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_units_are_whole_in_narrow_tiles(tmp_path: Path, engine: str) -> None:
    project = ProjectCopy(tmp_path / "project")
    claims = "".join(
        f"  - {{id: e{at}, says: {{en: E., zh-Hans: 事。, zh-Hant: 事。}}, quantity: {{value: 1234567890{at}, unit: kWh}}}}\n"
        for at in range(6)
    )
    project.write(SEED, project.read(SEED).rstrip("\n") + "\n" + claims)
    tiles = ", ".join(
        f"{{claim: reader-survey/e{at}, label: {{en: Power, zh-Hans: 电力, zh-Hant: 電力}}}}" for at in range(6)
    )
    project.write(THEME, project.read(THEME).rstrip("\n") + f"\n  - {{kind: metrics, id: tiles, metrics: [{tiles}]}}\n")
    variant = Project.load(project.root).make_variant("council", "zh-Hant")
    base = find_template_set("base")
    chosen = replace(base, look=replace(base.look, pdf_engine=Ref(engine)))
    made = pdf.write(variant, chosen).data
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=made, check=True, capture_output=True
    ).stdout.decode()
    assert text.count("千瓦小時") >= 6, text
